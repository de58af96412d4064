"""Whole pages in the cache: no query while nothing changed, and never anything that is no longer so."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import changes, mergers, store
from articles.changes import is_seen
from articles.models import Article, CuratedList, Publisher, Topic
from newsroom.models import ImportRun
from newsroom.pagecache import PageCacheMiddleware, next_moment
from newsroom.undoing.undo import undo
from quotes import reviewing
from quotes.models import Quote
from quotes.store import save_speaker
from tests.adminpages import submit
from tests.factories import make_article, make_list, make_quote, make_speaker
from tests.site.test_markup import PAGES
from tests.site.world import MACHINES, World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
FILES = "django.core.cache.backends.filebased.FileBasedCache"


@pytest.fixture
def kept(settings: object, tmp_path: Path) -> None:
    """Pages are kept, in files."""
    settings.CACHES = {"default": {"BACKEND": FILES, "LOCATION": tmp_path / "cache", "OPTIONS": {"MAX_ENTRIES": 1000}}}
    settings.PAGE_CACHE_SECONDS = 60


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def _everything(world: World) -> dict[str, str]:
    return world.addresses() | world.machines()


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_no_page_asks_anything_of_the_database_twice(kept: None, world: World, client: Client) -> None:
    for name, address in _everything(world).items():
        fresh = client.get(address)
        assert _queries(client, address) == 0, name
        again = client.get(address)
        assert (again.content, dict(again.headers)) == (fresh.content, dict(fresh.headers)), name
    assert set(_everything(world)) >= {*PAGES, *MACHINES}


# What happens to the archive; each gives the names of pages on which it has to show.


def _edit(world: World) -> str:
    world.articles[0].headline = "Slipway opens after all"
    store.save_article(world.articles[0])
    return "home, article, articles, quote, speaker, list of quotes, search articles, home as rss, API article"


def _publish(world: World) -> str:
    with transaction.atomic():
        draft = make_article("A draft of the slipway", state="draft", published_at=None, topics=("Slipways",))
        store.publish(Article.objects.filter(pk=draft.pk))
    return "home, articles, topic, search everything, sitemap of the news"


def _withdraw(world: World) -> str:
    store.withdraw(Article.objects.filter(pk=world.articles[0].pk), because="It was wrong.")
    return "home, articles, month, quotes, home as json"


def _merge_speakers(world: World) -> str:
    into = make_speaker("Zora Ashwood")
    mergers.merge(world.speakers[0], into, editor=None)
    return "quote, article, quotes, speakers"


def _merge_topics(world: World) -> str:
    mergers.merge(Topic.objects.get(slug="harbour-0"), Topic.objects.get(slug="slipways"), editor=None)
    return "topics, article"


def _review(world: World) -> str:
    editor = User.objects.create_user("ines")
    quote = world.quotes[0]
    verdict = reviewing.Verdict(state=Quote.Review.REJECTED, speaker=quote.speaker)
    reviewing.decide(quote, verdict, editor=editor, seen=reviewing.shown_as(quote))
    return "article, quotes, speaker, list of quotes, API quotes"


def _reorder_list(world: World) -> str:
    rows = world.lists[0].items.all()
    store.renumber(rows, {rows.last().pk: -1})
    first, second = rows.order_by("position")
    first.position, second.position = 9, 1
    first.save()
    second.save()
    return "list of articles, lists, home"


def _rename_publisher_in_the_admin(world: World) -> str:
    client = Client()
    client.force_login(User.objects.create_superuser("ed"))
    address = f"/admin/articles/publisher/{Publisher.objects.get().pk}/change/"
    assert submit(client, address, name="The Quay Gazette").status_code == 302
    return "home, article, quote, search quotes"


def _import(world: World) -> str:
    samples = Path(__file__).resolve().parents[2] / "newsroom" / "samples"
    call_command("import_dump", str(samples / "tram-vote.txt"), publish=True, workers=1, verbosity=0)
    return "home, articles, quotes, speakers, topics, archive"


def _undo(world: World) -> str:
    undo(ImportRun.objects.get())
    return "home, articles, quotes, speakers"


def _statement(world: World) -> str:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_article SET standfirst = %s", ["Boats sail again"])
    return "home, article, articles"


HAPPENINGS = [
    _edit, _publish, _withdraw, _merge_speakers, _merge_topics, _review, _reorder_list, _rename_publisher_in_the_admin,
    _import, _undo, _statement,
]  # fmt: skip


@pytest.mark.parametrize("happening", HAPPENINGS, ids=lambda each: each.__name__.strip("_"))
def test_what_happens_shows_at_once_on_every_page(
    kept: None, settings: object, world: World, client: Client, happening: Callable[[World], str]
) -> None:
    if happening is _undo:
        _import(world)
    everything = _everything(world)
    before = {name: client.get(address).content for name, address in everything.items()}
    affected = happening(world).split(", ")
    after = {name: client.get(address).content for name, address in everything.items()}
    settings.PAGE_CACHE_SECONDS = 0
    assert after == {name: client.get(address).content for name, address in everything.items()}
    assert [name for name in affected if after[name] == before[name]] == []


def test_work_that_readers_do_not_see_drops_nothing(kept: None, world: World, client: Client) -> None:
    client.get("/")
    editor = User.objects.create_superuser("ed")
    reviewing.claim(world.quotes[0], editor)
    Client().force_login(editor)
    ImportRun.objects.create()
    assert _queries(client, "/") == 0


def test_rolled_back_change_drops_nothing_and_a_later_one_does(kept: None, world: World, client: Client) -> None:
    client.get("/")
    with transaction.atomic():
        point = transaction.savepoint()
        Article.objects.update(standfirst="Never mind")
        transaction.savepoint_rollback(point)
        still = client.get("/").content
        Article.objects.update(standfirst="Boats sail again")
    assert b"Boats sail again" not in still
    assert b"Boats sail again" in client.get("/").content


@pytest.mark.parametrize(
    ("sql", "seen"),
    [
        ('UPDATE "articles_article" SET "state" = %s', True),
        ('INSERT OR IGNORE INTO "quotes_quote" ("id") VALUES (%s)', True),
        ('DELETE FROM "modelsearch_indexentry" WHERE 1', True),
        ("with gone as (delete from articles_article returning id) select 1", True),
        ("TRUNCATE something", True),
        ('INSERT INTO "django_session" VALUES (%s)', False),
        ('UPDATE "auth_user" SET "last_login" = %s', False),
        ('UPDATE "newsroom_importrun" SET "progress_at" = %s', False),
        ("SAVEPOINT s1", False),
        (" select 1 from articles_article", False),
        ("(SELECT 1 FROM articles_article) UNION ALL (SELECT 2)", False),
    ],
)
def test_statements_are_told_apart(sql: str, seen: bool) -> None:
    assert is_seen(sql) is seen


def test_page_made_before_a_change_and_kept_after_it_is_never_shown(
    kept: None, world: World, rf: RequestFactory
) -> None:
    article = world.articles[0]

    def slow(request: HttpRequest) -> HttpResponse:
        words = Article.objects.get(pk=article.pk).headline
        if words != "Overtaken":
            Article.objects.filter(pk=article.pk).update(headline="Overtaken")
        response = HttpResponse(words)
        response["Surrogate-Key"] = "site"
        return response

    serve = PageCacheMiddleware(slow)
    request = rf.get("/articles/x/")
    request.resolver_match = None
    assert serve(request).content.decode() == article.headline
    assert serve(request).content == b"Overtaken"


def _scheduled_article(at: object) -> str:
    make_article("Dawn brings ships", published_at=at)
    return "/"


def _scheduled_quote(at: object) -> str:
    make_quote("Dawn is when the ships come.", alone=True, published_at=at, speaker=make_speaker("Ada Dawn"))
    return "/quotes/"


def _list_that_appears(at: object) -> str:
    make_list("Dawn reading", headlines=("Ships",), appears_at=at)
    return "/lists/"


@pytest.mark.parametrize("schedule", [_scheduled_article, _scheduled_quote, _list_that_appears])
def test_what_is_scheduled_appears_at_its_moment(
    kept: None, world: World, client: Client, monkeypatch: pytest.MonkeyPatch, schedule: Callable[[object], str]
) -> None:
    now = timezone.now()
    address = schedule(now + timedelta(seconds=30))
    assert b"Dawn" not in client.get(address).content
    assert _queries(client, address) == 0
    later = now + timedelta(seconds=31)
    monkeypatch.setattr(timezone, "now", lambda: later)
    monkeypatch.setattr("django.core.cache.backends.filebased.time.time", later.timestamp)
    assert b"Dawn" in client.get(address).content


def test_next_moment_is_midnight_where_nothing_is_scheduled(world: World) -> None:
    now = timezone.now()
    moment = timezone.localtime(next_moment(now))
    assert (moment.hour, moment.minute) == (0, 0)
    assert now < moment <= now + timedelta(days=1, hours=1)
    make_list("Until noon", until=now + timedelta(seconds=5))
    assert next_moment(now) == now + timedelta(seconds=5)


def test_who_has_a_session_gets_pages_made_anew_and_leaves_none(kept: None, world: World, client: Client) -> None:
    editor = Client()
    editor.force_login(User.objects.create_superuser("ed"))
    assert _queries(editor, "/") > 0
    assert _queries(client, "/") > 0
    assert _queries(editor, "/") > 0
    assert _queries(client, "/") == 0


@pytest.mark.parametrize("address", ["/?utm_source=x", f"/search/?q={'a' * 250}", "/no/such/page/", "/healthz"])
def test_addresses_without_end_are_not_kept(kept: None, world: World, client: Client, address: str) -> None:
    client.get(address)
    assert not [key for key in Path(cache._dir).glob("*") if key.stat().st_size > 3000]


def test_kept_page_is_asked_for_like_any_other(kept: None, world: World, client: Client) -> None:
    changes.renew()
    cache.set(changes.KEY, f"{int(timezone.now().timestamp()) - 10}.x")  # the second in which it began is over
    fresh = client.get("/")
    for asked in ({"If-None-Match": fresh["ETag"]}, {"If-Modified-Since": fresh["Last-Modified"]}):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get("/", headers=asked)
        assert (answer.status_code, len(captured)) == (304, 0)
        assert answer["Cache-Control"] == fresh["Cache-Control"]
    head = client.head("/")
    assert (head.status_code, head["ETag"], head.content) == (200, fresh["ETag"], b"")
    assert client.get("/", headers={"host": "localhost"}).content != fresh.content  # its canonical address is another


class Broken:
    """A cache server that is away."""

    def __init__(self, *_args: object) -> None: ...

    def __getattr__(self, name: str) -> Callable[..., None]:
        def away(*_args: object, **_options: object) -> None:
            raise ConnectionError("nobody listens")

        return away

    def close(self) -> None: ...


def test_pages_come_without_a_cache_and_the_log_says_so_once(
    kept: None, settings: object, world: World, client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: object
) -> None:
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.Broken"}}
    monkeypatch.setattr(changes, "_complained", {})
    with caplog.at_level(logging.WARNING):
        for address in world.addresses().values():
            assert client.get(address).status_code == 200
        save_speaker(world.speakers[0])
    said = [record.msg for record in caplog.records if record.name == "articles.changes"]
    assert len(said) == len(set(said)) == 2  # that pages are made anew, and that none could be dropped


def test_cache_that_was_emptied_does_not_bring_old_pages_back(kept: None, world: World, client: Client) -> None:
    old = client.get("/")
    version = cache.get(changes.KEY)
    cache.delete(changes.KEY)
    Article.objects.update(standfirst="Boats sail again")
    cache.delete(changes.KEY)  # lost, as a full cache loses entries, while the page stays
    assert client.get("/").content != old.content
    assert cache.get(changes.KEY) != version


def test_page_names_what_it_shows_for_a_cache_in_front(world: World, client: Client) -> None:
    article, listed = world.articles[0], CuratedList.objects.filter(kind="articles").first()
    keys = client.get(article.get_absolute_url())["Surrogate-Key"].split()
    topic = Topic.objects.get(slug="slipways")
    wanted = {
        f"article-{article.pk}",
        f"speaker-{world.speakers[0].pk}",
        f"quote-{world.quotes[0].pk}",
        f"topic-{topic.pk}",
    }
    assert keys[0] == "site"
    assert wanted <= set(keys)
    assert {f"list-{listed.pk}", f"article-{article.pk}"} <= set(
        client.get(listed.get_absolute_url())["Surrogate-Key"].split()
    )
    home = client.get("/")
    assert {f"article-{article.pk}", f"list-{listed.pk}"} <= set(home["Surrogate-Key"].split())
    assert "stale-while-revalidate" in home["CDN-Cache-Control"]
    assert "stale-while-revalidate" not in home["Cache-Control"]


def test_feeds_and_pages_of_what_is_gone_name_it_too(world: World, client: Client) -> None:
    article, quote = world.articles[0], world.quotes[0]
    assert f"article-{article.pk}" in client.get("/feed.rss")["Surrogate-Key"].split()
    assert f"quote-{quote.pk}" in client.get("/quotes/feed.atom")["Surrogate-Key"].split()
    Article.objects.filter(pk=article.pk).update(state="withdrawn")
    assert f"article-{article.pk}" in client.get(article.get_absolute_url())["Surrogate-Key"].split()
