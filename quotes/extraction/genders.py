"""Stage 7a: what the text itself tells of a person's gender: kin and roles beside the name, and the pronoun after it."""

from collections import Counter, defaultdict
from collections.abc import Callable

from quotes.extraction.stream import Stream
from quotes.extraction.vocabulary import words

PRONOUNS = {"he": "m", "his": "m", "she": "f", "her": "f"}
BESIDE = 2  # what a noun beside the name counts for, in pronouns
Full = tuple[str, ...]


def beside(stream: Stream, first: int, last: int) -> set[str]:
    """The words next to a name first..last: the one before, or what a comma sets off on either side."""
    lows, tags = stream.lows, stream.tags
    reach = 2 if tags[first - 1 : first] == "," else 1
    near = set(lows[max(0, first - reach) : first])
    if tags[last + 1 : last + 2] == ",":
        near.update(lows[last + 2 : last + 5])
    return near


def learned(
    stream: Stream, bounds: list[tuple[int, int]], people: dict[int, tuple[int, int]], full: Callable[[int], Full]
) -> dict[Full, str]:
    """Full name -> 'm' or 'f' where all that the text tells agrees; `people` gives (first, last) by the head's token."""
    votes: dict[Full, Counter[str]] = defaultdict(Counter)
    heads = sorted(people)
    for head in heads:
        near = beside(stream, *people[head])
        for gender, nouns in (("f", words("nouns", "female")), ("m", words("nouns", "male"))):
            if not near.isdisjoint(nouns):
                votes[full(head)][gender] += BESIDE
    upcoming = 0
    for start, end in bounds:
        inside = []
        while upcoming < len(heads) and heads[upcoming] < end:
            if heads[upcoming] >= start:
                inside.append(heads[upcoming])
            upcoming += 1
        if inside:
            name = full(inside[0])
            other = next((head for head in inside if full(head) != name), end)
            pronoun = next((low for low in stream.lows[inside[0] + 1 : other] if low in PRONOUNS), None)
            if pronoun is not None:
                votes[name][PRONOUNS[pronoun]] += 1
    return {name: next(iter(vote)) for name, vote in votes.items() if len(vote) == 1}
