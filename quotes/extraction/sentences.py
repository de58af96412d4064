"""Stage 3: sentences of the stream, the mentions in them, and the cues with their subjects.

All of it by patterns over the tag letters (see stream.py); positions are token numbers.
"""

import re
from bisect import bisect_left
from typing import NamedTuple

from quotes.extraction.stream import Stream, title_words
from quotes.extraction.vocabulary import verbs


class Mention(NamedTuple):
    """A noun phrase that could be a source."""

    start: int
    end: int
    head: int
    kind: str  # P pronoun, w relative, N name, h person noun, o body, m document, u speech noun, a other


class Cue(NamedTuple):
    """A word that reports, and the mention that does it."""

    token: int
    lemma: str
    sense: str
    relation: str  # subject, inverted, chain, relative, according, owner, colon, dash, copula, unknown
    mention: int  # index into the sentence's mentions


class Sentence(NamedTuple):
    start: int
    end: int
    paragraph: int
    mentions: list[Mention]
    cues: list[Cue]


MENTION = re.compile(
    r"[Pw]"
    r"|s[aen]{0,3}+(?<=[sae n])[NThomu]++"
    r"|[dn]++(?:[aegnk]{0,4}?[NThomu]++|a{1,3}(?=[rx]{0,3}[vyx]))(?:[ae]{0,2}[hoNT]++)?"
    r"|(?:a(?=[ho]))?+[NThomu]++(?:a{1,2}[ho][NThomu]*+)?(?:c[NT]++(?=[vy]))?"
)
OF = re.compile(r"(?:f[dn]*+a{0,2}[NThomu]++(?:s[ae]{0,2}[NThomu]++)?)+")
GAP = (
    r"(?P<gap>(?:\([^()¶Q]{1,12}\)|,w[^,.;:?Q¶]{1,30},|,[^,.;:?Q¶vyPw]{1,18},|,[dn]?[^,.;:?Q¶vyPw]{1,10}$"
    r"|w[^,.;:?Q¶PN]{1,14}?(?=[rx]*[vy])|[rxkn]|[pf][dn]*+[aegNThomukn]{1,8}(?:s[aeNThomu]{1,4})?)*+)"
)
VERB_AFTER = re.compile(GAP + r"(?P<verb>[vyi])")
SIMPLE_VERB = re.compile(r"(?P<gap>[rxk]*+)(?P<verb>[vyige]|a)")
COPULA = re.compile(r"(?P<gap>r*+)(?P<verb>x)")
CHAIN = re.compile(r"(?:c|,c?|[zr]|tg?|x)[rx]*$")
ATTRIBUTION = re.compile(r"(?:[dn]*+[aeNThomu]{1,7}|P)r?[vy]|[vy]r?[dNTPhoa]|-?[NT]+[.¶]")
INVERTED_BEFORE = frozenset("Q,¶.?-")
END_OF_SENTENCE = re.compile(r"[.?¶]")


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
        if stop > start:
            bounds.append((start, stop))
            start = stop
    return bounds


def mention_at(tags: str, match: re.Match[str], previous: Mention | None) -> Mention:
    """The mention that a match of MENTION stands for, with its of-phrases and the owner before it."""
    start, end = match.span()
    first = tags[start]
    if first in "Pw":
        return Mention(start, end, start, first)
    head = end - 1
    kind = tags[head]
    if first == "s" and previous is not None and previous.end == start:
        start = previous.start
    elif first == "s":
        start += 1
    of = OF.match(tags, end)
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
        mention = mention_at(tags, match, previous)
        position = mention.end if mention.end > match.start() else match.end()
        found.append(mention)
        previous = mention
    return found


def own_verb(tags: str, mention: Mention) -> tuple[int, str] | None:
    """(token, how) of the verb that a mention governs, by the shortest reading that fits."""
    match = SIMPLE_VERB.match(tags, mention.end)
    if match and match["verb"] in "vyi":
        return match.start("verb"), "subject"
    longer = VERB_AFTER.match(tags, mention.end)
    if longer:
        return longer.start("verb"), "far"
    if match and match["verb"] in "eag" and mention.kind != "w":
        return match.start("verb"), "unknown"
    match = COPULA.match(tags, mention.end)
    return (match.start("verb"), "copula") if match else None


class Grammar:
    """Sentences, mentions and cues of one stream, worked out a sentence at a time when asked for."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.bounds = sentence_bounds(stream)
        self.starts = [start for start, _ in self.bounds]
        self.mentions = find_mentions(stream)
        self.mention_starts = [mention.start for mention in self.mentions]
        self.paragraph_of = self._paragraphs()
        self._cache: dict[int, Sentence] = {}

    def _paragraphs(self) -> list[int]:
        number, found = 0, []
        tags = self.stream.tags
        for _, end in self.bounds:
            found.append(number)
            number += tags[end - 1] == "¶"
        return found

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
            self._cache[number] = known
        return known


def verb_cue(stream: Stream, token: int, relation: str, mention: int) -> Cue:
    """The cue at a token."""
    verb = verbs().get(stream.lows[token])
    if verb is None:
        return Cue(token, "", "", relation, mention)
    return Cue(token, verb.lemma, verb.sense, relation, mention)


INVERTED = re.compile(r"[vy](?:r|k|pk|pn|)$")
ACCORDING = re.compile(r"Az$")
OWNED = re.compile(r"s[aen]{0,3}[uj]")


def find_cues(stream: Stream, start: int, end: int, mentions: list[Mention]) -> list[Cue]:
    """The cues of a sentence, each with the mention that governs it."""
    tags = stream.tags
    cues: list[Cue] = []
    governed: set[int] = set()
    for index, mention in enumerate(mentions):
        before = tags[max(start, mention.start - 4) : mention.start]
        special = special_cue(stream, start, mention, index, before)
        if special is not None:
            cues.append(special)
            governed.add(special.token)
            continue
        found = own_verb(tags, mention)
        if found and found[0] < end and found[0] not in governed:
            if found[1] == "far" and index + 1 < len(mentions) and tags[mentions[index + 1].start - 1] not in "pf":
                between = [other for other in mentions[index + 1 :] if other.end <= found[0]]
                if between and own_verb_is(tags, between[-1], found[0]):
                    pass
            cues.append(verb_cue(stream, found[0], "relative" if mention.kind == "w" else found[1], index))
            if found[1] == "subject":
                governed.add(found[0])
    subject = -1
    by_token = {
        cue.token: cue.mention for cue in cues if cue.relation in ("subject", "far", "copula", "unknown", "relative")
    }
    passed = iter([*enumerate(mentions), (-1, None)])
    latest = -1
    upcoming, nearest = next(passed)
    for token in range(start, end):
        while nearest is not None and nearest.start <= token:
            latest = upcoming
            upcoming, nearest = next(passed)
        if token in by_token:
            subject = by_token[token]
        elif tags[token] in "vygi" and token not in governed:
            if tags[token] in "yi" and tags[token - 1 : token] not in tuple("zxc,r") and token != start:
                continue
            controller = subject if subject >= 0 else latest
            cues.append(verb_cue(stream, token, "chain", controller))
    cues.sort()
    return cues


def own_verb_is(tags: str, mention: Mention, token: int) -> bool:
    found = own_verb(tags, mention)
    return found is not None and found[0] == token


def special_cue(stream: Stream, start: int, mention: Mention, index: int, before: str) -> Cue | None:
    """according to X; said X; X's remarks; X: at the start of a sentence; - X at its end."""
    tags = stream.tags
    if ACCORDING.search(before):
        return Cue(mention.start - 2, "according", "according", "according", index)
    inverted = INVERTED.search(before)
    if inverted and mention.kind != "w":
        token = mention.start - len(before) + inverted.start()
        ahead = tags[token - 1 : token] if token > start else "¶"
        simple = SIMPLE_VERB.match(tags, mention.end)
        if ahead in INVERTED_BEFORE and not (simple and simple["verb"] in "vy"):
            return verb_cue(stream, token, "inverted", index)
    owned = OWNED.match(tags, mention.end)
    if owned and mention.kind in "Nho":
        token = owned.end() - 1
        return Cue(token, stream.lows[token], "noun", "owner", index)
    if tags[mention.end : mention.end + 1] == ":" and mention.start - start <= 1:
        return Cue(mention.end, ":", "colon", "colon", index)
    if (
        before.endswith("-")
        and tags[max(start, mention.start - 2) : mention.start] in ("Q-", "-")
        and tags[mention.end] in ".¶,"
    ):
        return Cue(mention.start - 1, "-", "dash", "dash", index)
    return None


def is_title(word: str) -> bool:
    """Whether a lower-case word is a title or an office."""
    return word in title_words()
