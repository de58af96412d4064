"""Articles that are not out yet, shown as readers will see them: to editors, and to whoever has a signed link."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from articles.models import Article
from articles.pages import article_context

SALT = "articles.preview"
VALID = timedelta(days=7)


def sign(article: Article) -> str:
    """The end of an address under which anybody can see the draft, until ``VALID`` has passed or ``void`` is called."""
    return signing.dumps({"article": article.pk, "key": article.preview_key}, salt=SALT)


def expires() -> datetime:
    """When a link that is signed now ends."""
    return timezone.now() + VALID


def void(article: Article) -> None:
    """Let no link to the article that was signed before work any more."""
    Article.objects.filter(pk=article.pk).update(preview_key=F("preview_key") + 1)
    article.refresh_from_db(fields=["preview_key"])


def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a signed link; once the article is out, its own page."""
    try:
        said = signing.loads(token, salt=SALT, max_age=VALID)
    except signing.SignatureExpired:
        return _private(render(request, "articles/preview_over.html", status=410))
    except signing.BadSignature:
        raise Http404("No such preview.") from None
    article = Article.objects.for_page().filter(pk=said["article"]).first()
    if article is None or article.preview_key != said["key"]:
        return _private(render(request, "articles/preview_over.html", status=410))
    if Article.objects.with_address().filter(pk=article.pk).exists():
        return _private(redirect(article))
    return show(request, article, {"words": "This is not published yet. Please do not pass it on."})


def show(request: HttpRequest, article: Article, notice: dict[str, Any], **context: Any) -> HttpResponse:
    """The article's page with a notice above it: ``words``, and perhaps ``back`` (an address) and ``doubts`` (a list).

    ``context`` may hold topics and authors that are not saved yet.
    """
    shown = article_context(article, public=False, **context) | {"preview": notice}
    return _private(render(request, "articles/article.html", shown))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    # The address is the key: no page that is linked to may learn it.
    response["Referrer-Policy"] = "no-referrer"
    return response
