"""Stage 7b: the people whom a text names: the fullest form of each name, and what is known of gender.

Where two people share a surname, a title tells them apart, else the bare surname is the one whose full name the text
gives more often; of those given equally often it is the one named in full last before it, if one sentence does not name both.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from quotes.extraction.genders import learned
from quotes.extraction.names import Name, initials_fit, parse_name, strip_suffix
from quotes.extraction.sentences import Grammar, Mention
from quotes.extraction.stream import given_names, particles

NEAR = 20  # full names of one surname that are looked back at
KNOWN_NAME = 2  # what a common first name counts for, in mentions, against a word that only stood before the name
# A full name, with what may stand in the middle: an initial, or a nickname in marks. Only the first name is consumed,
# for the last may begin another name ("Director James Comey"), and a class comes first, for `re` finds that fast.
FULL_NAME = re.compile(
    r"[A-Z][a-z]{1,14}(?= (?:(?P<initial>[A-Z]\.) |[“\"‘'(][^\W\d_][\w. ]{1,14}[”\"’')] )?"
    r"(?P<surname>[A-Z](?:[A-Za-z-]|[’'](?!s\b)){2,18})\b)"
)
INSIDE = frozenset(("in", "at"))  # before a name they make it a place's or a body's
Full = tuple[str, ...]


class People:
    """The names of one text by the token of their head, and whom each stands for."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.stream = grammar.stream
        self.names: dict[int, Name] = {}
        self.by_surname: dict[str, dict[Full, int]] = {}  # surname -> full name -> how often it is given
        self.by_given: dict[str, list[Full]] = {}  # first name -> full names
        self.given_at: dict[str, list[tuple[int, Full]]] = {}  # surname -> where its full names stand, as tokens
        self.genders: dict[Full, str] = {}
        self.placed: set[Full] = set()  # names that "in" or "at" stands before
        self.known: dict[tuple[object, ...], Full] = {}  # name -> its fullest form
        self.contested: dict[tuple[object, ...], dict[str, Full]] = {}  # surname -> those who share it, by first name
        offices: list[Mention] = []
        for mention in grammar.mentions:
            if mention.kind == "N":
                name = self.names[mention.head] = parse_name(self.stream, mention)
                core = strip_suffix(name.tokens)
                if self.stream.lows[mention.start - 1] in INSIDE and mention.start == name.first:
                    self.placed.add(name.tokens)
                if name.is_person and 2 <= len(core) - len(particles().intersection(core)) <= 4:
                    self._count(core[-1], name.tokens)
                    self.given_at.setdefault(core[-1].lower(), []).append((name.first, name.tokens))
                    if name.gender:
                        self.genders[name.tokens] = name.gender
            elif mention.kind == "h" and mention.end - mention.start == 1 and self.stream.tags[mention.head] == "T":
                offices.append(mention)
        for region in self.stream.regions:
            for tokens in full_names(self.stream.text, region.inner_start, region.inner_end):
                self._count(tokens[-1], tokens)
        self._drop_surnames()
        self._read_surnames(offices)
        people = {head: (name.first, name.last) for head, name in self.names.items() if name.is_person}
        told = learned(self.stream, grammar.bounds, people, lambda head: self.fullest(self.names[head]))
        self.genders = told | self.genders
        self.known.clear()  # genders learned may tell people of one surname apart
        self.contested.clear()

    def _count(self, surname: str, tokens: Full) -> None:
        forms = self.by_surname.setdefault(surname.lower(), {})
        if tokens not in forms:
            self.by_given.setdefault(tokens[0].lower(), []).append(tokens)
        forms[tokens] = forms.get(tokens, 0) + 1

    def _drop_surnames(self) -> None:
        """Takes surnames with a particle out of the full names, where the text has a longer one ("Van der Berg": "Ann van der Berg")."""
        known = particles()
        for forms in self.by_surname.values():
            for form in [form for form in forms if form[0].lower() in known]:
                if form[0] in known or any(ends_with(other, form) for other in forms):
                    del forms[form]
                    self.by_given[form[0].lower()].remove(form)

    def _read_surnames(self, offices: list[Mention]) -> None:
        """Takes an office that stands alone for a name where the text has a person of that surname ("Ann Baron ... Baron said")."""
        given = given_names()
        for mention in offices:
            start, end = self.stream.starts[mention.head], self.stream.ends[mention.head]
            low = self.stream.lows[mention.head]
            known = low in self.elsewhere or any(form[0].lower() in given for form in self.by_surname.get(low, ()))
            if known and self.stream.text[start].isupper():
                self.names[mention.head] = Name(mention.head, mention.head, (self.stream.text[start:end],), True, "")

    @cached_property
    def elsewhere(self) -> dict[str, Full]:
        """Surname -> the full name, for those that stand only within other names ("the Ann Bell Show"): the first of each."""
        found: dict[str, Full] = {}
        for tokens in full_names(self.stream.text, 0, len(self.stream.text)):
            found.setdefault(tokens[-1].lower(), tokens)
        return found

    @cached_property
    def bodies(self) -> dict[str, set[Full]]:
        """Last word -> the longer names of bodies that end with it."""
        found: dict[str, set[Full]] = {}
        for name in self.names.values():
            if not name.is_person and len(name.tokens) > 1:
                found.setdefault(name.tokens[-1].lower(), set()).add(name.tokens)
        return found

    @cached_property
    def speakers(self) -> set[Full]:
        """The full names that govern a verb of saying somewhere: certainly no places or things."""
        found = set()
        for number in self.grammar.reporting:
            sentence = self.grammar.sentence(number)
            for cue in sentence.cues:
                if cue.sense == "speech" and cue.mention >= 0:
                    name = self.names.get(sentence.mentions[cue.mention].head)
                    if name is not None:
                        found.add(self.fullest(name))
        return found

    @cached_property
    def counts(self) -> Counter[Full]:
        """How often each person is named, in whatever form."""
        return Counter(self.fullest(name) for name in self.names.values() if name.is_person)

    def gender(self, name: Name) -> str:
        """'m', 'f' or '' by the name's own words, or by what the text tells of the person."""
        return name.gender or self.genders.get(self.fullest(name), "")

    def fullest(self, name: Name) -> Full:
        """The longest form of a person's name in the text; the name itself where several people fit equally."""
        key = name[2:]
        if key in self.contested:
            return self._last_before(name, self.contested[key])
        known = self.known.get(key)
        if known is None:
            options = self._options(name)
            best: dict[str, Full] = {}  # first name -> the longest form of that person's
            for option in sorted(options, key=self._weight):
                best[option[0].lower()] = option
            if len(best) > 1 and len(strip_suffix(name.tokens)) == 1:
                self.contested[key] = best
                return self._last_before(name, best)
            known = self.known[key] = max(options, key=self._weight) if options else self._alone(name)
        return known

    def _options(self, name: Name) -> list[Full]:
        """The full names that a name may be short for: of one person, or, for a bare surname, of several named equally often."""
        core = strip_suffix(name.tokens)
        options = self.by_surname.get(core[-1].lower(), {})
        if len(core) > 1:
            return [option for option in options if initials_fit(option, core) or ends_with(option, core)]
        same = [option for option in options if not name.gender or self.genders.get(option, name.gender) == name.gender]
        return likeliest_people(same, options) if len(same) > 1 else same

    def _weight(self, option: Full) -> tuple[int, int]:
        return len(option), self.by_surname[strip_suffix(option)[-1].lower()][option]

    def _last_before(self, name: Name, people: dict[str, Full]) -> Full:
        """Of several people of a surname the one who is named in full last before it stands alone.

        The surname itself if nobody is, or where the last sentence to name one of them names another one, too: nothing tells which is meant.
        """
        spots = self.given_at.get(name.tokens[0].lower(), [])
        end = bisect_left(spots, (name.first,))
        last: set[str] = set()
        sentence = None
        for token, tokens in reversed(spots[max(0, end - NEAR) : end]):
            given = tokens[0].lower()
            if given not in people:
                continue
            if sentence is not None and self.grammar.at(token) != sentence:
                break
            sentence = self.grammar.at(token)
            last.add(given)
        return people[last.pop()] if len(last) == 1 else name.tokens

    def _alone(self, name: Name) -> Full:
        """What a name stands for that no full name of the text ends with."""
        core = strip_suffix(name.tokens)
        if core[-1].lower() in self.by_surname:
            return name.tokens
        return self.by_first_name(core) or self._within(core) or name.tokens

    def _within(self, core: Full) -> Full | None:
        """The full name of a surname that stands alone, if only within another name."""
        return self.elsewhere.get(core[0].lower()) if len(core) == 1 else None

    def by_first_name(self, core: Full) -> Full | None:
        """The only full name of the text that begins with a first name which stands alone ("Donna")."""
        if len(core) > 1:
            return None
        found = self.by_given.get(core[0].lower(), [])
        surnames = {strip_suffix(tokens)[-1].lower() for tokens in found}
        return max(found, key=len) if len(surnames) == 1 else None


def full_names(text: str, start: int, end: int) -> Iterator[Full]:
    """The names in a stretch of text that begin with a common first name, without nicknames."""
    given = given_names()
    for match in FULL_NAME.finditer(text, start, end):
        first = match.start()
        if match.group().lower() in given and match.end("surname") <= end and not text[first - 1 : first].isalnum():
            yield tuple(part for part in match.group(0, "initial", "surname") if part)


def likeliest_people(same: list[Full], counts: dict[Full, int]) -> list[Full]:
    """Of some names with one surname those of the person whom the text names most often, or of all who are named as often."""
    people: dict[str, int] = {}
    for option in same:
        given = option[0].lower()
        people[given] = people.get(given, 0) + counts[option] + (KNOWN_NAME if given in given_names() else 0)
    most = max(people.values())
    return [option for option in same if people[option[0].lower()] == most]


def ends_with(option: Full, core: Full) -> bool:
    """Whether a longer name ends with all the words of a shorter one ("Luis de Miranda", "De Miranda")."""
    tail = option[-len(core) :]
    return len(option) > len(core) and all(one.lower() == other.lower() for one, other in zip(tail, core, strict=True))
