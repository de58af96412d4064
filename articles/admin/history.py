"""History in the admin: who changed what and when, two versions side by side, and the way back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from reversion.models import Version

from articles import history, worddiff

NOW = "now"
SHOWN = 200


class HistoryMixin(admin.ModelAdmin):
    """Keeps a version of each object that a person changes here. ``tracked``: names of the fields that are kept."""

    object_history_template = "admin/newsroom/history.html"
    tracked: ClassVar[tuple[str, ...]] = ()
    # Related names of rows that belong to the object, with the fields of theirs that are kept.
    tracked_rows: ClassVar[dict[str, tuple[str, ...]]] = {}
    # What going back leaves as it is: making something public is a decision of its own.
    not_put_back: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.tracked and not history.is_tracked(self.model):
            history.track(self.model, self.tracked, self.tracked_rows)

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        own = [
            path("<path:object_id>/history/compare/", wrap(self.compare_view), name=f"{name}_compare"),
            path("<path:object_id>/history/restore/", wrap(self.restore_view), name=f"{name}_restore"),
        ]
        return [*(own if self.tracked else []), *super().get_urls()]

    # keeping

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        if request.method == "POST" and object_id is not None:
            self.keep_unseen([unquote(object_id)])
        return super().changeform_view(request, object_id, *args, **kwargs)

    def keep_unseen(self, keys: Collection[Any]) -> None:
        """Before a change: see to it that there is a way back to what the objects are now."""
        if self.tracked:
            valid = [key for key in keys if str(key).isdecimal()]
            history.record_unseen(self.model._default_manager.filter(pk__in=valid))

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        return self._kept(request, [obj], super().log_addition(request, obj, message))

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        return self._kept(request, [obj], super().log_change(request, obj, message))

    def _kept(self, request: HttpRequest, rows: Collection[Model], entry: LogEntry) -> LogEntry:
        self.keep_versions(request, rows, entry.get_change_message())
        return entry

    def keep_versions(self, request: HttpRequest, rows: Collection[Model], comment: str) -> None:
        """After a change: keep what is stored now."""
        if self.tracked:
            stored = self.model._default_manager.filter(pk__in=[row.pk for row in rows])
            history.record(stored, editor=request.user, comment=comment)

    # pages

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied  # Django says first that there is no such object, if there is none
        obj = self.get_object(request, unquote(object_id))
        if not self.tracked or obj is None or not self.has_view_or_change_permission(request, obj):
            return super().history_view(request, object_id, extra_context)
        versions = list(history.versions_of(obj)[:SHOWN])
        return super().history_view(request, object_id, {"versions": versions, **(extra_context or {})})

    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Two versions (``old``, ``new``: numbers, or "now"); asked for neither, the newest with what is stored."""
        obj = self._viewed(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        newest = history.versions_of(obj).first()
        old = request.GET.get("old") or (str(newest.pk) if newest else NOW)
        new = request.GET.get("new") or NOW
        sides = [self._side(obj, old), self._side(obj, new)]
        # The older one on the left, whichever way round they were asked for.
        if old != NOW and (new == NOW or int(old) <= int(new)):
            left, right = sides
        else:
            right, left = sides
        changes = [
            {"label": change.label, "words": worddiff.as_html(change.old, change.new)}
            for change in history.differences(self.model, left["snapshot"], right["snapshot"])
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": f"Versions of “{obj}”",
            "opts": self.opts,
            "original": obj,
            "object_id": obj.pk,
            "left": left,
            "right": right,
            "changes": changes,
            "may_restore": left["key"] != NOW and self.has_change_permission(request, obj),
            "newest": newest.pk if newest else 0,
            "unsaid": history.unsaid(left["version"]) if left["version"] else "",
            "not_put_back": [self.model._meta.get_field(name).verbose_name for name in self.not_put_back],
        }
        return TemplateResponse(request, "admin/newsroom/compare.html", context)

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make an earlier version the present one. The present one is kept, so that this can be undone the same way."""
        if request.method != "POST":
            self._viewed(request, object_id)
            return HttpResponseNotAllowed(["POST"])
        with transaction.atomic():
            rows = self.model._default_manager.select_for_update()
            obj = rows.filter(pk=unquote(object_id)).first() if unquote(object_id).isdecimal() else None
            if not self.has_change_permission(request, obj):
                raise PermissionDenied
            if obj is None:
                return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            version = self._version(obj, request.POST.get("version", ""))
            newest = history.versions_of(obj).first()
            if str(newest.pk if newest else 0) != request.POST.get("newest"):
                words = "It was changed by somebody while you were looking. Nothing was restored: look at the versions again."
                self.message_user(request, words, messages.ERROR)
                return self._to(obj, "history")
            self._restore(request, obj, version)
        return self._to(obj, "change")

    def _to(self, obj: Model, page: str) -> HttpResponse:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return HttpResponseRedirect(reverse(name, args=[obj.pk]))

    def _restore(self, request: HttpRequest, obj: Model, version: Version) -> None:
        when = date_format(timezone.localtime(version.revision.date_created), "j M Y, H:i")
        self.keep_unseen([obj.pk])
        try:
            with transaction.atomic():
                many = history.put_back(obj, history.snapshot(version), besides=self.not_put_back)
                self.save_restored(request, obj)
                for name, keys in many.items():
                    getattr(obj, name).set(keys)
                self.log_change(request, obj, f"Restored the version of {when}.")
        except history.CannotRestoreError as error:
            self.message_user(request, f"Nothing was restored. {error}", messages.ERROR)
            return
        words = f"Restored the version of {when}. The one before it is kept, too. {history.unsaid(version)}"
        self.message_user(request, words.rstrip(), messages.SUCCESS)

    def save_restored(self, request: HttpRequest, obj: Model) -> None:
        """Write an object whose fields were put back; its rows are in place."""
        self.save_model(request, obj, Form(), change=True)

    def _viewed(self, request: HttpRequest, object_id: str) -> Model | None:
        obj = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        return obj

    def _side(self, obj: Model, key: str) -> dict[str, Any]:
        if key == NOW:
            return {"key": NOW, "snapshot": history.present(obj), "version": None}
        version = self._version(obj, key)
        return {"key": key, "snapshot": history.snapshot(version), "version": version}

    def _version(self, obj: Model, key: str) -> Version:
        found = history.versions_of(obj).filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
        if found is None:
            raise Http404("No such version.")
        return found
