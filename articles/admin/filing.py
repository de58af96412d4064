"""Who writes and who publishes: the small tables that articles refer to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from articles import store
from articles.admin.base import NewsroomAdmin
from articles.admin.changelists import count_column
from articles.admin.stale import StaleCheckForm
from articles.models import Article, Author, Publisher
from articles.text import make_slug


class OptionalSlugForm(StaleCheckForm):
    """A form in which the slug may be left to the system."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = "The end of its address. Leave it empty to have it made."


class NamedAdmin(NewsroomAdmin):
    """Something that has a name and, from it, a slug."""

    form = OptionalSlugForm
    search_fields = ("name",)
    ordering = ("name",)

    def save_model(self, request: HttpRequest, obj: Any, form: forms.Form, change: bool) -> None:
        if not obj.slug:
            wanted = make_slug(obj.name, obj._meta.model_name)
            obj.slug = store.unique_slug(type(obj), wanted, besides=obj)
        super().save_model(request, obj, form, change)


@admin.register(Author)
class AuthorAdmin(NamedAdmin):
    list_display = (
        "name",
        "slug",
        count_column("articles", "articles", Article.authors.through, "author"),
    )
    list_defer = ("bio",)
    tracked = ("name", "slug", "bio")
    fields = ("name", "slug", "bio")


@admin.register(Publisher)
class PublisherAdmin(NamedAdmin):
    list_display = (
        "name",
        "homepage",
        count_column("articles", "articles", Article, "publisher"),
    )
    tracked = ("name", "slug", "homepage")
    fields = ("name", "slug", "homepage")
