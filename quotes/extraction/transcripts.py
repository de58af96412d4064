"""Turns of a transcript, printed without marks: "Q: ... / A: ...", "THE MAYOR: ...", "Brink: ..." at the start of paragraphs.

One label is no transcript ("Brink: the bridge is safe" is a headline): it takes two that answer each other, one of
them with a question, or a label that comes again. All that a turn holds to the next one is words said.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, cached_property
from typing import Literal, NamedTuple

from quotes.extraction.vocabulary import sections, words

Turn = Literal["", "question", "answer", "named"]
LABEL = re.compile(
    r"(?P<label>[QA](?=[:.]\s)|[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|of|de|van|von)){0,4}?)\s?[:.](?<![\w.]\.\.)\s+(?=[^\s\"“”„«»'‘])"
)
QUESTIONS = frozenset(("Q", "QUESTION", "Question"))
ANSWERS = frozenset(("A", "ANSWER", "Answer"))
MET = re.compile(r"(?<=[\w.,] )[A-Z][\w.'’-]*(?<![.'’])(?![\w:])")
REACH = 4  # paragraphs after a label in which the next must come
ASIDE = re.compile(r"[(\[].*[)\]]$")
MARKED = frozenset("\"“”„«»'‘")


class Said(NamedTuple):
    """What a paragraph holds of a turn: its words begin at `start`; `first` when the label stands before them."""

    start: int
    turn: Turn
    first: bool


class Labelled(NamedTuple):
    """A paragraph that begins with a label."""

    paragraph: int
    label: str
    start: int  # of the words after the label


class Known:
    """Tells which labels are names in one text."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def met(self) -> dict[str, int]:
        """Word with a capital -> where it first stands elsewhere than before a colon."""
        found: dict[str, int] = {}
        for match in MET.finditer(self.text):
            found.setdefault(match[0], match.start())
        return found

    def is_name(self, one: Labelled, first: int) -> bool:
        """Whether a label not in capitals, at `first`, is a name: it has a first name or a title, or its last word is met above."""
        names = one.label.split()
        if len(names) > 1 and any(name.lower().strip(".") in naming_words() for name in names):
            return True
        return self.met.get(names[-1], first) < first


@cache
def naming_words() -> frozenset[str]:
    """First names and titles."""
    return frozenset().union(*sections("first_names").values(), *sections("titles").values())


def turns(text: str, spans: Sequence[tuple[int, int]]) -> dict[int, Said]:
    """Paragraph -> what it holds of a turn; `spans` are the (start, end) of the paragraphs. Linear in the text's length."""
    found: dict[int, Said] = {}
    run: list[Labelled] = []
    known = Known(text)
    for number, (first, last) in enumerate(spans):
        match = LABEL.match(text, first, last)
        if match is None or not may_speak(match["label"], text[match.end("label")]):
            continue
        if run and number - run[-1].paragraph > REACH:
            found |= turns_of(text, spans, run, known)
            run = []
        run.append(Labelled(number, match["label"], match.end()))
    return found | turns_of(text, spans, run, known) if run else found


def may_speak(label: str, mark: str) -> bool:
    """Whether a label may be somebody's: no heading of a list ("WHERE:"); a full stop ends none but Q and A."""
    if mark == "." and label not in QUESTIONS | ANSWERS:
        return False
    return label.split()[-1].lower().strip(".") not in words("function_words", "heading")


def turns_of(text: str, spans: Sequence[tuple[int, int]], run: list[Labelled], known: Known) -> dict[int, Said]:
    """The paragraphs of a run of labels, where they are a transcript."""
    if sum(one.label.isupper() for one in run) >= 2:  # a headline above them is none of them
        run = [one for one in run if one.label.isupper()]
    if not is_transcript(text, spans, run, known):
        return {}
    labels = {one.label for one in run}
    found: dict[int, Said] = {}
    for one, following in zip(run, [*run[1:], None], strict=True):
        turn: Turn = "question" if one.label in QUESTIONS else "answer" if one.label in ANSWERS else "named"
        found[one.paragraph] = Said(one.start, turn, True)
        stop = following.paragraph if following is not None else one.paragraph + 1
        for other in range(one.paragraph + 1, stop):
            first, last = spans[other]
            asks = len(labels) == 1 and text[last - 1] == "?"
            if text[first] in MARKED or asks:
                break
            if not ASIDE.match(text, first, last):
                found[other] = Said(first, turn, False)
    return found


def is_transcript(text: str, spans: Sequence[tuple[int, int]], run: list[Labelled], known: Known) -> bool:
    """Whether the labels of a run are those of people who speak in turn."""
    counts = Counter(one.label for one in run)
    if not QUESTIONS.isdisjoint(counts) and not ANSWERS.isdisjoint(counts):
        return True
    asked = any(text[spans[one.paragraph][1] - 1] == "?" for one in run)
    if len(counts) == 1:
        return (
            len(run) > 1
            and any(asked_above(text, spans, one) for one in run)
            and known.is_name(run[0], spans[run[0].paragraph][0])
        )
    if not asked and max(counts.values()) < 2:
        return False
    return len(run) > 1 and all(one.label.isupper() or known.is_name(one, spans[one.paragraph][0]) for one in run)


def asked_above(text: str, spans: Sequence[tuple[int, int]], one: Labelled) -> bool:
    """Whether the paragraph above a label is a question."""
    return one.paragraph > 0 and text[spans[one.paragraph - 1][1] - 1] == "?"
