"""Filters over quotes and speakers: each a question that editors ask."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from quotes.models import Speaker


class QueueFilter(admin.SimpleListFilter):
    """The editors' queues: what waits for a person."""

    title = "queue"
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("no-speaker", "No speaker found"),
            ("unreviewed", "Not reviewed yet"),
            ("low-confidence", "Low confidence"),
            ("lost", "Place in the article lost"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "no-speaker":
            return queryset.unattributed()
        if self.value() == "unreviewed":
            return queryset.unreviewed()
        if self.value() == "low-confidence":
            return queryset.low_confidence()
        if self.value() == "lost":
            return queryset.filter(article__isnull=False, start__isnull=True)
        return queryset


class SpeakerKindFilter(admin.SimpleListFilter):
    title = "kind of speaker"
    parameter_name = "speaker_kind"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return list(Speaker.Kind.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(speaker__kind=self.value()) if self.value() in Speaker.Kind.values else queryset
