"""Filters of the change lists: each a question that editors ask, none that has to count or list a large table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from articles.models import Article, CuratedListItem, Publisher

PUBLISHERS_LISTED = 500
ARTICLES_NAMED = 4_000


class ArticleStateFilter(admin.SimpleListFilter):
    """The states that editors speak of: scheduled is one of them, though no column says so."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        labels = [(value, label) for value, label in Article.State.choices]
        return [*labels[:2], ("scheduled", "Scheduled"), *labels[2:]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "scheduled":
            return queryset.scheduled()
        if self.value() == Article.State.PUBLISHED:
            return queryset.published()
        return queryset.filter(state=self.value()) if self.value() in Article.State.values else queryset


class FormFilter(admin.SimpleListFilter):
    """A filter that is a small form (``template``), for values too many to list as links."""

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return []

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        kept = [(name, value) for name, value in changelist.params.items() if name != self.parameter_name]
        yield {"kept": kept, "value": self.value() or "", "options": self.options()}

    def options(self) -> list[tuple[str, str]]:
        """What may be chosen; empty for free text."""
        return []


class PublisherFilter(FormFilter):
    title = "publisher"
    parameter_name = "publisher"
    template = "admin/newsroom/select_filter.html"
    path: ClassVar[str] = "publisher"

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        if value == "none":
            return queryset.filter(**{f"{self.path}__isnull": True})
        return queryset.filter(**{self.path: int(value)}) if _is_key(value) else queryset

    def options(self) -> list[tuple[str, str]]:
        rows = Publisher.objects.values_list("pk", "name")[:PUBLISHERS_LISTED]
        return [*((str(key), name) for key, name in rows), ("none", "No publisher")]


class QuotePublisherFilter(PublisherFilter):
    """Few articles are named by their keys; of a publisher of many, the list in its order soon comes to a quote."""

    path = "article__publisher"

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        if value != "none" and not _is_key(value):
            return queryset
        articles = Article.objects.filter(publisher=None if value == "none" else int(value)).order_by()
        keys = list(articles.values_list("pk", flat=True)[: ARTICLES_NAMED + 1])
        if len(keys) > ARTICLES_NAMED:
            return super().queryset(request, queryset)
        alone = Q(article__isnull=True) if value == "none" else Q(pk__in=())
        return queryset.filter(alone | Q(article__in=keys))


class TopicFilter(FormFilter):
    title = "topic"
    parameter_name = "topic"
    template = "admin/newsroom/text_filter.html"

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        name = (self.value() or "").strip()
        through = queryset.model.topics.through
        tagged = through.objects.filter(content_object=OuterRef("pk"), tag__name__iexact=name)
        return queryset.filter(Exists(tagged)) if name else queryset


class MergedFilter(admin.SimpleListFilter):
    title = "merged"
    parameter_name = "merged"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("no", "Not merged"), ("yes", "Merged into another")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() in {"no", "yes"}:
            return queryset.filter(merged_into__isnull=self.value() == "no")
        return queryset


class WaitingItemsFilter(admin.SimpleListFilter):
    title = "items"
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "With items not linked to an article")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        waiting = CuratedListItem.objects.filter(list=OuterRef("pk"), article__isnull=True)
        return queryset.filter(Exists(waiting)) if self.value() == "yes" else queryset


class ItemStateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return list(CuratedListItem.State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """By the columns behind the state, which are indexed."""
        waiting = queryset.filter(article__isnull=True)
        if self.value() == CuratedListItem.State.RESOLVED:
            return queryset.filter(article__isnull=False)
        if self.value() == CuratedListItem.State.UNRESOLVED:
            return waiting.filter(several_fit=False)
        return waiting.filter(several_fit=True) if self.value() == CuratedListItem.State.AMBIGUOUS else queryset


def _is_key(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19
