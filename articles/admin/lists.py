"""Curated lists, and the items of those that hold articles."""

from __future__ import annotations

from typing import Any

from adminsortable2.admin import SortableAdminBase
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from articles import history, store
from articles.admin.base import NewsroomAdmin
from articles.admin.changelists import count_column
from articles.admin.filing import OptionalSlugForm
from articles.admin.filters import ItemStateFilter, PublisherFilter, WaitingItemsFilter
from articles.admin.forms import PlainWordsForm, explain_constraint
from articles.admin.ordering import OrderedFormSet, OrderedInline
from articles.admin.widgets import KnownChoiceMixin
from articles.models import Article, CuratedList, CuratedListItem
from articles.publishing import in_words

_TWICE = "Imports manage a list of this title for this publisher already. Delete that one first, if they are to manage this one."
explain_constraint("curatedlist_imported_once_a_publisher", "title", _TWICE)
explain_constraint("curatedlist_imported_once_without_publisher", "title", _TWICE)
explain_constraint("curatedlist_appears_before_it_goes", "until", "It has to disappear after it appears.")


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


class ItemFormSet(OrderedFormSet):
    """Saves items through the store, which links them to the articles that their headlines name."""

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> CuratedListItem:
        return self._save(super().save_new(form, commit=False), commit)

    def save_existing(self, form: forms.ModelForm, obj: CuratedListItem, commit: bool = True) -> CuratedListItem:
        return self._save(super().save_existing(form, obj, commit=False), commit)

    def _save(self, item: CuratedListItem, commit: bool) -> CuratedListItem:
        if commit:
            store.save_list_item(item)
        return item


class WaitingItemForm(ItemForm):
    """The same on a page of its own, where an item that waits is shown the articles that it may mean."""

    fitting = forms.ModelChoiceField(
        Article.objects.none(),
        required=False,
        blank=True,
        widget=forms.RadioSelect,
        label="May be",
        empty_label="None of these",
        help_text="Articles of this headline or of one that comes near. If it is another, search for it below.",
    )

    class Meta:
        model = CuratedListItem
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.article_id is None and self.instance.pk:
            self.fields["fitting"].queryset = store.articles_that_fit(self.instance)
            self.fields["fitting"].label_from_instance = _in_a_line
        else:
            del self.fields["fitting"]

    def clean(self) -> dict[str, Any] | None:
        if self.cleaned_data.get("fitting") and not self.cleaned_data.get("article"):
            self.cleaned_data["article"] = self.cleaned_data["fitting"]
        return super().clean()


def _in_a_line(article: Article) -> str:
    day = in_words(article.published_at, time=False) if article.published_at and article.date_known else ""
    state = "" if article.state == Article.State.PUBLISHED else article.get_state_display().lower()
    publisher = article.publisher.name if article.publisher else ""
    return " · ".join(word for word in (article.headline, publisher, day, state) if word)


class ItemRowForm(ItemForm):
    """The same in a row of the list's page, where a headline takes several lines."""

    class Meta:
        widgets = {"headline": forms.Textarea(attrs={"rows": 3, "cols": 36})}

    def clean_headline(self) -> str:
        return " ".join(self.cleaned_data["headline"].split())


class ItemStateMixin:
    @admin.display(description="state", ordering="state")
    def state_shown(self, item: CuratedListItem) -> str:
        return CuratedListItem.State(item.state).label if item.pk else "-"


class ItemInline(OrderedInline, ItemStateMixin, KnownChoiceMixin, admin.TabularInline):
    model = CuratedListItem
    form = ItemRowForm
    formset = ItemFormSet
    fields = ("position", "headline", "headline_shown", "article", "state_shown")
    readonly_fields = ("state_shown",)
    autocomplete_fields = ("article",)
    extra = 0
    verbose_name_plural = "Items, in their order: drag them, or type numbers"

    def get_queryset(self, request: HttpRequest) -> QuerySet[CuratedListItem]:
        return super().get_queryset(request).select_related("article")


def _arranged(formset: Any) -> bool:
    """Whether somebody has moved, added, taken off or reworded items; to link one to its article arranges nothing."""
    changed = {name for _, names in formset.changed_objects for name in names}
    return bool(formset.new_objects or formset.deleted_objects or changed - {"article"})


class ListForm(OptionalSlugForm):
    rows = ("items",)

    class Meta:
        model = CuratedList
        fields = "__all__"


@admin.register(CuratedList)
class CuratedListAdmin(SortableAdminBase, NewsroomAdmin):
    form = ListForm
    list_display = (
        "title",
        "publisher",
        "shown",
        "front_page",
        count_column("items", "headlines", CuratedListItem, "list"),
        "managed_by",
    )
    list_filter = ("is_published", "on_homepage", "kind", "managed_by", WaitingItemsFilter, PublisherFilter)
    list_select_related = ("publisher",)
    list_defer = ("description",)
    search_fields = ("title",)
    ordering = ("title", "pk")
    tracked = (
        "title", "slug", "description", "kind", "publisher", "as_of", "is_published", "appears_at", "until",
        "on_homepage", "managed_by",
    )  # fmt: skip
    tracked_rows = {"items": ("position", "headline", "headline_key", "headline_shown", "article", "several_fit")}
    not_put_back = ("is_published", "kind")
    autocomplete_fields = form_select_related = ("publisher",)
    readonly_fields = ("updated_at", "printed")
    fieldsets = (
        (None, {"fields": ("title", "slug", "description", "kind")}),
        ("Where and when it shows", {"fields": (("is_published", "on_homepage"), ("appears_at", "until"))}),
        ("Where it came from", {"fields": ("publisher", "as_of", "managed_by", "updated_at")}),
    )

    @classmethod
    def register_rows(cls, name: str, fields: tuple[str, ...]) -> None:
        """Items of an app that stands above this one: kept in versions, and minded when two people write at once."""
        cls.form.rows = (*cls.form.rows, name)
        history.track_rows(CuratedList, name, fields)

    def get_readonly_fields(self, request: HttpRequest, obj: CuratedList | None = None) -> tuple[str, ...]:
        return self.readonly_fields if obj is None else (*self.readonly_fields, "kind")

    def with_address(self) -> QuerySet[CuratedList]:
        return CuratedList.objects.published()

    def get_view_on_site_url(self, obj: CuratedList | None = None) -> str | None:
        return super().get_view_on_site_url(obj) if obj is not None and obj.is_public else None

    def save_model(self, request: HttpRequest, obj: CuratedList, form: forms.Form, change: bool) -> None:
        store.save_list(obj)

    def save_related(self, request: HttpRequest, form: forms.Form, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for formset in formsets:
            if isinstance(formset, OrderedFormSet):
                store.renumber(formset.model.objects.filter(list=form.instance), formset.moves())
        if change and "managed_by" not in form.changed_data and any(map(_arranged, formsets)):
            self._take_over(request, form.instance)
        keys = [key for key in request.POST.getlist("take") if key.isdecimal() and len(key) < 19]
        if keys and (printed := store.printed_like(form.instance)) is not None:
            store.take_items(form.instance, printed.items.filter(pk__in=keys))

    def _take_over(self, request: HttpRequest, curated: CuratedList) -> None:
        """What an editor has arranged is not for the next import to replace."""
        if curated.managed_by == CuratedList.ManagedBy.IMPORT:
            curated.managed_by = CuratedList.ManagedBy.EDITORS
            store.save_list(curated)
            words = "The list is the editors’ now: newer dumps no longer replace it. What they print is shown below it."
            self.message_user(request, words, messages.INFO)

    def get_fieldsets(self, request: HttpRequest, obj: CuratedList | None = None) -> Any:
        """What imports print beside what editors chose, where editors choose."""
        chosen = obj is not None and obj.managed_by == CuratedList.ManagedBy.EDITORS
        chosen = chosen and obj.kind == CuratedList.Kind.ARTICLES
        return (*self.fieldsets, ("As printed", {"fields": ("printed",)})) if chosen else self.fieldsets

    @admin.display(description="The newest list of this title that was printed")
    def printed(self, curated: CuratedList) -> SafeString | str:
        found = store.printed_like(curated)
        if found is None:
            return "No import has brought a list of this title."
        here = set(curated.items.values_list("headline_key", flat=True))
        items = list(found.items.select_related("article").defer("article__body", "article__text"))
        for item in items:
            item.is_here = item.headline_key in here
        return render_to_string("admin/newsroom/printed_list.html", {"found": found, "items": items})

    @admin.display(description="front page", ordering="on_homepage", boolean=True)
    def front_page(self, curated: CuratedList) -> bool:
        return curated.on_homepage

    @admin.display(description="shown", ordering="is_published")
    def shown(self, curated: CuratedList) -> str:
        if not curated.is_published:
            return "No"
        now = timezone.now()
        if curated.appears_at and curated.appears_at > now:
            return f"From {in_words(curated.appears_at)}"
        if curated.until:
            return f"{'Until' if curated.until > now else 'Was, until'} {in_words(curated.until)}"
        return "Yes"

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

    form = WaitingItemForm
    list_display = ("headline", "list", "state_shown", "article")
    list_filter = (ItemStateFilter, "list__managed_by")
    list_select_related = ("list", "article")
    list_defer = ("article__body", "article__text")
    search_fields = ("headline",)
    ordering = ("-pk",)
    sortable_by = ()
    autocomplete_fields = ("article",)
    form_select_related = ("list", "article")
    fields = ("list", "position", "headline", "headline_shown", "state_shown", "fitting", "article")
    readonly_fields = ("list", "state_shown")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: CuratedListItem | None = None) -> list[str]:
        """What it may mean is asked only while that is not known, and something comes near."""
        asked = obj is not None and obj.article_id is None and store.articles_that_fit(obj).exists()
        return [name for name in self.fields if asked or name != "fitting"]

    def save_model(self, request: HttpRequest, obj: CuratedListItem, form: forms.Form, change: bool) -> None:
        store.save_list_item(obj)
