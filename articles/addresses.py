"""Addresses outlive what they named: a rename leaves a redirect, a deletion a page that says so.

The slug of a row is its address. Stores call ``keep`` when a slug changes and ``close`` when a row goes; views call
``follow`` for a slug that nothing public has.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from articles.merging import survivor
from articles.models import FormerAddress

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet


def slug_of(model: type[Model], pk: int | None) -> str | None:
    """The slug that is stored for a row now, None if there is no such row."""
    return model._default_manager.filter(pk=pk).values_list("slug", flat=True).first() if pk else None


def leads_to(model: type[Model], slug: str, *, besides: Model) -> Model | None:
    """The row that an old address leads to, unless that is ``besides``; None if it is none, or leads nowhere."""
    former = FormerAddress.objects.filter(kind=model._meta.label_lower, slug=slug, object_id__isnull=False)
    key = former.exclude(object_id=besides.pk).values_list("object_id", flat=True).first()
    return model._default_manager.filter(pk=key).first() if key else None


def keep(renamed: Model, old_slug: str | None) -> None:
    """Let the old address of a row that was saved under a new slug lead to it. Nothing happens if the slug is the same."""
    kind = renamed._meta.label_lower
    if old_slug is None or old_slug == renamed.slug:
        return
    FormerAddress.objects.filter(kind=kind, slug=renamed.slug).delete()
    FormerAddress.objects.update_or_create(kind=kind, slug=old_slug, defaults={"object_id": renamed.pk})


def close(model: type[Model], doomed: Iterable[Model]) -> None:
    """Mark all addresses of rows that are about to be deleted as gone."""
    kind = model._meta.label_lower
    doomed = list(doomed)
    FormerAddress.objects.filter(kind=kind, object_id__in=[row.pk for row in doomed]).update(object_id=None)
    FormerAddress.objects.bulk_create(
        [FormerAddress(kind=kind, slug=row.slug) for row in doomed],
        update_conflicts=True,
        unique_fields=["kind", "slug"],
        update_fields=["object_id"],
    )


def follow(request: HttpRequest, public: QuerySet, slug: str) -> HttpResponse:
    """The answer to an address that no row of ``public`` has: one redirect to where its row is now, or 410.

    Raises ``Http404`` if the address never was one, or if its row is not public.
    """
    model = public.model
    former = FormerAddress.objects.filter(kind=model._meta.label_lower, slug=slug).first()
    if former is None or model._default_manager.filter(slug=slug).exists():
        raise Http404("No such page.")
    if former.object_id is None:
        return gone(request, f"This {model._meta.verbose_name} is gone", "It was here, and has been deleted.")
    row = model._default_manager.filter(pk=former.object_id).first()
    target = row if row is None or not hasattr(row, "merged_into") else survivor(row)
    if target is None or not public.filter(pk=target.pk).exists():
        raise Http404("No such page.")
    return HttpResponsePermanentRedirect(target.get_absolute_url())


def gone(request: HttpRequest, title: str, words: str, reason: str = "") -> HttpResponse:
    """The page that says that what was here will not come back, and why."""
    return render(request, "410.html", {"heading": title, "words": words, "reason": reason}, status=410)
