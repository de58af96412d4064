"""Where a sentence turns to another speaker: "X felt ..., while Y was more blunt: ...", "X said ... and Y called that ..."."""

import re

from quotes.extraction.candidates import Candidate, Context
from quotes.extraction.sentences import Cue, Mention, Sentence
from quotes.extraction.stream import Stream

TURNING = frozenset(("while", "whereas", "although", "though", "but"))
GOVERNING = frozenset(("subject", "far"))
SAYING = frozenset(("speech", "label", "think"))
JOINED = re.compile(r"Q(?P<joint>,?c)[^vyxiQ;:¶]{1,20}$")  # "... "Q" and the owners' lawyer, Ed Pike," before a verb
SPEAKERS = frozenset("NhoP")


def own_end(stream: Stream, sentence: Sentence, cue: Cue, token: int, end: int) -> int:
    """Where what the source of `cue` says of the quotation at `token` ends: at the latest `end`, or before another speaks."""
    for other in sentence.cues:
        if other.mention < 0 or other.mention == cue.mention or not token < other.token < end:
            continue
        turn = turn_of_sentence(stream, sentence.mentions[other.mention], other, token + 1)
        if turn > token:
            return turn - (stream.tags[turn - 1] == ",")
    return end


def turn_of_sentence(stream: Stream, mention: Mention, cue: Cue, since: int) -> int:
    """The "and", "but" or "while" from `since` on by which the sentence turns to a mention and its cue; -1 when it does not."""
    before = mention.start - 1
    if mention.end > cue.token or before < since:
        return -1
    if mention.kind in SPEAKERS and turns_away(stream, before):
        return before
    if cue.relation not in GOVERNING or cue.sense not in SAYING:
        return -1
    if mention.kind in SPEAKERS and stream.tags[before] == "c":
        return before
    joined = JOINED.search(stream.tags, since - 1, cue.token)
    return joined.end("joint") - 1 if joined else -1


def turns_away(stream: Stream, token: int) -> bool:
    """Whether a token is the "while" or "but" behind a comma that sets a new subject against the one before."""
    return stream.tags[token - 1] == "," and stream.lows[token] in TURNING


def nearer_subject(context: Context, chosen: Candidate, options: list[Candidate]) -> Candidate:
    """The subject that the sentence turned to, where the one chosen stands before that ("..., while Y was blunter: "Q"")."""
    stream, token = context.grammar.stream, context.token
    if chosen.mention is None or chosen.place not in ("before", "running"):
        return chosen
    for option in options:
        mention, cue = option.mention, option.cue
        if option.place != "before" or mention is None or cue is None or not chosen.mention.end < cue.token < token:
            continue
        turned = (
            mention.kind in SPEAKERS and mention.start > chosen.mention.end and turns_away(stream, mention.start - 1)
        )
        if turned and (stream.tags[token - 1] == ":" or (cue.relation in GOVERNING and cue.sense in SAYING)):
            return option
        beside = cue.token + 1 == token and cue.sense == "speech" and cue.relation in GOVERNING
        if beside and mention.start > chosen.mention.end and JOINED.search(stream.tags, chosen.mention.end, cue.token):
            return option
    return chosen
