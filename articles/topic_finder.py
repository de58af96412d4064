"""Known topics in a text, by their names. Plain functions over text, no database."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from articles.text import words_of

_WORD = re.compile(r"\w+")


class Found(NamedTuple):
    """How often a topic's names stand in a text, and the offset of the first."""

    mentions: int
    first: int


@dataclass(frozen=True, slots=True)
class _Name:
    key: str
    # Its words but the one that it is found by. A tuple, for there may be a hundred thousand names: a set takes four
    # times as much.
    others: tuple[str, ...]
    # The places in the name that must be capitals wherever it stands.
    capitals: tuple[int, ...]
    topic: int


class Searched:
    """A text made ready to be searched, by whatever number of finders."""

    __slots__ = ("lower", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.lower = _lower(text)
        self.words = set(words_of(self.lower))


@dataclass(slots=True)
class TopicFinder:
    """Finds any of many names in one look at a text's set of words; only names that can be there are searched for.

    A name is found as whole words. Small letters match both; of a single word the capitals must be capitals in the
    text ("Turkey" is not "turkey"), of several words those that are capitals throughout ("US tariffs").
    """

    # By the word of the name that fewest others are under: few of all names are ever looked at.
    _names: dict[str, list[_Name]] = field(default_factory=dict)
    _keys: set[str] = field(default_factory=set)

    def add(self, name: str, topic: int) -> None:
        """Look for ``name`` from now on. The first topic to have a name keeps it."""
        key = _lower(name.strip())
        words = words_of(key)
        if words and key not in self._keys:
            self._keys.add(key)
            rarest = min(words, key=lambda word: (len(self._names.get(word, ())), -len(word)))
            others = tuple(word for word in words if word != rarest)
            self._names.setdefault(rarest, []).append(_Name(key, others, _capitals(name.strip()), topic))

    def find(self, text: str | Searched) -> dict[int, Found]:
        """Topic -> where it stands. Empty if none does."""
        searched = Searched(text) if isinstance(text, str) else text
        found: dict[int, Found] = {}
        for word in self._names.keys() & searched.words:
            for name in self._names[word]:
                if name.others and not searched.words.issuperset(name.others):
                    continue
                places = _places(searched, name)
                if places:
                    before = found.get(name.topic)
                    first = min(places[0], before.first) if before else places[0]
                    found[name.topic] = Found(len(places) + (before.mentions if before else 0), first)
        return found


def _lower(text: str) -> str:
    """As long as the text itself, so that offsets hold: "İ" alone would become two characters."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return lower.replace("’", "'")


def _capitals(name: str) -> tuple[int, ...]:
    words = list(_WORD.finditer(name))
    if len(words) > 1:
        words = [word for word in words if len(word[0]) > 1 and word[0].isupper()]
    return tuple(place for word in words for place in range(*word.span()) if name[place].isupper())


def _places(searched: Searched, name: _Name) -> list[int]:
    """Where the name stands in the text, as whole words. Asked some fifty times a text, so that each call counts."""
    text, lower, key, capitals = searched.text, searched.lower, name.key, name.capitals
    places = []
    place = lower.find(key)
    while place >= 0:
        end = place + len(key)
        before, after = lower[place - 1 : place], lower[end : end + 1]
        if not (before.isalnum() or before == "_" or after.isalnum() or after == "_") and not (
            capitals and any(not text[place + offset].isupper() for offset in capitals)
        ):
            places.append(place)
        place = lower.find(key, end)
    return places
