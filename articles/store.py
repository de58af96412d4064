"""Writes to articles and lists: every way in (import, admin, command) goes through these functions.

Each is atomic, keeps the derived columns true, and leaves the search index up to date.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from articles import addresses, annotations, bulk, searchindex
from articles.ledger import Ledger, values_of
from articles.markdown import to_text
from articles.models import Article, Author, CuratedList, CuratedListItem, DatePrecision, Publisher, Topic
from articles.slugs import free_slugs
from articles.subjects import find_citations_again
from articles.text import fingerprint, fold, headline_key, make_slug

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import Model


def derive(article: Article, *, text: str | None = None) -> None:
    """Fill the columns that follow from others: text (unless it is given), keys, hash. Does not save."""
    article.text = to_text(article.body) if text is None else text
    article.headline_key = headline_key(article.headline)
    article.content_hash = fingerprint(f"{article.headline}\n{article.standfirst}\n{article.text}")


def unique_slug(model: type[Model], wanted: str, *, besides: Model | None = None) -> str:
    """The first of ``wanted``, ``wanted-2``, … that no row of ``model`` has or had (``besides`` may keep its own)."""
    return free_slugs(model, [wanted], besides=besides)[0]


def index(model: type[Model], objects: Collection[Model]) -> None:
    """Bring the search index up to date with rows that were written; of one that was written twice, the last state."""
    key = model._meta.pk.attname
    latest = list({written.__dict__[key]: written for written in objects}.values())
    if latest:
        searchindex.add(model, latest)


@transaction.atomic
def save_article(article: Article, *, editor: User | None = None) -> None:
    """Save an article that a person wrote or changed; its quotes and the list items that name it follow."""
    before = Article.objects.filter(pk=article.pk).values("text", "headline_key", "slug").first()
    derive(article)
    if not article.slug:
        article.slug = unique_slug(Article, make_slug(article.headline, "article"), besides=article)
    if before is not None:
        article.version += 1
    article.last_editor = editor
    article.edited_at = timezone.now()
    with dating([article.pk] if before is not None else []):
        article.save()
    if before is not None:
        addresses.keep(article, before["slug"])
        if before["text"] != article.text:
            annotations.texts_changed([(article, Ledger())], by_person=True)
            find_citations_again(article)
    resolve_list_items({article.headline_key} | ({before["headline_key"]} if before else set()))
    index(Article, [article])


@contextmanager
def dating(keys: Iterable[int]) -> Iterator[None]:
    """Within, articles may get other dates; what takes its date from one of these follows."""
    keys = list(keys)
    before = _dates_of(keys)
    yield
    after = _dates_of(keys)
    changed = {key: (was, after[key]) for key, was in before.items() if was != after[key]}
    if changed:
        annotations.dates_changed(changed)


def _dates_of(keys: list[int]) -> dict[int, annotations.Dated]:
    rows = Article.objects.filter(pk__in=keys).values_list("pk", "published_at", "published_precision")
    unknown = annotations.Dated(None, DatePrecision.UNKNOWN)
    return {
        key: annotations.Dated(moment.date(), precision)
        if moment is not None and precision != DatePrecision.UNKNOWN
        else unknown
        for key, moment, precision in rows
    }


@transaction.atomic
def publish(articles: QuerySet[Article], *, editor: User | None = None, at: datetime | None = None) -> int:
    """Publish the articles that are not public yet, now or ``at`` a moment; an article that has a date keeps it.

    Returns how many changed.
    """
    chosen = _held(articles.exclude(state=Article.State.PUBLISHED))
    undated = chosen.filter(published_at__isnull=True)
    with dating(undated.values_list("pk", flat=True)):
        undated.update(published_at=at or timezone.now())
    return _change_state(chosen, Article.State.PUBLISHED, editor)


@transaction.atomic
def withdraw(articles: QuerySet[Article], *, editor: User | None = None, because: str = "") -> int:
    """Take published articles back from the public, who are told why (``because``, plain text). Returns how many changed."""
    chosen = _held(articles.filter(state=Article.State.PUBLISHED))
    if because:
        chosen.update(withdrawn_because=because)
    return _change_state(chosen, Article.State.WITHDRAWN, editor)


def _held(articles: QuerySet[Article]) -> QuerySet[Article]:
    """These articles, until the end of the transaction nobody else's to change: who decides on the same ones waits, and finds them decided."""
    keys = articles.order_by("pk").select_for_update().values_list("pk", flat=True)
    return Article.objects.filter(pk__in=list(keys))


def _change_state(articles: QuerySet[Article], state: str, editor: User | None) -> int:
    now = timezone.now()
    return articles.update(state=state, version=F("version") + 1, last_editor=editor, updated_at=now)


@transaction.atomic
def save_list(curated_list: CuratedList) -> None:
    """Save a list that a person made or changed."""
    curated_list.title_key = fold(curated_list.title)[:200]
    if not curated_list.slug:
        curated_list.slug = unique_slug(CuratedList, make_slug(curated_list.title, "list"), besides=curated_list)
    old_slug = addresses.slug_of(CuratedList, curated_list.pk)
    curated_list.save()
    addresses.keep(curated_list, old_slug)


@transaction.atomic
def save_topic(topic: Topic) -> None:
    """Save a topic that a person made or changed."""
    if not topic.slug:
        topic.slug = unique_slug(Topic, make_slug(topic.name, "topic"), besides=topic)
    old_slug = addresses.slug_of(Topic, topic.pk)
    topic.save()
    addresses.keep(topic, old_slug)


@transaction.atomic
def renumber(rows: QuerySet, moves: Mapping[int, int] | None = None) -> None:
    """Number the rows of a list from 1 by their ``position``: two at one position keep the order they were added in.

    ``moves``: -1 or 1 for the rows, by key, that were moved up or down: of two at one position they take the place.
    """
    moves = moves or {}
    ordered = sorted(rows, key=lambda row: (row.position, moves.get(row.pk, 0), row.pk))
    moved = [row for number, row in enumerate(ordered, 1) if row.position != number]
    for number, row in enumerate(ordered, 1):
        row.position = number
    rows.model._default_manager.bulk_update(moved, ["position"])


def printed_like(curated_list: CuratedList) -> CuratedList | None:
    """The newest list of the same title and publisher that imports keep.

    Of any publisher for a list that has none and was never printed: whose it looks like, nobody has said.
    """
    rows = CuratedList.objects.filter(managed_by=CuratedList.ManagedBy.IMPORT, title_key=curated_list.title_key)
    if curated_list.publisher_id or curated_list.document_id:
        rows = rows.filter(publisher=curated_list.publisher_id)
    return rows.exclude(pk=curated_list.pk).order_by(F("as_of").desc(nulls_last=True), "-updated_at").first()


@transaction.atomic
def take_items(curated_list: CuratedList, items: Iterable[CuratedListItem]) -> None:
    """Put copies of printed items at the end of a list, but for those whose headline it has."""
    here = set(curated_list.items.values_list("headline_key", flat=True))
    new = [item for item in items if item.headline_key not in here]
    for number, item in enumerate(new, curated_list.items.count() + 1):
        copy = CuratedListItem(list=curated_list, position=number, headline=item.headline, article_id=item.article_id)
        save_list_item(copy)


def articles_that_fit(item: CuratedListItem, limit: int = 8) -> QuerySet[Article]:
    """The articles that an item without one may mean: of its headline, or, if there are none, with most of its words."""
    same = Article.objects.filter(headline_key=item.headline_key).values_list("pk", flat=True)
    keys = list(same[:limit])
    if not keys:
        words = sorted(set(item.headline_key.split()), key=len, reverse=True)[:3]
        near = Article.objects.all()
        for word in words:
            near = near.filter(headline_key__contains=word)
        keys = list(near.order_by("-pk").values_list("pk", flat=True)[:limit]) if words else []
    return Article.objects.filter(pk__in=keys).select_related("publisher").defer("body", "text").order_by("-pk")


def save_list_item(item: CuratedListItem) -> None:
    """Save one item; without an article it looks for the one that its headline names."""
    if item.article_id and not item.headline:
        item.headline = item.article.headline
    item.headline_key = headline_key(item.headline)
    item.save()
    if not item.article_id:
        resolve_list_items({item.headline_key})
        item.refresh_from_db()


def resolve_list_items(keys: Iterable[str], ledgers: Mapping[str, Ledger] | None = None) -> int:
    """Link waiting list items to the article that has their headline, of their list's publisher if several have it.

    Items for which several articles remain are marked ambiguous and left to an editor. ``ledgers``: by key, where to
    enter what changed. Returns how many were linked.
    """
    wanted = {key for key in keys if key}
    items = list(
        CuratedListItem.objects.filter(headline_key__among=wanted, article__isnull=True).select_related("list")
    )
    if not items:
        return 0
    candidates: dict[str, list[Article]] = {}
    for article in Article.objects.filter(headline_key__among=wanted).only("pk", "headline_key", "publisher"):
        candidates.setdefault(article.headline_key, []).append(article)
    changed = []
    for item in items:
        before = values_of(item, ("article_id", "several_fit"))
        fitting = candidates.get(item.headline_key, [])
        if len(fitting) > 1:
            same_house = [article for article in fitting if article.publisher_id == item.list.publisher_id]
            fitting = same_house or fitting
        item.article = fitting[0] if len(fitting) == 1 else None
        item.several_fit = len(fitting) > 1
        if values_of(item, before) != before:
            changed.append(item)
            if ledgers is not None:
                ledgers[item.headline_key].updated(item, before)
    bulk.update(changed, ["article", "several_fit"])
    return sum(item.article_id is not None for item in changed)


def publisher_named(name: str, ledger: Ledger | None = None) -> Publisher:
    """The publisher of that name, made if it is new."""
    found = Publisher.objects.filter(name=name).first()
    if found is None:
        found = Publisher.objects.create(name=name, slug=unique_slug(Publisher, make_slug(name, "publisher")))
        if ledger is not None:
            ledger.created([found])
    return found


def authors_named(names: Iterable[str]) -> list[Author]:
    """The authors of those names, made where they are new, in the order given."""
    wanted = list(dict.fromkeys(_author_name(name) for name in names if name.strip()))
    found = authors_by_name(dict.fromkeys(wanted, Ledger()))
    return [found[name] for name in wanted]


def authors_by_name(wanted: Mapping[str, Ledger]) -> dict[str, Author]:
    """The author of each name (of several the first), made where there is none and entered in the name's ledger."""
    cut = {name: _author_name(name) for name in wanted}
    found = {author.name: author for author in Author.objects.filter(name__among=set(cut.values())).order_by("-pk")}
    new: dict[str, Ledger] = {}
    for name, ledger in wanted.items():
        if cut[name] not in found:
            new.setdefault(cut[name], ledger)
    slugs = free_slugs(Author, [make_slug(name, "author") for name in new])
    made = [bulk.new(Author, name=name, slug=slug) for name, slug in zip(new, slugs, strict=True)]
    bulk.insert(made)
    for author in made:
        new[author.name].created([author])
        found[author.name] = author
    return {name: found[cut[name]] for name in wanted}


def _author_name(name: str) -> str:
    return name.strip()[:200]


def topics_by_name(wanted: Mapping[str, Ledger]) -> dict[str, Topic]:
    """The topic of each name in whatever case, or the one it was merged into; made and entered if there is none."""
    low = {name: name.lower() for name in wanted}
    rows = Topic.objects.annotate(low=Lower("name")).filter(
        Q(low__among=set(low.values())) | Q(name__among=set(wanted))
    )
    found = {
        topic.name.lower(): topic.merged_into or topic for topic in rows.select_related("merged_into").order_by("-pk")
    }
    new: dict[str, tuple[str, Ledger]] = {}
    for name, ledger in wanted.items():
        if low[name] not in found:
            new.setdefault(low[name], (name, ledger))
    slugs = free_slugs(Topic, [Topic().slugify(name) for name, _ in new.values()])
    made = [bulk.new(Topic, name=name, slug=slug) for (name, _), slug in zip(new.values(), slugs, strict=True)]
    bulk.insert(made)
    for topic, (key, (_, ledger)) in zip(made, new.items(), strict=True):
        ledger.created([topic])
        found[key] = topic
    return {name: found[low[name]] for name in wanted}
