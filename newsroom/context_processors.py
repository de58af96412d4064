"""What every page needs to know about the site. Runs no query, and looks at no cookie: pages are for everybody."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from articles.links import absolute_to


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "site_name": settings.SITE_NAME,
        # Called by the pages that name it: a request for a host that is not ours has none, and its answer needs none.
        "canonical_url": cache(partial(_canonical_url, request)),
        "today": timezone.localdate(),
    }


def _canonical_url(request: HttpRequest) -> str:
    page = request.GET.get("page", "")
    query = f"?page={page}" if page.isascii() and page.isdigit() and page != "1" else ""
    return absolute_to(request)(request.path) + query
