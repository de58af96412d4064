"""Mergers of speakers and topics: nothing is lost, old addresses lead on in one hop, and each can be undone."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles import mergers
from articles.models import Merger, TaggedItem, Topic
from articles.search import read
from quotes.models import Quote, Speaker, SpeakerName
from quotes.search import find_speakers
from tests.factories import make_article, make_quote, make_speaker, make_topic

SPEAKER = Quote._meta.get_field("speaker")


@pytest.mark.django_db
class TestMerging:
    def test_quotes_move_and_the_old_page_leads_on(self, client):
        one, other = (make_quote(speaker=make_speaker(name)).speaker for name in ("Harrow", "Ines Harrow"))
        mergers.merge(one, other, editor=None)
        assert Quote.objects.filter(speaker=other).count() == 2
        assert client.get("/speakers/harrow/")["Location"] == "/speakers/ines-harrow/"
        assert list(find_speakers(read("harrow"))) == [other]

    def test_the_survivor_is_found_by_the_names_of_those_merged_into_it(self):
        one, other = (make_quote(speaker=make_speaker(name)).speaker for name in ("Blackbeard", "Ines Harrow"))
        record = mergers.merge(one, other, editor=None)
        assert list(find_speakers(read("blackbeard"))) == [other]
        mergers.undo(record, editor=None)
        assert list(find_speakers(read("blackbeard"))) == [one]

    def test_an_article_that_has_both_topics_keeps_one_and_undoing_gives_both_back(self):
        both, single = make_article(topics=("Boats", "Ships")), make_article(topics=("Boats",))
        boats, ships = Topic.objects.get(name="Boats"), Topic.objects.get(name="Ships")
        record = mergers.merge(boats, ships, editor=None)
        assert [list(article.topics.all()) for article in (both, single)] == [[ships], [ships]]
        mergers.undo(record, editor=None)
        assert [set(article.topics.all()) for article in (both, single)] == [{boats, ships}, {boats}]

    def test_undoing_leaves_what_was_given_to_others_since_and_twice_is_harmless(self):
        first, second, third = (make_quote(speaker=make_speaker()).speaker for _ in range(3))
        quote = first.quotes.get()
        record = mergers.merge(first, second, editor=None)
        Quote.objects.filter(pk=quote.pk).update(speaker=third)
        assert mergers.undo(record, editor=None) == 0
        assert (mergers.undo(record, editor=None), third.quotes.count()) == (0, 2)

    def test_what_is_merged_already_is_refused_and_nothing_is_written(self):
        first, second, third = make_speaker(), make_speaker(), make_speaker()
        mergers.merge(first, second, editor=None)
        for source, target in [(first, third), (third, first), (third, third)]:
            with pytest.raises(mergers.CannotMergeError):
                mergers.merge(source, target, editor=None)
        assert Merger.objects.count() == 1

    def test_a_split_gives_some_quotes_away_and_can_be_undone(self):
        harrow, namesake = make_speaker("Ines Harrow"), make_speaker("Ines Harrow, pilot")
        mine, theirs = make_quote(speaker=harrow), make_quote(speaker=harrow)
        [record] = mergers.split(Quote.objects.filter(pk=theirs.pk), SPEAKER, namesake, editor=None)
        assert [row.speaker for row in Quote.objects.order_by("pk")] == [harrow, namesake]
        mergers.undo(record, editor=None)
        assert harrow.quotes.count() == 2
        assert mine.pk


class AnyHistory(TestCase):
    """Random mergers and undoings: no quote is lost, no circle, each old page leads to a live one in one hop."""

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.one_of(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(0, 9)), max_size=12))
    def test_whatever_is_merged_and_undone_in_whatever_order(self, steps):
        speakers = [make_speaker(f"Ines Harrow {number}") for number in range(5)]
        article = make_article(body="\n\n".join(f'"Boat {number} is late," she said.' for number in range(5)))
        quotes = [
            make_quote(f"Boat {number} is late", article=article, speaker=speakers[number]) for number in range(5)
        ]
        records = []
        for step in steps:
            if isinstance(step, int):
                if step < len(records):
                    mergers.undo(records[step], editor=None)
                continue
            try:
                records.append(mergers.merge(speakers[step[0]], speakers[step[1]], editor=None))
            except mergers.CannotMergeError:
                continue
        assert Quote.objects.filter(speaker__merged_into__isnull=True).count() == 5
        assert not Speaker.objects.filter(merged_into__merged_into__isnull=False).exists()
        assert SpeakerName.objects.count() == 5
        reader = Client()
        for speaker in Speaker.objects.select_related("merged_into"):
            response = reader.get(f"/speakers/{speaker.slug}/")
            if speaker.merged_into:
                assert (response.status_code, response["Location"]) == (301, speaker.merged_into.get_absolute_url())
        for record in reversed(records):
            mergers.undo(record, editor=None)
        assert [Quote.objects.get(pk=quote.pk).speaker for quote in quotes] == speakers


@pytest.mark.django_db
class TestOnTheDesk:
    def test_two_are_shown_side_by_side_merged_and_taken_apart_again(self, admin_client):
        one, other = (make_quote(speaker=make_speaker(name)).speaker for name in ("Harrow", "Ines Harrow"))
        picked = {"action": "merge_selected", "_selected_action": [one.pk, other.pk]}
        page = admin_client.post(reverse("admin:quotes_speaker_changelist"), picked, follow=True)
        assert [side["obj"] for side in page.context["sides"]] == [one, other]
        answer = admin_client.post(
            reverse("admin:quotes_speaker_merge"), {"one": [one.pk, other.pk], "kept": other.pk}, follow=True
        )
        assert "“Harrow” merged into “Ines Harrow”: 1 entry moved." in answer.content.decode()
        record = Merger.objects.get()
        assert other.quotes.count() == 2
        admin_client.post(reverse("admin:articles_merger_undo", args=[record.pk]))
        assert (one.quotes.count(), other.quotes.count()) == (1, 1)

    def test_the_other_one_is_asked_for_where_only_one_is_known(self, admin_client):
        one = make_speaker()
        page = admin_client.get(reverse("admin:quotes_speaker_change", args=[one.pk])).content.decode()
        address = f"{reverse('admin:quotes_speaker_merge')}?one={one.pk}"
        assert address in page
        assert 'name="other"' in admin_client.get(address).content.decode()

    def test_the_fullest_name_is_offered_to_stay_and_of_topics_the_one_with_most_articles(self, admin_client):
        one, other = make_speaker("Ines Harrow"), make_speaker("Harrow")
        page = admin_client.get(reverse("admin:quotes_speaker_merge"), {"one": [one.pk, other.pk]})
        assert page.context["offered"] == one
        make_article(topics=("Boats",))
        boats, ferries = Topic.objects.get(), make_topic("Boats and ferries")
        page = admin_client.get(reverse("admin:articles_topic_merge"), {"one": [boats.pk, ferries.pk]})
        assert page.context["offered"] == boats

    def test_mergers_are_listed_by_what_was_merged(self, admin_client):
        mergers.merge(make_topic("Boats"), make_topic("Ships"), editor=None)
        mergers.merge(make_speaker("Harrow"), make_speaker("Ines Harrow"), editor=None)
        address = reverse("admin:articles_merger_changelist")
        shown = admin_client.get(address).content.decode()
        assert ">Speaker<" in shown
        assert "quotes.speaker<" not in shown
        only = admin_client.get(address, {"kind": "articles.topic"}).content.decode()
        assert "Ships" in only
        assert "Harrow" not in only

    def test_quotes_are_given_to_another_speaker_from_the_list(self, admin_client):
        quote, unattributed, target = make_quote(speaker=make_speaker()), make_quote(), make_speaker("Ines Harrow")
        picked = {"action": "give_selected", "_selected_action": [quote.pk, unattributed.pk]}
        address = reverse("admin:quotes_quote_changelist")
        assert "Who said these?" in admin_client.post(address, picked).content.decode()
        assert "Choose who said it" in admin_client.post(address, {**picked, "give": "yes"}).content.decode()
        admin_client.post(address, {**picked, "give": "yes", "speaker": target.pk})
        assert target.quotes.count() == 2
        assert set(Quote.objects.search("Harrow")) == {quote, unattributed}

    def test_whoever_may_not_merge_can_neither_merge_nor_undo(self):
        one, other = make_speaker(), make_speaker()
        record = mergers.merge(make_topic("Boats"), make_topic("Ships"), editor=None)
        user = User.objects.create_user("editor", is_staff=True)
        rights = ["change_speaker", "view_speaker", "view_merger", "merge_speaker"]
        user.user_permissions.set(Permission.objects.filter(codename__in=rights[:3]))
        client = Client()
        client.force_login(user)
        data = {"one": [one.pk, other.pk], "kept": other.pk}
        assert client.post(reverse("admin:quotes_speaker_merge"), data).status_code == 403
        user.user_permissions.set(Permission.objects.filter(codename__in=rights))
        assert client.post(reverse("admin:articles_merger_undo", args=[record.pk])).status_code == 403
        assert TaggedItem.objects.count() == 0
