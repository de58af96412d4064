"""What quotes add to the pages of articles and lists."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Length, Replace, Substr
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from articles.admin import ArticleAdmin, CuratedListAdmin
from articles.admin.base import ReadOnlyInline
from articles.admin.changelists import count_column
from articles.admin.forms import PlainWordsForm, explain_constraint
from articles.admin.ordering import OrderedInline
from articles.admin.widgets import KnownChoiceMixin
from articles.models import CuratedList
from quotes.models import CuratedQuote, Quote

explain_constraint("curatedquote_once_a_list", "quote", "This quote is in the list already.")


class ArticleQuotesFormSet(BaseInlineFormSet):
    def waiting(self) -> int:
        """How many of the quotes nobody has reviewed."""
        return sum(form.instance.review_state == Quote.Review.UNREVIEWED for form in self.initial_forms)


class ArticleQuotes(ReadOnlyInline):
    """The quotes found in an article, in the order of its text; each is changed on its own page."""

    model = Quote
    formset = ArticleQuotesFormSet
    template = "admin/newsroom/article_quotes.html"
    fields = ("where", "words", "speaker", "kind", "review_state")
    readonly_fields = fields
    verbose_name_plural = "Quotes in this article"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quote]:
        before = Substr("article__text", 1, F("start"))
        paragraph = Length(before) - Length(Replace(before, Value("\n"), Value(""))) + 1
        rows = super().get_queryset(request).select_related("speaker").annotate(paragraph=paragraph)
        return rows.in_text_order()

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("quotes.view_quote") or request.user.has_perm("quotes.change_quote")

    @admin.display(description="where")
    def where(self, quote: Quote) -> SafeString:
        """The paragraph, with a link to the place in the preview, which shows the quotes of drafts, too."""
        if quote.start is None:
            return format_html('<strong class="lost-place">{}</strong>', "not in the text")
        page = reverse("admin:articles_article_draft_preview", args=[quote.article_id])
        return format_html('<a href="{}#{}">paragraph {}</a>', page, quote.anchor, quote.paragraph)

    @admin.display(description="quote")
    def words(self, quote: Quote) -> SafeString:
        page = reverse("admin:quotes_quote_change", args=[quote.pk])
        before, after = quote.prefix.rpartition("\n")[2], quote.suffix.partition("\n")[0]
        around = '<span class="around">{}</span><a href="{}">{}</a><span class="around">{}</span>'
        placed = quote.start is not None
        words = Truncator(quote.text).chars(200)
        return format_html(around, before if placed else "", page, words, after if placed else "")


class CuratedQuoteInline(OrderedInline, KnownChoiceMixin, admin.TabularInline):
    model = CuratedQuote
    form = PlainWordsForm
    fields = ("position", "quote")
    autocomplete_fields = ("quote",)
    extra = 0
    verbose_name_plural = "Quotes, in their order: drag them, or type numbers"

    def get_queryset(self, request: HttpRequest) -> QuerySet[CuratedQuote]:
        return super().get_queryset(request).select_related("quote")


ArticleAdmin.register_inline(ArticleQuotes)
ArticleAdmin.register_column(count_column("quotes", "quotes", Quote, "article"))
CuratedListAdmin.register_rows("quote_items", ("position", "quote"))
CuratedListAdmin.register_inline(
    CuratedQuoteInline, when=lambda obj: obj is not None and obj.kind == CuratedList.Kind.QUOTES
)
