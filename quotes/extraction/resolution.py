"""Stage 7: from the mention next to a quotation to the fullest name that the text gives, or silence.

A pass of its own over mentions; it never changes what was attributed. Where two people share a surname, a title tells
them apart, else the bare surname is the one whose full name the text gives more often, or first.
"""

import re
from typing import NamedTuple

from quotes.extraction.genders import learned
from quotes.extraction.model import SpeakerKind
from quotes.extraction.names import Name, initials_fit, parse_name, strip_suffix
from quotes.extraction.sentences import Grammar, Mention, Sentence
from quotes.extraction.stream import Stream, given_names
from quotes.extraction.vocabulary import words

LOOK_BACK = 6  # sentences that a pronoun may reach back
CHAINED = 1.8  # worth of a pronoun that is resolved already
TOPIC = 0.9  # of the first mention of a sentence that governs no verb we know
SAME_PARAGRAPH = 0.5
KNOWN_NAME = 2  # what a common first name counts for, in mentions, against a word that only stood before the name
LEAST_WORTH = -3.0  # below it a pronoun stays unresolved
NAMED_AFTER = re.compile(r",(?P<name>N{1,4})(?=[,.;¶])")
OWNERS = frozenset(("his", "her", "their", "my", "our"))
QUOTED_NAME = re.compile(r"\b[A-Z][a-z]{1,14} (?:[A-Z]\. )?[A-Z][A-Za-z’'-]{2,18}\b(?![’']s\b)")
ROLE_AFTER = re.compile(r",(?P<role>(?=[dhaeTN])[^,.;:?Q¶vyxPwgc()]{1,14})(?=[,.;¶])")


class Speaker(NamedTuple):
    """Who a mention stands for."""

    name: str | None
    kind: SpeakerKind | None
    role: str


def printed(stream: Stream, start: int, end: int) -> str:
    """The text of tokens start..end, blanks normalised."""
    return " ".join(stream.text[stream.starts[start] : stream.ends[end - 1]].split())


class Resolver:
    """Names of one text, ready to tell who a mention stands for; `sources` are the heads of mentions that are quoted."""

    def __init__(self, grammar: Grammar, sources: frozenset[int] = frozenset()) -> None:
        self.grammar = grammar
        self.stream = grammar.stream
        self.sources = sources
        self.names: dict[int, Name] = {}
        self.by_surname: dict[str, dict[tuple[str, ...], int]] = {}  # surname -> full name -> how often it is given
        self.by_given: dict[str, list[tuple[str, ...]]] = {}  # first name -> full names
        self.genders: dict[tuple[str, ...], str] = {}
        self.known: dict[tuple[object, ...], tuple[str, ...]] = {}  # name -> its fullest form
        for mention in grammar.mentions:
            if mention.kind != "N":
                continue
            name = parse_name(self.stream, mention)
            self.names[mention.head] = name
            core = strip_suffix(name.tokens)
            if name.is_person and 2 <= len(core) <= 4:
                self._count(core[-1], name.tokens)
                if name.gender:
                    self.genders[name.tokens] = name.gender

        self._read_quoted_names()
        people = {head: (name.first, name.last) for head, name in self.names.items() if name.is_person}
        told = learned(self.stream, grammar.bounds, people, lambda head: self.fullest(self.names[head]))
        self.genders = told | self.genders
        self.known.clear()  # genders learned may tell people of one surname apart
        self.speakers = self._who_speaks()
        self.resolved: dict[int, Mention] = {}  # pronoun -> whom it was found to stand for

    def _count(self, surname: str, tokens: tuple[str, ...]) -> None:
        forms = self.by_surname.setdefault(surname.lower(), {})
        if tokens not in forms:
            self.by_given.setdefault(tokens[0].lower(), []).append(tokens)
        forms[tokens] = forms.get(tokens, 0) + 1

    def _who_speaks(self) -> set[tuple[str, ...]]:
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

    def _read_quoted_names(self) -> None:
        """Adds full names that stand inside quotations, where they begin with a common first name."""
        given = given_names()
        for region in self.stream.regions:
            for match in QUOTED_NAME.finditer(self.stream.text, region.inner_start, region.inner_end):
                tokens = tuple(match.group().split())
                if tokens[0].lower() in given:
                    self._count(tokens[-1], tokens)

    def fullest(self, name: Name) -> tuple[str, ...]:
        """The longest form of a person's name in the text; the name itself where several people fit equally."""
        known = self.known.get(name[2:])
        if known is None:
            known = self.known[name[2:]] = self._fullest(name)
        return known

    def _fullest(self, name: Name) -> tuple[str, ...]:
        core = strip_suffix(name.tokens)
        options = self.by_surname.get(core[-1].lower())
        if not options:
            return self.by_first_name(core) or name.tokens
        if len(core) > 1:
            chosen = [option for option in options if initials_fit(option, core) or ends_with(option, core)]
        else:
            same = [
                option for option in options if not name.gender or self.genders.get(option, name.gender) == name.gender
            ]
            chosen = likeliest_person(same, options) if len(same) > 1 else same
        return max(chosen, key=lambda option: (len(option), options[option])) if chosen else name.tokens

    def by_first_name(self, core: tuple[str, ...]) -> tuple[str, ...] | None:
        """The only full name of the text that begins with a common first name which stands alone ("Donna")."""
        if len(core) > 1 or core[0].lower() not in given_names():
            return None
        found = self.by_given.get(core[0].lower(), [])
        surnames = {strip_suffix(tokens)[-1].lower() for tokens in found}
        return max(found, key=len) if len(surnames) == 1 else None

    def speaker(self, mention: Mention) -> Speaker:
        """Who the mention stands for: name, kind and role as printed beside it."""
        if mention.kind in "Pw":
            source = self.antecedent(mention)
            if source is None:
                return Speaker(None, None, "")
            return self.speaker(source)._replace(role="")
        name = self.names.get(mention.head)
        if name is None:
            return self.described(mention)
        surname = name.first == name.last and name.tokens[0].lower() in self.by_surname
        if not name.is_person and not surname:
            return Speaker(printed(self.stream, mention.start, mention.end), "organisation", self.role_after(mention))
        full = " ".join(self.fullest(name))
        before = printed(self.stream, mention.start, name.first) if name.first > mention.start else ""
        if before.lower() in words("titles", "courtesy_male") | words("titles", "courtesy_female"):
            before = ""
        return Speaker(full, "person", before or self.role_after(mention))

    def described(self, mention: Mention) -> Speaker:
        """A source without a name of its own."""
        text = printed(self.stream, mention.start, mention.end)
        named = NAMED_AFTER.match(self.stream.tags, mention.end) if mention.kind == "h" else None
        kin = self.stream.lows[mention.start] in OWNERS
        if named and (kin or len(named["name"]) > 1):
            name = self.names.get(named.end("name") - 1)
            full = " ".join(self.fullest(name)) if name is not None else printed(self.stream, *named.span("name"))
            return Speaker(full, "person", text)
        kind: SpeakerKind = "unnamed"
        if mention.kind == "o":
            kind = "organisation"
        elif (
            mention.kind == "h"
            and self.stream.lows[mention.start] == "the"
            and not self.stream.lows[mention.head].endswith("s")
        ):
            kind = "person"
        return Speaker(text, kind, "")

    def role_after(self, mention: Mention) -> str:
        """The apposition after a name: ", a research fellow at the institute," """
        match = ROLE_AFTER.match(self.stream.tags, mention.end)
        if not match or not set("hoaT") & set(match["role"]):
            return ""
        start, end = match.span("role")
        if self.stream.tags[start] in "NT" and "h" not in match["role"]:
            return ""
        return printed(self.stream, start, end)

    def antecedent(self, mention: Mention) -> Mention | None:
        """The mention that a pronoun stands for; None rather than a guess."""
        number = self.grammar.at(mention.start)
        sentence = self.grammar.sentence(number)
        if mention.kind == "w":
            before = [other for other in sentence.mentions if other.end <= mention.start]
            return before[-1] if before and before[-1].kind != "P" else None
        low = self.stream.lows[mention.start]
        if low not in ("he", "she"):
            return self.main_subject(sentence, mention)
        wanted = "m" if low == "he" else "f"
        best, most = None, LEAST_WORTH
        paragraph = sentence.paragraph
        for back in range(min(LOOK_BACK, number + 1)):
            sentence = self.grammar.sentence(number - back)
            subjects = {
                cue.mention
                for cue in sentence.cues
                if cue.relation in ("subject", "far", "inverted", "unknown", "copula")
            }
            for index, other in enumerate(sentence.mentions):
                if other.end > mention.start:
                    break
                if other.kind == "P" and other.head in self.resolved and self.stream.lows[other.start] == low:
                    worth = CHAINED - 0.8 * back
                    other = self.resolved[other.head]
                elif self.fits(other, wanted):
                    worth = self.worth(other, wanted, back, index in subjects)
                    worth += SAME_PARAGRAPH * (sentence.paragraph == paragraph)
                    worth += TOPIC * (index == 0 and index not in subjects and self.is_free(other))
                else:
                    continue
                if worth > most:
                    best, most = other, worth
        if best is not None:
            self.resolved[mention.head] = best
        return best

    def main_subject(self, sentence: Sentence, mention: Mention) -> Mention | None:
        """Whom "they" stands for in "X denounced what they called ..."; None for any other "they"."""
        if mention.start == sentence.start or self.stream.lows[mention.start - 1] != "what":
            return None
        subjects = {cue.mention for cue in sentence.cues if cue.relation in ("subject", "far")}
        earlier = [
            other for index, other in enumerate(sentence.mentions) if index in subjects and other.end < mention.start
        ]
        return earlier[-1] if earlier and earlier[-1].kind != "P" else None

    def is_free(self, mention: Mention) -> bool:
        """Whether neither a preposition governs a mention nor it owns what follows."""
        tags = self.stream.tags
        return tags[mention.start - 1 : mention.start] not in tuple("pfzs") and tags[mention.end] != "s"

    def worth(self, other: Mention, gender: str, back: int, is_subject: bool) -> float:
        """How likely a mention is what a pronoun stands for; the weights are set by hand."""
        name = self.names[other.head]
        full = self.fullest(name)
        governed = other.start > 0 and self.stream.tags[other.start - 1] in "pfzs"
        known = (name.gender or self.genders.get(full, "")) == gender
        unproven = not known and full not in self.speakers and other.head not in self.sources
        return (
            -0.8 * back
            + 1.2 * is_subject
            - 0.7 * governed
            + 0.6 * known
            - 1.0 * unproven
            + (0.0 if len(full) > 1 else -1.5)
            + 0.8 * (other.head in self.sources)
        )

    def fits(self, mention: Mention, gender: str) -> bool:
        """Whether a mention can be a person of that gender."""
        name = self.names.get(mention.head)
        if name is None or not name.is_person:
            return False
        known = name.gender or self.genders.get(self.fullest(name), "")
        return known in ("", gender)


def likeliest_person(same: list[tuple[str, ...]], counts: dict[tuple[str, ...], int]) -> list[tuple[str, ...]]:
    """Of some names with one surname those of the person whom the text names most often, or first."""
    people: dict[str, int] = {}
    for option in same:
        given = option[0].lower()
        people[given] = people.get(given, 0) + counts[option] + (KNOWN_NAME if given in given_names() else 0)
    most = max(people, key=people.__getitem__)
    return [option for option in same if option[0].lower() == most]


def ends_with(option: tuple[str, ...], core: tuple[str, ...]) -> bool:
    """Whether a longer name ends with all the words of a shorter one ("Luis de Miranda", "De Miranda")."""
    tail = option[-len(core) :]
    return len(option) > len(core) and all(one.lower() == other.lower() for one, other in zip(tail, core, strict=True))
