"""What readers can narrow the list of articles by. Values that name nothing leave nothing: no filter is ignored."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from articles.dates import FIRST_YEAR, LAST_YEAR, span
from articles.models import Article, TaggedItem


class YearFilter(django_filters.Filter):
    field_class = forms.IntegerField

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, min_value=FIRST_YEAR, max_value=LAST_YEAR, **kwargs)


class ArticleFilter(django_filters.FilterSet):
    topic = django_filters.CharFilter(method="of_topic", max_length=100)
    publisher = django_filters.CharFilter(field_name="publisher__slug", max_length=100)
    year = YearFilter(method="of_year")
    date = django_filters.ChoiceFilter(method="of_dating", choices=[("unknown", "Not printed")])

    class Meta:
        model = Article
        fields: list[str] = []

    def of_topic(self, articles: QuerySet[Article], _name: str, slug: str) -> QuerySet[Article]:
        return articles.filter(pk__in=TaggedItem.objects.filter(tag__slug=slug).values("content_object"))

    def of_year(self, articles: QuerySet[Article], _name: str, year: int) -> QuerySet[Article]:
        wanted = span(year)
        return articles.within(wanted) if wanted else articles.none()

    def of_dating(self, articles: QuerySet[Article], _name: str, _value: str) -> QuerySet[Article]:
        return articles.undated()


def narrows(filters: type[django_filters.FilterSet], asked: QueryDict) -> bool:
    """Whether anything is asked that the list is narrowed by; a further page of it is not."""
    return any(asked.get(name) for name in filters.base_filters)


def narrowed(asked: QueryDict) -> tuple[ArticleFilter, QuerySet[Article]]:
    """Public articles that fit what was asked, latest first, with the filter that chose them; none if it is nonsense."""
    chosen = ArticleFilter(asked or None, queryset=Article.objects.published().latest_first())
    return chosen, chosen.qs if not chosen.is_bound or chosen.is_valid() else Article.objects.none()
