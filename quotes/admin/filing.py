"""An action that puts quotes into a list of quotes."""

from __future__ import annotations

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from articles.admin.filing_many import FileMixin, ListForm
from articles.models import CuratedList
from quotes import store
from quotes.models import Quote


class FileQuotesMixin(FileMixin):
    def has_list_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.change_curatedlist")

    @admin.action(description="Put selected quotes into a list…", permissions=["list"])
    def list_selected(self, request: HttpRequest, queryset: QuerySet[Quote]) -> HttpResponse | None:
        asked = self.file(request, queryset, ListForm, "list_selected", kind=CuratedList.Kind.QUOTES)
        if not isinstance(asked, tuple):
            return asked
        form, rows = asked
        curated = form.cleaned_data["curated"]
        with transaction.atomic():
            lists = self.admin_site.get_model_admin(CuratedList)
            lists.keep_unseen([curated.pk])
            number = store.put_into_list(curated, rows)
            lists.log_changes(request, [curated], f"{number} put in from the list of quotes.")
        self.listed(request, curated, number)
        return None
