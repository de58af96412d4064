"""Which lines of a page's visible text are the body that an extractor found."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

Span = tuple[int, int]
# What must be found again of the body, in letters, for the lines to stand for it.
_ENOUGH = 0.9
_LINE = re.compile(r"[^\n]*\S[^\n]*")
# Of a line of which a part was left out (a link, a label), this share must be in the body, by words.
_MOST = 0.75
_SEQUENCE = 4


def match_lines(text: str, paragraphs: Sequence[str]) -> list[Span] | None:
    """The spans of the lines that are in the body, in order; None if the body is not to be found in the text.

    A line is in the body if its letters stand there, after those of the line before; of the ways to see it so, the one
    that covers the most is taken (a subhead may be printed in a table of contents as well).
    """
    body = "\n".join(_letters(paragraph) for paragraph in paragraphs)
    sequences = {sequence for paragraph in paragraphs for sequence in _sequences(paragraph)}
    found: list[tuple[int, int, Span]] = []
    for line in _LINE.finditer(text):
        letters = _letters(line.group())
        place = body.find(letters) if letters else -1
        if place >= 0:
            # A line that stands there more than once is tried at each of its first places.
            for _ in range(8):
                found.append((place, len(letters), line.span()))
                place = body.find(letters, place + 1)
                if place < 0:
                    break
        elif _mostly(line.group(), sequences):
            beginning = body.find(letters[:24])
            if beginning >= 0:
                found.append((beginning, len(letters), line.span()))
    chain = _heaviest_chain(found)
    covered = sum(length for _, length, _ in chain)
    if covered < _ENOUGH * (len(body) - body.count("\n")):
        return None
    return [span for _, _, span in chain]


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _sequences(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return [tuple(words[place : place + _SEQUENCE]) for place in range(len(words) - _SEQUENCE + 1)]


def _mostly(line: str, sequences: set[tuple[str, ...]]) -> bool:
    own = _sequences(line)
    return len(own) > _SEQUENCE and sum(each in sequences for each in own) >= _MOST * len(own)


def _heaviest_chain(found: Sequence[tuple[int, int, Span]]) -> list[tuple[int, int, Span]]:
    """Of (place, length, line), lines in order, the ones with rising places, each line once, that cover the most.

    Longest increasing subsequence by weight, over a table of best chains by where they end: O(n log n) but for the
    trimming of the table.
    """
    ends: list[int] = []
    weights: list[int] = []
    tails: list[int] = []
    before: list[int] = [-1] * len(found)
    total: list[int] = [0] * len(found)
    first = 0
    while first < len(found):
        last = first
        while last < len(found) and found[last][2] == found[first][2]:
            last += 1
        # All ways to place one line see the table as it was before that line.
        for number in range(first, last):
            place, length, _ = found[number]
            at = bisect_left(ends, place + 1) - 1
            before[number] = tails[at] if at >= 0 else -1
            total[number] = length + (weights[at] if at >= 0 else 0)
        for number in range(first, last):
            _note(ends, weights, tails, (found[number][0] + found[number][1], total[number], number))
        first = last
    if not tails:
        return []
    chain, number = [], tails[-1]
    while number >= 0:
        chain.append(found[number])
        number = before[number]
    return chain[::-1]


def _note(ends: list[int], weights: list[int], tails: list[int], entry: tuple[int, int, int]) -> None:
    """Keep a chain if none that ends as early weighs as much; those it outdoes go."""
    end, weight, number = entry
    at = bisect_left(ends, end + 1)
    if at and weights[at - 1] >= weight:
        return
    if at and ends[at - 1] == end:
        at -= 1
    beyond = at
    while beyond < len(ends) and weights[beyond] <= weight:
        beyond += 1
    ends[at:beyond], weights[at:beyond], tails[at:beyond] = [end], [weight], [number]
