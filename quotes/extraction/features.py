"""Stage 5a: what the chooser sees of a candidate, as named features.

No feature holds a name or any word with a capital: words that are tagged N show as N. So what is learned on
political news has no politicians in it.
"""

from quotes.extraction.candidates import NONE, SCARE, Candidate, Context, squeezed
from quotes.extraction.sentences import Cue, Mention
from quotes.extraction.stream import Stream
from quotes.extraction.vocabulary import verbs, words

TELLING = frozenset(("speech", "label", "noun", "according", "colon", "dash"))
LENGTHS = ((1, "1"), (2, "2"), (4, "4"), (8, "8"), (15, "15"))


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
        "scare",
        "shape",
        "stands_alone",
    )

    def __init__(self, context: Context) -> None:
        stream, token = context.grammar.stream, context.token
        region = stream.regions[context.region]
        inner = stream.text[region.inner_start : region.inner_end].strip()
        tokens = inner.split(None, 40)
        self.length = next((name for limit, name in LENGTHS if len(tokens) <= limit), "16")
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
        self.near = near_cues(context.sentence.cues, token)
        self.balance = balance_of(self.near, tags, token)
        # A sentence in marks that is a paragraph of its own is said by somebody, whoever it is.
        alone = self.only == "only" and self.ending in (".", "?", "!") and self.shape in "SM"
        self.stands_alone = alone and len(tokens) >= (6 if self.opens == "para" else 4)
        self.scare = self._scare(context, region.single, region.closed)

    def _scare(self, context: Context, single: bool, closed: bool) -> list[str]:
        """Features of the region alone, for the two candidates without a source."""
        sentence = context.sentence
        reporting = any(cue.sense == "speech" for cue in sentence.cues)
        any_cue = any(cue.sense in ("speech", "label", "think", "noun") for cue in sentence.cues)
        quotes = min(3, context.grammar.stream.tags.count("Q", sentence.start, sentence.end))
        shape = f"{self.length}{self.shape}{self.ending}"
        found = [
            "len=" + self.length, "shape=" + self.shape, "end=" + self.ending, "s=" + shape, "cap=" + self.capital + self.ending,
            "b=" + self.before, "bb=" + self.before2, "a=" + self.after, "ba=" + self.before + self.after, "bw=" + self.before_word,
            "aw=" + self.after_word, "bs=" + self.before + self.shape, "as=" + self.after + self.shape, "only=" + self.only + self.length,
            f"cue={reporting}{any_cue}", f"cue={reporting}{any_cue}{self.length}{self.shape}", f"quotes={quotes}", f"single={single}",
            f"opens={self.opens}{self.only}", f"bal={self.balance}", f"bal={self.balance}{self.shape}{self.length}", f"closed={closed}",
            f"bw2={two_words(context)}", "bsl=" + self.before_word + self.shape, f"cb={any_cue}{self.before}{self.shape}",
        ]  # fmt: skip
        if self.length in "12":
            again = min(3, context.grammar.stream.repeated[context.region])
            found += [f"rep={again}", f"rep={again}{self.length}{any_cue}"]
        if context.just_before is not None:
            gap = min(3, context.number - context.just_before.sentence)
            found.append(f"jb={context.just_before.candidate.place == SCARE}{gap}")
            found.append(f"jbp={context.just_before.candidate.place}{gap}{self.only}")
        else:
            found.append("first")
        return found


def two_words(context: Context) -> str:
    """The two words before the quotation, as features show them."""
    stream, token = context.grammar.stream, context.token
    if token - context.sentence.start < 2:
        return "^"
    return f"{word_at(stream, token - 2)} {word_at(stream, token - 1)}"


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
    letters = [token for token in tokens if token[:1].isalpha()]
    if not letters:
        return "#" if tokens and tokens[0].startswith(("#", "@")) else "0"
    if len(tokens) < 12 and all(token.isupper() for token in letters) and len(letters[0]) > 1:
        return "A"
    long = [token for token in letters if len(token) > 3] or letters
    big = sum(token[0].isupper() for token in long)
    if big == len(long) and letters[0][0].isupper():
        return "T" if len(letters) > 1 else "t"
    if big == 0 and not letters[0][0].isupper():
        return "l"
    return "S" if big <= 1 and letters[0][0].isupper() else "M"


def word_at(stream: Stream, token: int) -> str:
    """The word of a token for use in a feature: verbs by their base, names and other capitalised words as tags."""
    tag = stream.tags[token]
    if tag in "NT¶QnkP":
        return tag
    low = stream.lows[token]
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


def features(context: Context, view: QuoteView, candidate: Candidate) -> list[str]:
    """The features of one candidate for one region."""
    place = candidate.place
    if place in (NONE, SCARE):
        letter = "0" if place == NONE else "!"
        return [letter + name for name in view.scare]
    mention, cue = candidate.mention, candidate.cue
    assert mention is not None
    grammar = context.grammar
    stream = grammar.stream
    sentence = context.sentence if candidate.sentence == context.number else grammar.sentence(candidate.sentence)
    kind, before = mention_features(stream, mention, sentence.start)
    relation = cue.relation if cue else "bare"
    lemma = (cue.lemma or stream.tags[cue.token]) if cue else "-"
    sense = cue.sense if cue else "-"
    t = f"{place[:2]}/{relation[:4]}"
    found = [
        t, f"{t}|{sense}", f"{t}|{lemma}", f"{place[:2]}|{lemma}", f"{place[:2]}|{kind}", f"{t}|{kind}", f"{place[:2]}^{before}",
        f"{t}^{before}", f"{t}|e{view.ending}", f"{t}|{view.only}{view.opens}", f"{t}|c{view.capital}", f"{place[:2]}|r{candidate.rank}",
        f"{t}|r{candidate.rank}", f"{place[:2]}|l{view.length}", f"{place[:2]}|b{view.before}", f"{place[:2]}|a{view.after}",
    ]  # fmt: skip
    if place in ("before", "after"):
        found += local_features(context, view, candidate, t, kind, sense)
    else:
        found += distant_features(context, view, candidate, t, kind)
    found += history_features(context, candidate, t)
    return found


def local_features(context: Context, view: QuoteView, candidate: Candidate, t: str, kind: str, sense: str) -> list[str]:
    """Features of a mention in the quotation's own sentence."""
    mention, cue, token = candidate.mention, candidate.cue, context.token
    assert mention is not None
    stream = context.grammar.stream
    gap = between(stream, candidate, token)
    is_before = candidate.place == "before"
    near, near_speech = (view.near[0], view.near[1]) if is_before else (view.near[2], view.near[3])
    mine = cue is not None and near is not None and near.token == cue.token
    speech = (
        "no"
        if near_speech is None
        else "me"
        if cue is not None and near_speech.token == cue.token
        else near_speech.relation
    )
    relation = near.relation if near else "-"
    quotes = min(2, gap.count("Q"))
    left, right = (mention.end, token) if is_before else (token, mention.start)
    others = sum(left <= other.token < right and bool(other.sense) for other in context.sentence.cues)
    found = [
        f"{t}~{gap}", f"{t}~{gap}|{sense}", f"{t}|near{mine}", f"{t}|near{mine}{relation}", f"{t}|bw{view.before_word}",
        f"{t}|q{quotes}", f"{t}|o{min(others, 3)}", f"{t}|{kind}|near{mine}", f"{t}|ba{view.before}{view.after}",
        f"{t}|first{mention.start == context.sentence.mentions[0].start}", f"{t}|{sense}|{view.ending}{view.capital}",
        f"{t}|d{min(6, (right - left) // 3)}", f"{t}|sp{speech}", f"{t}|sp{speech}{mine}{sense}", f"{t}|bal{view.balance}",
        f"{t}|bal{view.balance}{mine}{speech == 'me'}",
    ]  # fmt: skip
    if near is not None and not mine:
        found.append(f"{t}|other{near.sense}{near.relation[:4]}")
    return found


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


def distant_features(context: Context, view: QuoteView, candidate: Candidate, t: str, kind: str) -> list[str]:
    """Features of a mention in another sentence."""
    sentences = min(4, abs(context.number - candidate.sentence))
    paragraphs = min(3, abs(context.sentence.paragraph - context.grammar.paragraph_of[candidate.sentence]))
    stream = context.grammar.stream
    other = context.grammar.sentence(candidate.sentence)
    closing = stream.tags[max(other.start, other.end - 2) : other.end]
    own_cue = any(cue.sense == "speech" and cue.relation != "chain" for cue in context.sentence.cues)
    has_mention = min(2, len(context.sentence.mentions))
    linked = stream.regions[context.region].continues >= 0
    return [
        f"{t}|s{sentences}p{paragraphs}", f"{t}|s{sentences}p{paragraphs}{view.only}", f"{t}|{view.only}{view.capital}{view.ending}",
        f"{t}|close{closing}", f"{t}|{view.only}{kind}", f"{t}|own{own_cue}m{has_mention}", f"{t}|linked{linked}",
        f"{t}|{view.only}{view.length}", f"{t}|own{own_cue}{view.before}{view.after}", f"{t}|q{'Q' in stream.tags[other.start:other.end]}",
    ]  # fmt: skip


def history_features(context: Context, candidate: Candidate, t: str) -> list[str]:
    """How a candidate relates to who spoke before."""
    found = []
    last = context.last
    mention = candidate.mention
    assert mention is not None
    if last is not None and last.candidate.mention is not None:
        known = last.candidate.mention
        stream = context.grammar.stream
        if known.head == mention.head:
            found.append(f"{t}|last{min(3, context.number - last.sentence)}")
        elif mention.kind == "N" and stream.lows[known.head] == stream.lows[mention.head]:
            found.append(f"{t}|same")
        elif mention.kind == "P":
            found.append(f"{t}|pron{known.kind}")
        else:
            found.append(f"{t}|else{min(3, context.number - last.sentence)}")
        if last is context.just_before:
            found.append(f"{t}|just{last.candidate.place[:2]}{min(2, context.number - last.sentence)}")
    return found
