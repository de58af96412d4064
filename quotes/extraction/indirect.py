"""Stage 8: indirect speech: the clauses that a cue reports without quotation marks.

A clause is proposed for every cue with a source; a small logistic model accepts those that a reader would take for
something said. Hard limits first: somebody or some body must be the source, and the verb must report words.
"""

from bisect import bisect_left
from typing import NamedTuple

from quotes.extraction import groups as names
from quotes.extraction.boundaries import OPEN_ENDED, best_end
from quotes.extraction.clauses import Clause, clauses_of, finite
from quotes.extraction.features import mention_features, word_at
from quotes.extraction.groups import Group
from quotes.extraction.ranking import score
from quotes.extraction.sentences import Cue, Grammar, Mention, Sentence
from quotes.extraction.stream import Stream
from quotes.extraction.vocabulary import words

# These report what was found, so words only of some sources ("the survey found that ...", "Bell suggested that ...").
FINDINGS = frozenset(["suggest", "show", "indicate", "find", "reveal", "demonstrate", "prove", "imply"])
# These report no words.
NOT_WORDS = frozenset(
    [
        "illustrate",
        "seem",
        "appear",
        "see",
        "cite",
        "quote",
    ]
)
# With these the object is only half of what is said ("called the plan a mistake").
PREDICATING = frozenset(
    [
        "call",
        "describe",
        "dismiss",
        "label",
        "dub",
        "brand",
        "term",
        "deem",
        "portray",
        "paint",
        "cast",
        "characterize",
        "consider",
        "view",
        "regard",
    ]
)
NAMING = ("label", "stance", "act")  # senses whose verbs take a thing, not what is said of it
ACCEPT_ABOVE = 0.35  # chance from which indirect speech is reported
ACCORDING = 0.2  # the same for "according to X"
LOOSE_TO = 0.6  # chance that a participle's infinitive needs (", pledging to ...")
LOOSE_LABEL = 0.5  # chance that what a colon sets off needs where it has no verb, for not only names of people stand before colons
LIMITS = (3, 6, 12, 25)  # tokens of a clause, as features show them
SIZES = (*LIMITS, 26)
SOURCES = "NhoPwmua"


class Report(NamedTuple):
    """A clause reported by a cue, and what the model may look at."""

    number: int
    cue: Cue
    mention: Mention
    clause: Clause
    needed: float  # the chance from which it counts


def reports(grammar: Grammar, number: int) -> list[Report]:
    """Everything in a sentence that might be indirect speech."""
    stream = grammar.stream
    sentence = grammar.sentence(number)
    found = []
    for cue in sentence.cues:
        if cue.mention < 0 or not allowed(cue):
            continue
        mention = sentence.mentions[cue.mention]
        if mention.kind not in SOURCES or (mention.kind in "ua" and cue.sense not in ("speech", "according")):
            continue
        if cue.lemma in FINDINGS and not can_find(stream, mention):
            continue
        for clause in clauses_of(stream, sentence, cue):
            if not takes(stream, cue, clause):
                continue
            if clause.shape in OPEN_ENDED:
                clause = best_end(stream, sentence, cue, clause)
            fitting = fitted(stream, cue, clause)
            if fitting is not None:
                found.append(Report(number, cue, mention, fitting, needed(stream, cue, fitting)))
    return found


def needed(stream: Stream, cue: Cue, clause: Clause) -> float:
    """The chance from which a report counts: less after "according to" and in "quoted X as saying", more where the form is loose."""
    if clause.shape == "according" or (stream.tags[cue.token] == "g" and stream.lows[cue.token - 1] == "as"):
        return ACCORDING
    if clause.shape == "label" and not finite(stream, clause):
        return LOOSE_LABEL
    return LOOSE_TO if clause.shape == "to" and cue.relation == "chain" else ACCEPT_ABOVE


def takes(stream: Stream, cue: Cue, clause: Clause) -> bool:
    """Whether a verb can take a clause that begins so; asked first, for where a clause ends is dear to find out."""
    start, _, shape = clause
    if shape == "to":
        return stream.tags[start + 1] not in "dNhomuPOn"
    if shape != "bare":
        return True
    if cue.sense == "act" and "that" not in stream.lows[start + 1 : start + 4]:
        return False
    return asks(stream, cue, clause) or cue.sense not in NAMING or cue.lemma not in PREDICATING


def asks(stream: Stream, cue: Cue, clause: Clause) -> bool:
    """Whether somebody calls for something."""
    return cue.lemma == "call" and stream.lows[clause.start] in ("for", "on")


def fitted(stream: Stream, cue: Cue, clause: Clause) -> Clause | None:
    """The clause, marked as a topic where it has no verb of its own ("criticised the ruling"); None where the verb takes no such clause."""
    if stream.lows[clause.start] == "nothing":
        return None
    if clause.shape == "bare" and (cue.sense in NAMING or not finite(stream, clause)):
        lows = stream.lows[clause.start : clause.end]
        if cue.sense == "act" and "that" not in lows[1:4]:
            return None
        if not asks(stream, cue, clause) and (cue.lemma in PREDICATING or "as" in lows):
            return None
        return clause if cue.sense == "act" and finite(stream, clause) else clause._replace(shape="topic")
    return clause


def can_find(stream: Stream, mention: Mention) -> bool:
    """Whether who suggests or finds something thereby says it: a document, a body, or somebody by name."""
    low = stream.lows[mention.head]
    return mention.kind in "No" or low in ("he", "she") or low in words("nouns", "document")


def allowed(cue: Cue) -> bool:
    """Whether the cue can report words at all."""
    return (
        cue.relation in ("subject", "far", "inverted", "according", "relative", "chain", "colon", "agent", "unknown")
        and cue.lemma not in NOT_WORDS
    )


def report_features(grammar: Grammar, sentence: Sentence, report: Report) -> list[Group]:
    """What the acceptor sees; no names of people (see features.py)."""
    stream = grammar.stream
    tags = stream.tags
    cue, clause, mention = report.cue, report.clause, report.mention
    start, end, shape = clause
    opening, lemma, sense = sentence.start, cue.lemma, cue.sense
    kind, before = mention_features(stream, mention, opening)
    tag = tags[cue.token]
    ahead = tags[cue.token - 1] if cue.token > opening else "^"
    ahead_word = word_at(stream, cue.token - 1) if cue.token > opening else "^"
    before_word = word_at(stream, mention.start - 1) if mention.start > opening else "^"
    second = word_at(stream, start + 1) if start + 1 < end else "$"
    near = tags.count("Q", max(0, opening - 40), sentence.end + 40) if stream.token_of else 0
    cues = [other.sense for other in sentence.cues].count("speech")
    said = tags[start:end]
    quoted = "Q" in said, tags.find("Q", opening, sentence.end) >= 0
    gap = tags[cue.token + 1 : start][:4] if start > cue.token else None
    return [
        (names.report_cue_names, lemma, sense, tag, shape, cue.relation),
        (names.report_source_names, lemma, sense, shape, kind),
        (names.report_ahead_names, lemma, sense, tag, ahead, ahead_word),
        (names.report_size_names, lemma, shape, SIZES[bisect_left(LIMITS, end - start)], said[0]),
        (names.report_opening_names, shape, said[:2]),
        (names.report_words_names, word_at(stream, start), second),
        (names.report_before_names, shape, before, before_word),
        (names.report_quotes_names, shape, min(near, 4), *quoted),
        (names.report_shape_names, shape, min(cues, 3), "x" in said or "v" in said or "y" in said, mention.start - opening < 2),
        (names.report_around_names, shape, gap, tags[end : end + 2]),
    ]  # fmt: skip


def acceptance(grammar: Grammar, report: Report) -> float:
    """The score of a report; the chance is its logistic."""
    return score("indirect", report_features(grammar, grammar.sentence(report.number), report))
