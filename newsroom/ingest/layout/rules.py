"""Named rules that put the states of a dump's lines right, and how they are run: in order, each on what those before it left."""

from collections.abc import Callable, Iterator, Sequence
from itertools import compress
from typing import Any, TypeVar

from newsroom.ingest.layout import states as st
from newsroom.ingest.layout.lines import Lines
from newsroom.ingest.layout.shape import Shapes

PARAGRAPHS = frozenset({st.OPENING, st.BODY})


_Told = TypeVar("_Told")


class Story:
    """The lines of a dump, their shapes, and their states, which the rules change."""

    __slots__ = ("_told", "lines", "shapes", "states")

    def __init__(self, lines: Lines, shapes: Shapes, states: list[int]) -> None:
        self.lines, self.shapes, self.states = lines, shapes, states
        self._told: dict[Callable[[list[int]], Any], Any] = {}

    def told(self, tell: Callable[[list[int]], _Told]) -> _Told:
        """What the states tell: most rules change none, so that the next one need not ask again."""
        if tell not in self._told:
            self._told[tell] = tell(self.states)
        found: _Told = self._told[tell]
        return found

    def change(self, number: int, state: int) -> None:
        """Give a line another state."""
        self.states[number] = state
        self._told.clear()

    def paragraphs(self) -> list[int]:
        """The lines that are paragraphs of an article so far."""
        return self.told(_paragraphs)


def _paragraphs(states: list[int]) -> list[int]:
    return list(compress(range(len(states)), map(PARAGRAPHS.__contains__, states)))


Changes = Iterator[tuple[int, int]]
Rules = tuple[tuple[str, Callable[[Story], Changes]], ...]


def run_rules(rules: Rules, lines: Lines, shapes: Shapes, states: Sequence[int]) -> tuple[list[int], dict[int, str]]:
    """(states, the name of the rule for each line whose state was changed)."""
    story = Story(lines, shapes, list(states))
    names: dict[int, str] = {}
    for name, rule in rules:
        for number, state in list(rule(story)):
            if story.states[number] != state:
                story.change(number, state)
                names[number] = name
    return story.states, names


def take_out(states: Sequence[int], gone: dict[int, int]) -> Changes:
    """The changes that give the lines `gone` other states; an article that loses its opening opens with its next line of body."""
    if not gone:
        return
    opening = False
    for number, state in enumerate(states):
        if number in gone:
            opening = (opening or state == st.OPENING) and gone[number] not in PARAGRAPHS
            yield number, gone[number]
        elif state in (st.HEADLINE, st.OPENING):
            opening = False
        elif opening and state == st.BODY:
            opening = False
            yield number, st.OPENING
