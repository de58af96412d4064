"""What a speaker's public quotes tell of the speaker: in which years, on what, in which roles, next to whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import ExtractYear
from django.urls import reverse

from articles.models import DatePrecision, Topic
from articles.voices import Voice
from quotes.models import Origin, Position, Quote, Speaker, SpeakerName

TOPICS = 12
PEERS = 10
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


def by_year(quotes: QuerySet[Quote], wanted: Q | None = None) -> tuple[dict[int | None, int], int]:
    """How many quotes each year has, and how many there are in all. One query.

    Those without a printed date are under None. With ``wanted`` only such quotes are counted by year.
    """
    year = Case(When(~Q(said_precision=DatePrecision.UNKNOWN), then=ExtractYear("said_on")))
    is_wanted = Value(True) if wanted is None else Case(When(wanted, then=Value(True)), default=Value(False))
    counts: Counter[int | None] = Counter()
    total = 0
    for of_year, counted, count in quotes.order_by().values_list(year, is_wanted).annotate(Count("pk")):
        total += count
        if counted:
            counts[of_year] += count
    return dict(counts), total


def bars(counts: dict[int | None, int]) -> list[Bar]:
    """The years from the first to the last, empty ones among them, and then what has no date."""
    dated = sorted(year for year in counts if year is not None)
    if dated and dated[-1] - dated[0] < MOST_BARS:
        dated = list(range(dated[0], dated[-1] + 1))
    years = [*dated[-MOST_BARS:], *([None] if None in counts else [])]
    tallest = max((counts.get(year, 0) for year in years), default=0)
    return [Bar(year, counts.get(year, 0), -(-100 * counts.get(year, 0) // tallest)) for year in years]


def names_of(speaker: Speaker, quotes: QuerySet[Quote]) -> QuerySet[SpeakerName]:
    """Other names: those that editors entered, and those that a public quote prints."""
    other = SpeakerName.objects.of(speaker).exclude(name=speaker.name)
    return other.filter(Q(origin=Origin.EDITOR) | Q(name__in=quotes.values("mention")))


def positions_of(speaker: Speaker, quotes: QuerySet[Quote]) -> QuerySet[Position]:
    """Those with dates of office, which only editors give, and those that a public quote prints.

    ``first_said`` and ``last_said`` are of public quotes: what drafts print stays with the editors.
    """
    said = quotes.dated().filter(role=OuterRef("title"))
    by_editors = Q(start__isnull=False) | Q(end__isnull=False)
    return (
        Position.objects.of(speaker)
        .filter(by_editors | Q(title__in=quotes.values("role")))
        .annotate(
            first_said=Subquery(said.order_by("said_on").values("said_on")[:1]),
            last_said=Subquery(said.order_by("-said_on").values("said_on")[:1]),
        )
    )


def topics_of(articles: Any) -> QuerySet[Topic]:
    """What the articles (a query for their keys) are about, the most frequent first."""
    filed = Topic.objects.filter(tagged_articles__content_object__in=articles)
    return filed.annotate(times=Count("tagged_articles")).order_by("-times", "name")[:TOPICS]


def speaking_on(articles: Any, topic: str) -> list[Voice]:
    """Who speaks on a topic, in its articles (a query for their keys)."""
    return [
        Voice(who["name"], f"{reverse('quotes:speaker', args=[who['slug']])}?topic={topic}", who["articles"])
        for who in quoted_in(articles)
    ]


def quoted_with(speaker: Speaker, articles: Any) -> QuerySet[Quote, dict[str, Any]]:
    """Whoever else is quoted in the same articles (a query for their keys), as ``quoted_in`` has them."""
    return quoted_in(articles, Q(speaker=speaker))


def quoted_in(articles: Any, but: Q | None = None) -> QuerySet[Quote, dict[str, Any]]:
    """Named speakers of public quotes in the articles (a query for their keys), those in most of them first.

    Rows with ``name``, ``slug`` and ``articles``, in how many they are quoted.
    """
    return (
        Quote.objects.public()
        .filter(article__in=articles, speaker__isnull=False)
        .exclude(but or Q(pk__in=()))
        .exclude(speaker__kind=Speaker.Kind.UNNAMED)
        .order_by()
        .values(name=F("speaker__name"), slug=F("speaker__slug"))
        .annotate(articles=Count("article", distinct=True))
        .order_by("-articles", "name")[:PEERS]
    )
