"""What ties an article to others, on the desk: the printings of its story, and the sources that it cites."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from articles import printings
from articles.admin.articles import ArticleAdmin
from articles.admin.base import NewsroomAdmin, ReadOnlyInline, ReadOnlyMixin
from articles.admin.filters import PublisherFilter
from articles.models import Article, Citation, Printing


class PrintingPublisherFilter(PublisherFilter):
    path = "article__publisher"


@admin.register(Printing)
class PrintingAdmin(ReadOnlyMixin, NewsroomAdmin):
    """Articles that were seen to be printings of one story, for an editor to part those that are not."""

    list_display = ("article_shown", "publisher_shown", "compared_shown", "similarity_shown", "method", "state")
    list_filter = ("state", PrintingPublisherFilter)
    list_select_related = ("article", "article__publisher", "compared_with")
    list_defer = ("article__body", "article__text", "compared_with__body", "compared_with__text")
    search_fields = ("article__headline",)
    search_help_text = "Words of the article’s headline."
    ordering = ("-pk",)
    sortable_by = ()
    nouns = ("article", "articles")
    actions = ("part_selected", "rejoin_selected")
    fields = ("article", "compared_with", "similarity_shown", "method", "state", "decided_by", "all_printings")
    readonly_fields = fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.change_article")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Printing]:
        queryset = super().get_queryset(request).select_related(*self.list_select_related, "decided_by")
        return queryset.defer(*self.list_defer)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "story__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description="article")
    def article_shown(self, printing: Printing) -> str:
        return Truncator(printing.article.headline).chars(80)

    @admin.display(description="publisher", empty_value="none")
    def publisher_shown(self, printing: Printing) -> str | None:
        return printing.article.publisher.name if printing.article.publisher else None

    @admin.display(description="compared with")
    def compared_shown(self, printing: Printing) -> str:
        return Truncator(printing.compared_with.headline).chars(80) if printing.compared_with else "-"

    @admin.display(description="in common")
    def similarity_shown(self, printing: Printing) -> str:
        return f"{printing.similarity:.0%}" if printing.compared_with_id else "-"

    @admin.display(description="All of the story")
    def all_printings(self, printing: Printing) -> SafeString:
        address = f"{reverse('admin:articles_printing_changelist')}?story__id__exact={printing.story_id}"
        return format_html('<a href="{}">All printings of this story</a>', address)

    @admin.action(description="Part selected from their stories: not the same", permissions=["decide"])
    def part_selected(self, request: HttpRequest, queryset: QuerySet[Printing]) -> None:
        write = partial(printings.part, editor=request.user)
        self.change_selected(request, queryset, write, "parted from its story", "parted from their stories")

    @admin.action(description="Link selected to their stories again", permissions=["decide"])
    def rejoin_selected(self, request: HttpRequest, queryset: QuerySet[Printing]) -> None:
        write = partial(printings.rejoin, editor=request.user)
        self.change_selected(request, queryset, write, "linked again", "linked again")


class CitationInline(ReadOnlyInline):
    """The agencies and papers that an article gives as its sources."""

    model = Citation
    fields = ("name", "publisher", "evidence", "place")
    readonly_fields = fields
    verbose_name_plural = "Sources that it cites"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Citation]:
        return super().get_queryset(request).select_related("publisher")

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return request.user.has_perm("articles.view_article") or request.user.has_perm("articles.change_article")

    @admin.display(description="where")
    def place(self, citation: Citation) -> str:
        return "not in the text" if citation.start is None else f"characters {citation.start} to {citation.end}"


class PrintingInline(ReadOnlyInline):
    """How an article was seen to be a printing of a story."""

    model = Printing
    fk_name = "article"
    fields = ("story_shown", "compared_with", "similarity", "state")
    readonly_fields = fields
    verbose_name_plural = "Printing of a story"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Printing]:
        rows = super().get_queryset(request).select_related("compared_with", "article")
        return rows.defer("compared_with__body", "compared_with__text", "article__body", "article__text")

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return request.user.has_perm("articles.view_printing")

    @admin.display(description="story")
    def story_shown(self, printing: Printing) -> SafeString:
        address = f"{reverse('admin:articles_printing_changelist')}?story__id__exact={printing.story_id}"
        return format_html('<a href="{}">All printings</a>', address)


ArticleAdmin.register_inline(PrintingInline)
ArticleAdmin.register_inline(CitationInline)
