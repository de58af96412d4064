from django.urls import path

from articles import views
from articles.converters import SLUG

app_name = "articles"
urlpatterns = [
    path("articles/", views.ArticlesView.as_view(), name="articles"),
    path(f"articles/{SLUG}/", views.article, name="article"),
    path("archive/", views.ArchiveView.as_view(), name="archive"),
    path("archive/<int:year>/", views.ArchiveYearView.as_view(), name="archive_year"),
    path("archive/<int:year>/<int:month>/", views.ArchiveMonthView.as_view(), name="archive_month"),
    path("archive/<int:year>/<int:month>/<int:day>/", views.ArchiveDayView.as_view(), name="archive_day"),
    path("topics/", views.TopicsView.as_view(), name="topics"),
    path(f"topics/{SLUG}/", views.topic, name="topic"),
    path("lists/", views.ListsView.as_view(), name="lists"),
    path(f"lists/{SLUG}/", views.curated_list, name="list"),
]
