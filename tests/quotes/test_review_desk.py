"""The review desk: one quote at a time, decisions by one key, corrections that teach, and the way back."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.search import read
from quotes import reviewing
from quotes.models import Quote, QuoteClaim, ReviewDecision, Speaker, SpeakerName
from quotes.search import find_quotes
from tests.adminpages import member
from tests.factories import make_article, make_quote, make_speaker

pytestmark = pytest.mark.django_db
NEXT = "/admin/quotes/quote/review/"


def editor(name: str = "ines") -> Client:
    return member("Editor", name)


def one(quote: Quote) -> str:
    return reverse("admin:quotes_quote_review_one", args=[quote.pk])


def decide(client: Client, quote: Quote, verdict: str = "verified", **more):
    page = client.get(one(quote))
    form = page.context["form"]
    data = {"verdict": verdict, "seen": form["seen"].value(), "speaker": quote.speaker_id or "", **more}
    return client.post(one(quote), data, follow=True)


def test_each_quote_is_judged_by_one_post_and_the_next_one_comes_at_once():
    client, quotes = editor(), [make_quote(speaker=make_speaker()) for _ in range(3)]
    shown = client.get(NEXT)
    for quote in quotes:
        assert shown.context["quote"] == quote
        shown = decide(client, quote)
    assert "Every quote of this queue" in shown.content.decode()
    assert set(Quote.objects.values_list("review_state", "reviewer__username")) == {("verified", "ines")}


def test_a_corrected_speaker_is_saved_found_and_kept_as_a_persons_work():
    client, right = editor(), make_speaker("Ines Harrow")
    quote = make_quote("The lock is shut", speaker=make_speaker("Bram Oakley"))
    decide(client, quote, speaker=right.pk)
    quote.refresh_from_db()
    assert (quote.speaker, quote.review_state) == (right, "verified")
    assert quote.edited_at is not None
    assert list(find_quotes(read("harrow lock"))) == [quote]


def test_a_correction_goes_to_all_of_the_mention_and_teaches_the_name_and_undo_takes_all_of_it_back():
    client, right, wrong = editor(), make_speaker("Ines Harrow"), make_speaker("Bram Oakley")
    article = make_article(body='"One boat," Harrow said.\n\n"Two boats," Harrow said.\n\n"Three," she said.')
    first, second, third = (
        make_quote(words, article=article, speaker=wrong, mention=mention)
        for words, mention in [("One boat,", "Harrow"), ("Two boats,", "Harrow"), ("Three,", "she")]
    )
    decide(client, first, speaker=right.pk, whole_mention="on", teach="on")
    states = Quote.objects.order_by("pk").values_list("speaker__name", "review_state")
    assert list(states) == [
        ("Ines Harrow", "verified"), ("Ines Harrow", "unreviewed"), ("Bram Oakley", "unreviewed"),
    ]  # fmt: skip
    assert SpeakerName.objects.filter(speaker=right, key="harrow").exists()
    said = {int(entry.object_id): entry.get_change_message() for entry in LogEntry.objects.order_by("pk")}
    assert said[first.pk] == "Verified at the review desk. Said by Ines Harrow."
    assert said[second.pk].startswith("Said by Ines Harrow, as another quote")
    assert third.pk not in said
    client.post(reverse("admin:quotes_quote_review_undo"))
    assert set(Quote.objects.values_list("speaker__name", "review_state", "edited_at", "reviewed_at")) == {
        ("Bram Oakley", "unreviewed", None, None)
    }
    assert not SpeakerName.objects.filter(speaker=right, key="harrow").exists()
    assert {second, third} < set(find_quotes(read("oakley")))


def test_a_quote_that_nobody_known_said_leaves_the_queue_once_it_is_accepted():
    client, quote = editor(), make_quote()
    assert client.get(NEXT, {"queue": "no-speaker"}).context["quote"] == quote
    decide(client, quote)
    assert not Quote.objects.unattributed().exists()


def test_a_new_speaker_is_made_with_the_decision_and_goes_with_it():
    client, quote = editor(), make_quote("The lock is shut", mention="Ines Harrow")
    assert 'data-read="Ines Harrow"' in client.get(one(quote)).content.decode()
    decide(client, quote, new_speaker="  Ines  Harrow ", new_kind="person")
    quote.refresh_from_db()
    made = quote.speaker
    assert (made.name, made.kind, quote.review_state) == ("Ines Harrow", "person", "verified")
    assert list(find_quotes(read("harrow lock"))) == [quote]
    assert LogEntry.objects.filter(object_id=str(made.pk), change_message__contains="review desk").exists()
    client.post(reverse("admin:quotes_quote_review_undo"))
    quote.refresh_from_db()
    assert (quote.speaker, quote.review_state) == (None, "unreviewed")
    assert not Speaker.objects.exists()


def test_a_new_speaker_who_has_said_more_since_stays_when_the_decision_is_undone():
    client, quote = editor(), make_quote()
    decide(client, quote, new_speaker="Harbour Board", new_kind="organisation")
    board = Speaker.objects.get()
    assert board.kind == "organisation"
    make_quote(speaker=board)
    client.post(reverse("admin:quotes_quote_review_undo"))
    assert Speaker.objects.get() == board


def test_a_new_speaker_who_is_known_already_is_chosen_and_made_no_second_time():
    client, quote, known = editor(), make_quote(), make_speaker("Ines Harrow")
    answer = decide(client, quote, new_speaker="ines harrow")
    assert "is chosen above now" in answer.content.decode()
    form = answer.context["form"]
    assert (form["speaker"].value(), form["new_speaker"].value()) == (str(known.pk), "")
    quote.refresh_from_db()
    assert quote.review_state == "unreviewed"
    make_speaker("Ines Harrow", slug="ines-harrow-2")
    assert "Several speakers" in decide(client, quote, new_speaker="Ines Harrow").content.decode()
    assert Speaker.objects.count() == 2


def test_whoever_may_make_no_speakers_makes_none_at_the_review_desk():
    client, quote = editor(), make_quote()
    Group.objects.get(name="Editor").permissions.remove(Permission.objects.get(codename="add_speaker"))
    assert "new_speaker" not in client.get(one(quote)).content.decode()
    decide(client, quote, new_speaker="Ines Harrow")
    assert not Speaker.objects.exists()


def test_accepting_a_quote_without_a_speaker_says_so():
    client, quote, named = editor(), make_quote(), make_quote(speaker=make_speaker())
    button = re.compile(r"Accept<span data-nobody( hidden)?> without a speaker</span>")
    assert [button.search(client.get(one(each)).content.decode())[1] for each in (quote, named)] == [None, " hidden"]


def test_a_pronoun_is_never_taught_as_a_name():
    client, speaker = editor(), make_speaker()
    quote = make_quote(speaker=speaker, mention="She")
    assert "form of this speaker’s name" not in client.get(one(quote)).content.decode()
    decide(client, quote, teach="on")
    assert speaker.names.count() == 1


@pytest.mark.parametrize("verdict", ["disputed", "misattributed"])
def test_a_doubt_that_readers_are_told_of_needs_its_reason(verdict):
    client, quote = editor(), make_quote()
    refused = decide(client, quote, verdict).content.decode()
    assert "Say why" in refused
    assert re.search(r"<textarea[^>]*name=\"note\"[^>]*autofocus", refused), (
        "what is typed next would be taken for keys"
    )
    decide(client, quote, verdict, note="The minutes say otherwise.")
    quote.refresh_from_db()
    assert (quote.review_state, quote.review_note) == (verdict, "The minutes say otherwise.")


def test_two_editors_get_different_quotes_and_are_told_of_each_other():
    first, second = editor("ines"), editor("bram")
    quotes = [make_quote(), make_quote()]
    assert first.get(NEXT).context["quote"] == quotes[0]
    assert second.get(NEXT).context["quote"] == quotes[1]
    assert "ines has this quote open" in second.get(one(quotes[0])).content.decode()
    QuoteClaim.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert second.get(NEXT).context["quote"] == quotes[0]


def test_a_decision_on_what_somebody_else_decided_meanwhile_is_refused():
    client, quote = editor(), make_quote()
    page = client.get(one(quote))
    Quote.objects.filter(pk=quote.pk).update(review_state="rejected")
    answer = client.post(one(quote), {"verdict": "verified", "seen": page.context["form"]["seen"].value()})
    assert "Nothing was saved" in answer.content.decode()
    quote.refresh_from_db()
    assert quote.review_state == "rejected"
    assert decide(client, quote).status_code == 200
    quote.refresh_from_db()
    assert quote.review_state == "verified"


def test_undo_leaves_alone_what_was_changed_since_and_twice_is_harmless():
    client, quote = editor(), make_quote()
    decide(client, quote)
    Quote.objects.update(review_state="rejected")
    answer = client.post(reverse("admin:quotes_quote_review_undo"), follow=True).content.decode()
    assert "stay as they are" in answer
    quote.refresh_from_db()
    assert quote.review_state == "rejected"
    assert reviewing.undo(ReviewDecision.objects.get()) == []
    assert (
        "no decision of yours" in client.post(reverse("admin:quotes_quote_review_undo"), follow=True).content.decode()
    )


def test_many_are_accepted_by_rule_and_confidence_after_a_look_and_undone_at_once():
    client, speaker = editor(), make_speaker()
    sure = [make_quote(speaker=speaker, confidence=0.97, rule="quote_name_cue") for _ in range(3)]
    others = [make_quote(speaker=speaker, confidence=0.5), make_quote(confidence=0.99)]
    address = reverse("admin:quotes_quote_review_many")
    shown = client.get(address, {"rule": "quote_name_cue", "confidence": "0.95"})
    assert (shown.context["number"], len(shown.context["samples"])) == (3, 3)
    late = make_quote(speaker=speaker, confidence=0.99, rule="quote_name_cue")
    data = {"rule": "quote_name_cue", "confidence": "0.95", "last": shown.context["last"]}
    client.post(address, data)
    verified = set(Quote.objects.filter(review_state="verified"))
    assert verified == set(sure)
    assert not verified & {late, *others}
    client.post(reverse("admin:quotes_quote_review_undo"))
    assert not Quote.objects.exclude(review_state="unreviewed").exists()


def test_queues_narrow_what_comes_next():
    client = editor()
    make_quote(speaker=make_speaker(), confidence=0.9)
    unattributed = make_quote(confidence=0.9)
    unsure = make_quote(speaker=make_speaker(), confidence=0.2)
    assert client.get(NEXT, {"queue": "no-speaker"}).context["quote"] == unattributed
    assert client.get(NEXT, {"queue": "low-confidence"}).context["quote"] == unsure
    assert client.get(NEXT, {"article": unsure.article_id}).context["quote"] == unsure


def test_the_desk_costs_the_same_for_many_quotes(django_assert_max_num_queries):
    client, speaker = editor(), make_speaker()
    for _ in range(30):
        make_quote(speaker=speaker)
    client.get(NEXT)
    with django_assert_max_num_queries(15):
        client.get(NEXT)


def test_whoever_may_not_review_is_refused():
    user = User.objects.create_user("reporter", is_staff=True)
    user.groups.set([Group.objects.get(name="Reporter")])
    client = Client()
    client.force_login(user)
    quote = make_quote()
    for address in (
        NEXT,
        one(quote),
        reverse("admin:quotes_quote_review_many"),
        reverse("admin:quotes_quote_review_undo"),
    ):
        assert client.get(address).status_code == 403
        assert client.post(address, {"verdict": "verified"}).status_code == 403


def test_a_review_keeps_to_a_document_and_leads_back_to_it():
    client, quote, other = editor(), make_quote(alone=True), make_quote(alone=True)
    only = f"{NEXT}?document={other.document_id}"
    shown = client.get(only)
    assert (shown.context["quote"], shown.context["waiting"]) == (other, "1")
    assert all(f"document={other.document_id}" in queue["address"] for queue in shown.context["queues"])
    done = client.post(f"{one(other)}?document={other.document_id}",
                       {"verdict": "verified", "seen": shown.context["form"]["seen"].value()}, follow=True)  # fmt: skip
    assert reverse("admin:articles_rawdocument_change", args=[other.document_id]) in done.content.decode()
    quote.refresh_from_db()
    assert quote.review_state == "unreviewed"


def test_only_a_name_that_the_speaker_has_not_can_be_taught():
    client, speaker = editor(), make_speaker("Bram Oakley")
    known = make_quote(speaker=speaker, mention="Bram Oakley")
    new = make_quote(speaker=speaker, mention="Old Oakley")
    assert [client.get(one(quote)).context["teachable"] for quote in (known, new)] == [False, True]


def test_the_desk_asks_who_said_it_and_names_rules_in_words():
    client, speaker = editor(), make_speaker("Ines Harrow")
    quote = make_quote("The lock is shut", speaker=speaker, rule="source_after_quote.inverted", confidence=0.9)
    html = client.get(one(quote)).content.decode()
    assert "Did Ines Harrow say this?" in html
    assert "source after quote, inverted; 90% sure" in html
    assert f"{reverse('admin:articles_article_draft_preview', args=[quote.article_id])}#{quote.anchor}" in html
    Quote.objects.update(speaker=None)
    assert "Who said this?" in client.get(one(quote)).content.decode()


def test_rules_are_offered_with_how_many_quotes_of_each_wait():
    client, speaker = editor(), make_speaker("Ines Harrow")
    for rule in ("indirect.that", "indirect.that", "source_after_quote"):
        make_quote(speaker=speaker, rule=rule, confidence=0.9)
    make_quote(rule="indirect.that", review_state="verified", speaker=speaker)
    many = reverse("admin:quotes_quote_review_many")
    page = client.get(many, {"rule": "indirect.that", "confidence": "0.5"})
    choices = dict(page.context["form"].fields["rule"].widget.choices)
    assert choices["indirect.that"] == "indirect, that (2 waiting)"
    assert choices["source_after_quote"] == "source after quote (1 waiting)"
    assert page.context["number"] == 2
    gone = client.get(many, {"rule": "not_there", "confidence": "0.5"}).content.decode()
    assert "No unreviewed quote is like that." in gone
