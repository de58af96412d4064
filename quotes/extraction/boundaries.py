"""Stage 6b: where reported speech ends: at the end of its sentence, or at one of the breaks before it.

Each break (punctuation, conjunction, preposition, relative) is judged in turn by a logistic model over what stands at
it; the end is the break where stopping, after going on at all those before it, is likeliest.
"""

import math
import re
from bisect import bisect_left
from typing import NamedTuple

from quotes.extraction import groups as names
from quotes.extraction.clauses import Clause, trimmed
from quotes.extraction.features import word_at
from quotes.extraction.groups import Group
from quotes.extraction.ranking import score
from quotes.extraction.sentences import Cue, Sentence
from quotes.extraction.stream import Stream

BREAK = re.compile(r"[,;:(-]|(?<=[^,;:(-])[cwtpkzgQ]")
OPEN_ENDED = ("that", "bare", "to", "wh")
MOST = 16  # breaks looked at
VERB = re.compile(r"[xvye]")
LIMITS = (2, 4, 7, 12, 20)  # lengths in tokens, as features show them
SIZES = ("2", "4", "7", "12", "20", "21")


class Stretch(NamedTuple):
    """A clause of which the end is looked for."""

    stream: Stream
    cue: Cue
    start: int
    stop: int  # the last end possible
    ruled: int  # where the pattern in clauses.py ends it
    verb: int  # its first finite verb; `stop` where it has none


def breaks(stream: Stream, clause_start: int, stop: int) -> list[int]:
    """The tokens before which what is said may end, in order."""
    found = []
    for match in BREAK.finditer(stream.tags, clause_start + 1, stop):
        found.append(match.start())
        if len(found) == MOST:
            break
    return found


def stretch(stream: Stream, cue: Cue, start: int, stop: int, ruled: int) -> Stretch:
    """The clause from `start` that a cue reports."""
    verb = VERB.search(stream.tags, start, stop)
    return Stretch(stream, cue, start, stop, ruled, stop if verb is None else verb.start())


def break_features(clause: Stretch, place: int) -> tuple[list[Group], list[str]]:
    """What the model sees of one break: groups of features, and features by name whose values hardly come back."""
    stream, cue, start, stop, ruled, first_verb = clause
    tags = stream.tags
    tag, first = tags[place], tags[start]
    after = place + 1
    head = f"{tag}{first if first in 'tzP' else 'o'}{first_verb < place:d}"
    following = word_at(stream, after) if after < stop else "$"
    verb = VERB.search(tags, after, stop)
    goes_on = "-" if verb is None else "n" if verb.start() - after < 4 else "f"
    rule = "at" if place == ruled else "past" if place > ruled else "before"
    inside, rest = SIZES[bisect_left(LIMITS, place - start)], SIZES[bisect_left(LIMITS, stop - place)]
    commas = min(3, tags.count(",", after, stop))
    quoted = tags.find("Q", after, min(place + 7, stop)) >= 0
    groups: list[Group] = [
        (names.break_place_names, head, rule, inside, rest),
        (names.break_rest_names, head, commas, goes_on, quoted),
    ]
    here, around = word_at(stream, place), tags[place - 1 : place + 4]
    return groups, names.break_names(head, cue.sense, cue.lemma, tags[start : start + 2], here, following, around)


def best_end(stream: Stream, sentence: Sentence, cue: Cue, clause: Clause) -> Clause:
    """The clause with its likeliest end."""
    stop = trimmed(stream.tags, clause.start, sentence.end)[1]
    places = breaks(stream, clause.start, stop)
    if not places:
        return clause
    looked_at = stretch(stream, cue, clause.start, stop, clause.end)
    going = 0.0
    best, most = stop, -math.inf
    for place in places:
        favour = score("boundaries", *break_features(looked_at, place))
        favour = max(-30.0, min(30.0, favour))
        log_on = -math.log1p(math.exp(favour))
        if going + favour + log_on > most:
            best, most = place, going + favour + log_on
        going += log_on
        if going <= most:  # no later end can be likelier: each costs going on past this one
            break
    if going > most:
        best = stop
    start, end = trimmed(stream.tags, clause.start, best)
    return clause._replace(end=end) if end > start else clause
