"""Who a name means, for many names at once: the speakers' side of an import."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import prefetch_related_objects

from articles import bulk
from articles.ledger import Ledger, values_of
from articles.slugs import free_slugs
from articles.store import index
from articles.text import make_slug
from quotes.evidence import Evidence, Scene
from quotes.likeness import FEW, is_short, person_name
from quotes.models import Origin, Position, Speaker, SpeakerName
from quotes.store import family_of, name_key, sort_key
from quotes.suggestions import Likeness, suggest


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A source as a text names it: ``name`` the fullest form, ``kind`` a ``Speaker.Kind``, ``role`` as printed."""

    name: str
    kind: str
    role: str = ""


@dataclass(slots=True)
class SpeakerDirectory:
    """Speakers by name. A name that is new makes a speaker; one that several speakers have means none of them.

    A name that leaves open who is meant ("Quill"), or that is fuller than one known, is linked to a speaker only where
    roles, company or the text speak for it (``quotes.likeness``); where they do not suffice, the pair is suggested to
    an editor. Lives as long as one transaction: ``read`` the names, ``find`` each, ``write`` and ``index``
    those that were made.
    """

    _known: dict[str, list[Speaker]] = field(default_factory=dict)
    _forms: list[SpeakerName] = field(default_factory=list)
    _evidence: Evidence = field(default_factory=Evidence)
    _alike: list[Likeness] = field(default_factory=list)
    _renamed: list[Speaker] = field(default_factory=list)
    made: list[Speaker] = field(default_factory=list)

    def read(self, names: Iterable[str]) -> None:
        """Fetch what is known of all these names, and of those who share the family name of one that is not sure."""
        keys = {key: name for name in names if (key := name_key(name)) and key not in self._known}
        for key in keys:
            self._known[key] = []
        rows = SpeakerName.objects.filter(key__among=keys).select_related("speaker", "speaker__merged_into")
        for row in rows.order_by("speaker_id"):
            speaker = row.speaker.merged_into or row.speaker
            if speaker not in self._known[row.key]:
                self._known[row.key].append(speaker)
        open_names = [name for key, name in keys.items() if len(self._known[key]) != 1 or is_short(person_name(name))]
        self._evidence.read(open_names, (speaker for key in keys for speaker in self._known[key]))

    def find(self, source: NamedSource, ledger: Ledger, scene: Scene | None = None) -> Speaker | None:
        """The one speaker of that name, new (and entered in ``ledger``) if there is none; None if several have it.

        ``scene``: what else the document says; within one, a name always means the same speaker.
        """
        key = name_key(source.name)
        if not key:
            return None
        scene = scene or Scene()
        known_as = (source.name, source.role)
        if known_as in scene.noted:
            return scene.settled[key]
        if key not in self._known:
            self.read([source.name])
        if key not in scene.settled:
            scene.settled[key] = self._settle(source, key, ledger, scene)
        speaker = scene.settled[key]
        if speaker is not None:
            self._evidence.seen(speaker, source.name, source.role, scene)
        scene.noted.add(known_as)
        return speaker

    def _settle(self, source: NamedSource, key: str, ledger: Ledger, scene: Scene) -> Speaker | None:
        known = self._known[key]
        if source.kind != Speaker.Kind.PERSON:
            return self._only(known, source, key, ledger)
        name = person_name(source.name)
        if len(known) == 1 and not is_short(name):
            return known[0]
        others = known if len(known) > 1 else [one for one in self._evidence.family(name.family) if one not in known]
        roles = scene.roles.get(key, set()) | ({source.role} if source.role else set())
        ranked = self._evidence.weigh(name, roles, others, scene)
        meant = ranked.clear()
        if meant is not None:
            if not known and not is_short(name):
                self._name_more_fully(meant, source, key, ledger)
            return meant
        if len(known) > 1:
            self._alike += [
                Likeness(known[0], other, self._evidence.of_one_name(known[0], other), ledger)
                for other in known[1 : FEW + 1]
            ]
            return None
        speaker = self._only(known, source, key, ledger)
        if speaker is not None:
            self._alike += [Likeness(speaker, other, reasons, ledger) for other, reasons in ranked.worth_asking()]
        return speaker

    def _only(self, known: list[Speaker], source: NamedSource, key: str, ledger: Ledger) -> Speaker | None:
        if not known:
            known.append(self._make(source, key, ledger))
        return known[0] if len(known) == 1 else None

    def _make(self, source: NamedSource, key: str, ledger: Ledger) -> Speaker:
        name = source.name[:200]
        speaker = bulk.new(Speaker, name=name, kind=source.kind, sort_key=sort_key(name, source.kind))
        self.made.append(speaker)
        ledger.created([speaker])
        self._add_form(speaker, name, key, ledger)
        return speaker

    def _add_form(self, speaker: Speaker, name: str, key: str, ledger: Ledger) -> None:
        family = family_of(name, speaker.kind)
        form = bulk.new(SpeakerName, speaker=speaker, name=name, key=key, family=family, origin=Origin.IMPORT)
        self._forms.append(form)
        ledger.created([form])

    def _name_more_fully(self, speaker: Speaker, source: NamedSource, key: str, ledger: Ledger) -> None:
        """A speaker known by a part of the name so far: the new form finds them, and becomes the name shown.

        The name of a speaker whom editors have named stays.
        """
        name = source.name[:200]
        self._add_form(speaker, name, key, ledger)
        self._known[key].append(speaker)
        if is_short(person_name(speaker.name)) and not self._evidence.is_named_by_editors(speaker):
            before = values_of(speaker, ["name", "sort_key"])
            speaker.name, speaker.sort_key = name, sort_key(name, speaker.kind)
            if speaker.pk is not None:
                ledger.updated(speaker, before)
                self._renamed.append(speaker)

    def write(self) -> None:
        """Write the speakers that were made or got a fuller name; suggest who may be one."""
        slugs = free_slugs(Speaker, [make_slug(name_key(speaker.name), "speaker") for speaker in self.made])
        for speaker, slug in zip(self.made, slugs, strict=True):
            speaker.slug = slug
        bulk.insert(self.made)
        bulk.insert(self._forms)
        bulk.update(self._renamed, ["name", "sort_key"])
        suggest(self._alike)

    def index(self) -> None:
        """Let search find them."""
        forms: dict[int, list[SpeakerName]] = {}
        for form in self._forms:
            forms.setdefault(form.speaker.pk, []).append(form)
        for speaker in self.made:
            # As if prefetched: search asks each speaker for these.
            speaker._prefetched_objects_cache = {"names": forms[speaker.pk], "merged": []}
        made = {speaker.pk for speaker in self.made}
        fuller = list({form.speaker.pk: form.speaker for form in self._forms if form.speaker.pk not in made}.values())
        prefetch_related_objects(fuller, "names", "merged")
        index(Speaker, [*self.made, *fuller])
        for speaker in self.made:
            # Forms and speakers would hold each other, until cycles are sought: thousands a batch.
            del speaker._prefetched_objects_cache


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
        for position in Position.objects.filter(speaker__among={pk for pk, _ in wanted}, organisation="")
    }
    new, changed = [], []
    for (pk, title), days in wanted.items():
        position = existing.get((pk, title)) or bulk.new(Position, speaker_id=pk, title=title)
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
