"""A site of which every page breaks."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


urlpatterns = [path("", broken)]
