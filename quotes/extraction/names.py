"""Stage 7b: one name by its own words: where it begins behind titles and bodies, whether it is a person's, of which gender."""

from functools import cache, lru_cache
from typing import NamedTuple

from quotes.extraction.sentences import Mention
from quotes.extraction.stream import Stream, given_names
from quotes.extraction.vocabulary import words

REMEMBERED = 4_000  # mentions whose names are kept parsed: mostly those that a text names again and again
GOVERNED = frozenset("fp")  # tags before a name in "secretary of state Ann Bell"
TITLED = frozenset("Th")  # tags before a name that make it a person's
SUFFIXES = frozenset(("jr.", "jr", "sr.", "sr", "ii", "iii", "iv"))
# With these a person is known by one name ("Pope Francis"), so they are part of it.
DIGNITIES = frozenset(("pope", "king", "queen", "prince", "princess"))
HALF_TITLES = frozenset(
    ("co", "vice", "ex", "then", "deputy", "major", "lt", "brig", "brigadier", "rear", "lieutenant", "maj")
)
ABBREVIATION = 3  # letters of a role in capitals ("QB", "CEO")


class Name(NamedTuple):
    """The parts of a mention that is a name."""

    first: int  # token of the first word of the name itself
    last: int  # token of its last word
    tokens: tuple[str, ...]  # as printed
    is_person: bool
    gender: str  # 'm', 'f' or ''


class NameParts(NamedTuple):
    """What a name's own words tell, its tokens counted from the start of the mention."""

    first: int
    tokens: tuple[str, ...]
    is_person: bool
    gender: str


def parse_name(stream: Stream, mention: Mention) -> Name:
    """The name in a mention of kind N: its trailing run of capitalised words, without titles and offices."""
    text, start, end = stream.text, mention.start, mention.end
    printed_words = [
        text[one:other] for one, other in zip(stream.starts[start:end], stream.ends[start:end], strict=True)
    ]
    parts = name_parts(tuple(printed_words), stream.tags[start:end], mention.head - start)
    return Name(start + parts.first, mention.head, parts.tokens, parts.is_person, parts.gender)


@lru_cache(REMEMBERED)
def name_parts(printed_words: tuple[str, ...], tags: str, last: int) -> NameParts:
    """The parts of a mention by its words and tags; `last`: the last word of the name. Texts name the same people again and again."""
    lows = [word.lower() for word in printed_words]
    first = last
    while first > 0 and tags[first - 1] == "N":
        first -= 1
    first = trimmed_first(printed_words, lows, tags, first, last)
    if first == last > 0 and lows[first - 1] in DIGNITIES:
        first -= 1
    if (
        first == last > 0
        and lows[first] in places()
        and lows[first - 1] in body_words()
        and printed_words[first - 1].istitle()
    ):
        first -= 1  # "Police Scotland" at the start of a sentence
    gender = gender_of(lows, first, last)
    return NameParts(
        first, printed_words[first : last + 1], person_like(printed_words, lows, tags, first, last, gender), gender
    )


@cache
def body_words() -> frozenset[str]:
    """Every word that stands in the name of a body."""
    return words("organisations", "head") | words("organisations", "known")


@cache
def places() -> frozenset[str]:
    """Every word that ends the name of a place or people."""
    return frozenset().union(*(words("places", part) for part in ("state", "country", "city", "people")))


def trimmed_first(printed_words: tuple[str, ...], lows: list[str], tags: str, first: int, last: int) -> int:
    """Where the name itself starts in a run of capitalised words: at a first name that a body or place stands before."""
    given, bodies, roles = given_names(), body_words(), words("nouns", "person")
    while first < last and is_role(printed_words[first], lows[first], lows[first + 1], last - first):
        first += 1
    for token in range(first + 1, last):
        if lows[token] not in given or lows[token - 1] in given:
            continue
        before = printed_words[token - 1]
        if (
            lows[token - 1] in bodies
            or (before.isupper() and before.isalpha() and len(before) > 1)
            or not roles.isdisjoint(lows[first:token])
        ):
            return token
        if not GOVERNED.isdisjoint(tags[:first]):
            return token
    return first


def is_role(word: str, low: str, following: str, more: int) -> bool:
    """Whether the first of several capitalised words is a role before the name: "co-CEO", "QB", "Senators Ann", "Donor Bell".

    `more`: how many follow.
    """
    if low in given_names() or (low in body_words() and following in places()):
        return False
    if low in words("nouns", "person") or ("-" in low and low.split("-")[0] in HALF_TITLES):
        return True
    abbreviated = word.isupper() and word.isalpha() and 1 < len(word) <= ABBREVIATION
    return more > 1 and abbreviated and following in given_names()


def gender_of(lows: list[str], first: int, last: int) -> str:
    """'m' or 'f' by a title before the name first..last or the first name; '' when neither tells."""
    before = lows[: first + 1]
    if not words("titles", "courtesy_female").isdisjoint(before):
        return "f"
    if not words("titles", "courtesy_male").isdisjoint(before):
        return "m"
    if first < last:
        low = lows[first]
        return "m" if low in words("first_names", "male") else "f" if low in words("first_names", "female") else ""
    return ""


def person_like(printed_words: tuple[str, ...], lows: list[str], tags: str, first: int, last: int, gender: str) -> bool:
    """Whether a name is more likely a person's than a body's or a place's."""
    if first + 1 < last and lows[last] in words("organisations", "head"):
        return False
    if gender or not TITLED.isdisjoint(tags[:first]):
        return True
    known = words("organisations", "known")
    if tags[0] == "d" or lows[last] in known:
        return False
    if len(tags) > last + 1 and first == last:
        return False
    if lows[last] in words("organisations", "head") or lows[first] in known or lows[last] in places():
        return False
    if first < last and lows[first] in words("places", "first"):
        return False
    word = printed_words[last]
    return not (word.isupper() and len(word) > 1)


def strip_suffix(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The name without Jr., Sr., II, III, IV."""
    return tokens[:-1] if len(tokens) > 1 and tokens[-1].lower() in SUFFIXES else tokens


def initials_fit(option: tuple[str, ...], core: tuple[str, ...]) -> bool:
    """Whether a longer form may be the same person: the same first name, or an initial of it."""
    one, other = option[0].lower().rstrip("."), core[0].lower().rstrip(".")
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])
