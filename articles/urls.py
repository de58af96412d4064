from django.urls import path, register_converter
from django.urls.converters import StringConverter

from articles import views


class UnicodeSlug(StringConverter):
    """What ``slugify(…, allow_unicode=True)`` makes: topics keep the letters of their script."""

    regex = r"[-\w]+"


register_converter(UnicodeSlug, "unicode_slug")

app_name = "articles"
urlpatterns = [
    path("articles/", views.ArticlesView.as_view(), name="articles"),
    path("articles/<unicode_slug:slug>/", views.article, name="article"),
    path("archive/", views.ArchiveView.as_view(), name="archive"),
    path("archive/<int:year>/", views.ArchiveYearView.as_view(), name="archive_year"),
    path("archive/<int:year>/<int:month>/", views.ArchiveMonthView.as_view(), name="archive_month"),
    path("archive/<int:year>/<int:month>/<int:day>/", views.ArchiveDayView.as_view(), name="archive_day"),
    path("topics/", views.TopicsView.as_view(), name="topics"),
    path("topics/<unicode_slug:slug>/", views.topic, name="topic"),
    path("lists/", views.ListsView.as_view(), name="lists"),
    path("lists/<unicode_slug:slug>/", views.curated_list, name="list"),
]
