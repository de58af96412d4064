"""Which quotation marks of a paragraph belong together, which stand inside others, and what a mark left open holds."""

import re
from functools import cache
from typing import NamedTuple

from quotes.extraction.vocabulary import verbs

OPENERS = "“„«"
CLOSERS = "”»"
BEFORE_OPEN = frozenset("([{—–-/‘'…")
AFTER_CLOSE = frozenset(")]},.;:!?—–-/’'…")
NESTING_REACH = 8  # marks looked at to tell whether a quotation is inside another
SPOKEN_WORDS = re.compile(r"\W*\w[^\s]*\s+\S*\w")  # two words, so that something was said


class Mark(NamedTuple):
    start: int
    end: int
    turn: str  # 'o' opens, 'c' closes, '?' may be either


def turn_of(text: str, start: int, end: int, first: int, last: int) -> str:
    """Whether the mark text[start:end] of the paragraph first..last opens ('o'), closes ('c') or either ('?')."""
    before = text[start - 1] if start > first else " "
    after = text[end] if end < last else " "
    glyph = text[start]
    if glyph in OPENERS:
        closes = after.isspace() or after in AFTER_CLOSE
        return "c" if closes and not before.isspace() and before not in BEFORE_OPEN else "o"
    if glyph in CLOSERS or glyph == "‟":
        return "o" if before.isspace() and (after.isalnum() or after in "'‘’$#@[") else "c"
    opens = before.isspace() or before in BEFORE_OPEN
    closes = after.isspace() or after in AFTER_CLOSE
    if opens != closes:
        return "o" if opens else "c"
    if before.isspace() and after in "'‘’….":
        return "o"
    return "?"


def pair(
    text: str, marks: list[Mark], first: int, last: int, running: Mark | None
) -> tuple[list[tuple[int, int, int, int, bool]], bool]:
    """Regions (start, end, inner start, inner end, closed) of one paragraph, and whether the last is left open."""
    found: list[tuple[int, int, int, int, bool]] = []
    current = running
    within = 0  # quotations inside the current one that are open
    for number, mark in enumerate(marks):
        if current is None:
            inches = (
                mark.turn == "?" and text[mark.start] == '"' and mark.start > first and text[mark.start - 1].isdigit()
            )
            if mark.turn != "c" and not inches:
                current = mark
        elif mark.turn != "o" and within:
            within -= 1
        elif mark.turn != "o":
            found.append((current.start, mark.end, *spoken(text, current, mark), True))
            current = None
        elif within or nests(marks, number):
            within += 1
        else:
            found.append(left(text, current, mark.start))
            current = mark
    if current is not None:
        found.append(left(text, current, last))
        if found[-1][1] < last:
            current = None
    return found, current is not None


def spoken(text: str, opening: Mark, closing: Mark) -> tuple[int, int]:
    """(start, end) of the words between two marks, without the blanks that are set inside angle marks."""
    start, end = opening.end, closing.start
    if text[opening.start] in "«»":
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
    return start, end


def nests(marks: list[Mark], number: int) -> bool:
    """Whether an opening mark within a quotation begins one inside it: its closing mark comes next but for such inside it, then another."""
    depth = 0
    closing = False
    for mark in marks[number : number + NESTING_REACH]:
        if mark.turn == "?" or (closing and mark.turn == "o"):
            return False
        closing = mark.turn == "c"
        depth += -1 if closing else 1
        if depth < 0:
            return True
    return False


def left(text: str, opening: Mark, stop: int) -> tuple[int, int, int, int, bool]:
    """The quotation that no mark closes before `stop`: its end, or that of the words before an attribution inside it."""
    begins = min(opening.end, stop)
    cut = attribution().search(text, begins, stop)
    if cut is not None and SPOKEN_WORDS.match(text, begins, cut.start()):
        return opening.start, cut.start() + 1, begins, cut.start() + 1, False
    inner_end = stop
    while inner_end > begins and text[inner_end - 1].isspace():
        inner_end -= 1
    return opening.start, stop, begins, inner_end, False


@cache
def attribution() -> re.Pattern[str]:
    """ ", said Ann Bell" and ", Ann Bell said." where no mark stands between the words said and these."""
    said = "|".join(sorted(form for form, verb in verbs().items() if verb.sense == "speech" and verb.form == "past"))
    name = r"[A-Z][\w’'-]+(?: [A-Z][\w’'.-]+){0,3}"
    return re.compile(rf"[,?!] (?:(?:{said}) (?:{name}|s?he\b|the \w+[.,])|(?:{name}|s?he) (?:{said})(?=\.|,?\s*$))")
