"""Stage 4: for each quoted region, who might have said it.

Candidates come from ordered, named rules, each a function of the context that yields mentions with the cue that
would tie them to the quotation. Two more stand for "somebody, but the text does not say who" and "nobody: these
are no words said". Choosing among them is the next stage's work.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from quotes.extraction.sentences import Cue, Grammar, Mention, Sentence
from quotes.extraction.stream import Stream
from quotes.extraction.vocabulary import words

REACH_BEFORE = 9  # mentions of the same sentence looked at before and after the quotation
REACH_AFTER = 6
ON = frozenset(("on", "via"))  # before a platform: that is where something was written, not by whom
NONE, SCARE = "none", "scare"
START = attrgetter("start")


@dataclass(slots=True)
class Candidate:
    """A mention that may be the source of a quotation; `place` says where it stands, seen from the quotation."""

    place: str  # before, after: same sentence; previous, above: sentence before, paragraph before; next; running; none; scare
    mention: Mention | None
    cue: Cue | None
    rank: int  # how many mentions stand between it and the quotation
    sentence: int


@dataclass(slots=True)
class Said:
    """What was decided for a region."""

    region: int
    sentence: int
    candidate: Candidate


@dataclass(slots=True)
class Context:
    """Everything the rules and features may look at for one region."""

    grammar: Grammar
    region: int
    token: int
    number: int  # of the sentence
    sentence: Sentence
    last: Said | None  # the last region before that has a source
    just_before: Said | None  # the region before, whatever was decided


def nearest_cue(own: list[Cue] | None, token: int, before: bool) -> Cue | None:
    """Of the cues that a mention governs the one nearest to a quotation, on the mention's side first."""
    if own is None or len(own) == 1:
        return own[0] if own else None
    side = [cue for cue in own if (cue.token < token) == before]
    pool = side or own
    return min(pool, key=lambda cue: abs(cue.token - token))


def same_sentence(context: Context) -> Iterator[Candidate]:
    """Every mention of the sentence, the nearest first, before and after the quotation."""
    token, number = context.token, context.number
    mentions = context.sentence.mentions
    governed: dict[int, list[Cue]] = {}
    for cue in context.sentence.cues:
        governed.setdefault(cue.mention, []).append(cue)
    first = bisect_left(mentions, token, key=START)
    for rank, index in enumerate(range(first - 1, max(-1, first - 1 - REACH_BEFORE), -1)):
        yield Candidate("before", mentions[index], nearest_cue(governed.get(index), token, True), rank, number)
    for rank, mention in enumerate(mentions[first : first + REACH_AFTER]):
        yield Candidate("after", mention, nearest_cue(governed.get(first + rank), token, False), rank, number)


def governing(sentence: Sentence, number: int, place: str, limit: int) -> list[Candidate]:
    """The mentions of another sentence that govern a cue, or its first."""
    if not sentence.mentions:
        return []
    cues: dict[int, Cue | None] = {0: None}  # by the mention that governs them, the first of each
    for cue in sentence.cues:
        if cue.relation != "chain" and cue.mention >= 0 and cues.get(cue.mention) is None:
            cues[cue.mention] = cue
    return [
        Candidate(place, sentence.mentions[index], cues[index], rank, number)
        for rank, index in enumerate(sorted(cues)[:limit])
    ]


def sentence_before(context: Context) -> Iterator[Candidate]:
    """Who governs a cue in the sentence before, of this paragraph or of the one above."""
    number = context.number - 1
    if number >= 0:
        other = context.grammar.sentence(number)
        place = "previous" if other.paragraph == context.sentence.paragraph else "above"
        if context.sentence.paragraph - other.paragraph <= 1:
            yield from governing(other, number, place, 4)


def sentence_after(context: Context) -> Iterator[Candidate]:
    """Who governs a cue in the sentence after, of the same paragraph ("Q." "Q," X said)."""
    number = context.number + 1
    if number < len(context.grammar.bounds):
        other = context.grammar.sentence(number)
        if other.paragraph - context.sentence.paragraph <= 1:
            yield from governing(other, number, "next" if other.paragraph == context.sentence.paragraph else "below", 3)


def running(context: Context) -> Iterator[Candidate]:
    """The source of the quotation before, who may still be speaking."""
    if context.last is not None and context.number - context.last.sentence < 8:
        known = context.last.candidate
        yield Candidate("running", known.mention, known.cue, 0, known.sentence)


def nobody(context: Context) -> Iterator[Candidate]:
    """No source in the text; no words said at all."""
    yield Candidate(NONE, None, None, 0, context.number)
    yield Candidate(SCARE, None, None, 0, context.number)


RULES: tuple[tuple[str, Callable[[Context], Iterator[Candidate]]], ...] = (
    ("same_sentence", same_sentence),
    ("running", running),
    ("sentence_before", sentence_before),
    ("sentence_after", sentence_after),
    ("nobody", nobody),
)


def candidates(context: Context) -> list[Candidate]:
    """All candidates for one region, each mention once (the first rule that names it wins)."""
    stream = context.grammar.stream
    found: list[Candidate] = []
    seen: set[int] = set()
    for _, rule in RULES:
        for candidate in rule(context):
            key = candidate.mention.head if candidate.mention is not None else -1
            if key >= 0 and (key in seen or (candidate.mention is not None and is_medium(stream, candidate.mention))):
                continue
            seen.add(key)
            found.append(candidate)
    return found


def is_medium(stream: Stream, mention: Mention) -> bool:
    """Whether a mention is only where something was written ("on X")."""
    return stream.lows[mention.start - 1] in ON and stream.lows[mention.head] in words("organisations", "platform")


SQUEEZE = re.compile(r"([aenk])[aenk]+")


@lru_cache(4096)
def squeezed(tags: str) -> str:
    """A run of tags shortened to what matters, at most six letters."""
    tags = SQUEEZE.sub(r"\1", tags)
    return tags if len(tags) <= 6 else f"{tags[:2]}~{tags[-3:]}"
