"""Who a name means, for many names at once: the speakers' side of an import."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from articles import bulk
from articles.ledger import Ledger, values_of
from articles.slugs import free_slugs
from articles.store import index
from articles.text import make_slug
from quotes.models import Origin, Position, Speaker, SpeakerName
from quotes.store import name_key, sort_key


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A source as a text names it: ``name`` the fullest form, ``kind`` a ``Speaker.Kind``, ``role`` as printed."""

    name: str
    kind: str
    role: str = ""


@dataclass(slots=True)
class SpeakerDirectory:
    """Speakers by name. A name that is new makes a speaker; one that several speakers have means none of them.

    Lives as long as one transaction: ``read`` the names, ``find`` each, ``write`` those that were made.
    """

    _known: dict[str, list[Speaker]] = field(default_factory=dict)
    _forms: list[SpeakerName] = field(default_factory=list)
    made: list[Speaker] = field(default_factory=list)

    def read(self, names: Iterable[str]) -> None:
        """Fetch what is known of all these names, in one query."""
        keys = {key for name in names if (key := name_key(name))} - set(self._known)
        for key in keys:
            self._known[key] = []
        rows = SpeakerName.objects.filter(key__in=keys).select_related("speaker", "speaker__merged_into")
        for row in rows.order_by("speaker_id"):
            speaker = row.speaker.merged_into or row.speaker
            if speaker not in self._known[row.key]:
                self._known[row.key].append(speaker)

    def find(self, source: NamedSource, ledger: Ledger) -> Speaker | None:
        """The one speaker of that name, new (and entered in ``ledger``) if there is none; None if several have it."""
        key = name_key(source.name)
        if not key:
            return None
        if key not in self._known:
            self.read([source.name])
        known = self._known[key]
        if not known:
            known.append(self._make(source, key, ledger))
        return known[0] if len(known) == 1 else None

    def _make(self, source: NamedSource, key: str, ledger: Ledger) -> Speaker:
        name = source.name[:200]
        speaker = Speaker(name=name, kind=source.kind, sort_key=sort_key(name, source.kind))
        form = SpeakerName(speaker=speaker, name=name, key=key, origin=Origin.IMPORT)
        self.made.append(speaker)
        self._forms.append(form)
        ledger.created([speaker, form])
        return speaker

    def write(self) -> None:
        """Write the speakers that were made, and let search find them."""
        slugs = free_slugs(Speaker, [make_slug(form.key, "speaker") for form in self._forms])
        for speaker, slug in zip(self.made, slugs, strict=True):
            speaker.slug = slug
        bulk.insert(self.made)
        bulk.insert(self._forms)
        for speaker, form in zip(self.made, self._forms, strict=True):
            # As if prefetched: search asks each speaker for these.
            speaker._prefetched_objects_cache = {"names": [form], "merged": []}
        index(Speaker, self.made)


def note_positions(seen: Iterable[tuple[Speaker, str, date | None, Ledger]]) -> None:
    """Record roles as printed: when each was first and last seen.

    ``seen``: (speaker, role, day or None if not known, where to enter the row if it is new or changed by this).
    """
    wanted: dict[tuple[int, str], list[date]] = {}
    ledgers: dict[tuple[int, str], Ledger] = {}
    for speaker, role, day, ledger in seen:
        if role:
            wanted.setdefault((speaker.pk, role[:300]), []).extend([day] if day else [])
            ledgers.setdefault((speaker.pk, role[:300]), ledger)
    if not wanted:
        return
    existing = {
        (position.speaker_id, position.title): position
        for position in Position.objects.filter(speaker__in={pk for pk, _ in wanted}, organisation="")
    }
    new, changed = [], []
    for (pk, title), days in wanted.items():
        position = existing.get((pk, title)) or Position(speaker_id=pk, title=title)
        dated = [day for day in (*days, position.first_seen, position.last_seen) if day]
        first, last = (min(dated), max(dated)) if dated else (None, None)
        before = values_of(position, ("first_seen", "last_seen"))
        is_other = (first, last) != (position.first_seen, position.last_seen)
        position.first_seen, position.last_seen = first, last
        if position.pk is None:
            new.append(position)
            ledgers[pk, title].created([position])
        elif is_other:
            changed.append(position)
            ledgers[pk, title].updated(position, before)
    bulk.insert(new)
    bulk.update(changed, ["first_seen", "last_seen"])
