from django.urls import path

from articles.converters import FEED, SLUG
from quotes import embeds, feeds, sharing, views

app_name = "quotes"
urlpatterns = [
    path("quotes/", views.QuotesView.as_view(), name="quotes"),
    path(f"quotes/{FEED}", feeds.quotes, name="quotes_feed"),
    path("quotes/<int:pk>/", views.quote, name="quote"),
    path("oembed", embeds.oembed, name="oembed"),
    path("share/quotes/<int:pk>-<slug:digest>.png", sharing.quote, name="share"),
    path("speakers/", views.SpeakersView.as_view(), name="speakers"),
    path(f"speakers/{SLUG}/", views.speaker, name="speaker"),
    path(f"speakers/{SLUG}/{FEED}", feeds.speaker, name="speaker_feed"),
]
