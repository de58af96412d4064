"""The front page, the search page, and the pages that say what went wrong."""

from __future__ import annotations

import sys
from typing import Any

from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_safe
from django.views.defaults import server_error

from articles import held
from articles.models import Article
from articles.prepared import as_last_time, in_step
from articles.search import MAX_LENGTH, needs_search, read
from articles.shown import latest_cards
from articles.surrogates import shows
from newsroom import feeds
from newsroom import home as front
from newsroom.about import facts
from newsroom.search import beginnings, results
from newsroom.searchkinds import KINDS
from newsroom.suggestions import suggestions, words_of
from quotes.search import nearest_speakers

LATEST = 13
BESIDE = 3
SUGGESTED = 5
# Not there, full, read-only, locked for too long: not the mistake of a query.
_DATABASE_AWAY = (OperationalError, InterfaceError, InternalError)


def home(request: HttpRequest) -> HttpResponse:
    with as_last_time("home"):
        latest, voices, lists = in_step(latest_cards(LATEST), front.voices(timezone.localdate()), front.lists())
    # An article without a printed date is as new as its arrival, which is no reason to lead with it.
    latest.sort(key=lambda article: not article.date_known)
    context = {
        "lead": latest[0] if latest else None,
        "second": latest[1 : 1 + BESIDE],
        "latest": latest[1 + BESIDE :],
        "lists": lists,
        **voices,
    }
    shows(request, latest, [voice["speaker"] for voice in context["in_the_news"]], context["lists"])
    shows(request, context["quote_of_the_day"])
    return render(request, "home.html", context)


@needs_search
def search(request: HttpRequest) -> HttpResponse:
    asked = read(request.GET.get("q", ""))
    kind = request.GET.get("type", "")
    kind = kind if kind in KINDS else ""
    context: dict[str, Any] = {"search": asked, "kind": kind, "feed": feeds.title(asked, kind)}
    if len(request.GET.get("q", "")) > MAX_LENGTH:
        # Each link of the page repeats it: what is not searched for is not.
        request.GET = request.GET.copy()
        request.GET["q"] = asked.text
    if asked.words:
        context |= results(kind, asked, request.GET)
        if not context["total"]:
            context["nearest"] = nearest_speakers(asked)
    return render(request, "search.html", context)


@needs_search
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """What a search box proposes while somebody types: a list of names and headlines."""
    asked = read(request.GET.get("q", ""))
    return JsonResponse(beginnings(asked) if asked.words else [], safe=False)


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "about.html", {"facts": facts()})


def health(_request: HttpRequest) -> HttpResponse:
    """That the process answers. Asks nothing of the database: a restart would not mend that."""
    response = HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    try:
        near = suggestions(request.path)
        latest = list(Article.objects.published().latest_first().for_links()[:SUGGESTED])
    except DatabaseError:
        near, latest = [], []
    context = {"near": near, "latest": latest, "words": " ".join(words_of(request.path))}
    return render(request, "404.html", context, status=404)


def broke(request: HttpRequest) -> HttpResponse:
    """The answer to a fault. One of the database may pass, and who sent something is told that nothing was saved."""
    if not isinstance(sys.exc_info()[1], _DATABASE_AWAY):
        return server_error(request)
    sent = request.method not in {"GET", "HEAD"}
    response = HttpResponse(render_to_string("503.html", {"sent": sent}), status=503)
    response["Retry-After"] = "120"
    return response


def not_from_here(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form without this session's secret. After a login elsewhere it may be an honest one of the desk:
    what was typed is then shown again in a fresh form, for whoever it was given to, and is not saved.
    """
    if held.hold(request):
        return redirect(request.path)
    return csrf_failure(request, reason)
