from django.urls import path

from articles.converters import FEED, SLUG
from quotes import feeds, views

app_name = "quotes"
urlpatterns = [
    path("quotes/", views.QuotesView.as_view(), name="quotes"),
    path(f"quotes/{FEED}", feeds.quotes, name="quotes_feed"),
    path("quotes/<int:pk>/", views.quote, name="quote"),
    path("speakers/", views.SpeakersView.as_view(), name="speakers"),
    path(f"speakers/{SLUG}/", views.speaker, name="speaker"),
    path(f"speakers/{SLUG}/{FEED}", feeds.speaker, name="speaker_feed"),
]
