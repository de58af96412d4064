"""A read-only API (JSON; OpenAPI at /api/v1/openapi.json) over what is public: articles, quotes, speakers and lists.

Pages go on from where the last one ended (``articles.keyset``): follow ``next`` until it is null.
"""

from __future__ import annotations

from typing import Annotated, Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Query
from ninja.errors import HttpError, ValidationError

from articles import filters as article_filters
from articles import keyset
from articles.listings import fill, titles_of
from articles.merging import survivor
from articles.models import Article, CuratedList
from newsroom import api_shapes as shapes
from quotes import filters as quote_filters
from quotes.models import Quote, Speaker
from quotes.shown import why_gone

SIZE, LARGEST = 50, 200

Size = Annotated[int, Query(ge=1, le=LARGEST, description="How many a page holds.")]
Cursor = Annotated[str, Query(max_length=1000, description="From the address in `next`.")]
Choice = Annotated[str, Query(max_length=200)]


class _Api(NinjaAPI):
    def create_response(self, request: HttpRequest, data: Any, **options: Any) -> HttpResponse:
        response = super().create_response(request, data, **options)
        response["Access-Control-Allow-Origin"] = "*"
        return response


# No page of documentation: the one that comes along loads its scripts from third parties, and is refused by our policy.
api = _Api(
    title=f"{settings.SITE_NAME} API",
    version="1",
    description="Published articles, attributed quotes, their speakers, and curated lists. Read-only, without a key.",
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url=None,
)
ANSWERS = {400: shapes.Problem, 404: shapes.Problem}


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    words = "; ".join(f"{problem['loc'][-1]}: {problem['msg']}" for problem in error.errors)
    return api.create_response(request, {"detail": words}, status=400)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return api.create_response(request, {"detail": str(error) or "There is nothing here."}, status=404)


@api.get("/articles", response={200: shapes.ArticlePage, **ANSWERS}, summary="Articles, latest first")
def articles(
    request: HttpRequest,
    topic: Choice = "",
    publisher: Choice = "",
    year: Choice = "",
    cursor: Cursor = "",
    limit: Size = SIZE,
) -> dict:
    rows = _chosen(article_filters.narrowed(request.GET)).for_entries()
    found, after = _page(rows, "published_at", limit, cursor, descending=True)
    return {"results": [shapes.article_brief(row, request) for row in found], "next": _next(request, after)}


@api.get(
    "/articles/{str:slug}",
    response={200: shapes.ArticleWhole, 410: shapes.Problem, **ANSWERS},
    summary="One article, with its text and quotes",
)
def article(request: HttpRequest, slug: str) -> dict:
    shown = Article.objects.with_address().for_page().with_excerpts().filter(slug=slug).first()
    if shown is None:
        raise Http404("There is no such article.")
    if shown.state == Article.State.WITHDRAWN:
        raise HttpError(410, "This article was withdrawn.")
    quotes = list(Quote.objects.public().of_article(shown).select_related("speaker"))
    for quote in quotes:
        quote.article = shown
    return shapes.article_whole(shown, quotes, request)


@api.get("/quotes", response={200: shapes.QuotePage, **ANSWERS}, summary="Quotes, latest first")
def quotes(
    request: HttpRequest,
    speaker: Choice = "",
    kind: Choice = "",
    topic: Choice = "",
    publisher: Choice = "",
    review: Choice = "",
    year: Choice = "",
    since: Choice = "",
    until: Choice = "",
    cursor: Cursor = "",
    limit: Size = SIZE,
) -> dict:
    rows = _chosen(quote_filters.narrowed(request.GET)).for_cards()
    found, after = _page(rows, "said_on", limit, cursor, descending=True)
    return {"results": [shapes.quote_brief(row, request) for row in found], "next": _next(request, after)}


@api.get(
    "/quotes/{int:key}",
    response={200: shapes.QuoteWhole, 410: shapes.Problem, **ANSWERS},
    summary="One quote, with its place in the text",
)
def quote(request: HttpRequest, key: int) -> dict:
    shown = Quote.objects.public().for_cards().filter(pk=key).first()
    if shown is None and (gone := why_gone(key)):
        raise HttpError(410, f"{gone.heading}.")
    if shown is None:
        raise Http404("There is no such quote.")
    return shapes.quote_whole(shown, request)


@api.get("/speakers", response={200: shapes.SpeakerPage, **ANSWERS}, summary="Speakers, A to Z")
def speakers(request: HttpRequest, cursor: Cursor = "", limit: Size = SIZE) -> dict:
    found, after = _page(Speaker.objects.public(), "sort_key", limit, cursor)
    return {"results": [shapes.speaker_brief(row, request) for row in found], "next": _next(request, after)}


@api.get(
    "/speakers/{str:slug}",
    response={200: shapes.SpeakerBrief, **ANSWERS},
    summary="One speaker; who was merged answers as the other",
)
def speaker(request: HttpRequest, slug: str) -> dict:
    asked = Speaker.objects.select_related("merged_into").filter(slug=slug).first()
    key = survivor(asked).pk if asked else None
    return shapes.speaker_brief(_found(Speaker.objects.public().filter(pk=key), "speaker"), request)


@api.get("/lists", response={200: shapes.ListPage, **ANSWERS}, summary="Curated lists, by title")
def lists(request: HttpRequest, cursor: Cursor = "", limit: Size = SIZE) -> dict:
    rows = CuratedList.objects.published().select_related("publisher")
    found, after = _page(rows, "title", limit, cursor)
    return {"results": [shapes.list_brief(row, request) for row in found], "next": _next(request, after)}


@api.get("/lists/{str:slug}", response={200: shapes.ListWhole, **ANSWERS}, summary="One list, with its items in order")
def curated_list(request: HttpRequest, slug: str) -> dict:
    rows = CuratedList.objects.published().select_related("publisher").with_items().filter(slug=slug)
    shown = fill([_found(rows, "list")])[0]
    items = [
        {"title": title, "url": request.build_absolute_uri(address) if address else None}
        for title, address in titles_of(shown)
    ]
    return shapes.list_brief(shown, request) | {"items": items}


@api.get("/{path:rest}", include_in_schema=False)
def nothing(request: HttpRequest, rest: str) -> None:
    raise Http404(
        f"There is nothing at this address. {request.build_absolute_uri('/api/v1/openapi.json')} lists what there is."
    )


def _chosen(narrowed: tuple[Any, QuerySet]) -> Any:
    """The rows that were asked for; a choice that is nonsense is refused, in words."""
    chosen, rows = narrowed
    if chosen.is_bound and not chosen.is_valid():
        raise HttpError(400, "; ".join(f"{name}: {' '.join(words)}" for name, words in chosen.errors.items()))
    return rows


def _found(rows: QuerySet, what: str) -> Any:
    row = rows.first()
    if row is None:
        raise Http404(f"There is no such {what}.")
    return row


def _page(rows: Any, column: str, size: int, cursor: str, *, descending: bool = False) -> tuple[list, str]:
    try:
        return keyset.page(rows, column, size=size, after=cursor, descending=descending)
    except keyset.BadCursorError:
        raise HttpError(400, "cursor: This is no cursor of ours; begin without one and follow `next`.") from None


def _next(request: HttpRequest, after: str) -> str | None:
    if not after:
        return None
    asked = request.GET.copy()
    asked["cursor"] = after
    return request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")
