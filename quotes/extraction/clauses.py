"""Stage 6: the clause that a cue reports: where the words said begin and end around it, marks or no marks."""

import re
from typing import NamedTuple

from quotes.extraction.sentences import Cue, Mention, Sentence
from quotes.extraction.stream import Stream
from quotes.extraction.vocabulary import verbs

ADDRESSED = frozenset(
    [
        "tell",
        "inform",
        "remind",
        "assure",
        "warn",
        "advise",
        "notify",
        "urge",
        "ask",
        "order",
        "instruct",
        "persuade",
        "convince",
        "promise",
        "command",
    ]
)
SENSES = frozenset(("speech", "think", "according", "act", "label", "stance", "colon"))
NEGATIONS = frozenset(("not", "never", "no"))
FINITE = frozenset("xvye")
OPENING = frozenset(("that", "whether", "if", "how", "why"))  # subordinators that begin what is said
ADDRESSEE = re.compile(
    r"(?:O|[dn]*+[aeNThomu]{1,6}(?:s[aeNThomu]{1,4})?(?:[cf][dn]*[aeNThomu]{1,5})?)(?=[rkpn]{0,4}[tzdPNTnha,Q:])"
)
ASIDE = re.compile(r"(?:r|k|p[dn]?k(?:n(?:,n,?)?)?|p[dn]{1,2}[aeNThomun]{1,5}(?=[tk,:])|z[dn]*[aeNThomu]{1,5}(?=t))*")
ASIDE_FIRST = frozenset("rkpz")  # the tags that an aside begins with
TAIL = re.compile(
    r",(?:(?P<np>c?(?:P|[dnaeNThomuskfP(][dn]*[aeNThomuskf()]{0,9}(?:,[^,.;:?Q¶vy]{1,12},)?)r?(?P<verb>[vy]))"
    r"|(?P<inv>[vy])[dNTPhoa]|(?P<g>g)|(?P<according>Az)|c[rx]{0,2}(?P<and>[vy]))"
)
LATE_THAT = re.compile(r"[^vyxiPQ,.;:?¶w]{1,16}t")
LATE_THAT_REACH = 17
NOUN_THAT = re.compile(r"[dnae]{0,4}[uma]t")  # "makes the case that ..."
GOES_ON = frozenset(
    [
        "add",
        "say",
        "note",
        "cite",
        "call",
        "refer",
        "describe",
        "explain",
        "point",
        "argue",
        "insist",
        "quote",
        "accuse",
    ]
)
POST_END = re.compile(
    r"[rkn]*(?:[pf][dn]*[aegNThomukns']{1,9}(?:,n,?)?|z[dn]*[NThoma]{1,6}|t[^,.;:?¶]{1,12})*(?:,[gptzd][^;:?¶]*|,[^;:?¶]{1,3}g[^;?¶]*)?[.?¶]?¶?$"
)
AND_SAID = re.compile(r"(?<!,)cr?v")
MIDDLE = re.compile(r"[rk]{0,2}(?:p[dnk][aeNThomuk]{0,3})?,")


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
    aside = ASIDE.match(tags, position, sentence.end) if tags[position : position + 1] in ASIDE_FIRST else None
    if aside and aside.end() > position and goes_on_after(stream, position, aside.end()):
        position = aside.end()
    reached = min(position + LATE_THAT_REACH, sentence.end)
    pattern = LATE_THAT if cue.sense == "speech" else NOUN_THAT
    late = pattern.match(tags, position, reached) if tags.find("t", position + 1, reached) > 0 else None
    if late and stream.lows[late.end() - 1] == "that":
        position = late.end() - 1
    follows = tags[position : position + 2]  # "she said, pointing at the wall" tells what she did, or said besides
    if follows[:1] == "," and (cue.sense != "speech" or cue.token - sentence.start > 3 or follows == ",g"):
        return None
    if tags[position : position + 1] == ":":
        position += 1
    start, end = trimmed(tags, position, clause_end(stream, position, sentence.end, subordinate(stream, sentence, cue)))
    if end - start < 2:
        return None
    first = tags[start]
    shape = "that" if first == "t" else "to" if first == "z" else "wh" if first == "w" else "bare"
    return Clause(start, end, shape)


def goes_on_after(stream: Stream, start: int, end: int) -> bool:
    """Whether what is said may begin after an aside start..end; "not all ..." is no aside, nor is "for it because ..."."""
    following = stream.tags[end : end + 1]
    if following not in tuple("tzdPNThon:,aQ") or (following == "t" and stream.lows[end] not in OPENING):
        return False
    return NEGATIONS.isdisjoint(stream.lows[start:end])


def subordinate(stream: Stream, sentence: Sentence, cue: Cue) -> bool:
    """Whether the cue stands in a clause before the main one ("After X said that ..., Y went")."""
    mention = sentence.mentions[cue.mention]
    tags = stream.tags
    first = min(mention.start, cue.token)
    opening = first - sentence.start <= 2 and tags[sentence.start] in "tpg" and tags[sentence.start : first + 1] != ""
    return (opening and first > sentence.start) or (tags[sentence.start] == "g" and cue.token == sentence.start)


def clause_end(stream: Stream, start: int, stop: int, until_comma: bool = False) -> int:
    """Where the clause from `start` ends: before a trailing attribution, a participle, a new clause; else at `stop`."""
    tags = stream.tags
    semicolon = tags.find(";", start, stop)
    if semicolon >= 0:
        stop = semicolon
    dash = tags.find("-", start + 2, stop)
    if dash >= 0 and tags.find("-", dash + 1, stop) < 0:
        stop = dash
    for match in AND_SAID.finditer(tags, start + 3, stop):
        verb = verbs().get(stream.lows[match.end() - 1])
        if verb is not None and verb.sense == "speech" and verb.form == "past":
            stop = match.start()
            break
    position = tags.find(",", start, stop)
    if until_comma and position > 0:
        return position
    while position >= 0:
        if position - start >= 2 and ends_clause(stream, position, stop):
            return position
        position = tags.find(",", position + 1, stop)
    return stop


def ends_clause(stream: Stream, comma: int, stop: int) -> bool:
    """Whether what follows a comma is an attribution or goes on about the outer source."""
    match = TAIL.match(stream.tags, comma, stop)
    if match is None or match["according"]:
        return match is not None
    group = next(name for name in ("verb", "inv", "g", "and") if match[name])
    verb = verbs().get(stream.lows[match.start(group)])
    if verb is None:
        return False
    if group == "g":
        return verb.lemma in GOES_ON
    return verb.sense in ("speech", "label") if group == "and" else verb.sense == "speech"


def comma_inside(stream: Stream, token: int) -> bool:
    """Whether a token is a quotation whose last mark of punctuation is a comma ("... a "mess," X said")."""
    region = stream.quote_at.get(token)
    return region is not None and stream.text[stream.regions[region].inner_end - 1] == ","


def content_before(stream: Stream, sentence: Sentence, cue: Cue, mention: Mention) -> Clause | None:
    """What an attribution at the end closes: "..., X said on Tuesday." """
    tags = stream.tags
    left = min(cue.token, mention.start)
    if left - sentence.start < 3 or not (tags[left - 1] == "," or comma_inside(stream, left - 1)):
        return None
    right = max(cue.token + 1, mention.end)
    end = left
    if cue.relation != "inverted" and not POST_END.match(tags, right, sentence.end):
        if not MIDDLE.match(tags, right, sentence.end) or cue.sense not in ("speech", "think"):
            return None
        end = sentence.end
    start, end = trimmed(tags, sentence.start, end)
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
        start, end = trimmed(tags, comma + 1, clause_end(stream, comma + 1, sentence.end))
    else:
        start, end = trimmed(tags, sentence.start, cue.token)
    return Clause(start, end, "according") if end - start >= 3 else None


def content_passive(stream: Stream, sentence: Sentence, cue: Cue) -> Clause | None:
    """ "The plan was backed by X": what stands before the verb."""
    subject = next(
        (mention for mention in reversed(sentence.mentions[: cue.mention]) if mention.end <= cue.token), None
    )
    if subject is None or subject.kind == "w" or set(stream.tags[subject.end : cue.token]) - set("xrk"):
        return None
    return Clause(subject.start, subject.end, "passive")


def content_labelled(stream: Stream, sentence: Sentence, cue: Cue) -> Clause | None:
    """ "X: the bridge is safe", as headlines have it."""
    start, end = trimmed(stream.tags, cue.token + 1, sentence.end)
    return Clause(start, end, "label") if end - start >= 3 else None


def clauses_of(stream: Stream, sentence: Sentence, cue: Cue) -> list[Clause]:
    """The clauses that a cue of the sentence may report, the likeliest first; none where none can be told."""
    if cue.mention < 0 or cue.sense not in SENSES:
        return []
    mention = sentence.mentions[cue.mention]
    if cue.sense == "according":
        return known(content_according(stream, sentence, mention, cue))
    if cue.relation == "inverted":
        return known(content_before(stream, sentence, cue, mention))
    if cue.sense == "colon":
        return known(content_labelled(stream, sentence, cue))
    if cue.relation == "agent":
        return known(content_passive(stream, sentence, cue))
    before = None
    if cue.relation in ("subject", "far") and stream.lows[cue.token + 1] != "that":
        before = content_before(stream, sentence, cue, mention)
    return known(before, content_after(stream, sentence, cue))


def known(*clauses: Clause | None) -> list[Clause]:
    """Those that there are."""
    return [clause for clause in clauses if clause is not None]


def clause_of(stream: Stream, sentence: Sentence, cue: Cue) -> Clause | None:
    """The likeliest clause that a cue of the sentence reports, or None when it reports none that can be told."""
    found = clauses_of(stream, sentence, cue)
    return found[0] if found else None


def finite(stream: Stream, clause: Clause) -> bool:
    """Whether the clause seems to hold a finite verb of its own."""
    if not FINITE.isdisjoint(stream.tags[clause.start : clause.end]):
        return True
    return not verbs().keys().isdisjoint(stream.lows[clause.start : clause.end])
