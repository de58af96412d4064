"""The admin site: its name, its own pages, and the doors that Django's own leaves unchecked."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.log import log_response
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django_otp import user_has_device

from articles import held
from newsroom import finding, frontpage, secondfactor


class NewsroomAdminSite(AdminSite):
    index_template = "admin/newsroom/index.html"
    login_template = "admin/newsroom/login.html"
    login_form = secondfactor.LoginForm
    index_title = "Desk"

    @property
    def site_header(self) -> str:
        return settings.SITE_NAME

    @property
    def site_title(self) -> str:
        return settings.SITE_NAME

    def get_urls(self) -> list[Any]:
        checked = path(
            "r/<path:content_type_id>/<path:object_id>/", self.admin_view(self.view_on_site), name="view_on_site"
        )
        factor = path("second-factor/", self.second_factor, name="second_factor")
        find = path("find/", self.admin_view(self.find), name="find")
        return [checked, factor, find, *super().get_urls()]

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:
        """As Django's, but what was sent when the session had ended is kept through the login."""
        checked = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                response = checked(request, *args, **kwargs)
            except PermissionDenied as refusal:
                if not self.has_permission(request):
                    raise
                return self.denied(request, refusal)
            if request.method == "POST" and response.status_code == 302 and not self.has_permission(request):
                held.hold(request)
            return response

        return update_wrapper(inner, checked)

    def denied(self, request: HttpRequest, refusal: PermissionDenied) -> HttpResponse:
        """What is not theirs to see or do, people are told on a page of the desk, with who could change that."""
        context = {
            **self.each_context(request),
            "title": "Not yours to open",
            "groups": sorted(request.user.groups.values_list("name", flat=True)),
        }
        response = TemplateResponse(request, "admin/newsroom/denied.html", context, status=403)
        log_response("Forbidden (Permission denied): %s", request.path, response=response, request=request,
                     exception=refusal)  # fmt: skip
        return response

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and (request.user.is_verified() or not secondfactor.is_required())

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Who has given a password but has no second factor yet, where one is required, sets it up first."""
        if secondfactor.is_required() and super().has_permission(request) and not user_has_device(request.user):
            return HttpResponseRedirect(reverse(f"{self.name}:second_factor"))
        return super().login(request, {"kept": held.waits(request)} | (extra_context or {}))

    @method_decorator([never_cache, csrf_protect])
    def second_factor(self, request: HttpRequest) -> HttpResponse:
        """Set up the visitor's own second factor, or switch it off. Open also to those who need it to get any further."""
        if not super().has_permission(request):
            return redirect_to_login(request.path, reverse(f"{self.name}:login"))
        active = user_has_device(request.user)
        if active and not request.user.is_verified():
            return redirect_to_login(request.path, reverse(f"{self.name}:login"))
        device = None if active else secondfactor.waiting_device(request.user)
        form = secondfactor.CodeForm(request.POST or None, user=request.user, device=device)
        codes: list[str] = []
        if request.method == "POST" and form.is_valid():
            if device is None:
                secondfactor.switch_off(request.user)
                return HttpResponseRedirect(request.path)
            codes = secondfactor.confirm(request, device)
        context = {
            **self.each_context(request),
            "title": "Second factor",
            "active": active,
            "required": secondfactor.is_required(),
            "form": form,
            "codes": codes,
            "picture": secondfactor.picture(device) if device else "",
            "secret": secondfactor.secret(device) if device else "",
        }
        return TemplateResponse(request, "admin/newsroom/second_factor.html", context)

    def view_on_site(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
        """The redirect to an object's page, for those who may see the object: its address alone can tell a secret."""
        if not (content_type_id.isascii() and content_type_id.isdigit()):
            raise Http404
        try:
            model = ContentType.objects.get_for_id(int(content_type_id)).model_class()
        except (ObjectDoesNotExist, OverflowError):
            raise Http404 from None
        if model is None or not self.is_registered(model):
            raise Http404
        if not self.get_model_admin(model).has_view_permission(request):
            raise PermissionDenied
        return shortcut(request, content_type_id, object_id)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().index(request, frontpage.context(self, request) | (extra_context or {}))

    def find(self, request: HttpRequest) -> HttpResponse:
        """What has the words of ``q``, of all that editors look for."""
        words = " ".join(request.GET.get("q", "").split())[: finding.LONGEST]
        found = list(finding.look_for(words, self, request)) if words else []
        context = {
            **self.each_context(request),
            "title": "Find",
            "words": words,
            "found": found,
            "nothing": not any(group.rows for group in found),
        }
        return TemplateResponse(request, "admin/newsroom/find.html", context)
