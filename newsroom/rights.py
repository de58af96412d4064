"""Where the rights of users come from."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.db.models import Model, QuerySet


class GroupsBackend(ModelBackend):
    """Django's own, only that a user's own rights and those of the groups are read at once, where it asks twice.

    As with Django's they are kept with the user of a request, and read anew for the next request.
    """

    def get_all_permissions(self, user_obj: User | AnonymousUser, obj: Model | None = None) -> set[str]:
        if not isinstance(user_obj, User) or not user_obj.is_active or user_obj.is_superuser or obj is not None:
            return super().get_all_permissions(user_obj, obj)
        if not hasattr(user_obj, "_perm_cache"):
            own, of_groups = Permission.objects.filter(user=user_obj), Permission.objects.filter(group__user=user_obj)
            user_obj._perm_cache = {f"{app}.{codename}" for app, codename in _names(own).union(_names(of_groups))}
        return user_obj._perm_cache


def _names(rows: QuerySet[Permission]) -> QuerySet[Any, Any]:
    return rows.order_by().values_list("content_type__app_label", "codename")
