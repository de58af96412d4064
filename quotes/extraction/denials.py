"""What looks like words said and is none: "never said "sorry"", signs reading "Q", a saw called "Q", "declined to comment"."""

from quotes.extraction.clauses import Clause
from quotes.extraction.sentences import BE, Cue
from quotes.extraction.stream import Stream
from quotes.extraction.vocabulary import verbs

DENIALS = frozenset(("never", "not", "didn't", "didn’t", "doesn't", "doesn’t", "won't", "won’t"))
SHUNNING = frozenset(("refuse", "refused", "refuses", "decline", "declined", "declines"))
SHOWING = frozenset(("reading", "saying", "bearing"))
SIGNS = frozenset(("sign", "signs", "banner", "banners", "placard", "placards", "poster", "posters", "shirt", "shirts"))
NAMELESS = frozenset(("named", "identified", "quoted"))
FEW_WORDS = 2  # in marks: more than these are somebody's words, even where it is denied that they were said

NAMING = frozenset(("call", "dub", "name", "nickname", "title", "term", "brand", "christen", "label", "know", "refer"))
NAME_WORDS = 6  # in marks, behind a verb of naming
LINKS = frozenset(("as", "a", "an", "the", "to"))  # between verb and name: "referred to as a "cold deck""

SILENT = 0.3  # the most that the confidence of "declined to comment" can be


def unspoken(stream: Stream, region: int, cue: Cue | None) -> bool:
    """Whether few words in marks were not said by the source of their cue, as the text itself has it, or stand on a sign."""
    token = stream.token_of[region]
    if token > 1 and stream.lows[token - 1] in SHOWING and stream.lows[token - 2] in SIGNS:
        return True
    if cue is None or cue.token + 1 != token or cue.token < 2 or cue.sense != "speech":
        return False
    span = stream.regions[region]
    if len(stream.text[span.inner_start : span.inner_end].split(None, FEW_WORDS)) > FEW_WORDS:
        return False
    before = stream.lows[cue.token - 1]
    return before in DENIALS or (before == "to" and stream.lows[cue.token - 2] in SHUNNING)


def merely_named(stream: Stream, region: int) -> bool:
    """Whether few words in marks are what something is called, by nobody that is told: "a saw called "Q"", "is known as "Q""."""
    span, token = stream.regions[region], stream.token_of[region]
    if len(stream.text[span.inner_start : span.inner_end].split(None, NAME_WORDS)) > NAME_WORDS:
        return False
    verb = token - 1
    while verb > 0 and stream.lows[verb] in LINKS:
        verb -= 1
    known = verbs().get(stream.lows[verb])
    if (
        known is None
        or known.lemma not in NAMING
        or known.form not in ("past", "participle")
        or stream.lows[token + 1] == "by"
    ):
        return False
    before = verb - 1
    while before > 0 and stream.tags[before] == "r":
        before -= 1
    return stream.tags[before] in "amu" or stream.lows[before] in BE


def nameless(stream: Stream, clause: Clause) -> bool:
    """Whether a clause tells only that the source would not speak by name ("asked not to be named")."""
    words = stream.lows[clause.start : clause.end]
    return words[:3] == ["not", "to", "be"] and len(words) > 3 and words[3] in NAMELESS


def silent(stream: Stream, cue: Cue, clause: Clause) -> bool:
    """Whether a clause tells only that the source would say nothing ("declined to comment")."""
    return stream.lows[cue.token] in SHUNNING and stream.lows[clause.start : clause.start + 2] == ["to", "comment"]
