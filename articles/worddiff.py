"""Two versions of a text, word by word: what went, what came, what stayed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from rapidfuzz.distance import Indel

# A word with the blanks before it, so that the pieces put together are the text again.
_WORD = re.compile(r"\s*\S+|\s+$")
_LINE = re.compile(r".*\n|.+$")
# Comparing costs the product of both lengths: texts longer than any article are compared line by line.
MAX_LENGTH = 120_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words. ``change``: "same" in both versions, "gone" from the old one, "new" in the new one."""

    change: Literal["same", "gone", "new"]
    text: str


def pieces(old: str, new: str) -> Iterator[Piece]:
    """The way from ``old`` to ``new`` with the fewest words changed. Joining "same" and "gone" gives ``old``."""
    by_word = max(len(old), len(new)) < MAX_LENGTH
    split = _WORD.findall if by_word else _LINE.findall
    before, after = split(old), split(new)
    gone, came = "", ""
    for step in Indel.opcodes(before, after):
        if step.tag == "equal":
            yield from _changed(gone, came)
            gone, came = "", ""
            yield Piece("same", "".join(after[step.dest_start : step.dest_end]))
        else:
            gone += "".join(before[step.src_start : step.src_end])
            came += "".join(after[step.dest_start : step.dest_end])
    yield from _changed(gone, came)


def _changed(gone: str, came: str) -> Iterator[Piece]:
    if gone:
        yield Piece("gone", gone)
    if came:
        yield Piece("new", came)


_ELEMENT = {"same": "span", "gone": "del", "new": "ins"}


def as_html(old: str, new: str) -> SafeString:
    """Both versions in one text: what went in ``del``, what came in ``ins``."""
    shown = ((_ELEMENT[piece.change], piece.text, _ELEMENT[piece.change]) for piece in pieces(old, new))
    return format_html_join("", "<{}>{}</{}>", shown)


def side_by_side(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Each version by itself: the old one with what went in ``del``, the new one with what came in ``ins``."""
    found = list(pieces(old, new))
    sides = ([piece for piece in found if piece.change != other] for other in ("new", "gone"))
    left, right = (
        format_html_join("", "<{}>{}</{}>", ((_ELEMENT[p.change], p.text, _ELEMENT[p.change]) for p in side))
        for side in sides
    )
    return left, right
