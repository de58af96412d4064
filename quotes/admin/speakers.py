"""Speakers, the forms of their names, and the offices they hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from articles.admin.base import NewsroomAdmin
from articles.admin.changelists import count_column
from articles.admin.filing import OptionalSlugForm
from articles.admin.filters import MergedFilter
from articles.admin.forms import PlainWordsForm, RowsFormSet, explain_constraint
from articles.admin.merging import Fact, MergeMixin, how_many
from articles.admin.searching import IndexedSearchMixin
from articles.store import index
from quotes import store
from quotes.models import Position, Quote, Speaker, SpeakerName

SAMPLE = 4
FACTS = 12

explain_constraint("speaker_has_name", "name", "A speaker needs a name; “A spokesperson” will do for an unnamed one.")
explain_constraint("speakername_once_a_speaker", "name", "The speaker has this name, or one that reads the same.")
explain_constraint("position_once_a_speaker", "title", "The speaker has this position already.")
explain_constraint("position_starts_before_end", "end", "The end must not be before the start.")


class SpeakerForm(OptionalSlugForm):
    rows = ("names", "positions")

    class Meta:
        model = Speaker
        fields = "__all__"


class NameForm(PlainWordsForm):
    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        same = SpeakerName.objects.filter(speaker=self.instance.speaker_id, key=store.name_key(name))
        if self.instance.speaker_id and same.exclude(pk=self.instance.pk).exists():
            raise ValidationError("The speaker has this name, or one that reads the same.")
        return name


class NameFormSet(RowsFormSet):
    """Saves names through the store, which makes the speaker be found by them."""

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> SpeakerName:
        return self._save(super().save_new(form, commit=False), commit)

    def save_existing(self, form: forms.ModelForm, obj: SpeakerName, commit: bool = True) -> SpeakerName:
        return self._save(super().save_existing(form, obj, commit=False), commit)

    def _save(self, name: SpeakerName, commit: bool) -> SpeakerName:
        if commit:
            store.save_speaker_name(name)
        return name


class NameInline(admin.TabularInline):
    model = SpeakerName
    form = NameForm
    formset = NameFormSet
    fields = ("name", "origin")
    readonly_fields = ("origin",)
    extra = 0
    verbose_name = "form of the name"
    verbose_name_plural = "Forms of the name"


class PositionInline(admin.StackedInline):
    model = Position
    form = PlainWordsForm
    formset = RowsFormSet
    fields = (("title", "organisation"), ("start", "end", "precision"), ("first_seen", "last_seen"))
    readonly_fields = ("first_seen", "last_seen")
    extra = 0


@admin.register(Speaker)
class SpeakerAdmin(MergeMixin, IndexedSearchMixin, NewsroomAdmin):
    merge_key = Quote._meta.get_field("speaker")
    actions = ("merge_selected",)
    form = SpeakerForm
    inlines = (NameInline, PositionInline)
    list_display = (
        "name_shown",
        "kind",
        count_column("quotes", "quotes", Quote, "speaker"),
        "wikidata_id",
        "merged_into",
    )
    list_filter = ("kind", MergedFilter)
    list_select_related = ("merged_into",)
    list_defer = ("description",)
    search_fields = ("name",)
    search_help_text = "Words of any form of the name, or of the description."
    ordering = ("sort_key", "pk")
    sortable_by = ("name_shown",)
    tracked = ("name", "slug", "kind", "description", "wikidata_id", "image", "merged_into")
    tracked_rows = {
        "names": ("name", "key", "family", "origin"),
        "positions": ("title", "organisation", "start", "end", "precision", "first_seen", "last_seen"),
    }
    not_put_back = ("merged_into",)
    fieldsets = (
        (None, {"fields": ("name", "kind", "description", "quotes_link")}),
        ("Picture and links", {"fields": ("image", "wikidata_id", "slug")}),
        ("Merged", {"fields": ("merged_into",)}),
    )
    readonly_fields = ("quotes_link",)

    def merge_facts(self, obj: Speaker) -> Iterator[Fact]:
        said = Quote.objects.filter(speaker=obj).dated_first().select_related("article")
        latest = list(said.only("text", "said_on", "article__headline")[:SAMPLE])
        words = [f"“{Truncator(quote.text).chars(140)}”" for quote in latest]
        yield "Kind", [obj.get_kind_display()]
        yield "Names", list(obj.names.values_list("name", flat=True)[:FACTS])
        yield "Positions", [str(position) for position in obj.positions.all()[:FACTS]]
        yield "Description", [obj.description] if obj.description else []
        yield "Quotes", [how_many(Quote.objects.filter(speaker=obj)), *words]
        yield "In", list(dict.fromkeys(quote.article.headline for quote in latest if quote.article))

    @admin.display(description="name", ordering="sort_key")
    def name_shown(self, speaker: Speaker) -> str:
        return speaker.name

    def with_address(self) -> QuerySet[Speaker]:
        return Speaker.objects.public()

    def get_view_on_site_url(self, obj: Speaker | None = None) -> str | None:
        if obj is None or obj.merged_into_id is not None:
            return None
        # The newest first, in the order of an index: one of the first is public, where there are any at all.
        said = Quote.objects.public().filter(speaker=obj).dated_first().values_list("pk")
        return super().get_view_on_site_url(obj) if said[:1] else None

    def save_model(self, request: HttpRequest, obj: Speaker, form: forms.Form, change: bool) -> None:
        store.save_speaker(obj)

    def save_related(self, request: HttpRequest, form: forms.Form, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        index(Speaker, [form.instance])  # a name that was taken out must not find the speaker any more

    @admin.display(description="Quotes")
    def quotes_link(self, speaker: Speaker) -> SafeString | str:
        if speaker.pk is None:
            return "None yet."
        address = f"{reverse('admin:quotes_quote_changelist')}?speaker__id__exact={speaker.pk}"
        how = "Are some of them somebody else’s? Select them there, and give them to another speaker by the action."
        return format_html(
            '<a href="{}">All quotes of {}</a><br><span class="help">{}</span>', address, speaker.name, how
        )
