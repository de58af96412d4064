"""Stage 7a: what the text itself tells of a person's gender: kin and roles beside the name, and the pronoun after it."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache

from quotes.extraction.stream import Stream
from quotes.extraction.vocabulary import words

PRONOUNS = {"he": "m", "his": "m", "she": "f", "her": "f"}
Full = tuple[str, ...]


@cache
def gendered_nouns() -> dict[str, str]:
    """Noun -> 'm' or 'f', by the lists."""
    return {noun: gender for gender, name in (("f", "female"), ("m", "male")) for noun in words("nouns", name)}


def beside(stream: Stream, first: int, last: int) -> set[str]:
    """Genders of the words next to a name first..last: the one before, or what a comma sets off on either side."""
    nouns = gendered_nouns()
    lows, tags = stream.lows, stream.tags
    near = lows[max(0, first - (2 if tags[first - 1 : first] == "," else 1)) : first]
    if tags[last + 1 : last + 2] == ",":
        near += lows[last + 2 : last + 5]
    return set() if nouns.keys().isdisjoint(near) else {nouns[low] for low in near if low in nouns}


def pronoun_after(
    stream: Stream, bounds: list[tuple[int, int]], heads: list[int], full: Callable[[int], Full]
) -> Iterator[tuple[Full, str]]:
    """(full name, gender) for each sentence in which a pronoun follows its first name before anybody else is named.

    Goes by the pronouns, for most sentences have none.
    """
    lows = stream.lows
    pronouns = [token for token, low in enumerate(lows) if low in PRONOUNS]
    upcoming = 0
    ends = [end for _, end in bounds]
    decided = -1  # the last sentence that has been
    for token in pronouns:
        number = bisect_right(ends, token)
        if number == decided or number == len(bounds):
            continue
        start, _ = bounds[number]
        upcoming = bisect_left(heads, start, upcoming)
        if upcoming == len(heads) or heads[upcoming] >= token:
            continue
        decided = number
        name = full(heads[upcoming])
        others = heads[upcoming + 1 : bisect_right(heads, token, upcoming)]
        if all(full(head) == name for head in others):
            yield name, PRONOUNS[lows[token]]


def learned(
    stream: Stream, bounds: list[tuple[int, int]], people: dict[int, tuple[int, int]], full: Callable[[int], Full]
) -> dict[Full, str]:
    """Full name -> 'm' or 'f' where all that the text tells agrees; `people` gives (first, last) by the head's token."""
    votes: dict[Full, set[str]] = defaultdict(set)
    heads = sorted(people)
    for head in heads:
        near = beside(stream, *people[head])
        if near:
            votes[full(head)] |= near
    for name, gender in pronoun_after(stream, bounds, heads, full):
        votes[name].add(gender)
    return {name: next(iter(vote)) for name, vote in votes.items() if len(vote) == 1}
