"""Finding a quote's place in a text again (W3C Web Annotation: TextQuoteSelector, exact with prefix and suffix)."""

from __future__ import annotations

CONTEXT = 40


def context(text: str, start: int, end: int) -> tuple[str, str]:
    """The characters before and after ``text[start:end]`` that tell this place from others: (prefix, suffix)."""
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def find(text: str, exact: str, *, prefix: str, suffix: str, near: int | None) -> int | None:
    """Where ``exact`` starts in ``text``: of several places the one with the most of its old context around it.

    Equal contexts are told apart by the distance to ``near``, the old start. None where the words are gone.
    """
    best: tuple[int, int] | None = None
    best_place = None
    place = text.find(exact) if exact else -1
    while place >= 0:
        end = place + len(exact)
        common = _common_end(text[max(0, place - len(prefix)) : place], prefix) + _common_start(
            text[end : end + len(suffix)], suffix
        )
        score = (common, -abs(place - near) if near is not None else 0)
        if best is None or score > best:
            best, best_place = score, place
        place = text.find(exact, place + 1)
    return best_place


def _common_start(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _common_end(one: str, other: str) -> int:
    return _common_start(one[::-1], other[::-1])
