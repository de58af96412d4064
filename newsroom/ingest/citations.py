"""Agencies and papers that an article gives as its sources: "Reuters reported", "told the BBC", "LONDON (AP) —".

Looked for from the name, not from the cue: which names a text can hold at all is told by the set of its capitalised
words, many times faster than by any pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

_DATA = Path(__file__).parent / "data" / "sources.txt"
# What the names of papers end in. "Press" and "Agency" alone end too many other names.
_MASTHEADS = (
    "Times", "Post", "Journal", "Tribune", "Gazette", "Herald", "Chronicle", "Courier", "Telegraph", "Observer", "Mail",
    "Globe", "Star", "Examiner", "Inquirer", "Dispatch", "Sentinel", "Bulletin", "Mirror", "Independent", "Echo", "Argus",
    "Press Agency", "News Agency", "Broadcasting Corporation",
)  # fmt: skip
_BEFORE = re.compile(
    r"\b(?:told|citing|cited by|citing a report (?:by|in|from)|according to(?: (?:a|an|the) (?:\w+ )?report (?:by|in|from))?"
    r"|(?:first )?reported by|reports? (?:by|in|from)|interview (?:with|to|in)|speaking to|spoke to|quoted by"
    r"|(?:said|says|wrote|writing) in|published (?:by|in)|statement to|contacted by|seen by|obtained by|shared with)"
    r"\s+(?:state (?:news )?(?:agency|media|broadcaster)\s+|news agency\s+|broadcaster\s+|(?:the )?(?:news)?paper\s+)?(?:[Tt]he\s+)?$"
)
_AFTER = re.compile(
    r"(?:(?:’s|'s)?\s+(?:news agency|newspaper))?,?\s+(?:(?:which )?(?:first|also|has|had|previously|earlier)\s+){0,2}"
    r"(?:reported|reports|quoted|cited|wrote|contributed|said(?! in a statement))\b"
)
_REPORT = re.compile(r"(?:’s|'s)?\s+(?:news\s+)?report(?:ing)?\b")
_CAPITAL = re.compile(r"[A-ZÀ-Þ]\w+")
_CAPITALISED = re.compile(r"(?:\b(?:[A-ZÀ-Þ][\w’'-]*|of|de|la) )+$")
# An agency's mark stands in brackets after the place, at the very beginning: "LONDON (Reuters) -".
_OPENING = 160
_AROUND = 60


class Cited(NamedTuple):
    """A source: its ``name`` and the words that give it, ``[start, end)`` of the text; None where the dateline does."""

    name: str
    evidence: str
    start: int | None
    end: int | None


@cache
def _names() -> dict[str, tuple[tuple[str, str], ...]]:
    """(form, name) by the first capitalised word of the form. Raises ``ValueError`` if the list is empty."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, *forms = (part.strip() for part in line.split("|"))
            for form in [name, *forms]:
                found.setdefault(_CAPITAL.findall(form)[0], []).append((form, name))
    if not found:
        raise ValueError(f"{_DATA} lists no sources")
    return {word: tuple(pairs) for word, pairs in found.items()}


_MASTHEAD_OF = {masthead.split()[0]: masthead for masthead in _MASTHEADS}


def find_cited(text: str, dateline: str = "") -> list[Cited]:
    """The sources that a text gives, in its order, each where it is first given; one of the dateline comes first."""
    found: dict[str, Cited] = {}
    if dateline:
        for name, start, end in _mentions(dateline):
            found.setdefault(name, Cited(name, dateline[max(0, start - 1) : end + 1].strip(" ,-–—"), None, None))
    places = []
    for name, start, end in _mentions(text):
        span = _evidence(text, start, end)
        if span is not None:
            places.append((*span, name))
    for start, end, name in sorted(places):
        found.setdefault(name, Cited(name, text[start:end], start, end))
    return list(found.values())


def _mentions(text: str) -> Iterator[tuple[str, int, int]]:
    """(name, start, end) of every name of the list, and of every name that ends as papers' names do."""
    words = set(_CAPITAL.findall(text))
    taken: list[tuple[int, int]] = []
    names = _names()
    forms = [pair for word in words & names.keys() for pair in names[word] if pair[0] in text]
    for form, name in sorted(forms, key=lambda pair: (-len(pair[0]), pair[0])):
        for start, end in _whole_words(text, form):
            if _is_free(taken, start, end):
                taken.append((start, end))
                yield name, start, end
    for masthead in sorted(_MASTHEAD_OF[word] for word in words & _MASTHEAD_OF.keys()):
        for place, end in _whole_words(text, masthead):
            before = _CAPITALISED.search(text, max(0, place - _AROUND), place)
            start = _name_start(text, before.start(), place) if before else place
            if start < place and _is_free(taken, start, end):
                taken.append((start, end))
                yield text[start:end], start, end


def _is_free(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    return not any(start < right and left < end for left, right in taken)


def _name_start(text: str, start: int, end: int) -> int:
    """Where a paper's name starts: without an article, or a word that only opens the sentence, before it."""
    words = text[start:end].split(" ")
    while words and words[0] in {"The", "In", "As", "But", "And", "According", "of", "de", "la", "A", "An", "On", "At"}:
        start += len(words.pop(0)) + 1
    return min(start, end)


def _whole_words(text: str, form: str) -> Iterator[tuple[int, int]]:
    place = text.find(form)
    while place >= 0:
        end = place + len(form)
        if not (place and text[place - 1].isalnum()) and not (end < len(text) and text[end].isalnum()):
            yield place, end
        place = text.find(form, end)


def _evidence(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span of the words that make a name a source; None where it is merely mentioned."""
    if end < _OPENING and text[start - 1 : start] == "(" and text[end : end + 1] == ")":
        return start - 1, end + 1
    line = text.rfind("\n", 0, start) + 1
    before = _BEFORE.search(text, max(line, start - _AROUND), start)
    if before is not None:
        return before.start(), end
    after = _AFTER.match(text, end) or _REPORT.match(text, end)
    return (start, after.end()) if after is not None else None
