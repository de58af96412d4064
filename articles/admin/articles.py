"""Articles on the editors' desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.admin import made, provenance
from articles.admin.article_form import ArticleForm
from articles.admin.base import NewsroomAdmin
from articles.admin.filing_many import FileArticlesMixin
from articles.admin.filters import ArticleStateFilter, PublisherFilter, TopicFilter
from articles.admin.many import ManyMixin
from articles.admin.previewing import PreviewMixin
from articles.admin.publishing import PublishingMixin
from articles.admin.searching import IndexedSearchMixin
from articles.models import Article, CuratedListItem, DatePrecision

LISTS_SHOWN = 20
_BODY_HELP = (
    "Markdown: a blank line starts a new paragraph, *emphasis*, **strong**, ## subheading, > quotation, "
    "[words](https://address). Raw HTML is shown as text."
)


@admin.register(Article)
class ArticleAdmin(ManyMixin, FileArticlesMixin, PublishingMixin, PreviewMixin, IndexedSearchMixin, NewsroomAdmin):
    form = ArticleForm
    list_display = ("headline", "state_shown", "published_shown", "publisher", "updated_shown")
    list_filter = (ArticleStateFilter, PublisherFilter, TopicFilter, "published_at")
    list_select_related = ("publisher",)
    list_defer = ("body", "text", "standfirst", "correction", "desk_note")
    search_fields = ("headline",)
    search_help_text = "Words of the headline, the standfirst or the text."
    tracked = (
        "headline", "slug", "standfirst", "body", "byline", "authors", "dateline", "publisher", "source_url", "language",
        "lead_image", "lead_image_alt", "lead_image_caption", "lead_image_credit", "state", "published_at",
        "published_precision", "correction", "withdrawn_because", "desk_note",
    )  # fmt: skip
    tracked_rows = {"tagged_items": ("tag", "origin", "mentions", "first_mention")}
    not_put_back = ("state", "published_at", "published_precision")
    rows_of_text = {"body": 24}
    ordering = ("-pk",)
    sortable_by = ("published_shown",)
    autocomplete_fields = ("authors", "publisher")
    form_select_related = ("publisher", "last_editor", "document")
    form_defer = ("document__raw",)
    readonly_fields = ("state_shown", "in_lists", "origin", "last_editor", "edited_at", "created_at", "updated_at")
    actions = ("publish_selected", "schedule_selected", "withdraw_selected", "file_selected")
    fieldsets = (
        ("Story", {"fields": ("headline", "standfirst", "body", "topics", "desk_note")}),
        ("Byline and source", {"fields": ("byline", "authors", "dateline", "publisher", "source_url", "language")}),
        ("Lead image", {"fields": ("lead_image", "lead_image_alt", "lead_image_caption", "lead_image_credit")}),
        (
            "Publication",
            {"fields": ("state_shown", ("published_at", "published_precision"), "slug", "correction", "in_lists")},
        ),
        ("Provenance", {"fields": ("origin", "last_editor", "edited_at", "created_at", "updated_at")}),
    )

    # permissions

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.publish_article")

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """What is out (or was), whoever may not publish cannot change either: readers see the words at once."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.state in ArticleForm.UNPUBLISHED or self.has_publish_permission(request))

    def with_address(self) -> QuerySet[Article]:
        return Article.objects.with_address()

    def get_view_on_site_url(self, obj: Article | None = None) -> str | None:
        return super().get_view_on_site_url(obj) if obj is not None and obj.is_live else None

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """What is scheduled comes in the order in which it appears."""
        scheduled = request.GET.get(ArticleStateFilter.parameter_name) == "scheduled"
        return ("published_at", "pk") if scheduled else super().get_ordering(request)

    # form

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.may_publish = self.has_publish_permission(request)
        form.may_add_topics = request.user.has_perm("articles.add_topic")
        form.admin_site = self.admin_site
        return form

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "body":
            field.help_text = _BODY_HELP
        return field

    # columns and panels

    @admin.display(description="state", ordering="state")
    def state_shown(self, article: Article) -> SafeString:
        # Of a form that is shown again the date may be one that was typed, or none.
        at = article.published_at
        scheduled = article.state == Article.State.PUBLISHED and at is not None and at > timezone.now()
        look, words = ("scheduled", "Scheduled") if scheduled else (article.state, article.get_state_display())
        return format_html('<span class="state state-{}">{}</span>', look, words)

    @admin.display(description="published", ordering="published_at")
    def published_shown(self, article: Article) -> SafeString | str:
        if article.published_at is None or not article.date_known:
            return "not known" if article.published_at else "-"
        local = timezone.localtime(article.published_at)
        time = date_format(local, ", H:i") if article.published_precision == DatePrecision.TIME else ""
        return format_html('<span class="date-shown">{}{}</span>', _day(local), time)

    @admin.display(description="updated", ordering="updated_at")
    def updated_shown(self, article: Article) -> SafeString:
        local = timezone.localtime(article.updated_at)
        today = local.date() == timezone.localdate()
        return format_html('<span class="date-shown">{}</span>', date_format(local, "H:i") if today else _day(local))

    @admin.display(description="In lists")
    def in_lists(self, article: Article) -> SafeString | str:
        if article.pk is None:
            return "Lists can take it once it is saved."
        items = CuratedListItem.objects.filter(article=article).select_related("list").order_by("list__title", "pk")
        line = '<a href="{}">{}</a>, place {}'
        places = (
            (reverse("admin:articles_curatedlist_change", args=[item.list_id]), item.list.title, item.position)
            for item in items[:LISTS_SHOWN]
        )
        return format_html_join("; ", line, places) or "In none."

    @admin.display(description="Where it came from")
    def origin(self, article: Article) -> SafeString | str:
        if article.document is None:
            return "Written here: no document stands behind it."
        listing = provenance.dump_listing(article.document, only_article=made.number_in(article, article.document))
        return provenance.panel(article.document, [("The article in the document", listing)])


def _day(local: datetime) -> str:
    return date_format(local, "j M" if local.year == timezone.localdate().year else "j M Y")
