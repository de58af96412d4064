"""What admin pages cost: the same number of queries for many rows as for one, and never a count of a large table."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import deletions, mergers
from articles.models import (
    Article,
    Author,
    Citation,
    CuratedList,
    CuratedListItem,
    Deletion,
    Merger,
    Printing,
    ProposedChange,
    ProposedField,
    Publisher,
    RawDocument,
    Story,
    TaggedItem,
    Topic,
    TopicCandidate,
    TopicName,
)
from articles.store import authors_named
from newsroom.models import ImportIssue, ImportRun, RunDocument
from quotes.models import CuratedQuote, Position, Quote, Speaker, SpeakerName, SpeakerSuggestion, TaggedQuote
from tests.adminpages import log_in_member, queries_of
from tests.factories import (
    PUBLISHED_AT,
    make_article,
    make_document,
    make_list,
    make_publisher,
    make_quote,
    make_speaker,
    make_topic,
)

pytestmark = pytest.mark.django_db

MOST = 15
MODELS = [
    Article, Author, CuratedList, CuratedListItem, Printing, ProposedChange, Publisher,
    RawDocument, Topic, TopicCandidate, Quote, Speaker, SpeakerSuggestion, ImportRun, RunDocument, ImportIssue, Merger, Deletion,
]  # fmt: skip
LARGE = ("articles_article", "quotes_quote", "articles_rawdocument", "quotes_speaker", "newsroom_rundocument")


def _fill(number: int) -> None:
    """``number`` rows of everything, and as many below the first of each."""
    publisher, editor = make_publisher(), User.objects.create_user("former")
    first = make_article(
        "The first", publisher=publisher, document=make_document(publisher=publisher), last_editor=editor, state="draft",
        lead_image="pier.png", lead_image_alt="A pier",
    )  # fmt: skip
    curated = make_list("Popular", headlines=tuple(f"Headline {n}" for n in range(number)))
    chosen = make_list("Quotes of the week", kind="quotes")
    run = ImportRun.objects.create(read=number, created=number)
    speaker = make_speaker("Ada Moor")
    story = Story.objects.create()
    Printing.objects.create(story=story, article=first, compared_with=make_article())
    alone, quotes = make_quote(alone=True, speaker=speaker, reviewer=editor), []
    for n in range(number):
        fields = {"start": n, "end": n + 1, "review_state": "verified", "reviewer": editor}
        quotes.append(make_quote(article=first, text=f"Words {n}.", speaker=make_speaker(), **fields))
        publisher = make_publisher(f"Paper {n}")
        article = make_article(publisher=publisher, document=make_document(publisher=publisher))
        article.authors.set(authors_named([f"Writer {n}"]))
        first.authors.add(*article.authors.all())
        TaggedItem.objects.create(tag=make_topic(f"Topic {n}"), content_object=article)
        TaggedItem.objects.create(tag=make_topic(f"Topic {n}"), content_object=first)
        quote = make_quote(article=article, text="One", start=0, end=1, speaker=speaker)
        CuratedQuote.objects.create(list=chosen, position=n, quote=quote)
        make_list(f"List {n}", publisher=publisher)
        CuratedListItem.objects.filter(list=curated, position=n).update(article=article)
        SpeakerName.objects.create(speaker=speaker, name=f"A. Moor {n}", key=f"a moor {n}")
        Position.objects.create(speaker=speaker, title=f"Chair {n}")
        Topic.objects.create(name=f"Old topic {n}", slug=f"old-{n}", merged_into=make_topic(f"Topic {n}"))
        candidate = TopicCandidate.objects.create(name=f"Phrase {n}", key=f"phrase {n}")
        candidate.examples.add(article, first)
        TopicName.objects.create(topic=make_topic("Topic 0"), name=f"Name {n}", key=f"name {n}")
        SpeakerSuggestion.objects.create(speaker=speaker, other=make_speaker(), score=0.5, reasons=[["role", 0.5, "x"]])
        Printing.objects.create(story=story, article=article, compared_with=first)
        TaggedQuote.objects.create(tag=make_topic(f"Topic {n}"), content_object=quotes[0])
        TaggedQuote.objects.create(tag=make_topic(f"Topic {n}"), content_object=alone)
        Citation.objects.create(article=first, name=f"Agency {n}", publisher=publisher, evidence="told it")
        for one in [article] + [first] * (n == 0):
            change = ProposedChange.objects.create(article=one, document=one.document)
            ProposedField.objects.create(change=change, name="headline", new="Newer")
        mergers.merge(make_speaker(), speaker, editor=None)
        row = {"run": run, "name": f"{n}.txt", "document": article.document}
        RunDocument.objects.create(position=n, outcome="created", **row)
        ImportIssue.objects.create(severity="notice", reason="Odd.", **row)
        ImportRun.objects.create()
        deletions.note([make_topic(f"Deleted topic {n}")], editor=None)


@pytest.fixture(params=[1, 25])
def rows(request) -> int:
    _fill(request.param)
    return request.param


@pytest.fixture
def member() -> Client:
    return log_in_member()


def _queries(client, address: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(address)
        assert response.status_code == 200, address
    return queries_of(captured)


def _assert_cheap(client: Client, obj: Model) -> None:
    queries = _queries(client, reverse(f"admin:{obj._meta.label_lower.replace('.', '_')}_change", args=[obj.pk]))
    assert len(queries) <= MOST, "\n".join(queries)
    assert not _counts(queries)


def _counts(queries: list[str]) -> list[str]:
    return [sql for sql in queries if "COUNT(*)" in sql.upper() and any(table in sql for table in LARGE)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_change_list_costs_the_same_for_many_rows(model, rows, member):
    queries = _queries(member, reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist"))
    assert len(queries) <= MOST, "\n".join(queries)
    assert not _counts(queries)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_change_page_costs_the_same_for_many_rows(model, rows, member):
    wanted = {Article: {"headline": "The first"}, Speaker: {"name": "Ada Moor"}, CuratedList: {"title": "Popular"}}
    obj = model.objects.filter(**wanted.get(model, {})).order_by("pk").first()
    _assert_cheap(member, obj)


@pytest.mark.parametrize("state", ["in_review", "published", "scheduled", "withdrawn"])
def test_a_filled_article_costs_no_more_in_any_state(state, rows, member):
    article = Article.objects.get(headline="The first")
    later = PUBLISHED_AT + timedelta(days=36_500)
    fields = {"state": "published", "published_at": later} if state == "scheduled" else {"state": state}
    Article.objects.filter(pk=article.pk).update(**fields)
    _assert_cheap(member, article)


def test_a_filled_quote_costs_no_more_in_an_article_or_alone(rows, member):
    first = Quote.objects.filter(tagged_items__isnull=False, article__headline="The first").first()
    for quote in (first, Quote.objects.get(article__isnull=True)):
        _assert_cheap(member, quote)


def test_list_of_quotes_costs_the_same_for_many_rows(rows, member):
    chosen = CuratedList.objects.get(kind="quotes")
    queries = _queries(member, reverse("admin:articles_curatedlist_change", args=[chosen.pk]))
    assert len(queries) <= MOST, "\n".join(queries)


def test_front_page_does_not_count(rows, member):
    queries = _queries(member, reverse("admin:index"))
    assert len(queries) <= MOST, "\n".join(queries)
    assert not _counts(queries)


def test_every_model_of_the_project_is_asked_about():
    ours = {model for model in site._registry if model._meta.app_label in {"articles", "quotes", "newsroom"}}
    assert ours == set(MODELS)
