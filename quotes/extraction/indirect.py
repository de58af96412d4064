"""Stage 8: indirect speech: the clauses that a cue reports without quotation marks.

A clause is proposed for every cue with a source; a small logistic model accepts those that a reader would take for
something said. Hard limits first: somebody or some body must be the source, and the verb must report words.
"""

from typing import NamedTuple

from quotes.extraction.clauses import Clause, clause_of, finite
from quotes.extraction.features import mention_features, word_at
from quotes.extraction.ranking import load_weights
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
LOOSE_TO = 0.5  # chance that a participle's infinitive needs (", pledging to ...")
SOURCES = "NhoPwmua"


class Report(NamedTuple):
    """A clause reported by a cue, and what the model may look at."""

    number: int
    cue: Cue
    mention: Mention
    clause: Clause


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
        clause = clause_of(stream, sentence, cue)
        if cue.lemma in FINDINGS and not can_find(stream, mention):
            continue
        if clause is not None and shape_fits(stream, cue, clause):
            found.append(Report(number, cue, mention, topical(stream, cue, clause)))
    return found


def topical(stream: Stream, cue: Cue, clause: Clause) -> Clause:
    """The clause, marked as a topic where it has no verb of its own ("criticised the ruling")."""
    if clause.shape == "bare" and (cue.sense in ("label", "stance") or not finite(stream, clause)):
        return clause._replace(shape="topic")
    return clause


def shape_fits(stream: Stream, cue: Cue, clause: Clause) -> bool:
    """Whether a verb of this sense takes a clause of this shape."""
    if clause.shape == "bare" and (cue.sense in ("label", "stance", "act") or not finite(stream, clause)):
        return (
            cue.sense != "act" and cue.lemma not in PREDICATING and "as" not in stream.lows[clause.start : clause.end]
        )
    if stream.lows[clause.start] == "nothing":
        return False
    if clause.shape == "to" and stream.tags[clause.start + 1] in "dNhomuPOn":
        return False
    return clause.shape != "label" or finite(stream, clause)


def can_find(stream: Stream, mention: Mention) -> bool:
    """Whether who suggests or finds something thereby says it: a document, a body, or somebody by name."""
    low = stream.lows[mention.head]
    return mention.kind in "No" or low in ("he", "she") or low in words("nouns", "document")


def allowed(cue: Cue) -> bool:
    """Whether the cue can report words at all."""
    return (
        cue.relation in ("subject", "far", "inverted", "according", "relative", "chain", "colon")
        and cue.lemma not in NOT_WORDS
    )


def report_features(grammar: Grammar, sentence: Sentence, report: Report) -> list[str]:
    """What the acceptor sees; no names (see features.py)."""
    stream = grammar.stream
    tags = stream.tags
    cue, clause, mention = report.cue, report.clause, report.mention
    kind, before = mention_features(stream, mention, sentence.start)
    tag = tags[cue.token]
    length = clause.end - clause.start
    size = next((name for limit, name in ((3, "3"), (6, "6"), (12, "12"), (25, "25")) if length <= limit), "26")
    first = word_at(stream, clause.start)
    shape = clause.shape
    ahead = tags[cue.token - 1] if cue.token > sentence.start else "^"
    ahead_word = word_at(stream, cue.token - 1) if cue.token > sentence.start else "^"
    opening = word_at(stream, mention.start - 1) if mention.start > sentence.start else "^"
    second = word_at(stream, clause.start + 1) if clause.start + 1 < clause.end else "$"
    near = stream.token_of and tags.count("Q", max(0, sentence.start - 40), sentence.end + 40)
    cues = sum(other.sense == "speech" for other in sentence.cues)
    return [
        "bias", f"aw={ahead_word}", f"aw={ahead_word}{cue.sense}", f"op={opening}{shape}", f"f2={first} {second}", f"lk={cue.lemma}{kind}", f"lt={cue.lemma}{tag}",
        f"near={min(near or 0, 4)}", f"cues={min(cues, 3)}{shape}", f"lr={cue.lemma}{cue.relation}", f"ln={cue.lemma}{size}", "sh=" + shape, "l=" + cue.lemma, "ls=" + cue.lemma + shape, "se=" + cue.sense + shape + tag, "k=" + kind + shape,
        "k=" + kind + cue.sense, "r=" + cue.relation + shape, "r=" + cue.relation + tag, "n=" + size + shape, "f=" + first, "fs=" + tags[clause.start : clause.start + 2] + shape,
        "fl=" + cue.lemma + tags[clause.start], "b=" + before + shape, "ah=" + ahead + tag, "ah=" + ahead + cue.lemma, f"q={'Q' in tags[clause.start:clause.end]}",
        f"qs={'Q' in tags[sentence.start:sentence.end]}{shape}", f"x={any(t in tags[clause.start:clause.end] for t in 'xvy')}{shape}",
        f"first={mention.start - sentence.start < 2}{shape}", f"gap={tags[cue.token + 1:clause.start][:4]}" if clause.start > cue.token else "gap<",
        f"rest={tags[clause.end:clause.end + 2]}{shape}",
    ]  # fmt: skip


def acceptance(grammar: Grammar, report: Report) -> float:
    """The score of a report; the chance is its logistic."""
    get = load_weights("indirect").get
    sentence = grammar.sentence(report.number)
    return sum([get(name, 0.0) for name in report_features(grammar, sentence, report)])
