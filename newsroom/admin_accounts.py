"""Accounts, and the log of who did what. Whoever makes accounts cannot make them mightier than a superuser allows."""

from __future__ import annotations

from typing import Any

import django_otp.plugins.otp_static.admin
import django_otp.plugins.otp_totp.admin  # noqa: F401 - it and the one above register what is taken out below
from axes.utils import reset as reset_failures
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from articles.admin.base import NewsroomAdmin, ReadOnlyMixin
from articles.admin.filters import FormFilter
from newsroom import secondfactor

# No index finds words in the log: it is searched as far back as this.
SEARCHED = 50_000
_OF_GROUPS = (
    "Each may do what its group may: reporters write, editors review and publish, importers bring dumps in, chiefs do all "
    "of it and look after accounts. In no group, an account may look at nothing."
)
admin.site.unregister(User)
# Devices are their owners' affair: they set them up themselves, and the action below takes them away.
for device in (TOTPDevice, StaticDevice):
    admin.site.unregister(device)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts. Only superusers touch superusers, and rights beyond those of the groups."""

    show_full_result_count = False
    actions = ("take_factor_away", "let_in_again")
    filter_horizontal = ("user_permissions",)
    add_fieldsets = (
        *UserAdmin.add_fieldsets,
        ("What they do here", {"fields": ("is_staff", "groups")}),
    )

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _is_no_mightier(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_no_mightier(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fixed = () if request.user.is_superuser else ("is_superuser", "user_permissions")
        return (*super().get_readonly_fields(request, obj), "last_login", "date_joined", *fixed)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":  # few, each with a name that says what it is
            kwargs |= {"widget": forms.CheckboxSelectMultiple(), "help_text": _OF_GROUPS}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest | None, **kwargs: Any) -> Any:
        if db_field.name == "is_staff":
            kwargs |= {"label": "May log in to the desk", "help_text": "Without this, an account opens nothing here."}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"is_staff": True} | super().get_changeform_initial_data(request)

    @admin.action(description="Take the second factor of selected users away", permissions=["change"])
    def take_factor_away(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """For those who have lost the phone and the recovery codes; they can set it up again."""
        users = [user for user in queryset if _is_no_mightier(request, user)]
        with transaction.atomic():
            for user in users:
                secondfactor.switch_off(user)
            LogEntry.objects.log_actions(request.user.pk, users, CHANGE, change_message="Second factor taken away.")
        names = ", ".join(user.get_username() for user in users) or "nobody"
        self.message_user(request, f"Taken away from: {names}.", messages.SUCCESS if users else messages.WARNING)

    @admin.action(description="Let selected users in again after too many wrong passwords", permissions=["change"])
    def let_in_again(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """An address stays closed only if others were guessed at from there as well."""
        users = [user for user in queryset if _is_no_mightier(request, user)]
        with transaction.atomic():
            shut = [user for user in users if reset_failures(username=user.get_username())]
            LogEntry.objects.log_actions(request.user.pk, shut, CHANGE, change_message="Let in again.")
        names = ", ".join(user.get_username() for user in shut)
        words = f"They can log in again: {names}." if shut else "No wrong password was counted against any of them."
        self.message_user(request, words, messages.SUCCESS if shut else messages.WARNING)


def _is_no_mightier(request: HttpRequest, obj: User | None) -> bool:
    return obj is None or request.user.is_superuser or not obj.is_superuser


class KindFilter(FormFilter):
    """By what it was done to: of the kinds that the desk has, whether or not anything was done to any of them."""

    title = "kind"
    parameter_name = "kind"
    template = "admin/newsroom/select_filter.html"

    def options(self) -> list[tuple[str, str]]:
        kinds = ContentType.objects.get_for_models(*admin.site._registry)
        named = ((str(kind.pk), str(model._meta.verbose_name)) for model, kind in kinds.items())
        return sorted(named, key=lambda choice: choice[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        known = {key for key, _ in self.options()}
        return queryset.filter(content_type=int(self.value())) if self.value() in known else queryset


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyMixin, NewsroomAdmin):
    """Everything that was done on the desk, the newest first."""

    list_display = ("action_time", "user", "what", "content_type", "object_shown", "change")
    list_filter = ("action_flag", "action_time", KindFilter)
    list_select_related = ("user", "content_type")
    list_display_links = None
    search_fields = ("object_repr", "user__username")
    search_help_text = f"Words of what it was done to, or the name of the user: in the last {SEARCHED:,} entries."
    ordering = ("-pk",)
    sortable_by = ()
    fields = ("action_time", "user", "what", "content_type", "object_repr", "change")
    readonly_fields = ("what", "change")

    def has_delete_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[LogEntry], search_term: str
    ) -> tuple[QuerySet[LogEntry], bool]:
        if search_term.strip():
            newest = LogEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            queryset = queryset.filter(pk__gt=newest - SEARCHED)
        return super().get_search_results(request, queryset, search_term)

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
