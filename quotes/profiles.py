"""What a speaker's public quotes tell of the speaker: in which years, on what, in which roles, next to whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from django.db import models
from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import ExtractYear, Left

from articles.links import address
from articles.models import Article, DatePrecision, Topic
from articles.prepared import NOW, Asking, Prepared, Slot
from articles.voices import Voice
from quotes.filters import on_topic
from quotes.models import Origin, Position, Quote, Speaker, SpeakerName
from quotes.querysets import QuoteQuerySet

# The latest are looked at: a speaker, or a topic, of ten thousand articles costs no more than one of a hundred.
RECENT = 100
TOPICS = 12
PEERS = 10
ARTICLES = 6
# So much of the key of an utterance tells it from any other of a speaker, and is quickly read.
ENOUGH_TO_TELL = 16
# Beyond this only years with quotes are drawn, the latest of them.
MOST_BARS = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the chart of quotes by year. ``year``: None for those without a printed date.

    ``height`` is in hundredths of the tallest bar, and ``top`` what is above it.
    """

    year: int | None
    count: int
    height: int

    @property
    def top(self) -> int:
        return 100 - self.height


class Profile(NamedTuple):
    """What the page of a speaker shows beside the quotes.

    ``counts``: of what was said by year, what has no printed date under None; on the topic that was asked for, if one was.
    ``count``: of all.
    """

    counts: dict[int | None, int]
    count: int
    names: list[SpeakerName]
    positions: list[Position]
    topics: list[Topic]
    peers: list[Peer]
    articles: list[Article]


class Peer(NamedTuple):
    """``articles``: in how many this one is quoted, too."""

    name: str
    slug: str
    articles: int


_SPEAKER = Slot("speaker", models.BigIntegerField())


def speaker_at(slug: str) -> Speaker | None:
    return next(iter(_speaker(slug=slug)), None)


def profile(speaker: Speaker, topic: str = "") -> Asking[Profile]:
    """Six queries, asked together. ``topic``: the slug of what the years are to count."""
    years, names, positions, topics, peers, articles = yield [
        _by_year.of(bool(topic), speaker=speaker.pk, topic=topic),
        _names.of(speaker=speaker.pk, name=speaker.name),
        _positions.of(speaker=speaker.pk),
        _topics.of(speaker=speaker.pk),
        _peers.of(speaker=speaker.pk),
        _articles.of(speaker=speaker.pk),
    ]
    counts = Counter(year for year, is_wanted, _utterance in years if is_wanted)
    total = len({utterance for _year, _is_wanted, utterance in years})
    return Profile(dict(counts), total, names, positions, topics, [Peer(*each) for each in peers], articles)


def bars(counts: dict[int | None, int]) -> list[Bar]:
    """The years from the first to the last, empty ones among them, and then what has no date."""
    dated = sorted(year for year in counts if year is not None)
    if dated and dated[-1] - dated[0] < MOST_BARS:
        dated = list(range(dated[0], dated[-1] + 1))
    years = [*dated[-MOST_BARS:], *([None] if None in counts else [])]
    tallest = max((counts.get(year, 0) for year in years), default=0)
    return [Bar(year, counts.get(year, 0), -(-100 * counts.get(year, 0) // tallest)) for year in years]


def _quotes() -> QuoteQuerySet:
    return Quote.objects.public(NOW).filter(speaker=_SPEAKER)


def _recent() -> QuerySet:
    """The articles that the latest of them stand in."""
    return _quotes().dated_first().filter(article__isnull=False).values("article")[:RECENT]


def _years(on_one_topic: bool) -> QuerySet:
    """(year, whether on the topic, utterance), each once: printings of one utterance count as one, as in the list."""
    year = Case(When(~Q(said_precision=DatePrecision.UNKNOWN), then=ExtractYear("said_on")))
    is_wanted = Case(When(on_topic(Slot("topic", models.CharField())), then=Value(True)), default=Value(False))
    # To count them here takes no longer than to have PostgreSQL sort them for each year, and of all years there is one total.
    utterance = Left("cluster", ENOUGH_TO_TELL)
    return _quotes().order_by().values_list(year, is_wanted if on_one_topic else Value(True), utterance).distinct()


def _other_names() -> QuerySet[SpeakerName]:
    """Those that editors entered, and those that a public quote prints."""
    other = SpeakerName.objects.of(_SPEAKER).exclude(name=Slot("name", models.CharField()))
    return other.filter(Q(origin=Origin.EDITOR) | Q(name__in=_quotes().values("mention")))


def _roles() -> QuerySet[Position]:
    """Those with dates of office, which only editors give, and those that a public quote prints.

    ``first_said`` and ``last_said`` are of public quotes: what drafts print stays with the editors.
    """
    said = _quotes().dated().filter(role=OuterRef("title"))
    by_editors = Q(start__isnull=False) | Q(end__isnull=False)
    return (
        Position.objects.of(_SPEAKER)
        .filter(by_editors | Q(title__in=_quotes().values("role")))
        .annotate(
            first_said=Subquery(said.order_by("said_on").values("said_on")[:1]),
            last_said=Subquery(said.order_by("-said_on").values("said_on")[:1]),
        )
    )


def _most_frequent_topics() -> QuerySet[Topic]:
    filed = Topic.objects.filter(tagged_articles__content_object__in=_recent())
    return filed.annotate(times=Count("tagged_articles")).order_by("-times", "name")[:TOPICS]


def _quoted_in(articles: QuerySet, but: Q | None = None) -> QuerySet:
    """(name, slug, in how many articles) of named speakers of public quotes in these (a query for their keys), those in
    most of them first.
    """
    return (
        Quote.objects.public(NOW)
        .filter(article__in=articles, speaker__isnull=False)
        .exclude(but or Q(pk__in=()))
        .exclude(speaker__kind=Speaker.Kind.UNNAMED)
        .order_by()
        .values_list("speaker__name", "speaker__slug")
        .annotate(articles=Count("article", distinct=True))
        .order_by("-articles", "speaker__name")[:PEERS]
    )


def _latest_on_topic() -> QuerySet:
    topic = Slot("topic", models.BigIntegerField())
    return Article.objects.published(NOW).tagged(topic).latest_first().values("pk")[:RECENT]


_speaker = Prepared(lambda: Speaker.objects.filter(slug=Slot("slug", models.CharField())).order_by()[:1])
_by_year = Prepared(_years)
_names = Prepared(_other_names)
_positions = Prepared(_roles)
_topics = Prepared(_most_frequent_topics)
_peers = Prepared(lambda: _quoted_in(_recent(), Q(speaker=_SPEAKER)))
_articles = Prepared(lambda: Article.objects.filter(pk__in=_recent()).latest_first().for_links()[:ARTICLES])
_voices = Prepared(lambda: _quoted_in(_latest_on_topic()))


def speaking_on(topic: Topic) -> Asking[list[Voice]]:
    """Who speaks on a topic, in its latest articles (see ``articles.voices``)."""
    found = yield _voices.of(topic=topic.pk)
    return [
        Voice(name, f"{address('quotes:speaker', slug)}?topic={topic.slug}", articles) for name, slug, articles in found
    ]
