"""Topics that are proposed: counted by a command, decided by editors, and never made behind their backs."""

from __future__ import annotations

import io

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.urls import reverse

from articles.keyphrases import phrases_of
from articles.models import TaggedItem, Topic, TopicCandidate, TopicName
from articles.topic_finder import TopicFinder
from tests.adminpages import submit
from tests.factories import make_article, make_speaker, make_topic

pytestmark = pytest.mark.django_db
TEXT = (
    "The council debated the Sea Wall Act on Monday. Number {} said that ferry fares rise. On Tuesday Mara Quill spoke."
)


def run(**options: int) -> str:
    out = io.StringIO()
    call_command("suggest_topics", stdout=out, **options)
    return out.getvalue()


def _articles(number: int = 3) -> None:
    for place in range(number):
        make_article(body=TEXT.format(place))


def test_recurring_phrases_wait_with_their_counts_and_examples():
    _articles()
    assert "2 new phrases" in run()
    candidate = TopicCandidate.objects.get(name="Sea Wall Act")
    assert (candidate.state, candidate.articles_count, candidate.examples.count()) == ("waiting", 3, 3)
    assert not Topic.objects.exists()


def test_speakers_topics_and_rare_phrases_are_not_proposed():
    make_speaker("Mara Quill")
    make_topic("Sea Wall Act")
    _articles()
    make_article(body="Only here stands the Lamp Oil Order.")
    run()
    assert not set(TopicCandidate.objects.values_list("name", flat=True)) & {
        "Mara Quill", "Sea Wall Act", "Lamp Oil Order",
    }  # fmt: skip


def test_second_run_counts_anew_and_does_not_bring_back_what_was_dismissed():
    _articles()
    run()
    TopicCandidate.objects.filter(name="Sea Wall Act").update(state="dismissed")
    _articles(4)
    run()
    assert TopicCandidate.objects.get(name="Sea Wall Act").state == "dismissed"
    other = TopicCandidate.objects.exclude(name="Sea Wall Act").first()
    assert other is None or other.articles_count == 7


def test_impossible_options_are_a_usage_error():
    with pytest.raises(CommandError, match="at least 1"):
        run(least=0)


@pytest.mark.parametrize("text", ["", "\x00\x00", "A " * 5000, "<b>" * 2000, "Ab Cd " * 3000, "’s’s’s", "İ" * 3000])
def test_odd_text_is_read_without_harm(text):
    phrases_of(text)
    finder = TopicFinder()
    finder.add("ab cd", 1)
    finder.find(text)


def test_accepting_makes_a_topic_and_files_the_articles_that_name_it(admin_client):
    _articles()
    run()
    candidate = TopicCandidate.objects.get(name="Sea Wall Act")
    address = reverse("admin:articles_topiccandidate_changelist")
    admin_client.post(address, {"action": "accept_selected", "_selected_action": [candidate.pk]})
    rows = TaggedItem.objects.filter(tag__name="Sea Wall Act")
    assert [(row.origin, row.mentions) for row in rows] == [("found", 1)] * 3
    candidate.refresh_from_db()
    assert (candidate.state, candidate.topic.name) == ("accepted", "Sea Wall Act")
    again = admin_client.post(address, {"action": "accept_selected", "_selected_action": [candidate.pk]}, follow=True)
    assert "decided already" in again.content.decode()


def test_who_may_not_add_topics_decides_nothing(client, django_user_model):
    _articles()
    run()
    user = django_user_model.objects.create_user("reporter", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_topiccandidate"))
    client.force_login(user)
    key = TopicCandidate.objects.get(name="Sea Wall Act").pk
    for action in ("accept_selected", "dismiss_selected"):
        client.post(reverse("admin:articles_topiccandidate_changelist"), {"action": action, "_selected_action": [key]})
    assert set(TopicCandidate.objects.values_list("state", flat=True)) == {"waiting"}


# other names


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("!!!", "needs letters"),
        ("Shipping", "There is a topic"),
        ("sea-trade", "is a name of"),
        ("<b>harbours</b>", ""),
    ],
)
def test_another_name_means_one_topic(name, complaint, admin_client):
    make_topic("Shipping")
    TopicName.objects.create(topic=make_topic("Trade"), name="Sea trade", key="sea trade")
    ports = make_topic("Ports")
    form = {"other_names-TOTAL_FORMS": "1", "other_names-0-name": name, "other_names-0-topic": str(ports.pk)}
    response = submit(admin_client, reverse("admin:articles_topic_change", args=[ports.pk]), **form)
    if complaint:
        assert complaint in response.content.decode()
        assert not ports.other_names.exists()
    else:
        assert ports.other_names.get().key == "b harbours b"


# finding


@pytest.mark.parametrize(
    ("name", "text", "mentions"),
    [
        ("ferry", "Ferry, ferry and FERRY.", 3),
        ("ferry", "A ferryman on ferry-boats and in a_ferry.", 1),
        ("Turkey", "Turkey ate a turkey.", 1),
        ("Sea Wall Act", "the sea wall act", 1),
        ("US tariffs", "us tariffs, US tariffs", 1),
        ("children’s books", "Children's books", 1),
        ("Łódź", "In Łódź", 1),
        ("C++", "C++ and C", 1),
    ],
)
def test_names_are_found_as_whole_words_in_their_capitals(name, text, mentions):
    finder = TopicFinder()
    finder.add(name, 7)
    found = finder.find(text)
    assert (found[7].mentions if found else 0) == mentions
