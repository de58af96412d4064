"""The queue of phrases that may make topics."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles import topic_candidates
from articles.admin.base import NewsroomAdmin, ReadOnlyMixin
from articles.admin.changelists import Column
from articles.models import TopicCandidate

AT_ONCE = 20


def _examples_of(keys: Any) -> dict[int, SafeString]:
    through = TopicCandidate.examples.through
    rows = through.objects.filter(topiccandidate__in=keys).order_by("pk")
    found: dict[int, list[tuple[str, str]]] = {}
    for key, article, headline in rows.values_list("topiccandidate_id", "article_id", "article__headline"):
        found.setdefault(key, []).append((reverse("admin:articles_article_change", args=[article]), headline))
    return {
        key: format_html('<ul class="plain-list">{}</ul>', format_html_join("", '<li><a href="{}">{}</a></li>', links))
        for key, links in found.items()
    }


@admin.register(TopicCandidate)
class TopicCandidateAdmin(ReadOnlyMixin, NewsroomAdmin):
    list_display = (
        "name",
        "articles_count",
        "mentions",
        Column("examples_shown", "for example", _examples_of),
        "state",
    )
    list_filter = ("state",)
    search_fields = ("name",)
    ordering = ("-articles_count", "pk")
    sortable_by = ()
    nouns = ("phrase", "phrases")
    actions = ("accept_selected", "dismiss_selected")
    fields = ("name", "articles_count", "mentions", "state", "topic", "decided_by", "decided_at")
    readonly_fields = fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.add_topic")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TopicCandidate]:
        return super().get_queryset(request).select_related("topic", "decided_by")

    @admin.action(description="Make topics of selected", permissions=["decide"])
    def accept_selected(self, request: HttpRequest, queryset: QuerySet[TopicCandidate]) -> None:
        rows = list(queryset.order_by("pk")[: AT_ONCE + 1])
        if len(rows) > AT_ONCE:
            words = f"Each goes through the articles that name it: at most {AT_ONCE} at a time. Nothing was done."
            self.message_user(request, words, messages.WARNING)
            return
        for candidate in rows:
            try:
                with transaction.atomic():
                    topic, number = topic_candidates.accept(candidate, editor=request.user)
                    self.log_changes(request, [candidate], "Made a topic, from the list.")
                    self.admin_site.get_model_admin(type(topic)).log_addition(request, topic, "Made of a proposal.")
            except topic_candidates.CandidateError as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.message_user(request, f"“{topic}” is a topic now; {number} articles name it.", messages.SUCCESS)

    @admin.action(description="Dismiss selected: never propose them again", permissions=["decide"])
    def dismiss_selected(self, request: HttpRequest, queryset: QuerySet[TopicCandidate]) -> None:
        write = partial(topic_candidates.dismiss, editor=request.user)
        self.change_selected(request, queryset, write, "dismissed")
