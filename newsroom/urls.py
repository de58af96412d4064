"""All addresses of the site."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path

from articles.converters import FEED
from newsroom import feeds, sitemaps, views
from newsroom.api import api

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("search/suggest", views.suggest, name="search_suggest"),
    path(f"search/{FEED}", feeds.search, name="search_feed"),
    path("about/", views.about, name="about"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap/news.xml", sitemaps.news, name="news_sitemap"),
    path("sitemap/<slug:name>.xml", sitemaps.part, name="sitemap_part"),
    path("api/v1/", api.urls),
    path("healthz", views.health, name="health"),
    path("", include("articles.urls")),
    path("", include("quotes.urls")),
    path("admin/", admin.site.urls),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]

handler404 = "newsroom.views.not_found"
handler500 = "newsroom.views.broke"
