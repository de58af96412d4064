"""The framework's floor: a project as ``startproject`` makes it, with one view that asks one query for one small template.

Served as ``tests.benchmarks.floor:application``; the database is that of ``DATABASE_URL``.
"""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.floor_settings"

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def page(request: HttpRequest) -> HttpResponse:
    from django.contrib.contenttypes.models import ContentType

    return render(request, "floor.html", {"row": ContentType.objects.get(pk=1)})


urlpatterns = [path("floor/", page)]
application = get_wsgi_application()
