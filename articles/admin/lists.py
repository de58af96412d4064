"""Curated lists, and the items of those that hold articles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from articles import store
from articles.admin.base import NewsroomAdmin
from articles.admin.changelists import count_column
from articles.admin.filing import OptionalSlugForm
from articles.admin.filters import ItemStateFilter, PublisherFilter, WaitingItemsFilter
from articles.admin.forms import PlainWordsForm, RowsFormSet, explain_constraint
from articles.admin.widgets import KnownChoiceForm, KnownChoiceMixin
from articles.models import CuratedList, CuratedListItem

explain_constraint(
    "curatedlist_imported_once_a_publisher", "title", "Imports manage a list of this title for this publisher already."
)


class ItemForm(PlainWordsForm):
    """An item is a headline as printed, an article, or both."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "headline" in self.fields:
            self.fields["headline"].required = False
            self.fields["headline"].help_text = "As printed. Empty: that of the article."

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "headline" in self.fields and not (self.cleaned_data.get("headline") or self.cleaned_data.get("article")):
            raise ValidationError("Give a headline, or choose an article.")
        return cleaned


class ItemFormSet(RowsFormSet):
    """Saves items through the store, which links them to the articles that their headlines name."""

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> CuratedListItem:
        return self._save(super().save_new(form, commit=False), commit)

    def save_existing(self, form: forms.ModelForm, obj: CuratedListItem, commit: bool = True) -> CuratedListItem:
        return self._save(super().save_existing(form, obj, commit=False), commit)

    def _save(self, item: CuratedListItem, commit: bool) -> CuratedListItem:
        if commit:
            store.save_list_item(item)
        return item


class ItemRowForm(KnownChoiceForm, ItemForm):
    """The same in a row of the list's page."""


class ItemStateMixin:
    @admin.display(description="state", ordering="state")
    def state_shown(self, item: CuratedListItem) -> str:
        return CuratedListItem.State(item.state).label if item.pk else "-"


class ItemInline(ItemStateMixin, KnownChoiceMixin, admin.TabularInline):
    model = CuratedListItem
    form = ItemRowForm
    formset = ItemFormSet
    fields = ("position", "headline", "article", "state_shown")
    readonly_fields = ("state_shown",)
    autocomplete_fields = ("article",)
    extra = 0
    verbose_name_plural = "Items, in the order of their positions"

    def get_queryset(self, request: HttpRequest) -> QuerySet[CuratedListItem]:
        return super().get_queryset(request).select_related("article")


class ListForm(OptionalSlugForm):
    rows = ("items",)

    class Meta:
        model = CuratedList
        fields = "__all__"


@admin.register(CuratedList)
class CuratedListAdmin(NewsroomAdmin):
    form = ListForm
    list_display = (
        "title",
        "kind",
        "publisher",
        "is_published",
        "on_homepage",
        "managed_by",
        count_column("items", "headlines", CuratedListItem, "list"),
        "as_of",
        "updated_at",
    )
    list_filter = ("is_published", "on_homepage", "kind", "managed_by", WaitingItemsFilter, PublisherFilter)
    list_select_related = ("publisher",)
    list_defer = ("description",)
    search_fields = ("title",)
    ordering = ("title", "pk")
    tracked = (
        "title", "slug", "description", "kind", "publisher", "as_of", "is_published", "on_homepage", "managed_by",
    )  # fmt: skip
    tracked_rows = {"items": ("position", "headline", "headline_key", "article", "several_fit")}
    not_put_back = ("is_published", "kind")
    autocomplete_fields = ("publisher",)
    readonly_fields = ("updated_at",)
    fieldsets = (
        (None, {"fields": ("title", "slug", "description", "kind")}),
        ("Where it shows", {"fields": ("is_published", "on_homepage")}),
        ("Where it came from", {"fields": ("publisher", "as_of", "managed_by", "updated_at")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: CuratedList | None = None) -> tuple[str, ...]:
        return self.readonly_fields if obj is None else (*self.readonly_fields, "kind")

    def with_address(self) -> QuerySet[CuratedList]:
        return CuratedList.objects.published()

    def get_view_on_site_url(self, obj: CuratedList | None = None) -> str | None:
        return super().get_view_on_site_url(obj) if obj is not None and obj.is_published else None

    def save_model(self, request: HttpRequest, obj: CuratedList, form: forms.Form, change: bool) -> None:
        store.save_list(obj)

    def save_related(self, request: HttpRequest, form: forms.Form, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        store.renumber_list(form.instance)

    def response_add(
        self, request: HttpRequest, obj: CuratedList, post_url_continue: str | None = None
    ) -> HttpResponse:
        """After the list itself come its items: the page to add them to opens at once."""
        if "_addanother" not in request.POST and "_popup" not in request.POST:
            request.POST = request.POST.copy()
            request.POST["_continue"] = "1"
        return super().response_add(request, obj, post_url_continue)


CuratedListAdmin.register_inline(ItemInline, when=lambda obj: obj is not None and obj.kind == CuratedList.Kind.ARTICLES)


@admin.register(CuratedListItem)
class CuratedListItemAdmin(ItemStateMixin, NewsroomAdmin):
    """The items of all lists in one place, for linking those that wait for their article."""

    form = ItemForm
    list_display = ("headline", "list", "state_shown", "article")
    list_filter = (ItemStateFilter, "list__managed_by")
    list_select_related = ("list", "article")
    list_defer = ("article__body", "article__text")
    search_fields = ("headline",)
    ordering = ("-pk",)
    sortable_by = ()
    autocomplete_fields = ("article",)
    fields = ("list", "position", "headline", "article", "state_shown")
    readonly_fields = ("list", "state_shown")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: CuratedListItem, form: forms.Form, change: bool) -> None:
        store.save_list_item(obj)
