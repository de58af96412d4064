"""What a site shows, by address, and what it hides: ``python -m tests.newsroom.seen [hide]`` on a database of its own."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

OF_EACH = 25


def hide() -> None:
    """Take a draft, a withdrawn article and a rejected quote out of what is public, and rename an article."""
    from articles import store
    from articles.models import Article
    from quotes.models import Quote

    draft, withdrawn, renamed, with_quotes = Article.objects.filter(quotes__isnull=False).distinct().order_by("pk")[:4]
    Article.objects.filter(pk=draft.pk).update(state="draft")
    store.withdraw(Article.objects.filter(pk=withdrawn.pk), because="Its figures were wrong.")
    renamed.slug = "another-address"
    store.save_article(renamed)
    Quote.objects.filter(pk=with_quotes.quotes.order_by("pk").first().pk).update(review_state="rejected")


def seen() -> dict[str, Any]:
    from django.test import Client

    from articles.models import Article, CuratedList, FormerAddress, Topic
    from quotes.models import Quote, Speaker

    client = Client(SERVER_NAME="localhost")
    models: tuple[Any, ...] = (Article, Quote, Speaker, Topic, CuratedList)
    rows = [row for model in models for row in model.objects.order_by("pk")[:OF_EACH]]
    addresses = [row.get_absolute_url() for row in rows]
    addresses += [
        f"/articles/{slug}/"
        for slug in FormerAddress.objects.filter(kind="articles.article").values_list("slug", flat=True)
    ]
    addresses += [
        "/",
        "/articles/",
        "/quotes/",
        "/speakers/",
        "/topics/",
        "/lists/",
        "/sitemap.xml",
        "/articles/feed.atom",
    ]
    pages = {address: client.get(address) for address in addresses}
    shown = b"".join(response.content for response in pages.values() if response.status_code == 200)
    hidden = [row.headline for row in Article.objects.filter(state__in=["draft", "withdrawn"])]
    lengths = {address: len(response.content) for address, response in pages.items()}
    return {
        "pages": {address: response.status_code for address, response in pages.items()},
        "lengths": lengths,
        "hidden": [headline for headline in hidden if f">{headline}<".encode() in shown],
        "rows": {model.__name__: model.objects.count() for model in models},
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    if sys.argv[1:] == ["hide"]:
        hide()
    else:
        sys.stdout.write(json.dumps(seen()) + "\n")
