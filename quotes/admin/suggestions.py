"""The queue of speakers who may be one, with what speaks for it. Merging itself has a page of its own."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.admin.base import NewsroomAdmin, ReadOnlyMixin
from articles.admin.changelists import Column
from quotes import suggestions
from quotes.models import Position, Speaker, SpeakerSuggestion

ROLES_SHOWN = 3


def _pairs_of(keys: Any) -> dict[int, SafeString]:
    """Both speakers of each suggestion, below each name the latest roles."""
    found = SpeakerSuggestion.objects.filter(pk__in=keys).select_related("speaker", "other")
    pairs = {row.pk: (row.speaker, row.other) for row in found.defer(*SpeakerSuggestionAdmin.list_defer)}
    roles: dict[int, list[str]] = {}
    rows = Position.objects.filter(speaker__in={speaker for pair in pairs.values() for speaker in pair})
    for row in rows.select_related("speaker"):
        roles.setdefault(row.speaker_id, []).append(str(row))
    line = '<div class="pair"><a href="{}">{}</a><span class="help">{}</span></div>'
    return {
        key: format_html_join("", line, (
            (_page(one), one.name, "; ".join(roles.get(one.pk, ["no role known"])[:ROLES_SHOWN])) for one in pair
        ))
        for key, pair in pairs.items()
    }  # fmt: skip


def _page(speaker: Speaker) -> str:
    return reverse("admin:quotes_speaker_change", args=[speaker.pk])


@admin.register(SpeakerSuggestion)
class SpeakerSuggestionAdmin(ReadOnlyMixin, NewsroomAdmin):
    list_display = (
        Column("pair", "may be one", _pairs_of),
        "reasons_shown",
        "score_shown",
        "state",
        "compare",
    )
    list_display_links = None
    list_filter = ("state",)
    list_select_related = ("speaker", "other")
    list_defer = ("speaker__description", "other__description")
    search_fields = ("speaker__name", "other__name")
    search_help_text = "Name of one of them."
    ordering = ("-score", "pk")
    sortable_by = ()
    nouns = ("pair", "pairs")
    actions = ("dismiss_selected", "reopen_selected")
    fields = ("pair_shown", "reasons_shown", "score_shown", "state", "decided_by", "decided_at", "compare")
    readonly_fields = fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("quotes.merge_speaker")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SpeakerSuggestion]:
        return super().get_queryset(request).select_related(*self.list_select_related, "decided_by")

    @admin.display(description="may be one")
    def pair_shown(self, suggestion: SpeakerSuggestion) -> SafeString:
        links = [(_page(speaker), speaker.name) for speaker in (suggestion.speaker, suggestion.other)]
        return format_html_join("", '<div><a href="{}">{}</a></div>', links)

    @admin.display(description="what speaks for it")
    def reasons_shown(self, suggestion: SpeakerSuggestion) -> SafeString:
        known = suggestion.reasons if isinstance(suggestion.reasons, list) else []
        rows = [(reason[0], reason[2]) for reason in known if isinstance(reason, list) and len(reason) == 3]
        return format_html('<ul class="plain-list">{}</ul>', format_html_join("", "<li>{}: {}</li>", rows))

    @admin.display(description="strength")
    def score_shown(self, suggestion: SpeakerSuggestion) -> str:
        return f"{suggestion.score:.0%}"

    @admin.display(description="")
    def compare(self, suggestion: SpeakerSuggestion) -> SafeString | str:
        if suggestion.state != SpeakerSuggestion.State.WAITING:
            return ""
        query = urlencode({"one": suggestion.speaker_id, "other": suggestion.other_id})
        return format_html('<a href="{}?{}">Compare and merge</a>', reverse("admin:quotes_speaker_merge"), query)

    @admin.action(description="Not the same: never suggest selected again", permissions=["merge"])
    def dismiss_selected(self, request: HttpRequest, queryset: QuerySet[SpeakerSuggestion]) -> None:
        write = partial(suggestions.dismiss, editor=request.user)
        self.change_selected(request, queryset, write, "dismissed")

    @admin.action(description="Let selected wait again", permissions=["merge"])
    def reopen_selected(self, request: HttpRequest, queryset: QuerySet[SpeakerSuggestion]) -> None:
        write = partial(suggestions.reopen, editor=request.user)
        self.change_selected(request, queryset, write, "waiting again")
