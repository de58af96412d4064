"""Stage 6: the clause that a cue reports: where the words said begin and end around it, marks or no marks."""

import re
from typing import NamedTuple

from quotes.extraction.sentences import Cue, Mention, Sentence
from quotes.extraction.stream import Stream
from quotes.extraction.vocabulary import verbs

ADDRESSED = frozenset(
    "tell inform remind assure warn advise notify urge ask order instruct persuade convince promise command".split()
)
SENSES = frozenset(("speech", "think", "according", "act", "label"))
ADDRESSEE = re.compile(
    r"(?:O|[dn]*+[aeNThomu]{1,6}(?:s[aeNThomu]{1,4})?(?:[cf][dn]*[aeNThomu]{1,5})?)(?=[rkpn]{0,4}[tzdPNTnha,Q])"
)
ASIDE = re.compile(r"(?:r|k|p[dn]?k(?:n(?:,n,?)?)?|p[dn]{1,2}[aeNThomun]{1,5}(?=[tk,:])|z[dn]*[aeNThomu]{1,5}(?=t))*")
TAIL = re.compile(
    r",(?:(?=[dnaeNThomuskfP(])[dn]*[aeNThomuskf()]{1,9}(?:,[^,.;:?Q¶vy]{1,12},)?r?[vy]|[vy][dnaNThoma]|Az|P[rx]{0,2}[vy]|g|wr?[xvy]|c[rx]{0,2}[vyx]|t(?![a-z]*v))"
)
POST_END = re.compile(
    r"[rkn]*(?:[pf][dn]*[aegNThomukns']{1,9}(?:,n,?)?|z[dn]*[NThoma]{1,6}|t[^,.;:?¶]{1,12})*(?:,[gptzd][^;:?¶]*|,[^;:?¶]{1,3}g[^;?¶]*)?[.?¶]?¶?$"
)
OPENING = re.compile(r"c?[r]{0,2},?")


class Clause(NamedTuple):
    """Tokens start..end (half-open) of what is said, and the shape it was found by."""

    start: int
    end: int
    shape: str  # that, bare, to, after (clause before its attribution), according, question


def trimmed(tags: str, start: int, end: int) -> tuple[int, int]:
    """The range without punctuation at its edges."""
    while end > start and tags[end - 1] in ".?¶,;:-":
        end -= 1
    while start < end and tags[start] in ",;:-.":
        start += 1
    return start, end


def content_after(stream: Stream, sentence: Sentence, cue: Cue) -> Clause | None:
    """What follows a cue: "said (on Tuesday) that ...", "told them ...", "vowed to ..."."""
    tags = stream.tags
    position = cue.token + 1
    if cue.lemma in ADDRESSED:
        match = ADDRESSEE.match(tags, position, sentence.end)
        position = match.end() if match else position
    aside = ASIDE.match(tags, position, sentence.end)
    if aside and aside.end() > position and tags[aside.end() : aside.end() + 1] in tuple("tzdPNThon:,aQ"):
        position = aside.end()
    if tags[position : position + 1] == ",":
        return None
    if tags[position : position + 1] == ":":
        position += 1
    start, end = trimmed(tags, position, clause_end(tags, position, sentence.end))
    if end - start < 2:
        return None
    first = tags[start]
    shape = "that" if first == "t" else "to" if first == "z" else "wh" if first == "w" else "bare"
    return Clause(start, end, shape)


def clause_end(tags: str, start: int, stop: int) -> int:
    """Where the clause from `start` ends: before a trailing attribution, a participle, a new clause; else at `stop`."""
    semicolon = tags.find(";", start, stop)
    if semicolon >= 0:
        stop = semicolon
    position = tags.find(",", start, stop)
    while position >= 0:
        if position - start >= 2 and TAIL.match(tags, position, stop):
            return position
        position = tags.find(",", position + 1, stop)
    return stop


def content_before(stream: Stream, sentence: Sentence, cue: Cue, mention: Mention) -> Clause | None:
    """What an attribution at the end closes: "..., X said on Tuesday." """
    tags = stream.tags
    left = min(cue.token, mention.start)
    if left - sentence.start < 3 or tags[left - 1] != ",":
        return None
    right = max(cue.token + 1, mention.end)
    if cue.relation != "inverted" and not POST_END.match(tags, right, sentence.end):
        return None
    start = sentence.start
    start, end = trimmed(tags, start, left)
    if end - start < 2 or tags[start:end] == "Q":
        return None
    return Clause(start, end, "after")


def content_according(stream: Stream, sentence: Sentence, mention: Mention, cue: Cue) -> Clause | None:
    """ "According to X, ..." and "..., according to X"."""
    tags = stream.tags
    if cue.token - sentence.start <= 1:
        comma = tags.find(",", mention.end, sentence.end)
        if comma < 0:
            return None
        start, end = trimmed(tags, comma + 1, clause_end(tags, comma + 1, sentence.end))
    else:
        start, end = trimmed(tags, sentence.start, cue.token)
    return Clause(start, end, "according") if end - start >= 3 else None


def clause_of(stream: Stream, sentence: Sentence, cue: Cue) -> Clause | None:
    """The clause that a cue of the sentence reports, or None when it reports none that can be told."""
    if cue.mention < 0 or cue.sense not in SENSES:
        return None
    mention = sentence.mentions[cue.mention]
    if cue.sense == "according":
        return content_according(stream, sentence, mention, cue)
    if cue.relation == "inverted":
        return content_before(stream, sentence, cue, mention)
    if cue.relation in ("subject", "far"):
        before = content_before(stream, sentence, cue, mention)
        if before is not None:
            return before
    return content_after(stream, sentence, cue)


def finite(stream: Stream, clause: Clause) -> bool:
    """Whether the clause seems to hold a finite verb of its own."""
    tags = stream.tags[clause.start : clause.end]
    if any(tag in tags for tag in "xvye"):
        return True
    return any(word in verbs() for word in stream.lows[clause.start : clause.end])
