"""Second stage: lines that one paragraph was broken into become one line again.

Two kinds of break are undone, each only in texts that show it throughout: hard wraps at a fixed column (terminal
browsers, mail, plain-text exports), and a line for every text node (links and emphasis cut a sentence into pieces).
"""

import re
from collections import Counter
from collections.abc import Callable
from functools import cached_property
from itertools import compress, pairwise
from operator import add, itemgetter, not_, sub

from newsroom.ingest.layout.lines import Line, Lines
from newsroom.ingest.layout.patterns import is_date

_WIDEST, _NARROWEST = 132, 30
_FULL_LINES_NEEDED = 4
# Paragraphs whose first lines are indented by so many characters at most; so many of them make it the way of the text.
_DEEPEST, _INDENTED_NEEDED = 8, 2
_SIGNING_WORDS = 6
_CONTINUES = re.compile(r"[,;:.!?)\]’”…]|['\"](?:s\b|$|[ ,.])|[a-z]")
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
    """The lines with hard wraps and split text nodes undone; the same list if the text shows neither."""
    width = wrap_width(lines)
    if width:
        indent = _paragraph_indent(lines, width)
        return _join(lines, lambda before, after: _is_wrap(before, after, width, indent))
    if _has_split_nodes(lines):
        return _join(lines, _is_split_node)
    return lines


def wrap_width(lines: Lines) -> int:
    """The column at which the text was hard-wrapped, or 0 if it was not."""
    ends = sorted(map(add, lines.indent, map(sub, lines.end, lines.start)))
    if not ends:
        return 0
    width = ends[min(len(ends) - 1, len(ends) * 985 // 1000)]
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    full = stopped = 0
    for before, after in pairwise(lines):
        if after.blanks == 0 and not after.bullet and 3 * _column(before) > 2 * width:
            if _fills(before, after, width):
                full += 1
            elif after.text[0].islower():
                stopped += 1
    wrapped_mass = full >= max(_FULL_LINES_NEEDED, len(lines) // 25)
    return width if wrapped_mass and stopped * 4 <= full else 0


def _column(line: Line) -> int:
    return line.indent + line.end - line.start


def _fills(before: Line, after: Line, width: int) -> bool:
    """Whether the next line's first word would not have fitted on this one."""
    first = after.first
    part = first.find("-") + 1
    return _column(before) + 1 + (part or len(first)) > width


def _is_wrap(before: Line, after: Line, width: int, paragraph: int) -> bool:
    if after.blanks or after.bullet or _signs(before, after):
        return False
    if paragraph and before.indent == paragraph and not before.bullet:
        # The first line of a paragraph; a tab is wider than one character, so it may end before the column does.
        return after.indent < paragraph and 2 * _column(before) > width
    if not _fills(before, after, width) or (paragraph and after.indent == paragraph):
        return False
    return after.indent == before.indent or (bool(before.bullet) and after.indent > before.indent)


def _paragraph_indent(lines: Lines, width: int) -> int:
    """How far the first line of a paragraph is indented, if paragraphs are told by that; else 0."""
    margin = Counter(lines.indent).most_common(1)[0][0]
    first = Counter(
        before.indent
        for before, after in pairwise(lines)
        if 0 < before.indent - margin <= _DEEPEST
        and after.indent == margin
        and not (before.blanks or after.blanks or before.bullet)
        and 2 * _column(before) > width
    ).most_common(1)
    if not first or first[0][1] < _INDENTED_NEEDED:
        return 0
    indent = first[0][0]
    # Where list items hang, the lines below their bullets are indented: no paragraph begins with those.
    hanging = any(before.bullet and after.indent == indent and not after.blanks for before, after in pairwise(lines))
    return 0 if hanging else indent


def _signs(before: Line, after: Line) -> bool:
    """Whether the lower line is a byline or a date, though a headline above it fills its line."""
    text = after.text
    if text.count(" ") >= _SIGNING_WORDS or before.text.endswith(_TERMINAL) or text.endswith("."):
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


def _is_split_node(before: Line, after: Line) -> bool:
    if after.blanks or after.bullet:
        return False
    if _closes_up(after.first):
        return True
    last = before.last
    if last in _OPEN if last.isalpha() else _OPEN_END.search(last):
        return before.text.count(" ") > 2 or after.text[0].islower()
    if last.endswith(_TERMINAL):
        return False
    return before.text.count(" ") > 1 and after.text[0].islower()


def _join(lines: Lines, same: Callable[[Line, Line], bool]) -> Lines:
    joined: list[Line] = []
    words: list[str] = []
    spelt = _Spelt(lines)
    rows = iter(lines)
    first = last = next(rows)
    for line in rows:
        if same(last, line):
            words = words or first.words
            _extend(words, line.words, spelt)
        else:
            joined.append(first._replace(end=last.end, text=" ".join(words)) if words else first)
            first, words = line, []
        # A text node that is a short link says nothing about where its sentence ends: look at the whole.
        last = line
    joined.append(first._replace(end=last.end, text=" ".join(words)) if words else first)
    return Lines.of(joined)


class _Spelt:
    """The words that the text spells out, lower-cased; looked up only if a word of it was cut at its hyphen."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(word.strip(_MARKS).lower() for line in self._lines for word in line.words)


def _extend(words: list[str], more: list[str], spelt: _Spelt) -> None:
    """Add a line's words to a paragraph; punctuation cut off by a link, and a word cut at its hyphen, close up.

    The hyphen itself goes if the text has the word without it elsewhere (no word list tells "re-porters" from "well-known").
    """
    if words and more and len(words[-1]) < _LONGEST_WORD:
        broken = words[-1].endswith("-") and len(words[-1]) > 1 and words[-1][-2].isalpha() and more[0][0].isalpha()
        if broken and (words[-1][:-1] + more[0]).strip(_MARKS).lower() in spelt.words:
            words[-1] = words[-1][:-1]
        if broken or _closes_up(more[0]):
            words[-1] += more[0]
            more = more[1:]
    words.extend(more)
