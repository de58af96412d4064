"""Stage 3: sentences of the stream, the mentions in them, and the cues with their subjects.

All of it by patterns over the tag letters (see stream.py); positions are token numbers. What is made here is read far
more often than made, and attributes of slots are read faster than those of tuples.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from operator import attrgetter

from quotes.extraction.stream import Stream
from quotes.extraction.vocabulary import verbs, words


@dataclass(slots=True)
class Mention:
    """A noun phrase that could be a source."""

    start: int
    end: int
    head: int
    kind: str  # P pronoun, w relative, N name, h person noun, o body, m document, u speech noun, a other


@dataclass(slots=True)
class Cue:
    """A word that reports, and the mention that does it."""

    token: int
    lemma: str
    sense: str
    relation: str  # subject, inverted, chain, relative, according, owner, colon, dash, copula, unknown
    mention: int  # index into the sentence's mentions


@dataclass(slots=True)
class Sentence:
    """Tokens start..end of the stream, the number of their paragraph, and what stands there."""

    start: int
    end: int
    paragraph: int
    mentions: list[Mention]
    cues: list[Cue]


# Runs of determiners and figures are tried from where they begin only: from further on the same stands behind them, and
# of a table of figures each would look through all that follow.
MENTION = re.compile(
    r"[Pw]|t(?=[vy])|(?<=[Q,.¶?])a(?=[vy])|(?<![NT])NcN{1,3}+(?=[vy])"
    r"|s[aen]{0,3}+(?<=[sae n])[NThomu]++"
    r"|(?:(?<![dn])|(?<=n)(?=d))(?!nd)[dn]++(?:[aegnk]{0,4}?[NThomu]++|a{1,3}(?=[rx]{0,3}[vyx]))(?:[ae]{0,2}[hoNT]++|(?<=N)a(?=[vy.,¶]))?"
    r"|(?:(?<!d)d++|(?<![dn]))n++(?=f[dn]*+[aeNThomu]{1,5}[rx]{0,2}[vyi])"
    r"|(?:a(?=[ho]))?+[NThomu]++(?:a{1,2}[ho][NThomu]*+)?"
    r"|(?<=Q[vy])[dn]++a{1,2}(?=[.,¶])|(?<=Az)[dn]++[aeg]{1,4}|(?<![dn])[dn]++(?=[rx]{0,2}[vy])"
)
OF = re.compile(r"(?:f[dn]*+[aek]{0,2}[NThomu]++(?:s[ae]{0,2}[NThomu]++|[aek]{1,2}[hou][NThomu]*+)?)+")
GAP = (
    r"(?P<gap>(?:\([^()¶Q]{1,12}\)|,w[^,.;:?Q¶]{1,30},|,[^,.;:?Q¶vyPw]{1,18},|,[dn]?[^,.;:?Q¶vyPw]{1,10}$"
    r"|,[ve][^,.;:?Q¶vyPw]{1,14},(?=[rx]{0,3}[vyi])|w[^,.;:?Q¶PN]{1,14}?(?=[rx]*[vy])|[rxkn]|[pf][dn]*+[aegNThomukn]{1,8}(?:s[aeNThomu]{1,4})?)*+)"
)
VERB_AFTER = re.compile(GAP + r"(?P<verb>[vyi])")
SIMPLE_VERB = re.compile(r"(?P<gap>[rxk]*+)(?P<verb>[vyige]|a)")
REPORTING = frozenset("A:")
BEFORE_VERB = frozenset("vyigearxk(,wnpf")  # the first tag of whatever the patterns for a governed verb match
COPULA = re.compile(r"(?P<gap>r*+)(?P<verb>x)")
ATTITUDE = re.compile(r"(?=r{0,3}x)[rx]{1,6}+[aev]")  # "is still confident"
ATTRIBUTION = re.compile(r"(?:[dn]*+[aeNThomu]{1,7}|P)r?[vy]|[vy]r?[dNTPhoa]|-?[NT]+[.¶]")
INVERTED_BEFORE = frozenset("Q,¶.?-")
REMEMBERED = 1000  # sentences kept worked out; more only burden the memory of very long texts
LONGEST = 400  # tokens that one sentence may have
END_OF_SENTENCE = re.compile(r"[.?](?!\))|¶")
CLAUSE_PREPOSITIONS = frozenset(("after", "before", "since", "until", "like"))


def sentence_bounds(stream: Stream) -> list[tuple[int, int]]:
    """(start, end) of each sentence. A quotation that ends a sentence ends ours, unless an attribution follows."""
    tags, text = stream.tags, stream.text
    stops = {match.end() for match in END_OF_SENTENCE.finditer(tags)}
    for region, token in enumerate(stream.token_of):
        after = token + 1
        last = text[stream.regions[region].inner_end - 1 : stream.regions[region].inner_end]
        if last not in (".", "!", "?") or tags[after : after + 1] in ("", ".", "?", "¶", "-"):
            continue
        capital = tags[after] == "Q" or text[stream.starts[after] : stream.starts[after] + 1].isupper()
        if capital and (last == "." or not ATTRIBUTION.match(tags, after)):
            stops.add(after)
    bounds = []
    start = 0
    for stop in sorted(stops):
        while stop - start > LONGEST:  # so that whatever looks through a sentence takes linear time
            bounds.append((start, start + LONGEST))
            start += LONGEST
        if stop > start:
            bounds.append((start, stop))
            start = stop
    return bounds


def mention_at(tags: str, start: int, end: int, previous: Mention | None) -> Mention:
    """The mention that a match of MENTION at start..end stands for, with its of-phrases and the owner before it."""
    first = tags[start]
    if first in "Pwt":
        return Mention(start, end, start, "w" if first == "t" else first)
    head = end - 1
    kind = tags[head]
    of = OF.match(tags, end) if tags[end : end + 1] == "f" else None
    if kind in "dn":  # "some say", "54 percent of voters say"
        return Mention(start, of.end() if of else end, head, "h")
    if first == "s":
        start = previous.start if previous is not None and previous.end == start else start + 1
    if of:
        end = of.end()
        if kind == "T" and tags[end - 1] == "N":
            head, kind = end - 1, "N"
    if kind == "T":
        kind = "h"
    return Mention(start, end, head, kind if kind in "Nhomu" else "a")


def find_mentions(stream: Stream) -> list[Mention]:
    """All mentions of the stream in order."""
    tags = stream.tags
    found: list[Mention] = []
    previous: Mention | None = None
    position = 0
    while match := MENTION.search(tags, position):
        start, end = match.span()
        if end - start == 1 and no_source(tags[start], stream.lows[start]):
            position = end
            continue
        mention = mention_at(tags, start, end, previous)
        if mention.kind == "N" and mention.head < end < mention.end and speaks_of(stream, mention, end):
            mention.end = end
        elif mention.kind == "u" and stream.lows[start - 1 : end] == WORDED and tags[mention.end - 1] == "N":
            mention = Mention(mention.end - len(tags[end + 1 : mention.end]), mention.end, mention.end - 1, "N")
        position = mention.end if mention.end > start else end
        found.append(mention)
        previous = mention
    return found


def no_source(tag: str, low: str) -> bool:
    """Whether a word alone, by its tag and lower-case form, can be nobody: a determiner, a subordinator but for "that", a noun in the singular."""
    return (tag == "d" and low in LEANING) or (tag == "t" and low != "that") or (tag == "a" and not low.endswith("s"))


def speaks_of(stream: Stream, mention: Mention, of: int) -> bool:
    """Whether the of-phrase behind a name is no part of it but what is spoken of ("said Bell of his boss")."""
    if stream.lows[of + 1] in POSSESSIVES:
        return True
    inverted = stream.tags[mention.start - 1] in "vy" and mention.start > 1
    return inverted and "N" not in stream.tags[of : mention.end]


def own_verb(tags: str, mention: Mention) -> tuple[int, str] | None:
    """(token, how) of the verb that a mention governs, by the shortest reading that fits."""
    if tags[mention.end : mention.end + 1] not in BEFORE_VERB:
        return None
    match = SIMPLE_VERB.match(tags, mention.end)
    if match and (match["verb"] in "vyi" or (match["verb"] == "g" and "x" in match["gap"])):
        return match.start("verb"), "subject"
    longer = VERB_AFTER.match(tags, mention.end)
    if longer:
        return longer.start("verb"), "far"
    if match and match["verb"] in "eag" and mention.kind != "w":
        return match.start("verb"), "unknown"
    match = COPULA.match(tags, mention.end)
    return (match.start("verb"), "copula") if match else None


@cache
def reporting_words() -> frozenset[str]:
    """Every word that can be a cue: verbs, and the adjectives of feelings that take a clause."""
    return words("function_words", "attitude").union(verbs())


class Grammar:
    """Sentences, mentions and cues of one stream, worked out a sentence at a time when asked for."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.bounds = sentence_bounds(stream)
        self.starts = [start for start, _ in self.bounds]
        self.mentions = find_mentions(stream)
        self.mention_starts = [mention.start for mention in self.mentions]
        self.paragraph_of = self._paragraphs()
        self.reporting = self._reporting()
        self._cache: dict[int, Sentence] = {}

    def _paragraphs(self) -> list[int]:
        number, found = 0, []
        tags = self.stream.tags
        for _, end in self.bounds:
            found.append(number)
            number += tags[end - 1] == "¶"
        return found

    def _reporting(self) -> list[int]:
        """Numbers of the sentences that hold a word of the lists, "according" or a colon: no others report anything."""
        tags, lows = self.stream.tags, self.stream.lows
        known = reporting_words()
        return [
            number
            for number, (start, end) in enumerate(self.bounds)
            if not known.isdisjoint(lows[start:end]) or not REPORTING.isdisjoint(tags[start:end])
        ]

    def at(self, token: int) -> int:
        """Number of the sentence that holds a token."""
        return max(0, bisect_left(self.starts, token + 1) - 1)

    def sentence(self, number: int) -> Sentence:
        """The sentence with its mentions and cues."""
        known = self._cache.get(number)
        if known is None:
            start, end = self.bounds[number]
            low = bisect_left(self.mention_starts, start)
            high = bisect_left(self.mention_starts, end)
            mentions = self.mentions[low:high]
            known = Sentence(
                start, end, self.paragraph_of[number], mentions, find_cues(self.stream, start, end, mentions)
            )
            if len(self._cache) >= REMEMBERED:
                self._cache.clear()
            self._cache[number] = known
        return known


def verb_cue(stream: Stream, token: int, relation: str, mention: int) -> Cue:
    """The cue at a token."""
    verb = verbs().get(stream.lows[token])
    if verb is None:
        return Cue(token, "", "", relation, mention)
    return Cue(token, verb.lemma, verb.sense, relation, mention)


DOER_REACH = 6  # mentions looked through for who says something by a verb without a subject of its own
INVERTED_END = frozenset("vyrkn")  # the last tag of whatever INVERTED matches
INVERTED = re.compile(r"[vy](?:r|k|pk|pn|)$")
CUE_ORDER = attrgetter("token", "lemma", "sense", "relation", "mention")
SUBJECT_RELATIONS = frozenset(("subject", "far", "copula", "unknown", "relative", "hearer", "agent"))
TOLD = frozenset(("tell", "inform", "ask", "warn", "remind", "assure", "notify", "advise", "order", "instruct"))
WORDED = ["in", "the", "words"]  # before "of Ann Bell": she is meant, not her words
LEANING = frozenset(
    ("the", "a", "an", "every", "no", "its", "my", "our", "your", "their", "his")
)  # no source without a noun
POSSESSIVES = frozenset(("his", "her", "their", "its", "my", "our", "your"))
BE = frozenset(("am", "is", "are", "was", "were", "be", "been", "being"))
VERBAL = re.compile(r"[vygi]")
HANDING = {"quote": "as", "cite": "as", "accuse": "of"}  # verb -> the word before "saying" in "X quoted Y as saying"
PLAIN_SPEECH = frozenset(
    ("say", "claim", "tell", "write")
)  # what somebody may be accused of without being reproached with more
OWNED = re.compile(r"s[aen]{0,3}[uj]")


def find_cues(stream: Stream, start: int, end: int, mentions: list[Mention]) -> list[Cue]:
    """The cues of a sentence, each with the mention that governs it."""
    cues: list[Cue] = []
    claimed: set[int] = set()
    for index, mention in enumerate(mentions):
        cue = special_cue(stream, start, mention, index) or verbal_cue(stream, start, end, mentions, index, claimed)
        if cue is not None:
            cues.append(cue)
            if cue.relation not in ("far", "loose"):
                claimed.add(cue.token)
    found = [handed(stream, mentions, cue) for cue in cues if cue.lemma in HANDING]
    cues += [verb_cue(stream, token, "subject", index) for index, token in filter(None, found)]
    cues += chained_cues(stream, start, end, mentions, cues)
    if len(cues) > 1:
        cues.sort(key=CUE_ORDER)
    return cues


def verbal_cue(
    stream: Stream, start: int, end: int, mentions: list[Mention], index: int, claimed: set[int]
) -> Cue | None:
    """The verb that a mention governs; where a preposition governs the mention, the verb goes to the one before that."""
    mention = mentions[index]
    found = own_verb(stream.tags, mention)
    if found is None or found[0] >= end or found[0] in claimed:
        return None
    token, how = found
    if how in ("copula", "unknown"):
        feeling = ATTITUDE.match(stream.tags, mention.end)
        if feeling and stream.lows[feeling.end() - 1] in words("function_words", "attitude"):
            return Cue(feeling.end() - 1, stream.lows[feeling.end() - 1], "think", "subject", index)
    if stream.lows[token + 1] == "by" and index + 1 < len(mentions) and mentions[index + 1].start == token + 2:
        return verb_cue(stream, token, "agent", index + 1)
    if heard(stream, token):
        return verb_cue(stream, token, "hearer", index)
    if mention.kind == "w":
        return verb_cue(stream, token, "relative", index)
    if is_governed(stream, start, mentions, index):
        if how == "unknown" and stream.tags[token] == "g":
            return verb_cue(stream, token, "subject", index)
        if how in ("unknown", "copula"):
            return verb_cue(stream, token, "loose", index)
        free = free_subject(stream, start, mentions, index)
        return verb_cue(stream, token, how if free == index else "far", free)
    return verb_cue(stream, token, how, index)


def heard(stream: Stream, token: int) -> bool:
    """Whether a verb is passive: what stands before it is who was told, or of whom something is thought ("is expected to")."""
    if stream.tags[token] != "v":
        return False
    low = stream.lows[token]
    verb = verbs().get(low)
    if verb is None or not (
        verb.lemma in TOLD or (verb.sense == "think" and low not in words("function_words", "attitude"))
    ):
        return False
    before = token - 1 - (stream.tags[token - 1] == "r")
    return stream.lows[before] in BE


def is_governed(stream: Stream, start: int, mentions: list[Mention], index: int) -> bool:
    """Whether a preposition governs a mention, or a list that it goes on."""
    tags = stream.tags
    while index >= 0:
        mention = mentions[index]
        before = tags[mention.start - 1] if mention.start > start else "^"
        if before in "pf":
            return stream.lows[mention.start - 1] not in CLAUSE_PREPOSITIONS
        listed = before == "c" or (before == "," and tags[mention.end : mention.end + 1] in (",", "c"))
        if not listed or index == 0 or mentions[index - 1].end < mention.start - 2:
            return False
        index -= 1
    return False


def free_subject(stream: Stream, start: int, mentions: list[Mention], index: int) -> int:
    """The nearest mention before `index` that no preposition governs, where no clause lies between; else `index`."""
    mention = mentions[index]
    for other in range(index - 1, max(-1, index - 6), -1):
        if mentions[other].kind in "PNhom" and not is_governed(stream, start, mentions, other):
            between = set(stream.tags[mentions[other].end : mention.start])
            return index if between & set("vQt") else other
    return index


def doer(stream: Stream, start: int, mentions: list[Mention], index: int) -> int:
    """The nearest person or body before `index` that no preposition governs: who goes on to say something; else `index`."""
    for other in range(index - 1, max(-1, index - 1 - DOER_REACH), -1):
        if mentions[other].kind in "PNho" and not is_governed(stream, start, mentions, other):
            return other
    return index


def handed(stream: Stream, mentions: list[Mention], cue: Cue) -> tuple[int, int] | None:
    """Whom a cue quotes, by index, and the token of that one's verb ("X quoted Y as saying", "X accused Y of saying")."""
    link = HANDING.get(cue.lemma)
    if link is None:
        return None
    for index, mention in enumerate(mentions):
        if mention.start == cue.token + 1 and stream.lows[mention.end] == link:
            verb = verbs().get(stream.lows[mention.end + 1])
            if verb is not None and verb.form == "gerund" and (link == "as" or verb.lemma in PLAIN_SPEECH):
                return (index, mention.end + 1) if verb.sense == "speech" else None
    return None


def chained_cues(stream: Stream, start: int, end: int, mentions: list[Mention], known: list[Cue]) -> list[Cue]:
    """Reporting verbs without a subject of their own (", adding", "and called it"): they go to the subject before."""
    tags = stream.tags
    taken = {cue.token for cue in known}
    free = [match.start() for match in VERBAL.finditer(tags, start, end) if match.start() not in taken]
    if not free:
        return []
    subjects = {cue.token: cue.mention for cue in known if cue.relation in SUBJECT_RELATIONS}
    found = []
    subject = latest = -1
    upcoming = 0
    for token in sorted([*subjects, *free]):
        while upcoming < len(mentions) and mentions[upcoming].start <= token:
            latest = upcoming
            upcoming += 1
        if token in subjects:
            subject = subjects[token]
        elif tags[token] == "g" and tags[token - 1] in "ds":  # "a rating of", "told the hearing:"
            continue
        elif tags[token] not in "yi" or token == start or tags[token - 1] in "zxc,r":
            if subject < 0 and latest >= 0 and is_governed(stream, start, mentions, latest):
                found.append(verb_cue(stream, token, "chain", doer(stream, start, mentions, latest)))
            else:
                found.append(verb_cue(stream, token, "chain", subject if subject >= 0 else latest))
    return found


def special_cue(stream: Stream, start: int, mention: Mention, index: int) -> Cue | None:
    """according to X; said X; X's remarks; X: at the start of a sentence; - X at its end."""
    tags = stream.tags
    first, end = mention.start, mention.end
    before = tags[max(start, first - 4) : first]
    if before:
        if before.endswith("Az") and not (tags[end] == "s" and tags[end + 1] in "aNThom"):  # an owner is not the source
            return Cue(first - 2, "according", "according", "according", index)
        inverted = INVERTED.search(before) if mention.kind != "w" and before[-1] in INVERTED_END else None
        if inverted:
            token = first - len(before) + inverted.start()
            ahead = tags[token - 1 : token] if token > start else "¶"
            if ahead in INVERTED_BEFORE:
                simple = SIMPLE_VERB.match(tags, end)
                if not (simple and simple["verb"] in "vy"):
                    return verb_cue(stream, token, "inverted", index)
    after = tags[end : end + 1]
    if after == "s" and mention.kind in "Nho":
        owned = OWNED.match(tags, end)
        if owned:
            token = owned.end() - 1
            return Cue(token, stream.lows[token], "noun", "owner", index)
    if after == ":" and first - start <= 1:
        return Cue(end, ":", "colon", "colon", index)
    if (before == "-" or before.endswith("Q-")) and tags[end] in ".¶,":
        return Cue(first - 1, "-", "dash", "dash", index)
    return None
