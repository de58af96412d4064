"""Whether two names are one person's, and what speaks for it. Plain functions over text, no database.

Names alone prove nothing ("Quill" may be any Quill): they open the question, and roles, company and the text around
answer it. The weights were set by hand, so that a name with the same role is enough and a name alone never is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from articles.text import fold

# At this sum two names are taken for one person's, if nobody else comes close; from SUGGEST on an editor is asked.
LINK = 0.7
AHEAD = 0.2
SUGGEST = 0.35
# A family name that more speakers have says too little to ask anybody.
FEW = 3

_DATA = Path(__file__).parent / "data" / "name_words.txt"
_ARTICLES = frozenset({"a", "an", "the", "s"})


@cache
def _words(kind: str) -> frozenset[str]:
    """The words of one kind. Raises ``ValueError`` if the list has none."""
    lines = (line.partition(":") for line in _DATA.read_text(encoding="utf-8").splitlines())
    found = frozenset(word for name, _, words in lines if name == kind for word in words.split())
    if not found:
        raise ValueError(f"{_DATA} has no words of kind {kind}")
    return found


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in folded words: ``given`` (initials too, no particles), ``family`` the last word."""

    given: tuple[str, ...]
    family: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that speaks for two names being one person's: ``what``, how much, and the words that show it."""

    what: str
    weight: float
    words: str


@lru_cache(maxsize=5_000)
def person_name(name: str) -> PersonName:
    """The parts of a person's name, without titles ("Mr", "Dr") and suffixes ("Jr"). A single word is a family name."""
    words = fold(name).split()
    while len(words) > 1 and words[0] in _words("titles"):
        words.pop(0)
    while len(words) > 1 and words[-1] in _words("suffixes"):
        words.pop()
    return PersonName(tuple(word for word in words[:-1] if word not in _words("particles")), words[-1] if words else "")


def is_short(name: PersonName) -> bool:
    """Whether a name leaves open who of a family it is: no given name, or initials only."""
    return all(len(word) == 1 for word in name.given)


def names_fit(one: PersonName, other: PersonName) -> Reason | None:
    """What the names by themselves say; None where they cannot be one person's."""
    if not one.family or one.family != other.family:
        return None
    if not one.given or not other.given:
        return Reason("family name", 0.25, one.family)
    for left, right in zip(one.given, other.given, strict=False):
        shorter, longer = sorted((left, right), key=len)
        if left != right and not (len(shorter) == 1 and longer.startswith(shorter)):
            return None
    first = one.given[0], other.given[0]
    if first[0] == first[1] and len(first[0]) > 1:
        return Reason("given and family name", 0.5, f"{first[0]} {one.family}")
    return Reason("initial and family name", 0.35, f"{min(first, key=len)} {one.family}")


def role_reason(roles: Iterable[str], others: Collection[str]) -> Reason | None:
    """What roles as printed have in common: the best pair of them."""
    known = [(role, set(fold(role).split())) for role in others]
    best: Reason | None = None
    for role in roles:
        words = set(fold(role).split())
        for other, other_words in known:
            telling = (words & other_words) - _words("common_in_roles")
            said = words - _ARTICLES
            if said and said == other_words - _ARTICLES:
                found = Reason("same role", 0.5, role)
            elif telling:
                found = Reason("like role", 0.4, f"{role} / {other}")
            else:
                continue
            if best is None or found.weight > best.weight:
                best = found
    return best


def text_reason(words_of_text: Collection[str], roles: Iterable[str]) -> Reason | None:
    """Whether the text speaks of the other one's role: all its telling words stand in it."""
    for role in roles:
        telling = set(fold(role).split()) - _words("common_in_roles")
        if len(telling) > 1 and telling.issubset(words_of_text):
            return Reason("role named in the text", 0.2, role)
    return None


def company_reason(together: Collection[str]) -> Reason | None:
    """Whether others are quoted beside both."""
    if not together:
        return None
    return Reason("quoted beside the same people", 0.3 if len(together) > 1 else 0.2, ", ".join(sorted(together)[:3]))


def namesakes_reason(number: int) -> Reason | None:
    """Whether few have that family name. ``number``: of speakers who are known to."""
    if number > FEW:
        return None
    return Reason("few of that name", 0.1, "the only one" if number == 1 else f"one of {number}")


def total(reasons: Iterable[Reason]) -> float:
    """How much speaks for it, 0 to 1."""
    return min(1.0, round(sum(reason.weight for reason in reasons), 2))
