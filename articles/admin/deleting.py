"""Deleting in the admin: what would go along, looked at without reading all of it; kept, so that it can come back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.admin.utils import unquote
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.db.models import CASCADE, PROTECT, RESTRICT, SET_NULL, Model, QuerySet
from django.db.models.deletion import get_candidate_relations_to_delete
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from articles import addresses, deletions
from articles.models import Deletion

# Of what goes along so many are looked for, and so many shown.
COUNTED = 1_000
SHOWN = 20


class ReadOnlyMixin:
    """Rows that only the machinery writes: nobody adds or changes them here. For admin classes and inlines."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class DeletingMixin(admin.ModelAdmin):
    """Keeps what is deleted (see ``articles.deletions``), and marks its addresses as gone.

    Not what the machinery wrote: whoever deletes such rows, which only superusers may, means them to be gone.
    """

    def with_address(self) -> QuerySet | None:
        """Rows that readers may have the address of: once deleted, their pages say so. None: the model has no pages."""
        return None

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self._before_deletion(request, [obj])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        with transaction.atomic():
            self._before_deletion(request, list(queryset))
            super().delete_queryset(request, queryset)

    def _before_deletion(self, request: HttpRequest, doomed: list[Model]) -> None:
        if not isinstance(self, ReadOnlyMixin):
            self.keep_unseen([obj.pk for obj in doomed])
            deletions.note(doomed, editor=request.user)
        rows = self.with_address()
        if rows is not None:
            addresses.close(self.model, rows.filter(pk__in=[obj.pk for obj in doomed]))

    def may_bring_back(self, request: HttpRequest) -> bool:
        """Whoever may make such rows, and delete them."""
        label = self.opts.model_name
        rights = [f"{self.opts.app_label}.{verb}_{label}" for verb in ("add", "delete")]
        written_by_people = not isinstance(self, ReadOnlyMixin)
        return written_by_people and request.user.has_perms([*rights, "articles.view_deletion"])

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        deleted = f"{reverse('admin:articles_deletion_changelist')}?kind={self.opts.label_lower}"
        context = {"deleted_address": deleted if self.may_bring_back(request) else ""}
        return super().changelist_view(request, context | (extra_context or {}))

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        response = super().response_delete(request, obj_display, obj_id)
        kept = Deletion.objects.filter(kind=self.opts.label_lower, object_id=obj_id).only("pk").first()
        if kept is not None and self.may_bring_back(request):
            address = reverse("admin:articles_deletion_change", args=[kept.pk])
            self.message_user(
                request,
                format_html('It is kept. <a href="{}">Look at it, or bring it back</a>', address),
                messages.INFO,
            )
        return response

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """As Django's, but whoever had typed something is shown it, with the way to bring back what is gone."""
        saves = request.method == "POST" and self.has_change_permission(request)
        typed = typed_words(request.POST, self.model) if saves else []
        if not typed:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        key = unquote(object_id)
        gone = Deletion.objects.filter(kind=self.opts.label_lower, object_id=key) if key.isdecimal() else None
        context = self.admin_site.each_context(request) | {
            "title": f"This {self.opts.verbose_name} is not here any more",
            "opts": self.opts,
            "typed": typed,
            "gone": gone.select_related("editor").defer("rows").order_by("-pk").first() if gone is not None else None,
            "may_bring_back": self.may_bring_back(request),
        }
        return TemplateResponse(request, "admin/newsroom/gone.html", context, status=404)

    def get_deleted_objects(self, objs: Iterable[Model], request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """As Django's, but it reads no more than it shows, and what the machinery wrote needs no right of its own."""
        doomed = Doomed(request, self.admin_site)
        rows = list(objs)
        doomed.follow(self.model, [row.pk for row in rows])
        if not all(self.has_delete_permission(request, row) for row in rows):
            doomed.rights_missing.add(self.opts.verbose_name)
        shown: list[Any] = [doomed.line(row) for row in rows]
        return [*shown, doomed.lines()], doomed.numbers(), doomed.rights_missing, doomed.protected


class Doomed:
    """What goes along with rows that are to be deleted, and what forbids it."""

    def __init__(self, request: HttpRequest, site: AdminSite) -> None:
        self._request, self._site = request, site
        self._roots: type[Model] | None = None
        self._found: dict[type[Model], dict[Any, None]] = {}
        # Rows that stay, and lose what they point to: how many.
        self._left: dict[type[Model], int] = {}
        self.rights_missing: set[str] = set()
        self.protected: list[SafeString | str] = []

    def follow(self, model: type[Model], keys: list[Any]) -> None:
        """Look for what hangs on the rows of these keys, and for what hangs on that."""
        self._found.setdefault(model, {}).update(dict.fromkeys(keys))
        self._roots = self._roots or model
        for relation in get_candidate_relations_to_delete(model._meta):
            others, how = relation.related_model, relation.field.remote_field.on_delete
            rows = others._base_manager.filter(**{f"{relation.field.name}__in": keys}).order_by()
            if how in {PROTECT, RESTRICT}:
                self._forbid(others, rows)
            elif how is SET_NULL and self._is_edited(others):
                self._left[others] = len(rows.values_list("pk")[: COUNTED + 1])
            elif how is CASCADE:
                more = list(rows.values_list("pk", flat=True)[: COUNTED + 1])
                new = [key for key in more if key not in self._found.get(others, {})]
                if new:
                    self._check(others)
                    self.follow(others, new)

    def _forbid(self, model: type[Model], rows: QuerySet) -> None:
        some = list(rows.defer(*self._unread(model))[: SHOWN + 1])
        self.protected += [self.line(row) for row in some[:SHOWN]]
        if len(some) > SHOWN:
            self.protected.append(f"and more {model._meta.verbose_name_plural}")

    def _check(self, model: type[Model]) -> None:
        if self._is_edited(model) and not self._site.get_model_admin(model).has_delete_permission(self._request):
            self.rights_missing.add(model._meta.verbose_name)

    def _is_edited(self, model: type[Model]) -> bool:
        """Whether people have a page to work at such rows."""
        return self._site.is_registered(model) and not isinstance(self._site.get_model_admin(model), ReadOnlyMixin)

    def _unread(self, model: type[Model]) -> list[str]:
        long = getattr(self._site.get_model_admin(model), "list_defer", ()) if self._site.is_registered(model) else ()
        return [name for name in long if "__" not in name]

    def line(self, row: Model) -> SafeString | str:
        """A row as people see it, with a link to its page."""
        kind = capfirst(row._meta.verbose_name)
        if not self._is_edited(type(row)):
            return f"{kind}: {row}"
        address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        return format_html('{}: <a href="{}">{}</a>', kind, address, row)

    def lines(self) -> list[SafeString | str]:
        """The first of those that go along and that people have pages for; how many there are is in ``numbers``."""
        shown: list[SafeString | str] = []
        for model, keys in self._found.items():
            if model is not self._roots and self._is_edited(model):
                rows = model._base_manager.filter(pk__in=list(keys)[:SHOWN]).defer(*self._unread(model))
                shown += [self.line(row) for row in rows]
                if len(keys) > SHOWN:
                    shown.append(f"and more {model._meta.verbose_name_plural}")
        return shown

    def numbers(self) -> dict[str, int | str]:
        gone = {
            str(model._meta.verbose_name_plural): _up_to_cap(len(keys))
            for model, keys in self._found.items()
            if model._meta.app_label != "modelsearch"
        }
        left = {f"{model._meta.verbose_name_plural} that stay without it": _up_to_cap(number)
                for model, number in self._left.items() if number}  # fmt: skip
        return gone | left


def _up_to_cap(number: int) -> int | str:
    return f"more than {COUNTED:,}" if number > COUNTED else number


def typed_words(sent: QueryDict, model: type[Model]) -> list[tuple[str, str]]:
    """The texts among what was sent from a form of ``model``, of its rows, too: each with the name of its box."""
    texts = ((name, value.strip()) for name, values in sent.lists() for value in values)
    found = ((_label_of(name, text, model), text) for name, text in texts if text)
    return [(label, text) for label, text in found if label]


def _label_of(name: str, text: str, model: type[Model]) -> str:
    """What the box of a text is called; empty for boxes that hold none."""
    relation, _, rest = name.partition("-")
    if name.startswith(("_", "opened_", "initial-", "csrfmiddlewaretoken")) or "__prefix__" in name:
        return ""
    try:
        owner = model._meta.get_field(relation).related_model if rest else model
        field: Any = owner._meta.get_field(rest.partition("-")[2] or name)
    except (FieldDoesNotExist, AttributeError):
        # A box of the form alone: words have blanks between them, keys and numbers have none.
        return capfirst(name.replace("_", " ")) if " " in text and not rest else ""
    is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
    return capfirst(field.verbose_name) if is_text else ""
