"""Stage 2: the words around the quotations as a stream of tokens, one tag letter each.

A quoted region is one token, `Q`; what stands inside it is nobody's grammar. The tags are kept as one string, as
long as the stream, so that the later stages can match patterns over them at the speed of `re`.

    N capitalised word   T title before a name   h person noun   o body noun   m document noun   u noun of speech
    P pronoun that can be a subject   w who/which   d determiner   n number   a any other word   e word in -ed
    v past form of a reporting verb   y its present form   i its base form   g its -ing form
    x auxiliary   r adverb   t subordinator   c conjunction   p preposition   f of   z to   A according
    k day, month   s possessive   Q quotation   ¶ end of paragraph   , ; : - ( ) . ? as printed
"""

import re
from collections import Counter
from functools import cache
from itertools import accumulate, islice
from unicodedata import normalize

from quotes.extraction.marks import Region, paragraphs
from quotes.extraction.vocabulary import verbs, words

ABBREVIATION = (
    r"(?:Mr|Mrs|Ms|Dr|Sens?|Reps?|Govs?|Gen|Lt|Col|Sgt|Rev|Prof|Jr|Sr|St|Capt|Maj|Adm|Cmdr|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|No|vs"
    r"|Inc|Corp|Ltd|Co|Fla|Calif|Ariz|Pa|Va|Ky|Mich|Wis|Ill|Tex|Tenn|Conn|Mass|Minn|Del|Ga|Ala|Ark|Colo|Del)\."
)
ACCENTS = "\u0300-\u036f"  # marks that stand behind their letter where a text is decomposed (NFD)
ACCENT = re.compile(f"[{ACCENTS}]")
# One group, so that `split` gives the tokens with what stands between them. The first three alternatives are there for
# speed alone, and each begins with a character or a class: `re` passes over an alternative at once where that does not fit.
TOKEN = re.compile(
    rf"([a-z]++(?![\w{ACCENTS}'’&@/‑-]|\.[^\W\d_])"
    r"|[,:;?!()“”]"
    r"|@\w{2,}"
    rf"|[A-Z][a-z]++(?![\w{ACCENTS}'’&@/.‑-])"
    r"|[A-Z]-(?:[A-Za-z]\.){2,}|[A-Za-z]\.(?:[A-Za-z]\.)+"
    rf"|[A-Z]-{ABBREVIATION}|(?=[A-Zv]){ABBREVIATION}"
    r"|[A-Z]\.(?=\s?[A-Z])"
    rf"|\w[\w{ACCENTS}]*(?:[-‑](?=\w)[\w{ACCENTS}]+|['’](?!(?:[sSdm]|ll|ve|re)\b)[\w{ACCENTS}]+"
    rf"|[&@./](?=[^\W\d_])[\w{ACCENTS}]+|(?<=\d)[.,]\d+)*"
    r"|['’](?:[sSdm]|t(?=\s[A-Z])|ll|ve|re)\b|(?<=\w)‘s\b|\.\.+|--+|[^\w\s])"
)
PUNCTUATION = {
    ",": ",", ";": ";", ":": ":", ".": ".", "!": "?", "?": "?", "(": "(", ")": ")", "[": "(", "]": ")",
    "—": "-", "–": "-", "-": "-", "―": "-", "…": "-", "’": "s", "'": "s", "•": ".", "|": ".",
}  # fmt: skip
ENDING = frozenset(".?:-")
WORD = re.compile(r"[^\W_]+")
PLAIN = "a"
BOUNDARY = ".?¶"


@cache
def lexicon() -> dict[str, str]:
    """Lower-case word -> tag letter; where lists overlap the closed classes win, then nouns, then verbs."""
    table: dict[str, str] = {}
    form_tags = {"past": "v", "participle": "v", "present": "y", "base": "i", "gerund": "g"}
    for form, verb in verbs().items():
        table[form] = form_tags[verb.form]
    for section, tag in (("speech_act", "u"), ("document", "m"), ("organisation", "o"), ("person", "h")):
        for word in words("nouns", section):
            verbal = table.get(word) in ("y", "i", "v", "j", "J")
            table[word] = ("J" if tag == "m" else "j") if tag in "um" and verbal else tag
    for word in words("function_words", "adverb"):
        table[word] = "r"
    for section, tag in (
        ("number", "n"), ("weekday", "k"), ("time", "k"), ("month", "k"), ("auxiliary", "x"), ("conjunction", "c"), ("preposition", "p"),
        ("subordinator", "t"), ("object_pronoun", "O"), ("determiner", "d"), ("subject_pronoun", "P"), ("relative", "w"),
    ):  # fmt: skip
        for word in words("function_words", section):
            table[word] = tag
    table |= {
        "that": "t",
        "of": "f",
        "to": "z",
        "according": "A",
        "thanks": "a",
        "march": "a",
        "may": "x",
        "second": "n",
    }
    table |= PUNCTUATION
    return table


@cache
def title_words() -> frozenset[str]:
    """Every word of titles.txt."""
    return frozenset().union(
        *(words("titles", part) for part in ("courtesy", "courtesy_male", "courtesy_female", "office"))
    )


@cache
def given_names() -> frozenset[str]:
    """Every first name of the lists."""
    return words("first_names", "male") | words("first_names", "female") | words("first_names", "either")


class Stream:
    """The tokens of a text outside its quotations: where each starts and ends, its lower-case form and its tag."""

    __slots__ = (
        "_repeated", "decomposed", "ends", "for_terms", "lows", "named", "openers", "quote_at", "regions", "small", "starts", "tags", "text", "token_of",
    )  # fmt: skip

    def __init__(self, text: str, regions: list[Region]) -> None:
        self.text = text
        self.regions = regions
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.lows: list[str] = []
        self.token_of: list[int] = []  # region -> its token
        self.quote_at: dict[int, int] = {}  # token -> region
        self._repeated: list[int] | None = None
        self.for_terms = False  # whether the text's marks are mostly around titles and terms
        self.openers: list[int] = []  # tokens with a capital, in no list, that open a sentence
        self.named: set[str] = set()  # such words inside of sentences
        self.small: set[str] = set()  # words as printed
        self.tags = ""
        self.decomposed = not text.isascii() and ACCENT.search(text) is not None

    def repeated(self, region: int) -> int:
        """How often the words of a region stand in marks. Worked out when first asked for: most texts have no few words in marks."""
        if self._repeated is None:
            said = [" ".join(WORD.findall(self.text, one.inner_start, one.inner_end)).lower() for one in self.regions]
            counts = Counter(said)
            self._repeated = [counts[words_said] for words_said in said]
        return self._repeated[region]


REMEMBERED = 20_000  # words whose tags are kept
CAPITALISED_REMEMBERED = 6_000  # of those with a capital: mostly names, of which there is no end
HEADLINE_CUES = frozenset(
    [
        "says", "said", "tells", "told", "calls", "claims", "warns", "asks", "writes", "slams", "blasts", "thinks", "wants", "urges", "denies",
        "admits", "vows", "backs", "endorses", "accuses", "defends", "rejects", "praises", "condemns", "refuses", "insists", "argues", "believes",
        "compares", "criticizes", "criticises", "mocks", "rips", "dismisses", "predicts", "suggests", "confirms", "reveals", "announces",
        "responds", "pledges", "threatens", "declares", "apologizes", "apologises", "opposes", "explains", "expects", "agrees",
    ]
)  # fmt: skip
OPENING_CUES = frozenset(
    ["adds", "says", "writes", "explains", "recalls", "admits", "insists", "argues", "replies", "asks"]
)
UNSETTLED = re.compile("[jJyiTs]")  # tags that hang on the word before
LONG_FROM = 6  # words of a quotation that counts as long
ENOUGH = 4  # quotations of a text that tell what it uses marks for
# Endings of nouns for people.
PEOPLE = ("ologist", "ologists", "ographer", "ographers", "woman", "women", "smen", "sperson")
ACCORDING_REACH = 4  # words behind "according" among which a form that is verb or noun is a noun


class TagTable(dict[str, str]):
    """Word as printed -> its tag: the lexicon, and the other words met, worked out when first asked for.

    '' for a word with a capital: its tag hangs on where it stands (`capitalised`).
    """

    def __missing__(self, word: str) -> str:
        tag = lower_tag(word) if word == word.lower() else ""
        if len(self) >= REMEMBERED:
            self.clear()
            self.update(lexicon())
        self[word] = tag
        return tag


@cache
def tag_table() -> TagTable:
    """The table that all texts share."""
    return TagTable(lexicon())


class CapitalisedTags(dict[str, str]):
    """Word with a capital -> its tag, worked out when first asked for; `opens`: where it is the first of its sentence."""

    def __init__(self, *, opens: bool) -> None:
        super().__init__()
        self.opens = opens

    def __missing__(self, word: str) -> str:
        tag = capitalised_tag(word, word.lower(), self.opens)
        if len(self) >= CAPITALISED_REMEMBERED:
            self.clear()
        self[word] = tag
        return tag


@cache
def capitalised_tags() -> tuple[CapitalisedTags, CapitalisedTags]:
    """The tables that all texts share: within a sentence, and where one opens."""
    return CapitalisedTags(opens=False), CapitalisedTags(opens=True)


def capitalised_tag(word: str, low: str, opens: bool) -> str:
    """The tag of a word with a capital, given in lower case too."""
    tag = lexicon().get(low)
    if low in title_words() and (not opens or tag != "i"):
        return "T"
    if tag is None:
        if opens and low.endswith("ly") and low not in given_names():
            return "r"
        return "a" if opens and low.endswith("ing") else "N"
    if tag in "kdPw" or (tag in "xpcfzAtr" and (opens or word not in ("May", "Will", "Mark"))):
        return tag if tag != "x" or opens else "N"
    if opens and (tag in "homugrvn" or (tag == "y" and low in OPENING_CUES)):
        return tag
    return "v" if low in HEADLINE_CUES else "N"


def lower_tag(low: str) -> str:
    """Tag of a lower-case word that no list holds."""
    first = low[0]
    if first.isdigit():
        return "n"
    if first in "'’‘" and len(low) > 1:
        return "s" if low[1] == "s" else "x"
    if low.startswith(("--", "..")):
        return "-"
    if not first.isalnum():
        return "-" if first in "-–—*" else "N" if first == "@" and len(low) > 1 else ")"
    if low.endswith("ly"):
        return "r"
    return "h" if low.endswith(PEOPLE) else "e" if low.endswith("ed") else PLAIN


def is_verb_behind(before: str, tags: list[str], index: int) -> bool:
    """Whether a form that is verb or noun is the verb behind a quotation (""Q," comments Ann Bell") or a noun ("according to court records")."""
    if before == "Q":
        return tags[index + 1] in "NTP"
    return tags[index + 1] not in "vyxf" and "A" not in tags[max(0, index - ACCORDING_REACH) : index]


def settle(tags: list[str]) -> None:
    """Decides the forms that are verb or noun ('claims', 'report') by the word before."""
    for match in UNSETTLED.finditer("".join(tags)):
        index = match.start()
        tag, before = tags[index], tags[index - 1] if index else "¶"
        if tag == "T":
            if before in "NT" and tags[index + 1 : index + 2] not in (["N"], ["T"], ["f"]):
                tags[index] = "N"
        elif tag == "s":
            if before in "Pwt":
                tags[index] = "x"
        else:
            noun = before in "dsnfpe" or (before == "a" and index > 1 and tags[index - 2] in "dsnpf")
            if tag in "jJ":
                verb = is_verb_behind(before, tags, index) if before in "QNho" else before in "Pwzx)r,k"
                tag = "y" if verb and not noun else "m" if tag == "J" else "u"
            elif noun and before != "e":
                tag = "a"
            tags[index] = tag


@cache
def particles() -> frozenset[str]:
    """Every word of particles.txt."""
    return words("particles", "opening") | words("particles", "between")


def join_particles(stream: Stream, tags: list[str]) -> None:
    """Makes the particles of names ("Ann van der Berg", "said von Holt") words of the names."""
    lows, known, opening = stream.lows, particles(), words("particles", "opening")
    if known.isdisjoint(lows):
        return
    last = len(lows) - 1
    for index in range(last - 1, 0, -1):  # backwards, for a name's particles may be several
        if tags[index + 1] != "N" or lows[index] not in known or tags[index] == "N":
            continue
        before = index - 1
        while lows[before] in known and tags[before] != "N" and before > 0:
            before -= 1
        between = tags[before] in "NT" and not stream.text[stream.starts[index]].isupper()
        alone = lows[before + 1] in opening and tags[before] not in "daes"
        if between or alone:
            tags[index] = "N"


def tag_capitalised(stream: Stream, words: list[str], tags: list[str], opens: bool) -> None:
    """Fills in the tags that are '' (words with a capital) and makes those words lower-case; `opens`: a sentence opens here."""
    token, tables = len(stream.lows), capitalised_tags()
    index = 0
    for _ in range(tags.count("")):
        index = tags.index("", index)
        before = index - 1
        while before >= 0 and tags[before] in "()":
            before -= 1
        first = tags[before] in ENDING if before >= 0 else opens
        word = words[index]
        tags[index] = tag = tables[first][word]
        words[index] = low = word.lower()
        if tag == "N":
            if first:
                stream.openers.append(token + index)
            else:
                stream.named.add(low)
        index += 1


def uncapitalise(stream: Stream, tags: list[str]) -> None:
    """Takes a word that opens a sentence for no name where it is a common one there, or the text has it in small letters, and never as a name."""
    common = words("function_words", "opener")
    for token in stream.openers:
        low = stream.lows[token]
        if (low in stream.small or low in common) and low not in stream.named and tags[token + 1] != "N":
            tags[token] = tag_table()[low]


def add_stretch(stream: Stream, tags: list[str], start: int, end: int, opens: bool) -> None:
    """Adds the tokens of text[start:end]; `opens`: a sentence opens there.

    In whole lists at a time, for most of the stage's time goes by here: `split` gives gap, token, gap, ..., and the sums
    of their lengths are where the tokens start and end.
    """
    parts = TOKEN.split(stream.text[start:end])
    offsets = list(accumulate(map(len, parts), initial=start))
    stream.starts += offsets[1:-1:2]
    stream.ends += offsets[2::2]
    words = parts[1::2]
    if stream.decomposed:
        words = [normalize("NFC", word) for word in words]
    found = list(map(tag_table().__getitem__, words))
    stream.small.update(words)
    tag_capitalised(stream, words, found, opens)
    stream.lows += words
    tags += found


def puts_terms_in_marks(text: str, regions: list[Region]) -> bool:
    """Whether a text puts titles and terms in marks rather than speech, as reviews and guides do: less than a quarter of its quotations are long."""
    if len(regions) < ENOUGH:
        return False
    found = (WORD.finditer(text, region.inner_start, region.inner_end) for region in regions)
    long = [len(list(islice(words_said, LONG_FROM))) for words_said in found].count(LONG_FROM)
    return 4 * long < len(regions)


def build_stream(text: str, regions: list[Region]) -> Stream:
    """Tokenises and tags what is outside `regions` (those that overlap none but run in order)."""
    stream = Stream(text, regions)
    starts, ends, lows = stream.starts, stream.ends, stream.lows
    tags: list[str] = []
    number = 0
    count = len(regions)
    for first, last in paragraphs(text):
        position = first
        opens = True
        while position < last or (number < count and regions[number].start < last):
            stop = regions[number].start if number < count and regions[number].start < last else last
            if position < stop:
                add_stretch(stream, tags, position, stop, opens)
            position = stop
            if stop < last or (number < count and regions[number].start == stop < last):
                region = regions[number]
                stream.token_of.append(len(tags))
                stream.quote_at[len(tags)] = number
                starts.append(region.start)
                ends.append(region.end)
                lows.append("")
                tags.append("Q")
                opens = text[region.inner_end - 1 : region.inner_end] in (".", "!", "?")
                number += 1
                position = max(position, region.end)
        starts.append(last)
        ends.append(last)
        lows.append("")
        tags.append("¶")
    stream.for_terms = puts_terms_in_marks(text, regions)
    uncapitalise(stream, tags)
    join_particles(stream, tags)
    settle(tags)
    stream.tags = "".join(tags)
    return stream
