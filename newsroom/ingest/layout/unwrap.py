"""Second stage: lines that one paragraph was broken into become one line again.

Two kinds of break are undone, each only in texts that show it throughout: hard wraps at a fixed column (terminal
browsers, mail, plain-text exports), and a line for every text node (links and emphasis cut a sentence into pieces).
"""

import re
from collections import Counter
from functools import cached_property
from itertools import compress, islice, pairwise
from operator import add, itemgetter, not_, sub

from newsroom.ingest.layout.lines import Lines
from newsroom.ingest.layout.patterns import is_date

_WIDEST, _NARROWEST = 132, 30
_FULL_LINES_NEEDED = 4
# Paragraphs whose first lines are indented by so many characters at most; so many of them make it the way of the text.
_DEEPEST, _INDENTED_NEEDED = 8, 2
_SIGNING_WORDS = 6
_PUNCTUATION = re.compile(r"[,;.!?)\]’”](?:\s|$)|['’]s\b")
_OPEN_WORDS = [
    "a",
    "an",
    "the",
    "of",
    "to",
    "in",
    "on",
    "at",
    "by",
    "for",
    "from",
    "with",
    "and",
    "or",
    "but",
    "that",
    "which",
    "who",
    "as",
    "is",
    "was",
    "are",
    "were",
    "has",
    "have",
    "had",
    "his",
    "her",
    "its",
    "their",
    "our",
    "my",
    "your",
    "this",
    "these",
    "those",
    "than",
    "into",
    "about",
    "via",
    "be",
    "been",
    "will",
    "would",
    "called",
    "said",
]
_OPEN_END = re.compile(rf"(?:[,(\[“‘—–]|\b(?:{'|'.join(_OPEN_WORDS)}))$")
_OPEN = frozenset(_OPEN_WORDS)
_TERMINAL = (".", "!", "?", "”", '"', ":", "…", ".)", "’", ";")
_NODE_MARKS_NEEDED = 3
# A word is not added to beyond this: a text of nothing but commas would otherwise cost its square.
_LONGEST_WORD = 80
_MARKS = "\"'“”‘’.,:;!?()[]"


def rejoin(lines: Lines) -> Lines:
    """The lines with hard wraps and split text nodes undone; the same lines if the text shows neither."""
    width = wrap_width(lines)
    if width:
        columns = _columns(lines)
        return _join(lines, _wrapped_heads(lines, columns, width, _paragraph_indent(lines, columns, width)))
    if not _has_split_nodes(lines):
        return lines
    # A text node that is a short link says nothing about where its sentence ends: each line is compared with the one above as it stands.
    pairs = zip(lines.blanks[1:], lines.bullet[1:], lines.text, lines.text[1:], strict=False)
    heads = [
        number
        for number, (blank, bullet, above, text) in enumerate(pairs, start=1)
        if blank or bullet or not _is_split_node(above, text)
    ]
    return _join(lines, [0, *heads])


def wrap_width(lines: Lines) -> int:
    """The column at which the text was hard-wrapped, or 0 if it was not."""
    columns = _columns(lines)
    if not columns:
        return 0
    place = min(len(columns) - 1, len(columns) * 985 // 1000)
    # Mostly so many lines are wider that no other need be looked at.
    wider = filter(_WIDEST.__lt__, columns)
    if next(islice(wider, len(columns) - 1 - place, None), None):
        return 0
    width = sorted(columns)[place]
    if width < _NARROWEST:
        return 0
    full = stopped = 0
    for column, blank, bullet, text in zip(columns, lines.blanks[1:], lines.bullet[1:], lines.text[1:], strict=False):
        if 3 * column > 2 * width and not blank and not bullet:
            if _fills(column, text, width):
                full += 1
            elif text[0].islower():
                stopped += 1
    wrapped_mass = full >= max(_FULL_LINES_NEEDED, len(lines) // 25)
    return width if wrapped_mass and stopped * 4 <= full else 0


def _columns(lines: Lines) -> list[int]:
    """Where the lines end."""
    return list(map(add, lines.indent, map(sub, lines.end, lines.start)))


def _fills(column: int, text: str, width: int) -> bool:
    """Whether the first word of the next line, or its part up to a hyphen, would not have fitted on one that ends at this column."""
    room = width - column - 1
    return room < 1 or not (len(text) <= room or " " in text[: room + 1] or "-" in text[:room])


def _wrapped_heads(lines: Lines, columns: list[int], width: int, paragraph: int) -> list[int]:
    """The lines that do not go on what the one above them says."""
    texts, bullets, indents = lines.text, lines.bullet, lines.indent
    heads = [0]
    for number, (blank, bullet, before, after) in enumerate(
        zip(lines.blanks[1:], bullets[1:], indents, indents[1:], strict=False), start=1
    ):
        goes_on = not blank and not bullet
        if goes_on:
            hangs = bullets[number - 1] != ""
            if paragraph and before == paragraph and not hangs:
                # The first line of a paragraph; a tab is wider than one character, so it may end before the column does.
                goes_on = after < paragraph and 2 * columns[number - 1] > width
            else:
                goes_on = (
                    (after == before or (hangs and after > before))
                    and not (paragraph and after == paragraph)
                    and _fills(columns[number - 1], texts[number], width)
                )
        if not goes_on or _signs(texts[number - 1], texts[number]):
            heads.append(number)
    return heads


def _paragraph_indent(lines: Lines, columns: list[int], width: int) -> int:
    """How far the first line of a paragraph is indented, if paragraphs are told by that; else 0."""
    margin = Counter(lines.indent).most_common(1)[0][0]
    deeper = [number for number, indent in enumerate(lines.indent[:-1]) if 0 < indent - margin <= _DEEPEST]
    first = Counter(
        lines.indent[number]
        for number in deeper
        if lines.indent[number + 1] == margin
        and not (lines.blanks[number] or lines.blanks[number + 1] or lines.bullet[number])
        and 2 * columns[number] > width
    ).most_common(1)
    if not first or first[0][1] < _INDENTED_NEEDED:
        return 0
    indent = first[0][0]
    # Where list items hang, the lines below their bullets are indented: no paragraph begins with those.
    hanging = any(
        lines.bullet[number] and lines.indent[number + 1] == indent and not lines.blanks[number + 1]
        for number in range(len(lines) - 1)
    )
    return 0 if hanging else indent


def _signs(before: str, text: str) -> bool:
    """Whether the lower line is a byline or a date, though a headline above it fills its line."""
    if text.count(" ") >= _SIGNING_WORDS or before.endswith(_TERMINAL) or text.endswith("."):
        return False
    named = text.startswith("By ") and text[3].isupper()
    return named or (text[0].isupper() and is_date(text))


def _has_split_nodes(lines: Lines) -> bool:
    # Most lines open with a letter.
    others = compress(lines.text, map(not_, map(str.isalnum, map(itemgetter(0), lines.text))))
    marks = len([1 for text in others if _closes_up(text.partition(" ")[0])])
    return marks >= max(_NODE_MARKS_NEEDED, len(lines) // 150)


def _closes_up(word: str) -> bool:
    """Whether the word is punctuation that a link has cut off the word before it."""
    return not word[0].isalnum() and _PUNCTUATION.match(word) is not None


def _is_split_node(before: str, text: str) -> bool:
    """Whether a line goes on with the sentence of the one above it."""
    if not text[0].isalnum() and _closes_up(text.partition(" ")[0]):
        return True
    last = before.rpartition(" ")[2]
    if last in _OPEN if last.isalpha() else _OPEN_END.search(last):
        return before.count(" ") > 2 or text[0].islower()
    return text[0].islower() and before.count(" ") > 1 and not last.endswith(_TERMINAL)


def _join(lines: Lines, heads: list[int]) -> Lines:
    """The lines at these numbers, each with those below it that are no heads."""
    spelt = _Spelt(lines)
    texts = []
    for first, below in pairwise([*heads, len(lines)]):
        parts = [lines.text[first]]
        for text in lines.text[first + 1 : below]:
            # Mostly a word ends there and another one begins here.
            if parts[-1][-1] != "-" and text[0].isalnum():
                parts.append(text)
            else:
                _extend(parts, text, spelt)
        texts.append(" ".join(parts))
    return Lines(
        [lines.start[number] for number in heads],
        [lines.end[below - 1] for below in [*heads[1:], len(lines)]],
        [lines.indent[number] for number in heads],
        [lines.blanks[number] for number in heads],
        texts,
        [lines.bullet[number] for number in heads],
    )


class _Spelt:
    """The words that the text spells out, lower-cased; looked up only if a word of it was cut at its hyphen."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(word.strip(_MARKS).lower() for text in self._lines.text for word in text.split(" "))


def _extend(parts: list[str], text: str, spelt: _Spelt) -> None:
    """Add a line to the parts of a paragraph; punctuation cut off by a link, and a word cut at its hyphen, close up.

    The hyphen itself goes if the text has the word without it elsewhere (no word list tells "re-porters" from "well-known").
    """
    cut = parts[-1][-1] == "-"
    if (cut or not text[0].isalnum()) and len(word := parts[-1].rpartition(" ")[2]) < _LONGEST_WORD:
        first, _, rest = text.partition(" ")
        broken = cut and word[-2:-1].isalpha() and first[0].isalpha()
        if broken and (word[:-1] + first).strip(_MARKS).lower() in spelt.words:
            parts[-1] = parts[-1][:-1]
        if broken or _closes_up(first):
            parts[-1] += first
            text = rest
    if text:
        parts.append(text)
