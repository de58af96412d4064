"""First stage: the text as given -> its non-blank lines with offsets.

A line is what `str.splitlines` says it is, so CRLF, CR, form feeds and Unicode separators all end one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate, compress, repeat
from operator import add, itemgetter, not_, sub
from typing import Any, NamedTuple, overload

# Characters that show nothing: zero-width space and joiners, direction marks, word joiner, byte order mark, soft hyphen.
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
# What parts words in a line of ASCII beside a single space: several of them, and the other spaces that end no line.
_ODD = ("  ", "\t", "\x1f")
_DROP = dict.fromkeys(map(ord, _INVISIBLE))
_BULLET = re.compile(r"(?:[•·●▪■◦‣∙○►▶▸→»*+–—-]|\d{1,2}[.)])\s+(?=\S)|[•●▪■‣►▶▸]\s*(?=\S)")
# What a line with a bullet opens with, or has behind one digit or two.
_BULLETS, _POINTS = frozenset("•·●▪■◦‣∙○►▶▸→»*+–—-"), frozenset(".)")
_RANK = re.compile(r"#?([0-9]{1,2})[.):]?|([①-⑳])")
_RULE = re.compile(r"[\W_]+")


class Line(NamedTuple):
    """One line, or several that were one before a hard wrap.

    `start`/`end` bound what is printed (no outer spaces); `indent` counts the spaces before it; `blanks` the blank
    lines before it; `text` is the line as it enters the page: single spaces, no invisible characters, and without the
    `bullet`, the mark taken off its front ('' if none).
    """

    start: int
    end: int
    indent: int
    blanks: int
    text: str
    bullet: str

    @property
    def words(self) -> list[str]:
        """The words of the text; a line has one at least."""
        return self.text.split(" ")


# `Line(*values)` from C.
_LINE = partial(tuple.__new__, Line)


class Lines(Sequence[Line]):
    """The lines of a text: a list for each of their fields, for most stages look at one field of all lines, or at few lines."""

    __slots__ = Line._fields

    def __init__(
        self, start: list[int], end: list[int], indent: list[int], blanks: list[int], text: list[str], bullet: list[str]
    ) -> None:
        self.start, self.end, self.indent = start, end, indent
        self.blanks, self.text, self.bullet = blanks, text, bullet

    @classmethod
    def of(cls, lines: Iterable[Line]) -> "Lines":
        """These lines, of which there is one at least."""
        return lines if isinstance(lines, Lines) else cls(*map(list, zip(*lines, strict=True)))

    def __len__(self) -> int:
        return len(self.start)

    def __iter__(self) -> Iterator[Line]:
        return map(_LINE, zip(*self._columns(), strict=True))

    @overload
    def __getitem__(self, number: int) -> Line: ...
    @overload
    def __getitem__(self, number: slice) -> list[Line]: ...
    def __getitem__(self, number: int | slice) -> Line | list[Line]:
        if isinstance(number, slice):
            return [*Lines(*[column[number] for column in self._columns()])]
        return Line(*[column[number] for column in self._columns()])

    def _columns(self) -> tuple[list[Any], ...]:
        return self.start, self.end, self.indent, self.blanks, self.text, self.bullet


def split_bullet(text: str) -> tuple[str, str]:
    """(bullet, rest) of a line; ('', text) if it opens with none or is nothing but marks."""
    found = _BULLET.match(text)
    if not found or _RULE.fullmatch(text):
        return "", text
    return found.group().strip(), text[found.end() :]


def _tidied(line: str, dropped: dict[int, None]) -> str:
    """The line with single spaces, and without these characters, unless it has no others."""
    return " ".join(((dropped and line.translate(dropped).strip()) or line).split())


def read_lines(text: str) -> Lines:
    """The non-blank lines of a text, in order."""
    raws = text.splitlines(keepends=True)
    # Blank lines are empty strings here, which `compress` leaves out.
    stripped = list(map(str.strip, raws))
    shown = list(filter(None, stripped))
    lined = list(compress(raws, stripped))
    indents = list(map(sub, map(len, lined), map(len, map(str.lstrip, lined))))
    starts = list(map(add, compress(accumulate(map(len, raws), initial=0), stripped), indents))
    ends = list(map(add, starts, map(len, shown)))
    numbers = list(compress(range(len(raws)), stripped))
    blanks = (
        list(map(sub, numbers, [0, *map(add, numbers, repeat(1))])) if len(numbers) < len(raws) else [0] * len(raws)
    )
    bullets = [""] * len(shown)
    # Only other lines can have other spaces, or what is invisible, and neither is printable.
    others = "" if text.isascii() else "".join(compress(shown, map(not_, map(str.isascii, shown))))
    printed = text
    if not others.isprintable():
        dropped = _DROP if any(map(others.__contains__, _INVISIBLE)) else {}
        shown = [line if line.isascii() or line.isprintable() else _tidied(line, dropped) for line in shown]
        printed = "\n".join(shown)
    for odd in [spaces for spaces in _ODD if spaces in printed]:
        shown = [" ".join(line.split()) if odd in line else line for line in shown]
    for number in compress(range(len(shown)), map(not_, map(str.isalpha, map(itemgetter(0), shown)))):
        line = shown[number]
        if line[0] in _BULLETS and line[1:2] == " " and line[2:3].isalnum():
            bullets[number], shown[number] = line[0], line[2:]
        # Few of the lines that open with a digit count anything.
        elif line[0] in _BULLETS or not _POINTS.isdisjoint(line[1:3]):
            bullets[number], shown[number] = split_bullet(line)
    return Lines(starts, ends, indents, blanks, shown, bullets)


def rank_of(lines: Lines, number: int) -> tuple[int, str]:
    """(the number that this line opens with, the rest): `01 …`, `1 …`, `#1 …`, `① …`, or a numbered bullet; (0, text) if it has none."""
    text, bullet = lines.text[number], lines.bullet[number]
    if bullet[:1].isdigit():
        return int(bullet.rstrip(".)")), text
    head, _, rest = text.partition(" ")
    if rest and (found := _RANK.fullmatch(head)):
        return int(found[1]) if found[1] else ord(found[2]) - ord("①") + 1, rest
    return 0, text
