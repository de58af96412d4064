"""Stage 7c: whom "he" and "she" stand for: a log-linear choice among the people named before.

A candidate is a person, not a mention: the features look at where the nearest mention stands, at who was quoted or
pronounced last, and at how often the text names whom. Weights: `data/antecedents.weights`, made by fit.py.
"""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from quotes.extraction import groups as names
from quotes.extraction.candidates import squeezed
from quotes.extraction.groups import Group
from quotes.extraction.people import Full, People
from quotes.extraction.ranking import score, softmax
from quotes.extraction.sentences import Mention, Sentence

GENDERS = {"he": "m", "she": "f"}
LOOK_BACK = 6  # sentences that a pronoun may reach back
LINKED = 4  # sentences from one pronoun to the next of the same person
LEAST_CHANCE = 0.25  # below it a pronoun stays unresolved
MOST_MENTIONS = 60  # looked through for one pronoun
MOST_PEOPLE = 12
GOVERNING = frozenset(("subject", "far", "inverted", "unknown", "copula", "relative"))


@dataclass(slots=True)
class Antecedent:
    """A person whom a pronoun may stand for, by the nearest mention."""

    full: Full
    mention: Mention
    sentence: int
    order: int  # how many others are named nearer
    times: int  # mentions in reach
    linked: int  # sentences since a pronoun stood for this person; -1 where none did


class Setting(NamedTuple):
    """What all candidates for one pronoun share."""

    pronoun: Mention
    number: int  # of its sentence
    sentence: Sentence
    position: str  # the tag before it
    role: str
    after: set[Full]  # who is named after it in the sentence
    latest: Full | None  # who was quoted last
    most: int  # mentions of the one whom the text names most
    linked: bool  # whether pronouns before stand for any of them
    size: int  # how many candidates there are


class Antecedents:
    """Resolves the pronouns of one text; `sources` are the heads of mentions that are quoted."""

    def __init__(self, people: People, sources: frozenset[int] = frozenset()) -> None:
        self.people = people
        self.grammar = people.grammar
        self.stream = people.stream
        self.sources = sources
        self.chosen: dict[int, Antecedent | None] = {}  # token of a pronoun -> whom it was found to stand for
        self.pronouns: dict[str, list[Mention]] = {"he": [], "she": []}
        for mention in self.grammar.mentions:
            if mention.kind == "P" and (low := self.stream.lows[mention.start]) in GENDERS:
                self.pronouns[low].append(mention)
        self._quoted = sorted(sources)
        self._governors: dict[int, dict[int, str]] = {}

    def antecedent(self, pronoun: Mention) -> Mention | None:
        """The mention of the person whom "he" or "she" stands for; None rather than a guess."""
        if pronoun.start not in self.chosen:
            for other in reversed(self.waiting(pronoun)):
                self.chosen[other.start] = self.choose(other)
        found = self.chosen[pronoun.start]
        return None if found is None else found.mention

    def waiting(self, pronoun: Mention) -> list[Mention]:
        """The pronoun and those before it that are to be resolved first, the last first."""
        row = self.pronouns[self.stream.lows[pronoun.start]]
        found = []
        index = bisect_left(row, pronoun.start, key=lambda mention: mention.start)
        later = self.grammar.at(pronoun.start)
        for place in range(index, -1, -1):
            other = row[place]
            number = self.grammar.at(other.start)
            if other.start in self.chosen or later - number > LINKED:
                break
            found.append(other)
            later = number
        return found

    def choose(self, pronoun: Mention) -> Antecedent | None:
        """The likeliest person; None where nobody fits or all are unlikely."""
        found = self.candidates(pronoun)
        if len(found) < 2:
            return found[0] if found else None
        setting = self.setting(pronoun, found)
        chances = softmax([score("antecedents", self.features(setting, one)) for one in found])
        best = max(range(len(found)), key=chances.__getitem__)
        return found[best] if chances[best] >= LEAST_CHANCE else None

    def candidates(self, pronoun: Mention) -> list[Antecedent]:
        """The people of fitting gender who are named in reach, or whom a pronoun in reach stands for; the nearest first."""
        low = self.stream.lows[pronoun.start]
        number = self.grammar.at(pronoun.start)
        found: dict[Full, Antecedent] = {}
        first = self.grammar.starts[max(0, number - LOOK_BACK)]
        last = bisect_left(self.named, pronoun.start, key=lambda entry: entry[0].start)
        for place in range(last - 1, max(-1, last - 1 - MOST_MENTIONS), -1):
            mention, full, gender = self.named[place]
            if mention.start < first or len(found) == MOST_PEOPLE:
                break
            if mention.end > pronoun.start or gender not in ("", GENDERS[low]):
                continue
            if full in found:
                found[full].times += 1
            else:
                found[full] = Antecedent(full, mention, self.grammar.at(mention.start), len(found), 1, -1)
        self.link(pronoun, number, found)
        return list(found.values())

    @cached_property
    def named(self) -> list[tuple[Mention, Full, str]]:
        """The mentions of people in order, each with who it is and of which gender."""
        people, found = self.people, []
        for mention in self.grammar.mentions:
            name = people.names.get(mention.head)
            if name is not None and name.is_person:
                full = people.fullest(name)
                if len(full) > 1 or name.gender or self.proven(full, mention):
                    found.append((mention, full, people.gender(name)))
        return found

    def proven(self, full: Full, mention: Mention) -> bool:
        """Whether a word with a capital that nobody in the text is called in full seems to be a person all the same."""
        return full not in self.people.placed and (full in self.people.speakers or mention.head in self.sources)

    def link(self, pronoun: Mention, number: int, found: dict[Full, Antecedent]) -> None:
        """Adds whom the pronouns before stand for."""
        row = self.pronouns[self.stream.lows[pronoun.start]]
        index = bisect_left(row, pronoun.start, key=lambda mention: mention.start)
        for other in reversed(row[max(0, index - LINKED) : index]):
            back = number - self.grammar.at(other.start)
            known = self.chosen.get(other.start)
            if back > LINKED:
                return
            if known is None:
                continue
            if known.full not in found:
                found[known.full] = Antecedent(known.full, known.mention, known.sentence, len(found), 0, back)
            elif found[known.full].linked < 0:
                found[known.full].linked = back

    def governors(self, number: int) -> dict[int, str]:
        """Head of a mention -> how it governs the first of its verbs, for one sentence."""
        known = self._governors.get(number)
        if known is None:
            sentence = self.grammar.sentence(number)
            known = {}
            for cue in sentence.cues:
                if cue.relation in GOVERNING and cue.mention >= 0:
                    sense = "say" if cue.sense == "speech" else "do"
                    known.setdefault(sentence.mentions[cue.mention].head, sense + cue.relation[:3])
            self._governors[number] = known
        return known

    def quoted_before(self, pronoun: Mention) -> Full | None:
        """Who was quoted last before a pronoun."""
        index = bisect_left(self._quoted, pronoun.start)
        if not index:
            return None
        head = self._quoted[index - 1]
        name = self.people.names.get(head)
        if name is not None:
            return self.people.fullest(name)
        known = self.chosen.get(head)
        return known.full if known is not None else None

    def named_after(self, pronoun: Mention, sentence: Sentence) -> set[Full]:
        """The people named after a pronoun in its sentence: hardly the one it stands for ("she told Bell")."""
        names = self.people.names
        return {
            self.people.fullest(names[mention.head])
            for mention in sentence.mentions
            if mention.start > pronoun.start and mention.head in names
        }

    def role(self, mention: Mention, number: int) -> str:
        """What a mention does in its sentence."""
        tags = self.stream.tags
        if tags[mention.end : mention.end + 1] == "s":
            return "owner"
        governed = mention.start > 0 and tags[mention.start - 1] in "pfz"
        verb = self.governors(number).get(mention.head)
        if verb is not None:
            return verb + "-" * governed
        if governed:
            return "governed"
        sentence: Sentence = self.grammar.sentence(number)
        return "topic" if sentence.mentions and sentence.mentions[0].head == mention.head else "other"

    def position(self, pronoun: Mention, sentence: Sentence) -> str:
        """Where the pronoun stands."""
        if pronoun.start - sentence.start < 1:
            return "^"
        return self.stream.tags[pronoun.start - 1]

    def setting(self, pronoun: Mention, found: list[Antecedent]) -> Setting:
        """What all candidates for a pronoun share."""
        number = self.grammar.at(pronoun.start)
        sentence = self.grammar.sentence(number)
        return Setting(
            pronoun,
            number,
            sentence,
            self.position(pronoun, sentence),
            self.role(pronoun, number),
            self.named_after(pronoun, sentence),
            self.quoted_before(pronoun),
            max(self.people.counts[one.full] for one in found),
            any(one.linked >= 0 for one in found),
            len(found),
        )

    def features(self, setting: Setting, one: Antecedent) -> list[Group]:
        """What the chooser sees of a person; no names."""
        people = self.people
        back = min(7, setting.number - one.sentence)
        apart = min(3, setting.sentence.paragraph - self.grammar.paragraph_of[one.sentence])
        role = self.role(one.mention, one.sentence) if one.times else "far"
        known = people.gender(people.names[one.mention.head]) != ""
        proven = one.full in people.speakers
        quoted = one.mention.head in self.sources
        gap = "" if back else squeezed(self.stream.tags[one.mention.end : setting.pronoun.start])
        share = 4 * people.counts[one.full] // setting.most
        said = "-" if setting.latest is None else "me" if setting.latest == one.full else "else"
        return [
            (names.person_place_names, back, apart, role, setting.position, setting.role),
            (names.person_order_names, one.order, min(3, one.times), back, role, min(4, setting.size)),
            (names.person_known_names, known, proven, quoted, len(one.full) > 1, back),
            (names.person_gap_names, gap, role),
            (names.person_share_names, share, back, one.order == 0),
            (names.person_linked_names, one.linked, setting.linked, back, role),
            (names.person_said_names, said, one.full in setting.after, back, setting.role),
        ]
