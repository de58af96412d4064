"""The admin site: its name, what waits on its front page, and the doors that Django's own leaves unchecked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import update_wrapper
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import IntegerField, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.log import log_response
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django_otp import user_has_device

from articles import held
from newsroom import finding, secondfactor

QUEUE_CAP = 100
RUNS_SHOWN = 5
COMING_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Queue:
    """Rows of ``model`` (``app.Model``) that wait for an editor: ``waiting`` narrows all of them to these.

    ``query`` is what the address of the change list ends with to show just them; ``page`` is the name of the page where
    reviewers work them off.
    """

    label: str
    model: str
    query: str
    waiting: Callable[[QuerySet], QuerySet]
    page: str = ""


QUEUES = (
    Queue("Drafts", "articles.Article", "state=draft", lambda rows: rows.filter(state="draft")),
    Queue("Articles in review", "articles.Article", "state=in_review", lambda rows: rows.filter(state="in_review")),
    Queue(
        "Scheduled for the next 24 hours",
        "articles.Article",
        "state=scheduled",
        lambda rows: rows.scheduled().filter(published_at__lte=timezone.now() + timedelta(days=1)),
    ),
    Queue(
        "Newer versions of articles",
        "articles.ProposedChange",
        "state__exact=waiting",
        lambda rows: rows.filter(state="waiting"),
    ),
    Queue("Quotes without a speaker", "quotes.Quote", "queue=no-speaker", lambda rows: rows.unattributed()),
    Queue(
        "Quotes to review",
        "quotes.Quote",
        "queue=unreviewed",
        lambda rows: rows.unreviewed(),
        page="quotes_quote_review",
    ),
    Queue(
        "Quotes of low confidence",
        "quotes.Quote",
        "queue=low-confidence",
        lambda rows: rows.low_confidence(),
        page="quotes_quote_review",
    ),
    Queue(
        "Speakers who may be one",
        "quotes.SpeakerSuggestion",
        "state__exact=waiting",
        lambda rows: rows.filter(state="waiting"),
    ),
    Queue(
        "Proposed topics",
        "articles.TopicCandidate",
        "state__exact=waiting",
        lambda rows: rows.filter(state="waiting"),
    ),
    Queue(
        "List items without their article",
        "articles.CuratedListItem",
        "state=unresolved",
        lambda rows: rows.filter(article__isnull=True, several_fit=False),
    ),
    Queue(
        "List items that fit several articles",
        "articles.CuratedListItem",
        "state=ambiguous",
        lambda rows: rows.filter(article__isnull=True, several_fit=True),
    ),
    Queue(
        "Documents set aside by imports",
        "newsroom.ImportIssue",
        "quarantine=waiting",
        lambda rows: rows.quarantine(),
    ),
    Queue(
        "Imports that failed",
        "newsroom.ImportRun",
        "state__exact=failed",
        lambda rows: rows.filter(state="failed"),
    ),
)


# What people come to the desk to begin: the label, the name of the page, the right that it takes.
BEGINNINGS = (
    ("Write an article", "articles_article_add", "articles.add_article"),
    ("Review quotes", "quotes_quote_review", "quotes.review_quote"),
    ("Upload a dump", "newsroom_importrun_upload", "newsroom.start_importrun"),
)


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
        return super().login(request, extra_context)

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
        beginnings = [
            {"label": label, "address": reverse(f"{self.name}:{page}")}
            for label, page, right in BEGINNINGS
            if request.user.has_perm(right)
        ]
        context = {
            "beginnings": beginnings,
            "queues": list(self._queues(request)),
            "coming": self._coming(request),
            "runs": self._runs(request),
        }
        return super().index(request, context | (extra_context or {}))

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

    def _queues(self, request: HttpRequest) -> Iterator[dict[str, str]]:
        """The queues that the user may see, each with how many wait, counted up to the cap."""
        seen = [
            (queue, model)
            for queue in QUEUES
            if self.get_model_admin(model := apps.get_model(queue.model)).has_view_permission(request)
        ]
        numbers = _how_many([queue.waiting(model._default_manager.order_by()) for queue, model in seen])
        for place, (queue, model) in enumerate(seen):
            changelist = f"{model._meta.app_label}_{model._meta.model_name}_changelist"
            may_work_them_off = queue.page and request.user.has_perm("quotes.review_quote")
            address = reverse(f"{self.name}:{queue.page if may_work_them_off else changelist}")
            shown = f"{QUEUE_CAP}+" if numbers[place] > QUEUE_CAP else str(numbers[place])
            yield {"label": queue.label, "number": shown, "address": f"{address}?{queue.query}"}

    def _coming(self, request: HttpRequest) -> list[dict[str, str]]:
        """What appears next, and when."""
        from articles.publishing import in_words  # as below

        model = apps.get_model("articles.Article")
        if not self.get_model_admin(model).has_view_permission(request):
            return []
        page = f"{self.name}:articles_article_change"
        rows = model.objects.scheduled().order_by("published_at", "pk").only("headline", "published_at")
        return [
            {"when": in_words(row.published_at), "headline": row.headline, "address": reverse(page, args=[row.pk])}
            for row in rows[:COMING_SHOWN]
        ]

    def _runs(self, request: HttpRequest) -> list[Any]:
        from newsroom import runs  # the admin site is made before there are models

        model = apps.get_model("newsroom.ImportRun")
        if not self.get_model_admin(model).has_view_permission(request):
            return []
        runs.settle()
        return list(model.objects.select_related("user")[:RUNS_SHOWN])


def _how_many(queues: list[QuerySet]) -> Counter[int]:
    """How many rows each of the queues has, by its place: in one query, and of none more than one past the cap."""
    parts = [
        rows.model._default_manager.filter(pk__in=rows.values("pk")[: QUEUE_CAP + 1])
        .order_by()
        .values_list(Value(place, IntegerField()))
        for place, rows in enumerate(queues)
    ]
    return Counter(place for (place,) in parts[0].union(*parts[1:], all=True)) if parts else Counter()
