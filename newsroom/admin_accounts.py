"""Accounts, and the log of who did what. Whoever makes accounts cannot make them mightier than a superuser allows."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.admin.base import NewsroomAdmin, ReadOnlyMixin

admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts. Only superusers touch superusers, and rights beyond those of the groups."""

    show_full_result_count = False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _is_no_mightier(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_no_mightier(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fixed = () if request.user.is_superuser else ("is_superuser", "user_permissions")
        return (*super().get_readonly_fields(request, obj), *fixed)


def _is_no_mightier(request: HttpRequest, obj: User | None) -> bool:
    return obj is None or request.user.is_superuser or not obj.is_superuser


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyMixin, NewsroomAdmin):
    """Everything that was done on the desk, the newest first."""

    list_display = ("action_time", "user", "what", "content_type", "object_shown", "change")
    list_filter = ("action_flag", "action_time", ("content_type", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "content_type")
    list_display_links = None
    search_fields = ("object_repr", "user__username")
    search_help_text = "Words of what it was done to, or the name of the user."
    ordering = ("-action_time", "-pk")
    sortable_by = ()
    fields = ("action_time", "user", "what", "content_type", "object_repr", "change")
    readonly_fields = ("what", "change")

    def has_delete_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return False

    @admin.display(description="what")
    def what(self, entry: LogEntry) -> str:
        return entry.get_action_flag_display()

    @admin.display(description="change")
    def change(self, entry: LogEntry) -> str:
        return entry.get_change_message()

    @admin.display(description="to")
    def object_shown(self, entry: LogEntry) -> SafeString | str:
        try:
            name = f"admin:{entry.content_type.app_label}_{entry.content_type.model}_history"
            address = reverse(name, args=[entry.object_id]) if entry.object_id else ""
        except (NoReverseMatch, AttributeError):
            address = ""
        if not address or entry.is_deletion():
            return entry.object_repr
        return format_html('<a href="{}">{}</a>', address, entry.object_repr)
