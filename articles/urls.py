from django.urls import path

from articles import archive, feeds, previews, sharing, views
from articles.converters import FEED, SLUG

app_name = "articles"
urlpatterns = [
    path("articles/", views.ArticlesView.as_view(), name="articles"),
    path(f"articles/{FEED}", feeds.articles, name="articles_feed"),
    path(f"articles/{SLUG}/", views.article, name="article"),
    path("preview/<str:token>/", previews.shared, name="preview"),
    path("share/articles/<int:pk>-<slug:digest>.png", sharing.article, name="share"),
    path("archive/", archive.ArchiveView.as_view(), name="archive"),
    path("archive/<int:year>/", archive.ArchiveYearView.as_view(), name="archive_year"),
    path("archive/<int:year>/<two_digits:month>/", archive.ArchiveMonthView.as_view(), name="archive_month"),
    path(
        "archive/<int:year>/<two_digits:month>/<two_digits:day>/",
        archive.ArchiveDayView.as_view(),
        name="archive_day",
    ),
    path("topics/", views.TopicsView.as_view(), name="topics"),
    path(f"topics/{SLUG}/", views.topic, name="topic"),
    path(f"topics/{SLUG}/{FEED}", feeds.topic, name="topic_feed"),
    path("lists/", views.ListsView.as_view(), name="lists"),
    path(f"lists/{SLUG}/", views.curated_list, name="list"),
    path(f"lists/{SLUG}/{FEED}", feeds.curated_list, name="list_feed"),
    path(FEED, feeds.site, name="feed"),
]
