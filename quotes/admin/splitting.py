"""Two people under one name: an action that gives the quotes of one of them to another speaker."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from articles import mergers
from articles.admin.merging import done
from quotes import store
from quotes.models import Quote, Speaker

SAMPLES = 10
SPEAKER = Quote._meta.get_field("speaker")


class GiveForm(forms.Form):
    speaker = forms.ModelChoiceField(
        Speaker.objects.active(), error_messages={"required": "Choose who said it, or make a new speaker."}
    )

    def __init__(self, *args: object, site: admin.AdminSite, may_add: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        box = AutocompleteSelect(SPEAKER, site)
        box.choices = self.fields["speaker"].choices
        self.fields["speaker"].widget = RelatedFieldWidgetWrapper(
            box, SPEAKER.remote_field, site, can_add_related=may_add, can_delete_related=False
        )


class SplitMixin(admin.ModelAdmin):
    def has_split_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("quotes.merge_speaker")

    @admin.action(description="Give selected quotes to another speaker…", permissions=["split"])
    def give_selected(self, request: HttpRequest, queryset: QuerySet[Quote]) -> HttpResponse | None:
        rows = list(
            queryset.order_by().select_related(None).select_related("speaker").only("pk", "text", "speaker__name")
        )
        may_add = request.user.has_perm("quotes.add_speaker")
        typed = request.POST if "give" in request.POST else None
        form = GiveForm(typed, site=self.admin_site, may_add=may_add)
        if form.is_valid():
            self._give(request, rows, form.cleaned_data["speaker"])
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "Who said these?",
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
            "rows": rows,
            "samples": rows[:SAMPLES],
            "rest": max(len(rows) - SAMPLES, 0),
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/newsroom/give.html", context)

    def _give(self, request: HttpRequest, rows: list[Quote], speaker: Speaker) -> None:
        chosen = Quote.objects.filter(pk__in=[row.pk for row in rows])
        moved = [row for row in rows if row.speaker_id != speaker.pk]
        try:
            with transaction.atomic():
                records = mergers.split(chosen, SPEAKER, speaker, editor=request.user)
                keys = store.attribute(chosen, speaker)
                self.log_changes(request, moved, f"Given to “{speaker}”.")
        except mergers.CannotMergeError as error:
            self.message_user(request, str(error), messages.ERROR)
            return
        for record in records:
            self.message_user(request, done(record), messages.SUCCESS)
        if keys:
            self.message_user(request, f"{len(keys)} without a speaker given to “{speaker}”.", messages.SUCCESS)
        if not moved:
            self.message_user(request, f"All of them are “{speaker}”’s already.", messages.WARNING)
