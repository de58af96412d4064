"""Dumps for benchmarks, out of our own sentences: about 4 KB and eight quotes each, the same ones for the same numbers.

``python -m tests.benchmarks.corpus DIR 1000`` writes the first thousand as files.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from newsroom.ingest.readers import Incoming

_STARTS = [
    "Ab",
    "Bel",
    "Cor",
    "Dav",
    "El",
    "Fen",
    "Gor",
    "Hal",
    "Il",
    "Jor",
    "Kel",
    "Lin",
    "Mar",
    "Nor",
    "Ost",
    "Pel",
    "Quil",
    "Ros",
    "Sel",
    "Tor",
    "Ul",
    "Ver",
    "Wen",
    "Yar",
    "Zel",
]
_MIDDLES = ["a", "e", "i", "o", "an", "en", "in", "on", "ar", "er", "ir", "or", "al", "el", "il", "ol"]
_ENDS = [
    "da",
    "den",
    "dis",
    "ga",
    "gren",
    "ka",
    "la",
    "len",
    "lin",
    "mark",
    "na",
    "nar",
    "ra",
    "rik",
    "sen",
    "ta",
    "tin",
    "va",
    "vik",
    "wood",
]
_SUBJECTS = [
    "harbour",
    "tram",
    "ferry",
    "library",
    "bridge",
    "school",
    "hospital",
    "market",
    "theatre",
    "museum",
    "railway",
    "canal",
    "airport",
    "stadium",
    "bakery",
    "reservoir",
    "lighthouse",
    "orchard",
    "quarry",
    "observatory",
]
_ACTIONS = (
    "opens after long repairs", "closes for the winter", "asks the council for more money", "changes its hours",
    "puts off the vote on its future", "takes on forty people", "is to be sold by spring", "wins a prize for its roof",
    "counts more visitors than ever", "goes without power for a night", "tests a new timetable", "loses its director",
)  # fmt: skip
_ROLES = (
    "the mayor", "the director", "a spokesperson for the council", "the head of the works", "an engineer",
    "the chair of the residents' association", "a driver", "the harbour master", "a teacher", "the chief accountant",
)  # fmt: skip
_SAID = ("said", "told reporters", "added", "explained", "warned", "noted")
_WHO = (
    "the engineers", "most shopkeepers", "our neighbours", "the older pupils", "the night watch", "two councillors",
    "the carpenters", "several residents", "the insurance people", "the gardeners", "all the volunteers", "the ferrymen",
    "the accountants", "many grandparents", "the firefighters", "the apprentices",
)  # fmt: skip
_DO = (
    "repaired", "measured", "photographed", "abandoned", "rebuilt", "inspected", "insured", "painted", "reopened",
    "carried", "furnished", "exchanged", "polished", "fenced", "borrowed", "delivered", "unpacked", "surrounded",
)  # fmt: skip
_WHAT = (
    "the southern embankment", "every second window", "the timetable of the spring", "the underground cistern",
    "a collection of letters", "the wooden staircase", "the foundations of the tower", "the drainage pipes",
    "three generations of machinery", "the agreement with the province", "the temporary footbridge",
    "the electrical installation", "the correspondence of the founders", "the playground equipment",
    "the shortest of the proposals", "the warehouse by the embankment", "the photographs in the archive",
    "the municipal swimming pool",
)  # fmt: skip
_WHEN = (
    "before the thunderstorm", "within a fortnight", "in the afternoon", "after a sleepless night", "without permission",
    "during the negotiations", "for the anniversary", "at considerable expense", "in complete darkness", "once again",
    "against all expectations", "with borrowed equipment", "on the following Wednesday", "under police protection",
)  # fmt: skip
_PARAGRAPHS = 12
_QUOTES = 8


class Corpus:
    """The documents of one seed; ``document(number)`` is always the same."""

    def __init__(self, seed: int = 1) -> None:
        self._seed = seed

    def documents(self, count: int, *, start: int = 0) -> Iterator[Incoming]:
        for number in range(start, start + count):
            yield self.document(number)

    def document(self, number: int) -> Incoming:
        chance = random.Random(f"{self._seed} {number}")  # noqa: S311 - the same every time is the point
        return Incoming(f"dumps/{number:07}.txt", _text(chance, number).encode())


def _text(chance: random.Random, number: int) -> str:
    place, subject = _place(chance), chance.choice(_SUBJECTS)
    headline = f"{subject.capitalize()} in {place} {chance.choice(_ACTIONS)}"
    people = [(_name(chance), chance.choice(_ROLES)) for _ in range(3)]
    day = f"{chance.randint(1, 28)} {chance.choice(('March', 'May', 'October'))} {chance.randint(2015, 2025)}"
    body = [_plain(chance, place, subject) for _ in range(_PARAGRAPHS)]
    for turn in range(_QUOTES):
        body.insert(chance.randint(1, len(body)), _quote(chance, *people[turn % len(people)], first=turn < len(people)))
    lines = [headline, "", f"By {_name(chance)}", day, "", *body, "", f"Tags: {subject}, {place}"]
    if number % 10 == 0:
        others = [
            f"{chance.choice(_SUBJECTS).capitalize()} in {_place(chance)} {chance.choice(_ACTIONS)}" for _ in range(5)
        ]
        lines += ["", "Most Popular", "", *others]
    return "\n".join(lines) + "\n"


def _quote(chance: random.Random, name: str, role: str, *, first: bool) -> str:
    said, words = chance.choice(_SAID), f"{_clause(chance)}, and {_clause(chance, lower=True)}"
    if first:
        return f"“{words},” {said} {name}, {role}."
    return f"{name.split()[-1]} {said}: “{words}.”"


def _plain(chance: random.Random, place: str, subject: str) -> str:
    number = chance.randint(200, 90_000)
    opening = chance.choice(
        (f"In {place} ", f"Near the {subject} ", f"For {number} crowns ", f"By {number % 24} o'clock ")
    )
    return f"{opening}{_clause(chance, lower=True)}, while {_clause(chance, lower=True)}."


def _clause(chance: random.Random, *, lower: bool = False) -> str:
    who = chance.choice(_WHO)
    who = who if lower else who[0].upper() + who[1:]
    return f"{who} of {_word(chance)} {chance.choice(_DO)} {chance.choice(_WHAT)} {chance.choice(_WHEN)}"


def _word(chance: random.Random) -> str:
    return chance.choice(_STARTS) + chance.choice(_MIDDLES) + chance.choice(_ENDS)


def _place(chance: random.Random) -> str:
    return _word(chance) + chance.choice(("", "", " Bay", " Hill", "haven"))


def _name(chance: random.Random) -> str:
    return f"{chance.choice(_STARTS)}{chance.choice(_ENDS)} {_word(chance)}"


def write(directory: Path, count: int) -> None:
    """Files, a thousand a folder."""
    for number, incoming in enumerate(Corpus().documents(count)):
        folder = directory / f"{number // 1000:04}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:07}.txt").write_bytes(incoming.data or b"")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
