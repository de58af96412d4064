"""Stage 6b: where reported speech ends: at the end of its sentence, or at one of the breaks before it.

Each break (punctuation, conjunction, preposition, relative) is judged in turn by a logistic model over what stands at
it; the end is the break where stopping, after going on at all those before it, is likeliest.
"""

import math
import re

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
SIZES = ((2, "2"), (4, "4"), (7, "7"), (12, "12"), (20, "20"))


def size(length: int) -> str:
    """A length in tokens, roughly."""
    return next((name for limit, name in SIZES if length <= limit), "21")


def breaks(stream: Stream, clause_start: int, stop: int) -> list[int]:
    """The tokens before which what is said may end, in order."""
    found = []
    for match in BREAK.finditer(stream.tags, clause_start + 1, stop):
        found.append(match.start())
        if len(found) == MOST:
            break
    return found


def break_features(stream: Stream, cue: Cue, start: int, place: int, stop: int, ruled: int) -> list[Group]:
    """What the model sees of one break; `ruled` is where the pattern in clauses.py ends the clause."""
    tags = stream.tags
    tag, first = tags[place], tags[start]
    inside, rest = tags[start:place], tags[place + 1 : stop]
    finite = VERB.search(inside) is not None
    head = f"{tag}{first if first in 'tzP' else 'o'}{finite:d}"
    following = word_at(stream, place + 1) if place + 1 < stop else "$"
    verb = VERB.search(rest)
    clause = "-" if verb is None else "n" if verb.start() < 4 else "f"
    rule = "at" if place == ruled else "past" if place > ruled else "before"
    return [
        (names.break_cue_names, head, cue.sense, cue.lemma, tags[start : start + 2]),
        (names.break_word_names, head, cue.sense, word_at(stream, place), following),
        (names.break_tag_names, head, tags[place - 1 : place + 4]),
        (names.break_place_names, head, rule, size(len(inside)), size(stop - place)),
        (names.break_rest_names, head, min(3, rest.count(",")), clause, "Q" in rest[:6]),
    ]


def best_end(stream: Stream, sentence: Sentence, cue: Cue, clause: Clause) -> Clause:
    """The clause with its likeliest end."""
    stop = trimmed(stream.tags, clause.start, sentence.end)[1]
    places = breaks(stream, clause.start, stop)
    if not places:
        return clause
    going = 0.0
    best, most = stop, -math.inf
    for place in places:
        favour = score("boundaries", break_features(stream, cue, clause.start, place, stop, clause.end))
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
