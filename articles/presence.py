"""Who else has the form of an object open."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from articles.models import OpenForm

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import Model

# A form in sight says each minute that it is open; one behind another tab says nothing for a while.
PRESENT = timedelta(minutes=5)


def enter(obj: Model, editor: User) -> list[OpenForm]:
    """Note that ``editor`` has the form open, and give those of the others who had it open lately, the latest first."""
    now = timezone.now()
    mine = OpenForm(kind=obj._meta.label_lower, object_id=obj.pk, editor=editor, seen_at=now)
    unique = ["kind", "object_id", "editor"]
    OpenForm.objects.bulk_create([mine], update_conflicts=True, unique_fields=unique, update_fields=["seen_at"])
    rows = OpenForm.objects.filter(kind=obj._meta.label_lower, object_id=obj.pk, seen_at__gt=now - PRESENT)
    return list(rows.exclude(editor=editor).select_related("editor").order_by("-seen_at"))


def leave(obj: Model, editor: User) -> None:
    """Note that ``editor`` has saved or closed the form; what others left open long ago is forgotten with it."""
    rows = OpenForm.objects.filter(kind=obj._meta.label_lower, object_id=obj.pk)
    rows.filter(editor=editor).delete()
    rows.filter(seen_at__lte=timezone.now() - PRESENT).delete()


def in_words(others: list[OpenForm]) -> str:
    """Who they are and since when they were not heard of; empty for nobody."""
    if not others:
        return ""
    minutes = int((timezone.now() - others[0].seen_at).total_seconds() // 60)
    names = [other.editor.get_full_name() or other.editor.get_username() for other in others]
    who = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    if minutes < 2:
        said = f"{who} {'has' if len(names) == 1 else 'have'} this form open, too (last seen now)."
    else:
        said = f"{who} had this form open {minutes} minutes ago, and may have it still."
    return f"{said} Whoever saves second is asked to compare."
