"""Quotes on the editors' desk: who said what, where it stands, and what a person thinks of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from articles.admin.base import NewsroomAdmin
from articles.admin.filters import QuotePublisherFilter, TopicFilter
from articles.admin.searching import IndexedSearchMixin
from quotes import store
from quotes.admin.filing import FileQuotesMixin
from quotes.admin.filters import QueueFilter, SpeakerKindFilter
from quotes.admin.forms import QuoteForm
from quotes.admin.looking import LookMixin
from quotes.admin.places import place_in_article, place_in_document
from quotes.admin.review import ReviewMixin
from quotes.admin.splitting import SplitMixin
from quotes.models import Quote

_OF_REVIEW = ("speaker", "role", "review_state", "review_note")


@admin.register(Quote)
class QuoteAdmin(ReviewMixin, LookMixin, SplitMixin, FileQuotesMixin, IndexedSearchMixin, NewsroomAdmin):
    form = QuoteForm
    list_display = ("words", "speaker_shown", "kind", "confidence_shown", "review_state", "said_shown")
    list_filter = (
        QueueFilter,
        "review_state",
        "kind",
        SpeakerKindFilter,
        QuotePublisherFilter,
        TopicFilter,
        "origin",
        "said_on",
    )
    list_select_related = ("speaker", "article")
    list_defer = ("article__body", "article__text", "segments")
    search_fields = ("text", "speaker__name")
    search_help_text = "Words of the quote, or the speaker’s name."
    ordering = ("-said_on", "-pk")
    sortable_by = ("said_shown",)
    tracked = (
        "text", "kind", "segments", "speaker", "role", "reported_by", "article", "start", "end", "prefix", "suffix", "cue",
        "cue_start", "cue_end", "mention", "mention_start", "mention_end", "said_on", "said_precision", "review_state",
        "review_note", "reviewer", "reviewed_at", "published_at",
    )  # fmt: skip
    tracked_rows = {"tagged_items": ("tag",)}
    not_put_back = ("published_at",)
    autocomplete_fields = ("speaker", "article")
    form_select_related = ("speaker", "article", "reviewer")
    actions = ("verify_selected", "reject_selected", "give_selected", "list_selected", "publish_selected")
    readonly_fields = (
        "places", "dump", "rule", "confidence", "origin", "reviewer", "reviewed_at", "edited_at", "created_at",
    )  # fmt: skip
    fieldsets = (
        ("Who said what", {"fields": ("places", "text", "speaker", ("kind", "role"), "reported_by")}),
        ("Review", {"fields": ("review_state", "review_note", ("confidence", "rule"), ("reviewer", "reviewed_at"))}),
        ("When and about what", {"fields": (("said_on", "said_precision"), "topics")}),
        ("Where", {"fields": ("article", "published_at", ("start", "end"), ("mention", "cue"))}),
        ("Provenance", {"fields": ("dump", "origin", ("edited_at", "created_at"))}),
    )

    # permissions

    def has_review_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("quotes.review_quote")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.publish_article")

    def has_change_permission(self, request: HttpRequest, obj: Quote | None = None) -> bool:
        return super().has_change_permission(request, obj) or self.has_review_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Quote | None = None) -> tuple[str, ...]:
        """Reviewers may correct the speaker and judge; who may change quotes may do the rest, but not judge."""
        fixed = set(self.readonly_fields)
        if not self.has_review_permission(request):
            fixed |= {"review_state", "review_note"}
        if not self.has_publish_permission(request):
            fixed.add("published_at")
        if obj is not None and not super().has_change_permission(request, obj):
            fixed |= {name for name in _fields_of(self.fieldsets) if name not in _OF_REVIEW}
        return tuple(sorted(fixed))

    def get_fieldsets(self, request: HttpRequest, obj: Quote | None = None) -> Any:
        """A new quote has no place yet, and it stands in an article; one in an article has no date of its own."""
        hidden = {"places", "dump", "published_at"} if obj is None else {"published_at"} if obj.article_id else set()
        return [
            (name, {**options, "fields": [entry for entry in options["fields"] if entry not in hidden]})
            for name, options in self.fieldsets
        ]

    def get_view_on_site_url(self, obj: Quote | None = None) -> str | None:
        public = obj is not None and obj.pk and Quote.objects.public().filter(pk=obj.pk).exists()
        return super().get_view_on_site_url(obj) if public else None

    # columns

    @admin.display(description="said on", ordering="said_on", empty_value="not known")
    def said_shown(self, quote: Quote) -> date | None:
        return quote.said_on if quote.date_known else None

    # form

    def get_form(self, request: HttpRequest, obj: Quote | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.admin_site = self.admin_site
        form.may_add_topics = request.user.has_perm("articles.add_topic")
        return form

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Quote, form: forms.ModelForm, change: bool) -> None:
        judged = obj.review_state if "review_state" in form.changed_data else None
        if judged:
            obj.review_state = form.initial.get("review_state", Quote.Review.UNREVIEWED)
        store.save_quote(obj, editor=request.user)
        if judged:
            note = obj.review_note
            store.review(Quote.objects.filter(pk=obj.pk), judged, editor=request.user, note=note)
            obj.refresh_from_db(fields=["review_state", "review_note", "reviewer", "reviewed_at"])

    # columns and panels

    @admin.display(description="quote", ordering="text")
    def words(self, quote: Quote) -> SafeString:
        """The words, and where they stand, which takes no column of its own."""
        place = Truncator(quote.article.headline).chars(70) if quote.article else "stands alone"
        return format_html('{}<span class="help">{}</span>', Truncator(quote.text).chars(120), place)

    @admin.display(description="speaker")
    def speaker_shown(self, quote: Quote) -> str:
        return quote.speaker.name if quote.speaker else "not known"

    @admin.display(description="confidence", ordering="confidence")
    def confidence_shown(self, quote: Quote) -> str:
        return f"{quote.confidence:.0%}"

    @admin.display(description="In the text")
    def places(self, quote: Quote) -> SafeString | str:
        return place_in_article(quote)

    @admin.display(description="Where it came from")
    def dump(self, quote: Quote) -> SafeString | str:
        return place_in_document(quote)

    # actions

    @admin.action(description="Verify selected quotes", permissions=["review"])
    def verify_selected(self, request: HttpRequest, queryset: QuerySet[Quote]) -> None:
        self._review(request, queryset, Quote.Review.VERIFIED)

    @admin.action(description="Reject selected quotes", permissions=["review"])
    def reject_selected(self, request: HttpRequest, queryset: QuerySet[Quote]) -> None:
        self._review(request, queryset, Quote.Review.REJECTED)

    @admin.action(description="Publish selected quotes that have no article", permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Quote]) -> None:
        chosen = queryset.filter(article__isnull=True, published_at__isnull=True)
        self._change(request, chosen, store.publish_alone, "published")

    def _review(self, request: HttpRequest, queryset: QuerySet[Quote], state: str) -> None:
        write = partial(store.review, state=state, editor=request.user)
        self._change(request, queryset.exclude(review_state=state), write, Quote.Review(state).label.lower())

    def _change(self, request: HttpRequest, queryset: QuerySet[Quote], write: Callable[..., int], done: str) -> None:
        self.change_selected(request, queryset.select_related(None).only("pk", "text"), write, done)


def _fields_of(fieldsets: Any) -> set[str]:
    entries = [entry for _, options in fieldsets for entry in options["fields"]]
    return {name for entry in entries for name in ([entry] if isinstance(entry, str) else entry)}
