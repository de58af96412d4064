"""Quotes have the date of their article, and follow it."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import User

from articles import decisions
from articles.decisions import Wish
from articles.models import Article, StateDecision
from articles.store import publish, save_article
from quotes.models import Quote
from quotes.reading import look, take_up
from tests.factories import make_article, make_quote

pytestmark = pytest.mark.django_db
MAY, JUNE = datetime(2025, 5, 7, 9, tzinfo=UTC), datetime(2025, 6, 7, 9, tzinfo=UTC)


def said(quote: Quote) -> tuple[date, str]:
    quote.refresh_from_db()
    return quote.said_on, quote.said_precision


def of(article: Article) -> object:
    return Article.objects.filter(pk=article.pk)


def test_quotes_of_a_draft_without_a_date_are_dated_when_it_is_published() -> None:
    draft = make_article(state="draft", published_at=None)
    quote = make_quote(article=draft, said_on=date(2025, 1, 1), said_precision="unknown")
    publish(of(draft), at=MAY)
    assert said(quote) == (date(2025, 5, 7), "day")


def test_quotes_follow_when_the_date_is_corrected_but_for_those_that_have_one_of_their_own() -> None:
    article = make_article(published_at=MAY)
    follows = make_quote(article=article, said_on=MAY.date())
    stays = make_quote("It rained.", article=article, said_on=date(2024, 2, 3))
    undated = make_quote("It snowed.", article=article, said_on=MAY.date(), said_precision="unknown")
    elsewhere = make_quote("It thawed.", said_on=MAY.date())
    article.published_at = JUNE
    save_article(article)
    assert said(follows) == (JUNE.date(), "day")
    assert said(stays) == (date(2024, 2, 3), "day")
    assert said(undated) == (MAY.date(), "unknown")
    assert said(elsewhere) == (MAY.date(), "day")
    article.published_precision = "month"
    save_article(article)
    assert said(follows) == (JUNE.date(), "month")
    article.published_precision = "unknown"
    save_article(article)
    assert said(follows) == (JUNE.date(), "unknown")
    assert said(stays) == (date(2024, 2, 3), "day")


def test_undoing_a_decision_takes_the_dates_back() -> None:
    editor = User.objects.create_user("ed")
    draft, dated = make_article(state="draft", published_at=None), make_article(state="draft", published_at=MAY)
    first = make_quote(article=draft, said_on=date(2025, 1, 1), said_precision="unknown")
    second = make_quote(article=dated, said_on=MAY.date())
    both = Article.objects.filter(pk__in=[draft.pk, dated.pk])
    decision = decisions.decide(both, Wish(StateDecision.Act.SCHEDULE, at=JUNE), editor=editor)
    assert said(first) == said(second) == (JUNE.date(), "day")
    assert len(decisions.undo(decision, editor=editor)) == 2
    assert said(first)[1] == "unknown"
    assert said(second) == (MAY.date(), "day")


def test_quotes_taken_up_are_dated_as_precisely_as_their_article() -> None:
    article = make_article(body='"The pier is shut," Mara Quill said.', published_at=MAY, published_precision="month")
    take_up(look(article))
    assert said(article.quotes.get()) == (MAY.date(), "month")
