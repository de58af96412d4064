"""Forms that several people may be at, and that outlive a session: who else is here, and what was typed before."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse

from articles import held, presence
from articles.admin.forms import PlainWordsForm
from articles.admin.stale import StaleCheckForm

SAVED = "saved_form"
SAVED_FOR = 24 * 60 * 60


class TogetherMixin(admin.ModelAdmin):
    class Media:
        js = (
            forms.Script("admin_newsroom/together.js", defer=True),
            forms.Script("admin_newsroom/typed.js", defer=True),
        )

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_presence"
        view = self.admin_site.admin_view(self.presence_view)
        return [path("<path:object_id>/presence/", view, name=name), *super().get_urls()]

    # what was typed when the session had ended

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        if request.method == "GET" and request.GET.get("typed") == "no":
            held.drop(request)
            return HttpResponseRedirect(request.path)
        kept = held.held(request) if request.method == "GET" else None
        if kept is not None:
            return self._shown_again(request, kept, object_id, *args, **kwargs)
        response = super().changeform_view(request, object_id, *args, **kwargs)
        if request.method == "POST" and response.status_code == 302:
            held.drop(request)
            self._leave(request, object_id)
            # For desk.js: what this browser kept of the form, should it go down, is not needed any more.
            response.set_cookie(
                SAVED, quote(request.path, safe=""), max_age=SAVED_FOR, samesite="Lax", secure=request.is_secure()
            )
        return response

    def _shown_again(self, request: HttpRequest, kept: held.Held, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form filled with what was typed: as after a save that was refused, only that nobody tried to save."""
        request.FILES.clear()  # there are none; but the first look at them would reset the fields set here
        request.held, request.method, request.POST = kept, "POST", kept.data
        try:
            return super().changeform_view(request, *args, **kwargs)
        except PermissionDenied:
            request.held, request.method = None, "GET"
            self.message_user(request, "What you typed cannot be saved: you may not change this any more.",
                              messages.ERROR)  # fmt: skip
            return super().changeform_view(request, *args, **kwargs)

    # who else is here

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj, form = context["original"], context["adminform"].form
        if isinstance(form, StaleCheckForm):
            form.compare_rows(inline.formset for inline in context["inline_admin_formsets"])
        context["files"] = form.ask_for_files() if isinstance(form, PlainWordsForm) else {}
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if may and not context["is_popup"]:
            context |= {"form_token": held.token(request), "held": getattr(request, "held", None)}
            if obj is not None:
                name = f"admin:{self.opts.app_label}_{self.opts.model_name}_presence"
                context["presence_address"] = reverse(name, args=[obj.pk])
                context["present"] = presence.in_words(presence.enter(obj, request.user))
        return super().render_change_form(request, context, *args, **kwargs)

    def presence_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say that the form is still open (or, with ``left``, that it was closed), and who else has it open."""
        obj = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if obj is None or "left" in request.POST:
            self._leave(request, object_id)
            return JsonResponse({"words": ""})
        return JsonResponse({"words": presence.in_words(presence.enter(obj, request.user))})

    def _leave(self, request: HttpRequest, object_id: str | None) -> None:
        if object_id is not None and unquote(object_id).isdecimal():
            presence.leave(self.model(pk=int(unquote(object_id))), request.user)
