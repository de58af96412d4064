"""Where a row came from: the dump's text with the place marked, and the facts about the dump."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from articles.models import RawDocument

CONTEXT = 300
LONG_WORD = 30
_SPACE = re.compile(r"\s")
_REST_OF_WORD = re.compile(rf"\S{{0,{LONG_WORD}}}\s+")
MAX_CHARACTERS = 60_000
MAX_BLOCKS = 2_000
# Labels that have a look of their own; any other is shown as furniture is.
LABELS = (
    "headline", "standfirst", "byline", "dateline", "date", "paragraph", "subhead", "blockquote", "caption", "credit",
    "teaser", "list_label", "list_item", "tags", "furniture",
)  # fmt: skip

# A fact about a dump, for people: (what, value), the value safe HTML or text.
Fact = tuple[str, str]
_fact_providers: list[Callable[[RawDocument], Iterable[Fact]]] = []


def register_facts(provider: Callable[[RawDocument], Iterable[Fact]]) -> None:
    """Let an app that stands above this one say more of a dump: the runs that read it."""
    _fact_providers.append(provider)


@dataclass(frozen=True, slots=True)
class Made:
    """A row that came of the place ``[start, end)`` of a dump's text: what it is, and its page on the desk."""

    start: int
    end: int
    label: str
    page: str


_row_finders: list[Callable[[RawDocument], Iterable[Made]]] = []


def register_rows(finder: Callable[[RawDocument], Iterable[Made]]) -> None:
    """Let an app say which of its rows came of which places of a dump."""
    _row_finders.append(finder)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place ``[start, end)`` in a text and what it is: ``words``, ``cue``, ``mention``, ``segment`` or a label."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class DumpBlock:
    """A block of a dump: what it was taken for, where it stands, of which article it is part, and why."""

    label: str
    start: int
    end: int
    article: int | None
    rule: str

    @property
    def look(self) -> str:
        return self.label.replace("_", "-") if self.label in LABELS else "furniture"


def highlight(text: str, marks: Iterable[Mark], *, context: int = CONTEXT) -> SafeString:
    """The part of ``text`` around the marks (``context`` characters on each side), escaped, the places in ``<mark>``.

    Marks that lie outside the text are left out. Where marks overlap, the part carries the looks of all of them.
    """
    valid = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    if not valid:
        return conditional_escape("")
    begin, end = min(mark.start for mark in valid), max(mark.end for mark in valid)
    first = min(begin, _after_space(text, max(0, begin - context)))
    last = max(end, _before_space(text, min(len(text), end + context)))
    edges = sorted({first, last, *(edge for mark in valid for edge in (mark.start, mark.end))})
    pieces = ((text[start:end], _looks(valid, start)) for start, end in pairwise(edges))
    return format_html(
        '<div class="dump-text">{}{}{}</div>',
        "… " if first else "",
        format_html_join("", "{}", ((_piece(words, looks),) for words, looks in pieces)),
        " …" if last < len(text) else "",
    )


def _after_space(text: str, place: int) -> int:
    """The start of the next word, if the place is within one and that is not far."""
    word = _REST_OF_WORD.match(text, place) if place and not text[place - 1].isspace() else None
    return word.end() if word else place


def _before_space(text: str, place: int) -> int:
    """The end of the word before, likewise."""
    if place == len(text) or text[place].isspace():
        return place
    start = max(0, place - LONG_WORD)
    found = [match.start() for match in _SPACE.finditer(text, start, place)]
    return found[-1] if found else place


def _looks(marks: Sequence[Mark], position: int) -> str:
    return " ".join(dict.fromkeys(f"mark-{mark.kind}" for mark in marks if mark.start <= position < mark.end))


def _piece(words: str, looks: str) -> str:
    return format_html('<mark class="{}">{}</mark>', looks, words) if looks else conditional_escape(words)


def blocks_of(document: RawDocument) -> list[DumpBlock]:
    """The blocks of a dump in the order of its text; entries that are not as they should be are left out."""
    entries = document.blocks if isinstance(document.blocks, list) else []
    blocks = [block for entry in entries if (block := _block(entry, len(document.text)))]
    return sorted(blocks, key=lambda block: (block.start, block.end))


def _block(entry: Any, length: int) -> DumpBlock | None:
    if not isinstance(entry, list | tuple) or len(entry) != 5:
        return None
    label, start, end, article, rule = entry
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length):
        return None
    return DumpBlock(str(label), start, end, article if isinstance(article, int) else None, str(rule))


def facts_of(document: RawDocument) -> list[Fact]:
    """What is known of a dump, for an editor: each a name and a value."""
    page = reverse("admin:articles_rawdocument_change", args=[document.pk])
    known: list[Fact] = [
        ("Document", format_html('<a href="{}">{}</a>', page, document.name or f"Document {document.pk}")),
        ("SHA-256", format_html("<code>{}</code>", document.sha256)),
        ("Encoding", document.encoding or "not known"),
        ("Retrieved", document.retrieved_at),
    ]
    return known + [fact for provider in _fact_providers for fact in provider(document)]


def panel(document: RawDocument, places: Sequence[tuple[str, SafeString]]) -> SafeString:
    """The provenance panel: the facts of the dump, then each of ``places``: a heading and highlighted text."""
    context = {"facts": facts_of(document), "places": places}
    return render_to_string("admin/newsroom/provenance.html", context)


def dump_listing(document: RawDocument, *, only_article: int | None = None, linked: bool = False) -> SafeString:
    """The text of a dump block by block, each with what it was taken for; long ones are cut, and say so.

    ``linked``: each with links to the rows that came of it.
    """
    rows = list(_rows(document, only_article))
    if linked:
        made = sorted((row for find in _row_finders for row in find(document)), key=lambda row: row.start)
        for row in rows:
            row["made"] = [one for one in made if row["start"] < one.end and one.start < row["end"]]
    shown: list[dict[str, Any]] = []
    characters = 0
    for row in rows[:MAX_BLOCKS]:
        if characters >= MAX_CHARACTERS:
            break
        row["text"] = row["text"][: MAX_CHARACTERS - characters]
        characters += len(row["text"])
        shown.append(row)
    total = len(document.text)
    cut = len(shown) < len(rows) or characters >= MAX_CHARACTERS
    looks = [label for label in LABELS if any(row["look"] == label.replace("_", "-") for row in shown)]
    legend = [(label.replace("_", "-"), label.replace("_", " ")) for label in looks]
    return render_to_string(
        "admin/newsroom/dump.html",
        {"rows": shown, "legend": legend, "cut": cut, "shown": characters, "total": total},
    )


def _rows(document: RawDocument, only_article: int | None) -> Iterator[dict[str, Any]]:
    """Blocks, and between them whatever stands in no block."""
    done = 0
    for block in blocks_of(document):
        if only_article is None:
            yield from _gap(document.text, done, block.start)
        done = max(done, block.end)
        if only_article is None or block.article == only_article:
            text = document.text[block.start : block.end]
            number = None if block.article is None else block.article + 1
            yield {"look": block.look, "label": block.label.replace("_", " "), "number": number, "rule": block.rule,
                   "text": text, "start": block.start, "end": block.end}  # fmt: skip
    if only_article is None:
        yield from _gap(document.text, done, len(document.text))


def _gap(text: str, start: int, end: int) -> Iterator[dict[str, Any]]:
    words = text[start:end].strip("\n")
    if words.strip():
        yield {"look": "none", "label": "in no block", "number": None, "rule": "", "text": words, "start": start,
               "end": end}  # fmt: skip
