"""The archive: published articles by the date printed with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from typing import Any

from django.db.models import Count, DateField, QuerySet
from django.db.models.functions import Trunc
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView

from articles.dates import END, START, AnySpan, Span, ends, span
from articles.models import Article
from articles.prepared import NOW, Asking, Prepared, given, in_step
from articles.shown import page_of_span
from articles.surrogates import shows
from articles.writing import span_address

_PRECISIONS = ("year", "month", "day")


def _moments(order: str, rows: QuerySet) -> QuerySet:
    return rows.order_by(order).values_list("published_at")[:1]


def _counted(length: str, inner: str, zone: tzinfo) -> QuerySet:
    """The first days of the spans of one length within one of another, each with the number of its articles."""
    rows = Article.objects.published(NOW).within(AnySpan(length)).as_precise_as(AnySpan(inner)).order_by()
    of = Trunc("published_at", inner, output_field=DateField(), tzinfo=zone)
    return rows.values_list(of).annotate(Count("pk"))


_counts = Prepared(_counted)
_oldest = Prepared(lambda: _moments("published_at", Article.objects.published(NOW).dated()))
_newest = Prepared(lambda: _moments("-published_at", Article.objects.published(NOW).dated()))
_undated = Prepared(lambda: Article.objects.published(NOW).undated().order_by().values_list("pk")[:1])
_last_before = Prepared(
    lambda length: _moments(
        "-published_at", Article.objects.published(NOW).as_precise_as(AnySpan(length)).filter(published_at__lt=START)
    )
)
_first_after = Prepared(
    lambda length: _moments(
        "published_at", Article.objects.published(NOW).as_precise_as(AnySpan(length)).filter(published_at__gte=END)
    )
)


class ArchiveView(TemplateView):
    template_name = "articles/archive.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        [(first, last, undated)] = in_step(_bounds())
        years = range(last.year, first.year - 1, -1) if first and last else []
        newest = span(years[0]) if years else None
        [counts] = in_step(_counts_in(newest, "month")) if newest else [{}]
        return super().get_context_data(
            years=years,
            newest=newest,
            months=_months(newest, counts) if newest else [],
            undated=undated,
            **kwargs,
        )


def _bounds() -> Asking[tuple[datetime | None, datetime | None, bool]]:
    """When the oldest and the newest article with a date appeared, and whether there are others without one."""
    first, last, undated = yield [_oldest.of(), _newest.of(), _undated.of()]
    return _moment(first), _moment(last), bool(undated)


def _moment(rows: Iterable[tuple[datetime]]) -> datetime | None:
    return next((moment for (moment,) in rows), None)


def _counts_in(shown: Span, inner: str) -> Asking[dict[date, int]]:
    """The first days of the months or days in a span, each with the number of articles whose date is as precise."""
    return dict((yield _counts.of(shown.precision, inner, timezone.get_current_timezone(), **ends(shown))))


def _months(year: Span, counts: dict[date, int]) -> list[tuple[date, int]]:
    """All the months of a year, each with the number of its articles."""
    months = (year.first.replace(month=number) for number in range(1, 13))
    return [(month, counts.get(month, 0)) for month in months]


def _neighbours(shown: Span) -> Asking[tuple[Span | None, Span | None]]:
    """The spans of the same length with articles that are nearest before and after."""
    length = shown.precision
    start, end = shown.moments()
    before, after = yield [_last_before.of(length, start=start), _first_after.of(length, end=end)]
    return _around(_moment(before), shown), _around(_moment(after), shown)


def _around(moment: datetime | None, like: Span) -> Span | None:
    if moment is None:
        return None
    day = timezone.localtime(moment)
    return span(*(day.year, day.month, day.day)[: _PRECISIONS.index(like.precision) + 1])


class _SpanView(TemplateView):
    """The archive of one year, month or day, from the address; other writings of it lead to the one that is linked."""

    # The length of the spans in it whose articles are counted.
    inner = ""

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
        counted = _counts_in(shown, self.inner) if self.inner else given({})
        page, (before, after), counts = in_step(page_of_span(shown, self.request), _neighbours(shown), counted)
        shows(self.request, page)
        inside = self.contents(shown, counts)
        return super().get_context_data(span=shown, page=page, before=before, after=after, **inside, **kwargs)

    def contents(self, shown: Span, counts: dict[date, int]) -> dict[str, Any]:
        """What the template shows of the spans in it."""
        return {}


class ArchiveYearView(_SpanView):
    template_name = "articles/archive_year.html"
    inner = "month"

    def contents(self, shown: Span, counts: dict[date, int]) -> dict[str, Any]:
        return {"months": _months(shown, counts)}


class ArchiveMonthView(_SpanView):
    template_name = "articles/archive_month.html"
    inner = "day"

    def contents(self, shown: Span, counts: dict[date, int]) -> dict[str, Any]:
        return {"days": [(span(day.year, day.month, day.day), count) for day, count in sorted(counts.items())]}


class ArchiveDayView(_SpanView):
    template_name = "articles/archive_day.html"
