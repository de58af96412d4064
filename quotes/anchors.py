"""Finding a quote's place in a text again (W3C Web Annotation: TextQuoteSelector, exact with prefix and suffix)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

CONTEXT = 40
# So much of what stood before and after words must still stand there for words between that were changed to be the same
# quote, the longer first; and so like the old ones they must be (0 to 100).
HELD = (20, 8)
LIKE = 55.0
_MARK = re.compile('["“”„«»]')


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


def moved_parts(old: str, new: str, parts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where the parts ``[start, end)`` of the old words lie in the new ones that were made of them.

    None of them where that cannot be told: what stands right outside of each part, as a rule a quotation mark, has to be there
    still, and no mark may have come or gone, or somebody else's words could count as said.
    """
    kept: dict[int, int] = {}
    for how, begin, end, to, _end in Levenshtein.opcodes(old, new):
        if how == "equal":
            kept.update(zip(range(begin, end), range(to, to + end - begin), strict=True))
    if any((start and start - 1 not in kept) or (end < len(old) and end not in kept) for start, end in parts):
        return []
    moved = [(kept[start - 1] + 1 if start else 0, kept[end] if end < len(old) else len(new)) for start, end in parts]
    has_same_marks = list(map(_marks_in, _pieces(old, parts))) == list(map(_marks_in, _pieces(new, moved)))
    is_sure = all(start < end for start, end in moved) and (has_same_marks or len(parts) == 1)
    return moved if is_sure else []


def _pieces(words: str, parts: Sequence[tuple[int, int]]) -> list[str]:
    """The parts, and what stands before, between and after them."""
    cuts = [0, *(cut for part in parts for cut in part), len(words)]
    return [words[start:end] for start, end in pairwise(cuts)]


def _marks_in(words: str) -> int:
    return len(_MARK.findall(words))


def spoken_parts(words: str) -> list[tuple[int, int]]:
    """Of words that stand between quotation marks, the parts ``[start, end)`` that do: not what stands between a mark in them that
    closes and the next that opens. A paragraph that goes on opens with a mark of its own. None of them where marks are odd.
    """
    parts: list[tuple[int, int]] = []
    begin: int | None = 0
    for mark in _MARK.finditer(words):
        goes_on = mark.group() in "“„«" or words[mark.start() - 1 : mark.start()] == "\n"
        if begin is None:
            begin = mark.end()
        else:
            parts.append((begin, mark.start()))
            begin = mark.end() if goes_on else None
    if begin is None:
        return []
    return [(start, end) for start, end in [*parts, (begin, len(words))] if words[start:end].strip()]


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
