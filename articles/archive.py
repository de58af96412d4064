"""The archive: published articles by the date printed with them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate, TruncMonth
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView

from articles.dates import Span, span
from articles.models import Article, DatePrecision
from articles.prepared import in_step
from articles.querysets import ArticleQuerySet
from articles.shown import page_of_cards
from articles.surrogates import shows
from articles.templatetags.news import span_address


class ArchiveView(TemplateView):
    template_name = "articles/archive.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        dated = Article.objects.published().dated().order_by("published_at").values_list("published_at", flat=True)
        first, last = dated.first(), dated.last()
        years = range(last.year, first.year - 1, -1) if first and last else []
        newest = span(years[0]) if years else None
        return super().get_context_data(
            years=years,
            newest=newest,
            months=_months(Article.objects.published().within(newest), newest) if newest else [],
            undated=Article.objects.published().undated().exists(),
            **kwargs,
        )


def _months(articles: ArticleQuerySet, year: Span) -> list[tuple[date, int]]:
    """The months of a year, each with the number of articles whose date is at least as precise."""
    dated = articles.exclude(published_precision=DatePrecision.YEAR).order_by()
    counts = dict(dated.values_list(TruncMonth("published_at")).annotate(Count("pk")))
    by_month = {moment.month: count for moment, count in counts.items()}
    return [(year.first.replace(month=month), by_month.get(month, 0)) for month in range(1, 13)]


def neighbours(shown: Span) -> tuple[Span | None, Span | None]:
    """The spans of the same length with articles that are nearest before and after. Two queries."""
    start, end = shown.moments()
    rows = Article.objects.published().as_precise_as(shown)
    before = rows.filter(published_at__lt=start).order_by("-published_at").values_list("published_at", flat=True)
    after = rows.filter(published_at__gte=end).order_by("published_at").values_list("published_at", flat=True)
    return _around(before.first(), shown), _around(after.first(), shown)


def _around(moment: datetime | None, like: Span) -> Span | None:
    if moment is None:
        return None
    day = timezone.localtime(moment)
    return span(*(day.year, day.month, day.day)[: ("year", "month", "day").index(like.precision) + 1])


class _SpanView(TemplateView):
    """The archive of one year, month or day, from the address; other writings of it lead to the one that is linked."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        shown = span(**kwargs)
        if shown is not None and request.path != span_address(shown):
            query = request.META.get("QUERY_STRING", "")
            return redirect(f"{span_address(shown)}{'?' if query else ''}{query}", permanent=True)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = span(**self.kwargs)
        if shown is None:
            raise Http404("No such date.")
        articles = Article.objects.published().within(shown)
        contents = self.contents(articles, shown)
        shows(self.request, contents["page"])
        before, after = neighbours(shown)
        return super().get_context_data(span=shown, before=before, after=after, **contents, **kwargs)

    def contents(self, articles: Any, shown: Span) -> dict[str, Any]:
        [page] = in_step(page_of_cards(articles.latest_first(), self.request))
        return {"page": page}


class ArchiveYearView(_SpanView):
    template_name = "articles/archive_year.html"

    def contents(self, articles: Any, shown: Span) -> dict[str, Any]:
        return super().contents(articles, shown) | {"months": _months(articles, shown)}


class ArchiveMonthView(_SpanView):
    template_name = "articles/archive_month.html"

    def contents(self, articles: Any, shown: Span) -> dict[str, Any]:
        of_days = articles.exclude(published_precision=DatePrecision.MONTH).order_by()
        days = sorted(of_days.values_list(TruncDate("published_at")).annotate(Count("pk")))
        return super().contents(articles, shown) | {"days": days}


class ArchiveDayView(_SpanView):
    template_name = "articles/archive_day.html"
