"""Raw documents: to be read and downloaded, never to be changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.admin import provenance
from articles.admin.base import NewsroomAdmin, ReadOnlyMixin
from articles.admin.changelists import count_column
from articles.admin.filters import PublisherFilter
from articles.models import Article, RawDocument

ARTICLES_LISTED = 20


@admin.register(RawDocument)
class RawDocumentAdmin(ReadOnlyMixin, NewsroomAdmin):
    list_display = (
        "name",
        "size_shown",
        "encoding",
        "publisher",
        "retrieved_at",
        count_column("articles", "articles", Article, "document"),
    )
    list_filter = (PublisherFilter, "retrieved_at")
    list_select_related = ("publisher",)
    list_defer = ("text", "blocks")
    search_fields = ("name", "sha256__startswith")
    search_help_text = "Words of the name, or the beginning of the SHA-256."
    ordering = ("-pk",)
    sortable_by = ()
    fieldsets = (
        ("Document", {"fields": ("name", "publisher", "size_shown", "facts", "articles_made", "download")}),
        ("Text, and what each part was taken for", {"fields": ("listing",)}),
    )
    readonly_fields = ("size_shown", "facts", "articles_made", "download", "listing")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RawDocument]:
        return super().get_queryset(request).defer("raw")

    def get_urls(self) -> list[URLPattern]:
        raw = path("<path:object_id>/raw/", self.admin_site.admin_view(self.raw_view), name="articles_rawdocument_raw")
        return [raw, *super().get_urls()]

    def raw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The bytes as they came, as a file to keep: nothing in them is ever shown as a page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        document = self.get_object(request, object_id)
        if document is None:
            raise Http404
        name = f"document-{document.pk}-{document.sha256[:12]}.txt"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
        return HttpResponse(bytes(document.raw), content_type="text/plain", headers=headers)

    @admin.display(description="size", ordering="size")
    def size_shown(self, document: RawDocument) -> str:
        return filesizeformat(document.size)

    @admin.display(description="Facts")
    def facts(self, document: RawDocument) -> SafeString:
        return provenance.panel(document, [])

    @admin.display(description="Bytes as they came")
    def download(self, document: RawDocument) -> SafeString:
        address = reverse("admin:articles_rawdocument_raw", args=[document.pk])
        return format_html('<a href="{}">Download {}</a>', address, filesizeformat(document.size))

    @admin.display(description="Articles made of it")
    def articles_made(self, document: RawDocument) -> SafeString | str:
        rows: Any = document.articles.order_by("pk").values_list("pk", "headline")[: ARTICLES_LISTED + 1]
        links = [(reverse("admin:articles_article_change", args=[key]), headline) for key, headline in rows]
        if not links:
            return "None."
        shown = format_html_join("", '<li><a href="{}">{}</a></li>', links[:ARTICLES_LISTED])
        more = format_html("<li>and more</li>") if len(links) > ARTICLES_LISTED else ""
        return format_html('<ul class="plain-list">{}{}</ul>', shown, more)

    @admin.display(description="Text")
    def listing(self, document: RawDocument) -> SafeString:
        return provenance.dump_listing(document, linked=True)
