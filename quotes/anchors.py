"""Finding a quote's place in a text again (W3C Web Annotation: TextQuoteSelector, exact with prefix and suffix)."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz

CONTEXT = 40
# So much of what stood before and after words must still stand there for words between that were changed to be the same
# quote, the longer first; and so like the old ones they must be (0 to 100).
HELD = (20, 8)
LIKE = 55.0


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


def find_changed(text: str, exact: str, *, prefix: str, suffix: str) -> tuple[int, int] | None:
    """Where the words ``exact`` stand now that somebody has changed them: ``[start, end)`` between what stood around them.

    None where that is gone as well, or where what stands there now is not like them.
    """
    for held in HELD:
        before, after = prefix[-held:], suffix[:held]
        places = [(fuzz.ratio(exact, text[start:end]), start, end) for start, end in _between(text, before, after)]
        best = max((place for place in places if place[0] >= LIKE), default=None)
        if best is not None:
            return best[1], best[2]
    return None


def _between(text: str, before: str, after: str) -> Iterator[tuple[int, int]]:
    """What stands between each place of ``before`` and the next one of ``after``; the ends of the text are found empty."""
    if not before.strip() and not after.strip():
        return
    place = text.find(before)
    while place >= 0:
        start = place + len(before)
        end = text.find(after, start) if after else len(text)
        if end > start:
            yield start, end
        place = text.find(before, place + 1) if before else -1


def _common_start(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _common_end(one: str, other: str) -> int:
    return _common_start(one[::-1], other[::-1])
