from django.urls import path

from quotes import views

app_name = "quotes"
urlpatterns = [
    path("quotes/", views.QuotesView.as_view(), name="quotes"),
    path("quotes/<int:pk>/", views.quote, name="quote"),
    path("speakers/", views.SpeakersView.as_view(), name="speakers"),
    path("speakers/<unicode_slug:slug>/", views.speaker, name="speaker"),
]
