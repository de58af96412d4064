"""What is known of a page beside its text: the markup told which lines are the article."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from newsroom.ingest.layout import states as st
from newsroom.ingest.layout.lines import Lines

RULE = "markup"
_BEFORE = frozenset({st.STANDFIRST, st.SIGNATURE, st.CAPTION, st.HEADER})
_AFTER = frozenset({st.SIGNATURE, st.CAPTION})
_OF_ARTICLES = frozenset({st.HEADLINE, st.OPENING, st.BODY, *_BEFORE})


class Known(NamedTuple):
    """`body`: sorted spans of the text, half-open, in which its lines begin; `headline`: its words, or ''."""

    body: Sequence[tuple[int, int]]
    headline: str

    def impose(self, lines: Lines, states: list[int]) -> dict[int, str]:
        """Change the states to what is known. Returns the rule for each line that was changed."""
        before = list(states)
        starts = [start for start, _ in self.body]
        title = _key(self.headline)
        inside = [
            number
            for number, (start, text) in enumerate(zip(lines.start, lines.text, strict=True))
            if (place := bisect_right(starts, start) - 1) >= 0
            and start < self.body[place][1]
            and not (title and _key(text) == title)
        ]
        if not inside:
            return {}
        first, chosen = inside[0], set(inside)
        heading = self._heading(lines, states, first, title)
        for number, state in enumerate(states):
            if number in chosen:
                states[number] = st.OPENING if number == first else st.BODY
            elif number == heading:
                states[number] = st.HEADLINE
            elif state in _OF_ARTICLES and not self._stays(number, state, heading, first, inside[-1]):
                states[number] = st.FURNITURE
        return {number: RULE for number, state in enumerate(states) if state != before[number]}

    def _heading(self, lines: Lines, states: list[int], first: int, title: str) -> int | None:
        """The last line before the body that has the words of the headline, else the one that the layout takes for it."""
        if title:
            return next((number for number in reversed(range(first)) if _key(lines.text[number]) == title), None)
        return next((number for number in reversed(range(first)) if states[number] == st.HEADLINE), None)

    def _stays(self, number: int, state: int, heading: int | None, first: int, last: int) -> bool:
        if number < first:
            return state in _BEFORE and heading is not None and number > heading
        return number < last and state in _AFTER


def _key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
