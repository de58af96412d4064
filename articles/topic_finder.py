"""Known topics in a text, by their names. Plain functions over text, no database."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import chain
from sys import intern
from typing import NamedTuple

from articles.text import words_of

_WORD = re.compile(r"\w+")


class Found(NamedTuple):
    """How often a topic's names stand in a text, and the offset of the first."""

    mentions: int
    first: int

    def joined(self, other: Found) -> Found:
        return Found(self.mentions + other.mentions, min(self.first, other.first))


Capitals = tuple[int, ...]
_FIRST: Capitals = (0,)


@dataclass(frozen=True, slots=True)
class _Name:
    """A name that is more than one word."""

    key: str
    # Its words but the one that it is found by. A tuple, for there may be a hundred thousand names: a set takes four
    # times as much.
    others: tuple[str, ...]
    capitals: Capitals
    topic: int


class Searched:
    """A text made ready to be searched, by whatever number of finders."""

    __slots__ = ("in_order", "lower", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.lower = _lower(text)
        self.in_order = words_of(self.lower)
        self.words = set(self.in_order)

    def places_of_words(self, words: Collection[str]) -> dict[str, list[int]]:
        """Where those words stand, all of which the text has."""
        found: dict[str, list[int]] = {}
        place = 0
        # Each is looked for from where the one before it ends: to know where all words stand would take longer.
        for word in filter(words.__contains__, self.in_order):
            place = _next_place(self.lower, word, place)
            found.setdefault(word, []).append(place)
            place += len(word)
        return found

    def places_of(self, key: str) -> list[int]:
        """Where several words stand, one after the other."""
        places = []
        place = _next_place(self.lower, key, 0)
        while place >= 0:
            places.append(place)
            place = _next_place(self.lower, key, place + len(key))
        return places

    def with_capitals(self, places: list[int], capitals: Capitals) -> list[int]:
        """Those of the places of which the characters so far on are capitals. Asked some fifty times a text."""
        text = self.text
        for offset in capitals:
            places = [place for place in places if text[place + offset].isupper()]
        return places


@dataclass(slots=True)
class TopicFinder:
    """Finds any of many names in one look at a text's set of words; only names that can be there are searched for.

    A name is found as whole words. Small letters match both; of a single word the capitals must be capitals in the
    text ("Turkey" is not "turkey"), of several words those that are capitals throughout ("US tariffs").
    """

    # Names of a single word, as most are, with their topic, and the places that must be capitals wherever the name stands
    # of those where it is not the first alone: there may be as many names as the archive has places.
    _words: dict[str, int] = field(default_factory=dict)
    _unusual: dict[str, Capitals] = field(default_factory=dict)
    # The others, by the word that fewest others are under: few of all names are ever looked at.
    _names: dict[str, list[_Name]] = field(default_factory=dict)
    _keys: set[str] = field(default_factory=set)
    # Each only once: nearly all names have the same.
    _capitals: dict[Capitals, Capitals] = field(default_factory=dict)

    def add(self, name: str, topic: int) -> None:
        """Look for ``name`` from now on. The first topic to have a name keeps it."""
        key = _lower(name.strip())
        words = words_of(key)
        capitals = _capitals(name.strip())
        capitals = self._capitals.setdefault(capitals, capitals)
        if words == [key]:
            if key not in self._words and capitals != _FIRST:
                self._unusual[key] = capitals
            self._words.setdefault(key, topic)
        elif words and key not in self._keys:
            self._keys.add(key)
            rarest = min(words, key=lambda word: (len(self._names.get(word, ())), -len(word)))
            others = tuple(intern(word) for word in words if word != rarest)
            self._names.setdefault(rarest, []).append(_Name(key, others, capitals, topic))

    def find(self, text: str | Searched) -> dict[int, Found]:
        """Topic -> where it stands. Empty if none does."""
        searched = Searched(text) if isinstance(text, str) else text
        found: dict[int, Found] = {}
        for topic, places in chain(self._single_words(searched), self._longer_names(searched)):
            if places:
                here = Found(len(places), places[0])
                before = found.get(topic)
                found[topic] = here if before is None else here.joined(before)
        return found

    def _single_words(self, searched: Searched) -> Iterator[tuple[int, list[int]]]:
        known = self._words.keys() & searched.words
        if known:
            for word, places in searched.places_of_words(known).items():
                yield self._words[word], searched.with_capitals(places, self._unusual.get(word, _FIRST))

    def _longer_names(self, searched: Searched) -> Iterator[tuple[int, list[int]]]:
        for word in self._names.keys() & searched.words:
            for name in self._names[word]:
                if searched.words.issuperset(name.others):
                    yield name.topic, searched.with_capitals(searched.places_of(name.key), name.capitals)


def _lower(text: str) -> str:
    """As long as the text itself, so that offsets hold: "İ" alone would become two characters."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return lower.replace("’", "'")


def _capitals(name: str) -> Capitals:
    words = list(_WORD.finditer(name))
    if len(words) > 1:
        words = [word for word in words if len(word[0]) > 1 and word[0].isupper()]
    return tuple(place for word in words for place in range(*word.span()) if name[place].isupper())


def _next_place(lower: str, key: str, start: int) -> int:
    """Where the key stands next as whole words; -1 if it does not."""
    place = lower.find(key, start)
    while place >= 0:
        end = place + len(key)
        before, after = lower[place - 1 : place], lower[end : end + 1]
        if not (before.isalnum() or before == "_" or after.isalnum() or after == "_"):
            break
        place = lower.find(key, end)
    return place
