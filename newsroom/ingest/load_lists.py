"""Printed lists to curated lists: each newer dump replaces the items.

Editors' own lists are left alone. What is printed after one of them is kept in a list beside it, which no reader sees.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.utils import timezone

from articles import bulk
from articles import store as article_store
from articles.ledger import Ledger, values_of
from articles.models import CuratedList, CuratedListItem, Publisher, RawDocument
from articles.slugs import free_slugs
from articles.text import fold, headline_key, make_slug

State = Literal["made", "changed", "unchanged", "kept"]
# Lists that belong to the page they stand on, not to the site: they stay with their document.
PAGE_BOUND = (
    "related", "read more", "read next", "read also", "also read", "see also", "more on this", "more from",
    "more stories", "you may also like", "you might also like", "recommended", "suggested",
)  # fmt: skip


@dataclass(slots=True)
class _Shown:
    """A list, and the items to show from now on; ``items`` None: those that it has."""

    curated: CuratedList
    here: list[CuratedListItem]
    items: list[str] | None = None
    ledger: Ledger | None = None


@dataclass(slots=True)
class ListLoader:
    """Writes the lists of one batch: ``read``, ``load`` each, ``write``. What several documents print, the newest decides."""

    publisher: Publisher | None
    publish: bool
    _shown: dict[str, _Shown] = field(default_factory=dict)
    _editors: defaultdict[str, list[CuratedList]] = field(default_factory=lambda: defaultdict(list))
    _changed: dict[str, None] = field(default_factory=dict)

    def read(self, labels: Iterable[str]) -> None:
        """Fetch the lists of those labels, with their items."""
        keys = {key for label in labels if (key := _key(label))}
        if not keys:
            return
        lists = (
            CuratedList.objects.filter(title_key__in=keys, publisher=self.publisher)
            .select_related("document")
            .defer("document__raw", "document__text", "document__blocks")
            .prefetch_related("items")
        )
        for curated in lists:
            if curated.managed_by == CuratedList.ManagedBy.EDITORS:
                self._editors[curated.title_key].append(curated)
            else:
                self._shown[curated.title_key] = _Shown(curated, list(curated.items.all()))

    def load(
        self, label: str, items: list[str], document: RawDocument, as_of: datetime | None, ledger: Ledger
    ) -> tuple[CuratedList | None, State]:
        """Settle one list as printed at ``as_of`` (None: not known): whether it is made, changed, or left as it was."""
        key = _key(label)
        if not key:
            return None, "kept"
        shown, editors = self._shown.get(key), self._editors[key]
        newer = [one for one in (*editors, *([shown.curated] if shown else [])) if _is_newer(one, as_of, document)]
        if newer:
            return newer[0], "kept"
        if shown is None:
            curated = self._make(label, key)
            shown = self._shown[key] = _Shown(curated, [])
            ledger.created([curated])
            state: State = "made"
        else:
            curated, state = shown.curated, "changed"
        before = values_of(curated)
        curated.as_of = as_of
        curated.document = document
        curated.is_published = curated.is_published or (self.publish and not editors)
        if curated.pk is not None:
            curated.updated_at = timezone.now()
            self._changed[key] = None
            ledger.updated(curated, before)
        shown.items, shown.ledger = [item[:300] for item in items], ledger
        return curated, state

    def _make(self, label: str, key: str) -> CuratedList:
        return CuratedList(
            title=label[:200],
            title_key=key,
            publisher=self.publisher,
            managed_by=CuratedList.ManagedBy.IMPORT,
            on_homepage=not self._editors[key],
        )

    def write(self) -> None:
        """Write the lists; items that are shown as before keep their rows."""
        made = [shown.curated for shown in self._shown.values() if shown.curated.pk is None]
        slugs = free_slugs(CuratedList, [make_slug(curated.title, "list") for curated in made])
        for curated, slug in zip(made, slugs, strict=True):
            curated.slug = slug
        bulk.insert(made)
        bulk.update(
            [self._shown[key].curated for key in self._changed], ("as_of", "document", "is_published", "updated_at")
        )
        new, gone = [], []
        ledgers: dict[str, Ledger] = {}
        for shown in self._shown.values():
            if shown.ledger is None or shown.items is None or shown.items == [item.headline for item in shown.here]:
                continue
            shown.ledger.deleted(shown.here)
            gone += [item.pk for item in shown.here]
            items = [
                bulk.new(
                    CuratedListItem,
                    list=shown.curated,
                    position=position,
                    headline=item,
                    headline_key=headline_key(item),
                )
                for position, item in enumerate(shown.items, 1)
            ]
            shown.ledger.created(items)
            ledgers |= {item.headline_key: shown.ledger for item in items}
            new += items
        if gone:
            CuratedListItem.objects.filter(pk__in=gone).delete()
        bulk.insert(new)
        article_store.resolve_list_items(ledgers, ledgers)


def _key(label: str) -> str:
    """What printings of one list have in common; empty for lists that belong to their page."""
    key = fold(label)[:200]
    return "" if key.startswith(PAGE_BOUND) else key


def _is_newer(here: CuratedList, as_of: datetime | None, document: RawDocument) -> bool:
    """Whether the list shows a later moment; a page without a date was as its site was when it was fetched."""
    arrived = here.document.retrieved_at if here.document else None
    shown = here.as_of or arrived
    return shown is not None and shown > (as_of or document.retrieved_at)
