"""What the write functions of articles promise."""

import pytest
from django.utils import timezone

from articles import store
from articles.models import Article, CuratedListItem
from tests.factories import make_article, make_list, make_publisher, make_quote

pytestmark = pytest.mark.django_db


def test_saving_fills_what_follows_from_the_text():
    article = make_article("Żuraw “returns”", body="One *bold* word.\n\n## Then\n\nAnother.", slug="")
    assert article.text == "One bold word.\nThen\nAnother."
    assert article.slug == "zuraw-returns"
    assert article.headline_key == "zuraw returns"


def test_same_headline_gets_another_slug():
    assert [make_article("Storm", slug="").slug for _ in range(3)] == ["storm", "storm-2", "storm-3"]


def test_each_save_counts_a_version():
    article = make_article()
    store.save_article(article)
    assert Article.objects.get().version == 2


def test_article_is_found_by_search_once_saved():
    article = make_article("Lighthouse keeper retires")
    assert list(Article.objects.all().search("lighthouse")) == [article]
    article.headline = "Beacon keeper retires"
    store.save_article(article)
    assert list(Article.objects.all().search("lighthouse")) == []
    article.delete()
    assert list(Article.objects.all().search("beacon")) == []


def test_row_written_twice_is_indexed_as_it_is_last():
    article = make_article("Lighthouse keeper retires")
    later = Article.objects.get()
    later.headline = "Beacon keeper retires"
    later.save()
    store.index(Article, [article, later])
    assert list(Article.objects.all().search("beacon")) == [article]
    assert list(Article.objects.all().search("lighthouse")) == []


def test_publishing_gives_a_date_only_to_those_without_one():
    dated = make_article(state="draft")
    undated = make_article(state="draft", published_at=None)
    kept = dated.published_at
    assert store.publish(Article.objects.all()) == 2
    dated.refresh_from_db()
    undated.refresh_from_db()
    assert dated.published_at == kept
    assert undated.published_at is not None
    assert undated.published_at <= timezone.now()
    assert store.publish(Article.objects.all()) == 0


def test_withdrawing_takes_only_published_articles():
    published, draft = make_article(), make_article(state="draft")
    assert store.withdraw(Article.objects.all()) == 1
    published.refresh_from_db()
    draft.refresh_from_db()
    assert (published.state, draft.state) == ("withdrawn", "draft")


def test_list_item_finds_its_article_whichever_comes_first():
    early = make_article("“Harbour” wall breaks")
    make_list(headlines=("'Harbour' wall breaks", "Tram line opens"))
    first, second = CuratedListItem.objects.order_by("position")
    assert (first.article, first.state) == (early, "resolved")
    assert (second.article, second.state) == (None, "unresolved")
    late = make_article("Tram line opens")
    second.refresh_from_db()
    assert (second.article, second.state) == (late, "resolved")


def test_item_that_fits_two_articles_stays_ambiguous():
    make_article("Storm", slug="one")
    make_article("Storm", slug="two")
    make_list(headlines=("Storm",))
    assert CuratedListItem.objects.get().state == "ambiguous"


def test_item_prefers_the_article_of_its_own_publisher():
    ours = make_article("Storm", publisher=make_publisher("Ours"))
    make_article("Storm", publisher=make_publisher("Theirs"))
    make_list(headlines=("Storm",), publisher=make_publisher("Ours"))
    assert CuratedListItem.objects.get().article == ours


def test_edit_moves_the_quotes_with_their_words():
    article = make_article(body='Mara Quill spoke. "The boats are late," she said.')
    quote = make_quote("The boats are late,", article=article)
    article.body = "A new first paragraph.\n\n" + article.body
    store.save_article(article)
    quote.refresh_from_db()
    assert article.text[quote.start : quote.end] == quote.text
    assert quote.segments == [[quote.start, quote.end]]


def test_quote_whose_words_are_gone_loses_its_place_but_stays():
    article = make_article(body='"The boats are late," she said.')
    quote = make_quote("The boats are late,", article=article)
    article.body = "Nobody spoke."
    store.save_article(article)
    quote.refresh_from_db()
    assert (quote.start, quote.end, quote.segments) == (None, None, [])


def test_list_is_numbered_anew_when_two_items_share_a_place():
    curated = make_list(headlines=("One", "Two", "Three"))
    CuratedListItem.objects.filter(headline="One").update(position=2)
    CuratedListItem.objects.filter(headline="Three").update(position=2)
    store.renumber(curated.items.all())
    assert list(curated.items.values_list("position", "headline")) == [(1, "Two"), (2, "One"), (3, "Three")]
