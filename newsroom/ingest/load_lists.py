"""Printed lists to curated lists: each newer dump replaces the items, and editors' own lists are left alone."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from articles import store as article_store
from articles.ledger import Ledger, values_of
from articles.models import CuratedList, CuratedListItem, Publisher, RawDocument
from articles.text import fold, headline_key, make_slug

State = Literal["made", "changed", "unchanged", "kept"]
# Lists that belong to the page they stand on, not to the site: they stay with their document.
PAGE_BOUND = (
    "related", "read more", "read next", "read also", "also read", "see also", "more on this", "more from",
    "more stories", "you may also like", "you might also like", "recommended", "suggested",
)  # fmt: skip


def load_list(
    label: str,
    items: list[str],
    document: RawDocument,
    publisher: Publisher | None,
    ledger: Ledger,
    *,
    as_of: datetime | None,
    publish: bool,
) -> tuple[CuratedList | None, State]:
    """Write one list as printed at ``as_of`` (None: not known). Says whether it was made, changed, or left as it was."""
    key = fold(label)[:200]
    if not key or key.startswith(PAGE_BOUND):
        return None, "kept"
    here = (
        CuratedList.objects.filter(title_key=key, publisher=publisher)
        .select_related("document")
        .defer("document__raw", "document__text")
        .order_by("managed_by")
        .first()
    )
    if here is not None and (here.managed_by == CuratedList.ManagedBy.EDITORS or _is_newer(here, as_of, document)):
        return here, "kept"
    curated = here or CuratedList(
        title=label[:200],
        title_key=key,
        slug=article_store.unique_slug(CuratedList, make_slug(label, "list")),
        publisher=publisher,
        managed_by=CuratedList.ManagedBy.IMPORT,
        on_homepage=True,
    )
    before = values_of(curated)
    curated.as_of = as_of
    curated.document = document
    curated.is_published = curated.is_published or publish
    curated.save()
    if here is None:
        ledger.created([curated])
    else:
        ledger.updated(curated, before)
    ledger.deleted(curated.items.all())
    curated.items.all().delete()
    ledger.created(
        CuratedListItem.objects.bulk_create(
            CuratedListItem(list=curated, position=position, headline=item[:300], headline_key=headline_key(item))
            for position, item in enumerate(items, 1)
        )
    )
    article_store.resolve_list_items((headline_key(item) for item in items), ledger)
    return curated, "made" if here is None else "changed"


def _is_newer(here: CuratedList, as_of: datetime | None, document: RawDocument) -> bool:
    """Whether the list shows a later moment; a page without a date was as its site was when it was fetched."""
    arrived = here.document.retrieved_at if here.document else None
    shown = here.as_of or arrived
    return shown is not None and shown > (as_of or document.retrieved_at)
