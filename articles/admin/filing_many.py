"""Filing several rows at once: articles get topics and a place in a list, quotes a place in a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from articles import filing
from articles.admin.topics_field import TopicsField
from articles.models import Article, CuratedList, TaggedItem, Topic

# What an editor can look over on one page.
AT_ONCE = 50


class ListForm(forms.Form):
    """Into which list, of those that editors keep: imports replace the items of theirs."""

    curated = forms.ModelChoiceField(
        CuratedList.objects.none(), required=False, label="Into the list", help_text="At its end, in the order below."
    )

    def __init__(self, *args: Any, kind: str, may_list: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = CuratedList.objects.filter(kind=kind, managed_by=CuratedList.ManagedBy.EDITORS).order_by("title", "pk")
        self.fields["curated"].queryset = rows.select_related("publisher")
        if not may_list:
            del self.fields["curated"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError("Choose what is to be done with them.")
        return cleaned


class TopicsForm(ListForm):
    add = TopicsField(Topic.objects.select_related("merged_into"), required=False, label="Give them the topics")
    take_off = TopicsField(Topic.objects.select_related("merged_into"), required=False, label="Take off the topics")
    field_order = ("add", "take_off", "curated")

    def __init__(self, *args: Any, site: AdminSite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("add", "take_off"):
            box = AutocompleteSelectMultiple(TaggedItem._meta.get_field("tag"), site)
            box.choices = self.fields[name].choices
            self.fields[name].widget = box


class FileMixin(admin.ModelAdmin):
    """What filing shares: the rows are shown, what is to be done with them is asked, and then done to all or none."""

    def file(self, request: HttpRequest, queryset: QuerySet, form_class: Any, action: str, **more: Any) -> Any:
        """The valid form and the rows in the order chosen, or the page that asks (None: it was said that there are too many)."""
        rows = list(queryset.select_related(None).order_by("pk").defer(*self.own_deferred())[: AT_ONCE + 1])
        if len(rows) > AT_ONCE:
            words = f"At most {AT_ONCE} at a time, so that you can look them over. Nothing was done."
            self.message_user(request, words, messages.WARNING)
            return None
        may_list = request.user.has_perm("articles.change_curatedlist")
        form = form_class(request.POST if "filed" in request.POST else None, may_list=may_list, **more)
        return (form, rows) if form.is_valid() else self._ask_what(request, form, rows, action)

    def own_deferred(self) -> list[str]:
        return [name for name in getattr(self, "list_defer", ()) if "__" not in name]

    def _ask_what(self, request: HttpRequest, form: forms.Form, rows: Sequence[Model], action: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"File these {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
            "rows": rows,
            "action": action,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/newsroom/file.html", context)

    def listed(self, request: HttpRequest, curated: CuratedList, number: int) -> None:
        """Say, with a way to the list, how many came into it."""
        page = reverse("admin:articles_curatedlist_change", args=[curated.pk])
        words = f"{number} put into the list" if number else "All of them are there already:"
        link = format_html('{} “<a href="{}">{}</a>”.', words, page, curated)
        self.message_user(request, link, messages.SUCCESS if number else messages.WARNING)


class FileArticlesMixin(FileMixin):
    @admin.action(description="Topics and lists of selected articles…", permissions=["change"])
    def file_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        asked = self.file(
            request, queryset, TopicsForm, "file_selected", site=self.admin_site, kind=CuratedList.Kind.ARTICLES
        )
        if not isinstance(asked, tuple):
            return asked
        form, rows = asked
        topics = {"add": form.cleaned_data["add"], "take_off": form.cleaned_data["take_off"]}
        if any(topics.values()):
            self._tag(request, rows, topics)
        if curated := form.cleaned_data.get("curated"):
            with transaction.atomic():
                lists = self.admin_site.get_model_admin(CuratedList)
                lists.keep_unseen([curated.pk])
                number = filing.put_into_list(curated, rows)
                lists.log_changes(request, [curated], f"{number} put in from the list of articles.")
            self.listed(request, curated, number)
        return None

    def _tag(self, request: HttpRequest, rows: list[Article], topics: dict[str, list[Topic]]) -> None:
        may = [row for row in rows if self.has_change_permission(request, row)]
        said = [f"{words} {', '.join(map(str, topics[name]))}" for name, words in (("add", "Given"), ("take_off", "Taken off"))
                if topics[name]]  # fmt: skip
        with transaction.atomic():
            self.keep_unseen([row.pk for row in may])
            changed = filing.tag(may, **topics, editor=request.user)
            self.log_changes(request, changed, f"{'. '.join(said)}, from the list.")
        number = f"{len(changed)} article{'' if len(changed) == 1 else 's'}"
        self.message_user(request, f"{'. '.join(said)}: {number}.", messages.SUCCESS if changed else messages.WARNING)
        if left := len(rows) - len(may):
            one = "1 is out, and yours to read only: its topics stay as they are."
            words = one if left == 1 else f"{left} are out, and yours to read only: their topics stay as they are."
            self.message_user(request, words, messages.WARNING)
