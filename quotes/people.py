"""What people did to quotes and speakers that imports made (see ``articles.people``)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.people import Asked, Reasons, by, on, tables
from quotes.models import CuratedQuote, Origin, Position, Quote, Speaker, SpeakerSuggestion, TaggedQuote


def _quotes(asked: Asked) -> Reasons:
    for key, _, why in _touched(Quote.objects.filter(pk__in=asked.keys), asked):
        yield key, why


def _of_articles(asked: Asked) -> Reasons:
    """An article is kept for the sake of its quotes."""
    for key, words, why in _touched(Quote.objects.filter(article__in=asked.keys), asked, key="article_id"):
        yield key, f"has the quote “{words[:60]}”, which {why}"


def _touched(quotes: QuerySet[Quote], asked: Asked, *, key: str = "pk") -> Iterator[tuple[int, str, str]]:
    """(``key``, the words, what a person did) of each of the quotes that people worked on."""
    changed = Q(edited_at__gte=asked.since) | Q(reviewed_at__gte=asked.since)
    if asked.made:
        changed |= ~Q(review_state=Quote.Review.UNREVIEWED) | Q(origin=Origin.EDITOR)
    columns = (key, "text", "edited_at", "reviewed_at", "reviewer__username")
    for found, words, edited, reviewed, name in quotes.filter(changed).values_list(*columns):
        yield found, words, f"was reviewed{by(name)}{on(reviewed)}" if reviewed else f"was changed{on(edited)}"
    if asked.made:
        listed = quotes.filter(Exists(CuratedQuote.objects.filter(quote=OuterRef("pk"))))
        for found, words in listed.values_list(key, "text"):
            yield found, words, "stands in an editors' list"
        filed = quotes.filter(Exists(TaggedQuote.objects.filter(content_object=OuterRef("pk"))))
        for found, words in filed.values_list(key, "text"):
            yield found, words, "was filed under a topic by an editor"


def _speakers(asked: Asked) -> Reasons:
    if not asked.made:
        return
    rows = Speaker.objects.filter(pk__in=asked.keys)
    for key in rows.exclude(description="", wikidata_id="", image="").values_list("pk", flat=True):
        yield key, "was described by an editor"
    for key in rows.filter(Q(merged_into__isnull=False) | Q(merged__isnull=False)).values_list("pk", flat=True):
        yield key, "was merged by an editor"
    for key, name in rows.filter(names__origin=Origin.EDITOR).values_list("pk", "names__name"):
        yield key, f"was given the name “{name}” by an editor"
    dated = Q(positions__start__isnull=False) | Q(positions__end__isnull=False)
    for key, title in rows.filter(dated).values_list("pk", "positions__title"):
        yield key, f"has the office “{title}”, which was dated by an editor"


def _positions(asked: Asked) -> Reasons:
    rows = Position.objects.filter(pk__in=asked.keys)
    for key in rows.filter(Q(start__isnull=False) | Q(end__isnull=False)).values_list("pk", flat=True):
        yield key, "was dated by an editor"


def _suggestions(asked: Asked) -> Reasons:
    rows = SpeakerSuggestion.objects.filter(pk__in=asked.keys, decided_at__gte=asked.since)
    for key, moment, name in rows.values_list("pk", "decided_at", "decided_by__username"):
        yield key, f"was decided on{by(name)}{on(moment)}"


def _positions_in_use(keys: Collection[int]) -> set[int]:
    """Roles that a quote prints."""
    printed = Quote.objects.filter(speaker=OuterRef("speaker"), role=OuterRef("title"))
    return set(Position.objects.filter(Exists(printed), pk__in=keys).values_list("pk", flat=True))


def register() -> None:
    tables.tell("quotes.quote", _quotes)
    tables.tell("articles.article", _of_articles)
    tables.tell("quotes.speaker", _speakers)
    tables.tell("quotes.position", _positions)
    tables.tell("quotes.speakersuggestion", _suggestions)
    tables.belongs["quotes.quote"] = ("article_id", "articles.article")
    tables.belongs["quotes.taggedquote"] = ("content_object__article_id", "articles.article")
    tables.belongs["quotes.speakername"] = ("speaker_id", "quotes.speaker")
    tables.shared |= {"quotes.position": _positions_in_use, "quotes.speaker": None}
    tables.incidental |= {("quotes.speakersuggestion", "speaker"), ("quotes.speakersuggestion", "other")}
    tables.incidental |= {("quotes.position", "speaker")}
