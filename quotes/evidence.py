"""What is known of speakers who share a family name: their roles, and whom they are quoted beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from articles import bulk
from articles.text import words_of
from quotes.likeness import (
    AHEAD,
    FEW,
    LINK,
    SUGGEST,
    PersonName,
    Reason,
    company_reason,
    names_fit,
    namesakes_reason,
    person_name,
    role_reason,
    text_reason,
    total,
)
from quotes.models import Origin, Position, Quote, Speaker, SpeakerName

# However common a name is, no more is read of it: beyond that it says nothing anyway.
MOST_NAMES = 2_000
MOST_QUOTES = 1_000
# Not by the key itself: PostgreSQL would walk the table from its end until it has met as many rows as are wanted, which
# is most of it, for those who are named say little each.
_NEWEST = (F("pk") + 0).desc()
_READ = ("id", "name", "kind", "sort_key")


@dataclass(slots=True)
class Scene:
    """A document as far as it says who is who: its text, the roles it prints by name key, and whom its names mean.

    ``noted``: the names with their roles that have been taken as evidence.
    """

    text: str = ""
    roles: dict[str, set[str]] = field(default_factory=dict)
    settled: dict[str, Speaker | None] = field(default_factory=dict)
    noted: set[tuple[str, str]] = field(default_factory=set)
    _words: frozenset[str] | None = None

    def words(self) -> frozenset[str]:
        if self._words is None:
            self._words = frozenset(words_of(self.text, fold_case=True))
        return self._words


@dataclass(slots=True)
class Ranked:
    """Speakers whom a name may mean, with the reasons, those with most behind them first."""

    alike: list[tuple[Speaker, tuple[Reason, ...]]]

    def clear(self) -> Speaker | None:
        """The one that the name means; None where too little speaks for any, or as much for another."""
        sums = [total(reasons) for _, reasons in self.alike[:2]]
        if sums and sums[0] >= LINK and (len(sums) == 1 or sums[0] - sums[1] >= AHEAD):
            return self.alike[0][0]
        return None

    def worth_asking(self) -> list[tuple[Speaker, tuple[Reason, ...]]]:
        """Those that an editor should see."""
        return [(speaker, reasons) for speaker, reasons in self.alike if total(reasons) >= SUGGEST][:FEW]


@dataclass(slots=True)
class Evidence:
    """Lives as long as one transaction. Speakers that are not saved yet count like any others."""

    _families: dict[str, dict[int, Speaker]] = field(default_factory=dict)
    _names: dict[int, set[str]] = field(default_factory=dict)
    _roles: dict[int, set[str]] = field(default_factory=dict)
    _company: dict[int, set[int]] = field(default_factory=dict)
    _by_editors: set[int] = field(default_factory=set)
    _weighed: set[int] = field(default_factory=set)

    def read(self, names: Iterable[str], known: Iterable[Speaker]) -> None:
        """Fetch the speakers who share the family names of these, and what is known of those whom they may mean.

        ``known``: speakers who have one of the names. At most five queries.
        """
        asked = [name for name in map(person_name, names) if name.family]
        if not asked:
            return
        families = {name.family for name in asked} - self._families.keys()
        if families:
            self._families.update((family, {}) for family in families)
            self._read_names(families)
        # Most who share a common family name have another given name than is asked for.
        fitting = {
            _key(other) for name in asked for other in self.family(name.family) if self._fit(name, other) is not None
        }
        meant = sorted(key for key in fitting.union(map(_key, known)) - self._weighed if key >= 0)
        self._weighed.update(meant)
        if meant:
            self._read_company(meant)

    def _read_names(self, families: set[str]) -> None:
        """The speakers who have these family names, or have taken in one who has. They come by the thousand."""
        names = SpeakerName.objects.filter(family__among=families).order_by("pk")
        rows = list(
            names.values_list("family", "name", "origin", *(f"speaker__{name}" for name in (*_READ, "merged_into")))[
                :MOST_NAMES
            ]
        )
        into = {merged for *_, merged in rows if merged is not None}
        found = Speaker.objects.filter(pk__among=into).order_by().values_list(*_READ) if into else []
        speakers = {values[0]: _speaker(values) for values in found}
        for family, name, origin, *values, merged in rows:
            key = values[0] if merged is None else merged
            speaker = speakers.get(key)
            if speaker is None:
                speaker = speakers[key] = _speaker(values)
            if speaker.kind == Speaker.Kind.PERSON:
                self._add(speaker, family, name)
            if origin == Origin.EDITOR:
                self._by_editors.add(key)

    def _read_company(self, speakers: Sequence[int]) -> None:
        positions = Position.objects.filter(speaker__among=speakers).order_by(_NEWEST)
        for key, title in positions.values_list("speaker_id", "title")[:MOST_NAMES]:
            self._roles.setdefault(key, set()).add(title)
        said = Quote.objects.filter(speaker__among=speakers, article__isnull=False).order_by(_NEWEST)
        places: dict[int, set[int]] = {}
        for speaker, article in said.values_list("speaker_id", "article_id")[:MOST_QUOTES]:
            places.setdefault(article, set()).add(speaker)
        beside = Quote.objects.filter(article__among=places, speaker__isnull=False).order_by(_NEWEST)
        for other, article in beside.values_list("speaker_id", "article_id")[: MOST_QUOTES * 4]:
            for speaker in places[article]:
                if speaker != other:
                    self._company.setdefault(speaker, set()).add(other)

    def _add(self, speaker: Speaker, family: str, name: str) -> None:
        key = _key(speaker)
        self._names.setdefault(key, set()).add(name)
        self._families.setdefault(family, {}).setdefault(key, speaker)

    def family(self, family: str) -> list[Speaker]:
        """The speakers known to have a family name."""
        return list(self._families.get(family, {}).values())

    def is_named_by_editors(self, speaker: Speaker) -> bool:
        return speaker.pk in self._by_editors

    def seen(self, speaker: Speaker, name: str, role: str, scene: Scene) -> None:
        """Note that a document names the speaker so, in this role, beside the others of the scene."""
        key = _key(speaker)
        if role:
            self._roles.setdefault(key, set()).add(role)
        if speaker.kind == Speaker.Kind.PERSON and name not in self._names.get(key, ()):
            self._add(speaker, person_name(name).family, name)
        company = self._company.setdefault(key, set())
        for other in scene.settled.values():
            if other is not None and (beside := _key(other)) != key:
                company.add(beside)
                self._company.setdefault(beside, set()).add(key)

    def weigh(self, name: PersonName, roles: set[str], others: Iterable[Speaker], scene: Scene) -> Ranked:
        """What speaks for each of the others being meant by the name."""
        fitting = [(other, fit) for other in others if (fit := self._fit(name, other)) is not None]
        if not fitting:
            return Ranked([])
        words = scene.words()
        beside = {_key(one): one.name for one in scene.settled.values() if one is not None}
        alike = []
        for other, fit in fitting:
            known = sorted(self._roles.get(_key(other), ()))
            together = {beside[key] for key in self._company.get(_key(other), set()) & beside.keys()}
            reasons = (
                fit,
                role_reason(sorted(roles), known) or text_reason(words, known),
                company_reason(together),
                namesakes_reason(len(fitting)),
            )
            alike.append((other, tuple(reason for reason in reasons if reason is not None)))
        return Ranked(sorted(alike, key=lambda pair: -total(pair[1])))

    def _fit(self, name: PersonName, other: Speaker) -> Reason | None:
        """What the names say, by the form of the other's that fits best."""
        forms = self._names.get(_key(other), set()) | {other.name}
        if len(forms) == 1:  # as with nearly all
            return names_fit(name, person_name(other.name))
        fits = [fit for form in sorted(forms) if (fit := names_fit(name, person_name(form))) is not None]
        return max(fits, key=lambda fit: fit.weight, default=None)

    def of_one_name(self, one: Speaker, other: Speaker) -> tuple[Reason, ...]:
        """What speaks for two speakers of the very same name being one."""
        roles = role_reason(sorted(self._roles.get(_key(one), ())), sorted(self._roles.get(_key(other), ())))
        return (Reason("same name", 0.5, one.name), *([roles] if roles else []))


def _speaker(values: Sequence[Any]) -> Speaker:
    return bulk.partly_read(Speaker, **dict(zip(_READ, values, strict=True)))


def _key(speaker: Speaker) -> int:
    """Its key, or, before it has one, a negative number of its own."""
    key: int | None = speaker.__dict__[
        "id"
    ]  # several times faster than ``pk``, and asked some hundred times a document
    return key if key is not None else -id(speaker)
