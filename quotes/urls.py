from django.urls import path

from articles.converters import SLUG
from quotes import views

app_name = "quotes"
urlpatterns = [
    path("quotes/", views.QuotesView.as_view(), name="quotes"),
    path("quotes/<int:pk>/", views.quote, name="quote"),
    path("speakers/", views.SpeakersView.as_view(), name="speakers"),
    path(f"speakers/{SLUG}/", views.speaker, name="speaker"),
]
