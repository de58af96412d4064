"""Previews: the saved article, what is typed and not saved, and signed links for people without an account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from articles import previews
from articles.models import Article, Author
from tests.adminpages import fields_of
from tests.factories import make_article, make_quote, make_topic

pytestmark = pytest.mark.django_db


def page_of(article: Article, name: str = "draft_preview") -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def link_to(article: Article) -> str:
    return reverse("articles:preview", args=[previews.sign(article)])


def test_the_saved_draft_is_shown_as_readers_will_see_it_with_a_way_back(admin_client):
    article = make_article(state="draft", body="One *word* more.\n\n<b>Raw</b>")
    shown = admin_client.get(page_of(article))
    html = shown.content.decode()
    assert "<em>word</em>" in html
    assert "<b>Raw" not in html
    assert f'href="{page_of(article, "change")}">Back to the form' in html
    assert "no-store" in shown["Cache-Control"]


def test_what_is_typed_is_shown_and_nothing_is_saved(admin_client):
    article = make_article(state="draft", body="Stored.")
    quote = make_quote("We left at dawn", article=article, start=None, end=None)
    writer = Author.objects.create(name="Ada Moor", slug="ada-moor")
    fields = fields_of(admin_client.get(page_of(article, "change"))) | {
        "headline": "Typed headline", "body": 'Typed **text**. "We left at dawn," she said.', "authors": [writer.pk],
        "topics": [make_topic("Harbours").pk],
    }  # fmt: skip
    html = admin_client.post(page_of(article), fields).content.decode()
    for words in ("Typed headline", "<strong>text</strong>", "By Ada Moor", "Harbours", f'id="quote-{quote.pk}"'):
        assert words in html
    article.refresh_from_db()
    assert (article.body, article.authors.count(), article.version) == ("Stored.", 0, 1)


def test_what_a_save_would_refuse_is_shown_with_the_reason(admin_client):
    article = make_article(state="draft")
    fields = fields_of(admin_client.get(page_of(article, "change"))) | {"headline": "", "source_url": "nowhere at all"}
    html = admin_client.post(page_of(article), fields).content.decode()
    assert "(no headline yet)" in html
    assert "Source url: Enter a valid URL." in html


def test_an_article_that_was_never_saved_has_a_preview(admin_client):
    fields = fields_of(admin_client.get(reverse("admin:articles_article_add"))) | {"headline": "New", "body": "Words."}
    html = admin_client.post(reverse("admin:articles_article_draft_preview_new"), fields).content.decode()
    assert "<p>Words.</p>" in html
    assert not Article.objects.exists()


def test_a_signed_link_shows_the_draft_to_anybody_and_to_no_search_engine(admin_client):
    article = make_article("Not out", state="in_review")
    assert link_to(article).rpartition(":")[0].rpartition(":")[0] in (
        admin_client.get(page_of(article, "change")).content.decode()
    )
    shown = Client().get(link_to(article))
    assert shown.status_code == 200
    assert "Not out" in shown.content.decode()
    assert (shown["Cache-Control"], shown["X-Robots-Tag"]) == ("private, no-store", "noindex, nofollow")
    assert shown["Referrer-Policy"] == "no-referrer"
    assert "admin" not in shown.content.decode()


def test_a_link_ends_when_its_week_is_over(monkeypatch):
    article = make_article(state="draft")
    link = link_to(article)
    monkeypatch.setattr(previews, "VALID", timedelta(seconds=-1))
    over = Client().get(link)
    assert over.status_code == 410
    assert "This preview is over" in over.content.decode()


def test_links_given_out_before_can_be_ended(admin_client):
    article = make_article("Not out", state="draft")
    link = link_to(article)
    assert admin_client.post(page_of(article, "draft_preview_void")).status_code == 302
    assert Client().get(link).status_code == 410
    article.refresh_from_db()
    assert Client().get(link_to(article)).status_code == 200


def test_once_it_is_out_the_link_leads_to_the_article():
    article = make_article(state="draft")
    link = link_to(article)
    Article.objects.update(state="published")
    assert Client().get(link)["Location"] == article.get_absolute_url()
    Article.objects.update(state="withdrawn")
    assert Client().get(link, follow=True).status_code == 410


def test_links_are_not_made_up():
    article = make_article(state="draft")
    forged = signing.dumps({"article": article.pk, "key": 1}, salt="something.else")
    for token in (forged, "x", f"{previews.sign(article)}x"):
        assert Client().get(reverse("articles:preview", args=[token])).status_code == 404
