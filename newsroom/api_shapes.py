"""What the API answers with. Addresses are absolute; dates are as precise as printed: "2026", "2026-10", "2026-10-05",
or with the time; null where none was."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Field, Schema

from articles.models import Article, CuratedList, Topic
from articles.structured import stamp
from articles.writing import teaser
from quotes.models import Quote, Speaker
from quotes.passages import public_note, said

SUMMARY_LENGTH = 300


class Link(Schema):
    name: str
    url: str


class ArticleBrief(Schema):
    slug: str
    url: str
    headline: str
    summary: str
    byline: str
    authors: list[str]
    publisher: str | None
    published: str | None = Field(description="As precise as printed; null where no date was.")
    updated: str
    language: str
    topics: list[Link]


class SpeakerBrief(Schema):
    slug: str
    url: str
    name: str
    kind: str = Field(description="person, organisation, or unnamed (a description, not a name)")
    description: str
    wikidata_id: str | None


class QuoteBrief(Schema):
    id: int
    url: str
    text: str = Field(description="The words said; an attribution in their middle is an ellipsis.")
    kind: str = Field(description="direct, mixed (partly quoted) or indirect (reported)")
    speaker: SpeakerBrief | None
    role: str = Field(description="As printed at the time.")
    said_on: str | None
    cue: str
    confidence: float = Field(description="0 to 1: of the quotes at 0.9, nine in ten are right.")
    review: str = Field(description="unreviewed, verified, disputed or misattributed")
    review_note: str
    article: Link | None


class QuoteWhole(QuoteBrief):
    start: int | None = Field(
        description="Code points into the article's text, half-open; null: the place is not known."
    )
    end: int | None
    prefix: str
    suffix: str


class ArticleWhole(ArticleBrief):
    standfirst: str
    dateline: str
    text: str = Field(description="Plain text, to which the offsets of quotes refer.")
    source_url: str | None
    correction: str
    quotes: list[QuoteWhole]


class ListBrief(Schema):
    slug: str
    url: str
    title: str
    kind: str = Field(description="articles or quotes")
    description: str
    publisher: str | None
    updated: str


class ListItem(Schema):
    title: str
    url: str | None = Field(description="Null: the article is not here.")


class ListWhole(ListBrief):
    items: list[ListItem]


class Page(Schema):
    next: str | None = Field(description="The address of the next page; null on the last.")


class ArticlePage(Page):
    results: list[ArticleBrief]


class QuotePage(Page):
    results: list[QuoteBrief]


class SpeakerPage(Page):
    results: list[SpeakerBrief]


class ListPage(Page):
    results: list[ListBrief]


class Problem(Schema):
    detail: str


def _topic(topic: Topic, request: HttpRequest) -> Link:
    return Link(name=topic.name, url=request.build_absolute_uri(topic.get_absolute_url()))


def article_brief(article: Article, request: HttpRequest) -> dict:
    """Of an article with excerpt, topics and authors."""
    return {
        "slug": article.slug,
        "url": request.build_absolute_uri(article.get_absolute_url()),
        "headline": article.headline,
        "summary": teaser(article, SUMMARY_LENGTH),
        "byline": article.byline,
        "authors": [author.name for author in article.in_signing_order(article.authors.all())],
        "publisher": article.publisher.name if article.publisher else None,
        "published": stamp(article.published_at, article.published_precision) or None,
        "updated": article.updated_at.isoformat(timespec="seconds"),
        "language": article.language,
        "topics": [_topic(topic, request) for topic in article.filed_under],
    }


def article_whole(article: Article, quotes: list[Quote], request: HttpRequest) -> dict:
    return article_brief(article, request) | {
        "standfirst": article.standfirst,
        "dateline": article.dateline,
        "text": article.text,
        "source_url": article.source_url or None,
        "correction": article.correction,
        "quotes": [quote_whole(quote, request) for quote in quotes],
    }


def speaker_brief(speaker: Speaker, request: HttpRequest) -> dict:
    return {
        "slug": speaker.slug,
        "url": request.build_absolute_uri(speaker.get_absolute_url()),
        "name": speaker.name,
        "kind": speaker.kind,
        "description": speaker.description,
        "wikidata_id": speaker.wikidata_id or None,
    }


def quote_brief(quote: Quote, request: HttpRequest) -> dict:
    article = quote.article
    return {
        "id": quote.pk,
        "url": request.build_absolute_uri(quote.get_absolute_url()),
        "text": said(quote),
        "kind": quote.kind,
        "speaker": speaker_brief(quote.speaker, request) if quote.speaker else None,
        "role": quote.role,
        "said_on": stamp(quote.said_on, quote.said_precision) or None,
        "cue": quote.cue,
        "confidence": quote.confidence,
        "review": quote.review_state,
        "review_note": public_note(quote),
        "article": {"name": article.headline, "url": request.build_absolute_uri(article.get_absolute_url())}
        if article
        else None,
    }


def quote_whole(quote: Quote, request: HttpRequest) -> dict:
    places = {"start": quote.start, "end": quote.end, "prefix": quote.prefix, "suffix": quote.suffix}
    return quote_brief(quote, request) | places


def list_brief(shown: CuratedList, request: HttpRequest) -> dict:
    return {
        "slug": shown.slug,
        "url": request.build_absolute_uri(shown.get_absolute_url()),
        "title": shown.title,
        "kind": shown.kind,
        "description": shown.description,
        "publisher": shown.publisher.name if shown.publisher else None,
        "updated": shown.updated_at.isoformat(timespec="seconds"),
    }
