"""Quotations in single marks, of a paragraph without double ones.

An apostrophe at the end of a word ("players' union") closes nothing while a better mark follows: the closing mark is
the first that follows punctuation or precedes it, else the first that does not follow an s. Low and angle marks
(‚…‘, ‹…›, ›…‹) are no apostrophes and close by themselves.
"""

import re

# What stands before the mark is looked at after it, so that `re` searches for the mark alone.
SINGLE_OPEN = re.compile(r"['‘](?:(?<=^.)|(?<=[\s(\[—–\"“-].))(?=[^\W_]|\[|…)")
SINGLE_CLOSE = re.compile(r"['’](?<=\S.)(?=$|[\s,.;:!?)\]—–\"”-])")
ELISIONS = re.compile(r"['‘](?:\d0s|em|til|cause|n|tis|twas|bout|round)\b", re.IGNORECASE)


OWN = re.compile(r"‚(?=\S)[^‚‘\n]*\S‘|‹[^‹›\n]+›|›[^‹›\n]+‹")
ROCK_N_ROLL = re.compile(r"(?<=[^\W_]\s)['’‘]n['’](?=\s[^\W_])", re.IGNORECASE)


def single_regions(text: str, first: int, last: int) -> list[tuple[int, int]]:
    """(start, end) with their marks of the quotations in single marks of the paragraph text[first:last]."""
    own = [match.span() for match in OWN.finditer(text, first, last)]
    if own:
        return own
    line = text[first:last]
    found: list[tuple[int, int]] = []
    openers = [match.start() for match in SINGLE_OPEN.finditer(line)]
    if not openers:
        return found
    elided = {match.end() - 1 for match in ROCK_N_ROLL.finditer(line)}
    closers = [match.start() for match in SINGLE_CLOSE.finditer(line) if match.start() not in elided]
    position = cursor = 0
    for start in openers:
        if start < position or ELISIONS.match(line, start):
            continue
        while cursor < len(closers) and closers[cursor] <= start + 1:
            cursor += 1
        close = closing_single(line, closers, cursor)
        if close < 0:
            continue
        position = close + 1
        found.append((first + start, first + close + 1))
    return found


def closing_single(line: str, closers: list[int], cursor: int) -> int:
    """Which of the apostrophes from `closers[cursor]` on closes; -1 when none does."""
    fallback = -1
    for close in closers[cursor : cursor + 12]:
        before = line[close - 1]
        after = line[close + 1 : close + 2]
        if before in ",.!?…" or (before not in "sS" and (after in ",.;:!?)" or not after)):
            return close
        if before not in "sS" or after in ",.;:!?)" or not after:
            return close if fallback < 0 else fallback
        if fallback < 0:
            fallback = close
    return fallback
