"""Filing several articles at once: topics given and taken off, and places in a list."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from articles import store
from articles.models import Article, CuratedList, CuratedListItem, TaggedItem, Topic

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def tag(
    articles: Collection[Article], *, add: Iterable[Topic], take_off: Iterable[Topic], editor: User
) -> list[Article]:
    """Give the articles topics, and take others off. Returns those that this changed; their versions are raised."""
    keys = [article.pk for article in articles]
    here = set(TaggedItem.objects.filter(content_object__in=keys).values_list("content_object_id", "tag_id"))
    new = [TaggedItem(content_object=article, tag=topic) for topic in add for article in articles
           if (article.pk, topic.pk) not in here]  # fmt: skip
    gone = TaggedItem.objects.filter(content_object__in=keys, tag__in=list(take_off))
    changed = {item.content_object_id for item in new} | set(gone.values_list("content_object_id", flat=True))
    gone.delete()
    TaggedItem.objects.bulk_create(new)
    now = timezone.now()
    rows = Article.objects.filter(pk__in=changed)
    rows.update(version=F("version") + 1, last_editor=editor, edited_at=now, updated_at=now)
    return list(rows.order_by("pk"))


@transaction.atomic
def put_into_list(curated: CuratedList, articles: Iterable[Article]) -> int:
    """Put the articles at the end of a list, but for those that it has. Returns how many came in."""
    CuratedList.objects.select_for_update().get(pk=curated.pk)
    here = set(curated.items.values_list("article_id", flat=True))
    new = [article for article in articles if article.pk not in here]
    for number, article in enumerate(new, curated.items.count() + 1):
        store.save_list_item(CuratedListItem(list=curated, position=number, article=article))
    return len(new)
