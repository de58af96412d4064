"""Addresses outlive renames, mergers and deletions: one hop at most, never a loop."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles import store
from articles.models import Article, FormerAddress, Topic
from quotes.store import save_speaker
from tests.factories import make_article, make_list, make_quote, make_speaker

SLUGS = ("pier", "quay", "lock", "mole")


def rename(row, slug, save):
    row.slug = slug
    save(row)


@pytest.mark.django_db
class TestEachKind:
    def test_a_renamed_article_is_found_at_its_old_address(self, client):
        article = make_article(slug="old-pier")
        rename(article, "new-pier", store.save_article)
        response = client.get("/articles/old-pier/")
        assert (response.status_code, response["Location"]) == (301, "/articles/new-pier/")
        assert client.get("/articles/new-pier/").status_code == 200

    def test_a_renamed_list_topic_and_speaker_are_too(self, client):
        curated = make_list("Most read")
        topic = Topic.objects.get(pk=make_article(topics=("Ferries",)).topics.get().pk)
        speaker = make_quote(speaker=make_speaker("Ines Harrow")).speaker
        rename(curated, "read-most", store.save_list)
        rename(topic, "boats", store.save_topic)
        rename(speaker, "i-harrow", save_speaker)
        for old, new in [
            ("/lists/most-read/", "/lists/read-most/"),
            ("/topics/ferries/", "/topics/boats/"),
            ("/speakers/ines-harrow/", "/speakers/i-harrow/"),
        ]:
            assert client.get(old)["Location"] == new

    def test_the_old_address_of_a_merged_speaker_leads_to_the_survivor_at_once(self, client):
        kept = make_quote(speaker=make_speaker("Ines Harrow")).speaker
        merged = make_speaker("I. Harrow", slug="harrow")
        rename(merged, "i-harrow", save_speaker)
        merged.merged_into = kept
        merged.save()
        assert client.get("/speakers/harrow/")["Location"] == kept.get_absolute_url()

    def test_a_withdrawn_article_says_why(self, client):
        article = make_article(slug="pier")
        store.withdraw(Article.objects.all(), because="The figures belonged to another harbour.")
        response = client.get(article.get_absolute_url())
        assert response.status_code == 410
        assert "The figures belonged to another harbour." in response.content.decode()

    def test_a_deleted_article_is_gone_under_all_its_addresses_and_a_draft_leaves_none(self, admin_client):
        article, draft = make_article(slug="old-pier"), make_article(slug="sketch", state="draft", published_at=None)
        rename(article, "new-pier", store.save_article)
        for row in (article, draft):
            admin_client.post(f"/admin/articles/article/{row.pk}/delete/", {"post": "yes"})
        assert Article.objects.count() == 0
        reader = Client()
        assert [reader.get(f"/articles/{slug}/").status_code for slug in ("old-pier", "new-pier", "sketch")] == [
            410,
            410,
            404,
        ]

    def test_a_new_article_does_not_take_over_an_address_that_still_means_another(self):
        rename(make_article("Pier opens"), "quay-opens", store.save_article)
        assert make_article("Pier opens").slug == "pier-opens-2"

    def test_a_draft_is_not_given_away_by_its_old_address(self, client):
        rename(make_article(slug="old-pier", state="draft", published_at=None), "new-pier", store.save_article)
        assert client.get("/articles/old-pier/").status_code == 404


class AnyHistory(TestCase):
    """Whatever is renamed, renamed back, swapped and deleted in whatever order."""

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from((*SLUGS, None))), max_size=12))
    def test_every_address_ever_used_answers_within_one_hop(self, steps):
        editor = Client()
        editor.force_login(User.objects.create_superuser("chief"))
        articles = [make_article(slug=f"start-{number}") for number in range(3)]
        meant = {article.slug: article.pk for article in articles}
        for number, slug in steps:
            article = Article.objects.filter(pk=articles[number].pk).first()
            if article is None:
                continue
            if slug is None:
                editor.post(f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"})
            elif not Article.objects.filter(slug=slug).exists():
                rename(article, slug, store.save_article)
                meant[slug] = article.pk
        reader = Client()
        for slug, pk in meant.items():
            response = reader.get(f"/articles/{slug}/")
            current = Article.objects.filter(pk=pk).first()
            if current is None:
                assert response.status_code == 410
            elif current.slug == slug:
                assert response.status_code == 200
            else:
                assert (response.status_code, response["Location"]) == (301, current.get_absolute_url())
                assert reader.get(response["Location"]).status_code == 200
        assert not FormerAddress.objects.filter(slug__in=Article.objects.values("slug")).exists()
