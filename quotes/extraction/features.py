"""Stage 5a: what the chooser sees of a candidate, as named features.

No feature holds a name or any word with a capital: words that are tagged N show as N. So what is learned on
political news has no politicians in it.
"""

from bisect import bisect_left
from functools import lru_cache

from quotes.extraction import groups as names
from quotes.extraction.candidates import NONE, SCARE, Candidate, Context, Said, squeezed
from quotes.extraction.groups import Group, stem
from quotes.extraction.sentences import Cue, Mention, Sentence
from quotes.extraction.stream import Stream
from quotes.extraction.vocabulary import verbs, words

TELLING = frozenset(("speech", "label", "noun", "according", "colon", "dash"))
REPORTING = frozenset(("speech", "label", "think", "noun"))
LIMITS = (1, 2, 4, 8, 15)  # words of a quotation, as features show them
LENGTHS = ("1", "2", "4", "8", "15", "16")


class QuoteView:
    """The properties of one region that its candidates share."""

    __slots__ = (
        "after",
        "after_word",
        "balance",
        "before",
        "before2",
        "before_word",
        "capital",
        "ending",
        "length",
        "near",
        "only",
        "opens",
        "own_cue",
        "position",
        "region_groups",
        "shape",
        "stands_alone",
    )

    def __init__(self, context: Context) -> None:
        stream, token = context.grammar.stream, context.token
        region = stream.regions[context.region]
        inner = stream.text[region.inner_start : region.inner_end].strip()
        tokens = inner.split(None, 40)
        self.length = LENGTHS[bisect_left(LIMITS, len(tokens))]
        self.ending = ending_of(inner, region.closed)
        self.capital = capital_of(inner)
        self.shape = shape_of(tokens)
        tags, start, end = stream.tags, context.sentence.start, context.sentence.end
        self.before = tags[token - 1] if token > start else "^"
        self.before2 = tags[max(start, token - 2) : token] if token > start else "^"
        self.after = tags[token + 1] if token + 1 < end else "$"
        self.before_word = word_at(stream, token - 1) if token > start else "^"
        self.after_word = word_at(stream, token + 1) if token + 1 < end else "$"
        self.only = "only" if self.before == "^" and self.after in "$.¶" else "part"
        self.opens = "para" if token == 0 or tags[token - 1] == "¶" else "mid"
        self.position = self.only + self.opens
        self.near = near_cues(context.sentence.cues, token)
        self.balance = balance_of(self.near, tags, token)
        # A sentence in marks that is a paragraph of its own is said by somebody, whoever it is.
        alone = self.only == "only" and self.ending in (".", "?", "!") and self.shape in "SM"
        self.stands_alone = alone and len(tokens) >= (6 if self.opens == "para" else 4)
        self.region_groups = self._region_groups(context, region.single, region.closed)

    def _region_groups(self, context: Context, single: bool, closed: bool) -> list[Group]:
        """Features of the region alone, for the two candidates without a source; the values lack the candidate's letter."""
        sentence, stream = context.sentence, context.grammar.stream
        reporting = any_cue = self.own_cue = False
        for cue in sentence.cues:
            if cue.sense in REPORTING:
                any_cue = True
                if cue.sense == "speech":
                    reporting = True
                    self.own_cue = self.own_cue or cue.relation != "chain"
        quotes = min(3, stream.tags.count("Q", sentence.start, sentence.end))
        length, shape = self.length, self.shape
        found: list[Group] = [
            (names.region_names, length, shape, self.ending, self.capital, self.only),
            (names.region_around_names, self.before2, self.after, shape),
            (names.region_word_names, self.before_word, self.after_word, two_words(context, self.before_word), shape),
            (names.region_cue_names, reporting, any_cue, length, shape, self.before, quotes),
            (names.region_mark_names, single, closed, self.opens + self.only),
            (names.region_balance_names, self.balance, shape, length),
        ]
        if length in "12":
            again = min(3, stream.repeated(context.region))
            found.append((names.repeated_names, again, length, any_cue))
        just = context.just_before
        if just is None:
            found.append((names.just_before_names, "", False, 0, ""))
        else:
            place = just.candidate.place
            gap = min(3, context.number - just.sentence)
            found.append((names.just_before_names, place, place == SCARE, gap, self.only))
        return found


def two_words(context: Context, before_word: str) -> str:
    """The two words before the quotation, as features show them; the nearer one is known."""
    if context.token - context.sentence.start < 2:
        return "^"
    return f"{word_at(context.grammar.stream, context.token - 2)} {before_word}"


def ending_of(inner: str, closed: bool) -> str:
    """How the words end: a mark of punctuation, '-' for a dash, 'w' for a word, 'o' when the mark was left open."""
    last = inner[-1:]
    if last in ",.?!:;":
        return last
    if not closed:
        return "o"
    return "-" if last in "-—–…" else "w"


def capital_of(inner: str) -> str:
    """'U' when the first letter is a capital, 'l' when small, '0' when there is none."""
    for char in inner[:6]:
        if char.isalpha():
            return "U" if char.isupper() else "l"
    return "0"


def shape_of(tokens: list[str]) -> str:
    """'T' title case throughout, 'l' no capital, 'S' the first only, 'M' mixed, 'A' capitals only, '#' hashtag."""
    letters = [token for token in tokens if token[0].isalpha()]
    if not letters:
        return "#" if tokens and tokens[0].startswith(("#", "@")) else "0"
    first = letters[0][0].isupper()
    if len(tokens) < 12 and len(letters[0]) > 1 and all(map(str.isupper, letters)):
        return "A"
    long = [token for token in letters if len(token) > 3] or letters
    big = [token[0].isupper() for token in long].count(True)
    if big == len(long) and first:
        return "T" if len(letters) > 1 else "t"
    if big == 0 and not first:
        return "l"
    return "S" if big <= 1 and first else "M"


def word_at(stream: Stream, token: int) -> str:
    """The word of a token for use in a feature: verbs by their base, names and other capitalised words as tags."""
    tag = stream.tags[token]
    return tag if tag in "NT¶QnkP" else feature_word(stream.lows[token], tag)


@lru_cache(4096)
def feature_word(low: str, tag: str) -> str:
    """The same for a word that is no name, number, pronoun or date."""
    verb = verbs().get(low)
    if verb is not None and tag in "vyige":
        return tag + ":" + verb.lemma
    if tag in "homu" or low in words("nouns", "work"):
        return ("W" if low in words("nouns", "work") else tag) + ("" if low not in words("nouns", "naming") else "!")
    return low


def mention_features(stream: Stream, mention: Mention, start: int) -> tuple[str, str]:
    """(kind, what stands before) of a mention."""
    kind = mention.kind
    if kind == "P":
        low = stream.lows[mention.head]
        kind = low if low in ("i", "we", "it", "you", "they") else "P"
    elif kind == "N" and mention.end - mention.start > 1:
        kind = "NN"
    elif kind in "ho":
        plural = stream.lows[mention.head].endswith("s")
        kind += "s" if plural else ""
        kind += "d" if stream.tags[mention.start] == "d" else ""
    before = stream.tags[mention.start - 1] if mention.start > start else "^"
    return kind, before


def between(stream: Stream, candidate: Candidate, token: int) -> str:
    """The tags between a candidate (or its cue) and the quotation."""
    mention, cue = candidate.mention, candidate.cue
    assert mention is not None
    if candidate.place == "before":
        left = mention.end
        if cue is not None and mention.end <= cue.token < token:
            left = cue.token + 1
        return squeezed(stream.tags[left:token])
    right = mention.start
    if cue is not None and token < cue.token < right:
        right = cue.token
    return squeezed(stream.tags[token + 1 : right])


def features(context: Context, view: QuoteView, candidate: Candidate) -> list[Group]:
    """The features of one candidate for one region."""
    place = candidate.place
    if place in (NONE, SCARE):
        letter = "0" if place == NONE else "!"
        return [(group[0], letter, *group[1:]) for group in view.region_groups]
    mention, cue = candidate.mention, candidate.cue
    assert mention is not None
    grammar = context.grammar
    stream = grammar.stream
    sentence = context.sentence if candidate.sentence == context.number else grammar.sentence(candidate.sentence)
    kind, before = mention_features(stream, mention, sentence.start)
    if cue is None:
        t, sense, lemma = stem(place, "bare"), "-", "-"
    else:
        t, sense, lemma = stem(place, cue.relation), cue.sense, cue.lemma or stream.tags[cue.token]
    found: list[Group] = [
        (names.cue_names, t, sense, lemma, candidate.rank),
        (names.mention_names, t, kind, before),
    ]
    if place in ("before", "after"):
        found += local_features(context, view, candidate, t, kind, sense)
    else:
        found += distant_features(context, view, sentence, candidate, t, kind)
    if context.last is not None and context.last.candidate.mention is not None:
        found.append((names.history_names, t, *history(context, context.last, mention)))
    return found


def local_features(
    context: Context, view: QuoteView, candidate: Candidate, t: str, kind: str, sense: str
) -> list[Group]:
    """Features of a mention in the quotation's own sentence."""
    mention, cue, token = candidate.mention, candidate.cue, context.token
    assert mention is not None
    is_before = candidate.place == "before"
    near, near_speech = (view.near[0], view.near[1]) if is_before else (view.near[2], view.near[3])
    mine = cue is not None and near is not None and near.token == cue.token
    if near_speech is None:
        speech = "no"
    else:
        speech = "me" if cue is not None and near_speech.token == cue.token else near_speech.relation
    near_sense, relation = (near.sense, near.relation) if near else ("-", "-")
    left, right = (mention.end, token) if is_before else (token, mention.start)
    others = 0
    for other in context.sentence.cues:
        if left <= other.token < right and other.sense:
            others += 1
    opens = mention.start == context.sentence.mentions[0].start
    return [
        (names.gap_names, t, between(context.grammar.stream, candidate, token), sense),
        (names.near_names, t, kind, mine, near_sense, relation),
        (names.speech_names, t, sense, mine, speech, view.balance),
        (names.local_around_names, t, view.before, view.after, view.before_word),
        (names.order_names, t, min(others, 3), opens, min(6, (right - left) // 3)),
        (names.local_words_names, t, sense, view.ending, view.position, view.capital, view.length),
    ]


def near_cues(cues: list[Cue], token: int) -> tuple[Cue | None, Cue | None, Cue | None, Cue | None]:
    """The nearest cue before a token, the nearest of speech before it, and the same after it."""
    before = speech_before = after = speech_after = None
    for cue in cues:
        telling = cue.sense in TELLING
        if cue.token < token:
            before = cue
            speech_before = cue if telling else speech_before
        else:
            after = after or cue
            if telling:
                speech_after = cue
                break
    return before, speech_before, after, speech_after


def balance_of(near: tuple[Cue | None, ...], tags: str, token: int) -> str:
    """On which sides of a quotation cues of speech stand, and how near."""
    before, after = near[1], near[3]
    left = "-" if before is None else "near" if token - before.token <= 3 else "far"
    right = "-"
    if after is not None:
        stretch = tags[token + 1 : after.token]
        right = "far" if len(stretch) > 9 or set(stretch) & set(",v.Q-") - {","} or stretch.count(",") > 1 else "near"
    return f"{left}/{right}"


def distant_features(
    context: Context, view: QuoteView, other: Sentence, candidate: Candidate, t: str, kind: str
) -> list[Group]:
    """Features of a mention in another sentence."""
    own = context.sentence
    stream = context.grammar.stream
    sentences = min(4, abs(context.number - candidate.sentence))
    paragraphs = min(3, abs(own.paragraph - other.paragraph))
    closing = stream.tags[max(other.start, other.end - 2) : other.end]
    linked = stream.regions[context.region].continues >= 0
    quoted = stream.tags.find("Q", other.start, other.end) >= 0
    return [
        (names.apart_names, t, kind, sentences, paragraphs, view.only),
        (names.distant_words_names, t, view.only, view.position, view.capital, view.ending, view.length),
        (names.other_names, t, closing, linked, quoted),
        (names.distant_around_names, t, view.own_cue, min(2, len(own.mentions)), view.before, view.after),
    ]


def history(context: Context, last: Said, mention: Mention) -> tuple[str, str]:
    """How a mention relates to who spoke last, and where that one stood when it was in the region just before."""
    known = last.candidate.mention
    assert known is not None
    lows = context.grammar.stream.lows
    back = context.number - last.sentence
    if known.head == mention.head:
        relation = f"last{min(3, back)}"
    elif mention.kind == "N" and lows[known.head] == lows[mention.head]:
        relation = "same"
    elif mention.kind == "P":
        relation = f"pron{known.kind}"
    else:
        relation = f"else{min(3, back)}"
    just = f"just{last.candidate.place[:2]}{min(2, back)}" if last is context.just_before else ""
    return relation, just
