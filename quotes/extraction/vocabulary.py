"""The word lists of `data/*.txt`, read when first needed.

A list is plain text: `#` comments (with the provenance) at the top, then sections, `[name]` on a line of its
own followed by words separated by blanks. Verbs may carry their irregular forms after slashes:
base/third person/past/participle/gerund.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "data"
VOWELS = "aeiou"


class VocabularyError(Exception):
    """A word list is missing, empty or malformed; the message names the file and what is wrong."""


class Verb(NamedTuple):
    """One inflected form: its base, its sense (a section of verbs.txt) and what form it is."""

    lemma: str
    sense: str
    form: str  # 'past' | 'present' | 'base' | 'gerund' | 'participle'


def parse_sections(source: str, name: str) -> dict[str, tuple[str, ...]]:
    """Section name -> words, from the text of a list; `name` is used in messages.

    Raises VocabularyError when there is no section, an empty one, or words before the first.
    """
    sections: dict[str, list[str]] = {}
    current: list[str] | None = None
    for number, line in enumerate(source.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            current = sections.setdefault(line[1:-1], [])
        elif current is None:
            raise VocabularyError(f"{name}, line {number}: words before the first [section]")
        else:
            current.extend(line.split())
    empty = [section for section, words in sections.items() if not words]
    if empty or not sections:
        raise VocabularyError(f"{name}: no words" + (f" in section [{empty[0]}]" if empty else ""))
    return {section: tuple(words) for section, words in sections.items()}


@cache
def sections(name: str) -> dict[str, tuple[str, ...]]:
    """The sections of `data/<name>.txt`. Raises VocabularyError when it cannot be read or is empty."""
    path = DATA / f"{name}.txt"
    try:
        source = path.read_text(encoding="utf-8")
    except OSError as error:
        raise VocabularyError(f"word list {path} cannot be read: {error.strerror}") from error
    return parse_sections(source, path.name)


@cache
def words(name: str, section: str) -> frozenset[str]:
    """The words of one section of a list, as a set."""
    try:
        return frozenset(sections(name)[section])
    except KeyError:
        raise VocabularyError(f"{name}.txt has no section [{section}]") from None


def inflect(entry: str) -> tuple[str, str, str, str, str]:
    """(base, third person, past, participle, gerund) of an entry of verbs.txt."""
    given = [*entry.split("/"), "", "", "", ""][:5]
    base = given[0]
    if base.endswith(("s", "sh", "ch", "x", "z")):
        third = base + "es"
    else:
        third = base[:-1] + "ies" if base.endswith("y") and base[-2:-1] not in VOWELS else base + "s"
    if base.endswith("e"):
        past, gerund = base + "d", base[:-1] + "ing"
    elif base.endswith("y") and base[-2:-1] not in VOWELS:
        past, gerund = base[:-1] + "ied", base + "ing"
    else:
        past, gerund = base + "ed", base + "ing"
    past = given[2] or past
    return base, given[1] or third, past, given[3] or past, given[4] or gerund


@cache
def verbs() -> dict[str, Verb]:
    """Every inflected form of verbs.txt. The first sense that lists a form wins, and past wins over participle."""
    table: dict[str, Verb] = {}
    for sense, entries in sections("verbs").items():
        for entry in entries:
            base, third, past, participle, gerund = inflect(entry)
            forms = ((past, "past"), (third, "present"), (base, "base"), (gerund, "gerund"), (participle, "participle"))
            for form, name in forms:
                table.setdefault(form, Verb(base, sense, name))
    return table
