"""A small newsroom with something on every public page, and the addresses of all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from articles.models import Article, CuratedList, Topic
from articles.store import index
from quotes.models import CuratedQuote, Position, Quote, Speaker
from quotes.store import save_speaker_name
from tests.factories import make_article, make_document, make_list, make_publisher, make_quote, make_speaker

BODY = (
    'The tide came in at six. "{words}" {name} said on the quay.\n\n'
    "{name} added that the slipway would stay shut until the new year.\n\nThe council meets again on Monday."
)


@dataclass
class World:
    articles: list[Article] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    speakers: list[Speaker] = field(default_factory=list)
    lists: list[CuratedList] = field(default_factory=list)

    def addresses(self) -> dict[str, str]:
        """Every kind of public page, by a name for it."""
        topic = Topic.objects.get(slug="slipways")
        indirect = next(quote for quote in self.quotes if quote.kind == Quote.Kind.INDIRECT)
        return FIXED | {
            "article": self.articles[0].get_absolute_url(),
            "topic": topic.get_absolute_url(),
            "list of articles": self.lists[0].get_absolute_url(),
            "list of quotes": self.lists[-1].get_absolute_url(),
            "quote": self.quotes[0].get_absolute_url(),
            "reported quote": indirect.get_absolute_url(),
            "quote alone": self.quotes[-1].get_absolute_url(),
            "speaker": self.speakers[0].get_absolute_url(),
            "speaker in a year": f"{self.speakers[0].get_absolute_url()}?year=2026",
            "speaker on a topic": f"{self.speakers[0].get_absolute_url()}?topic=slipways",
            "search of a speaker": f"/search/?q=slipway&type=quotes&speaker={self.speakers[0].slug}",
        }

    def feeds(self) -> dict[str, str]:
        """Every kind of feed in every form, by a name for it."""
        addresses = self.addresses()
        found = {}
        for name in FEEDS:
            page, _, form = name.partition(" as ")
            path, _, query = addresses[page].partition("?")
            found[name] = f"{path}feed.{form}{'?' if query else ''}{query}"
        return found

    def machines(self) -> dict[str, str]:
        """Every kind of address that is for machines, by a name for it."""
        quote = self.quotes[0].get_absolute_url()
        fixed = {"oEmbed": f"/oembed?url=http://testserver{quote}", "proposals": "/search/suggest?q=slip"}
        return self.feeds() | SITEMAPS | fixed | self.api()

    def api(self) -> dict[str, str]:
        """Every kind of address of the API, by a name for it."""
        return {
            "API articles": "/api/v1/articles",
            "API articles narrowed": "/api/v1/articles?topic=slipways&year=2026",
            "API article": f"/api/v1/articles/{self.articles[0].slug}",
            "API quotes": "/api/v1/quotes",
            "API quotes narrowed": "/api/v1/quotes?kind=direct&topic=slipways",
            "API quote": f"/api/v1/quotes/{self.quotes[0].pk}",
            "API speakers": "/api/v1/speakers",
            "API speaker": f"/api/v1/speakers/{self.speakers[0].slug}",
            "API lists": "/api/v1/lists",
            "API list of articles": f"/api/v1/lists/{self.lists[0].slug}",
            "API list of quotes": f"/api/v1/lists/{self.lists[-1].slug}",
            "API schema": "/api/v1/openapi.json",
        }


FIXED = {
    "home": "/",
    "articles": "/articles/",
    "articles narrowed": "/articles/?topic=slipways&year=2026&publisher=the-harbour-post",
    "articles undated": "/articles/?date=unknown",
    "archive": "/archive/",
    "year": "/archive/2026/",
    "month": "/archive/2026/10/",
    "day": "/archive/2026/10/05/",
    "topics": "/topics/",
    "lists": "/lists/",
    "quotes": "/quotes/",
    "quotes narrowed": "/quotes/?kind=direct&topic=slipways&year=2026",
    "speakers": "/speakers/",
    "speakers by letter": "/speakers/?letter=b",
    "speakers by name": "/speakers/?q=bram",
    "unnamed speakers": "/speakers/?kind=unnamed",
    "about": "/about/",
    "search": "/search/",
    "search everything": "/search/?q=slipway",
    "search articles": "/search/?q=slipway&type=articles",
    "search quotes": "/search/?q=slipway&type=quotes",
    "search speakers": "/search/?q=bram&type=speakers",
    "search quotes narrowed": "/search/?q=slipway&type=quotes&publisher=the-harbour-post&year=2026&sort=oldest",
    "search best match first": "/search/?q=slipway&type=quotes&sort=best",
    "search half remembered": "/search/?q=xylophone+open+slipway+safe",
    "search in vain": "/search/?q=xylophone",
}

_WITH_FEED = [
    "home",
    "articles",
    "articles narrowed",
    "topic",
    "list of articles",
    "list of quotes",
    "quotes",
    "quotes narrowed",
    "speaker",
    "search articles",
    "search quotes",
]
FEEDS = [f"{page} as {form}" for page in _WITH_FEED for form in ("rss", "atom", "json")]
SITEMAPS = {
    "robots": "/robots.txt",
    "sitemap index": "/sitemap.xml",
    "sitemap of the news": "/sitemap/news.xml",
    "sitemap of pages": "/sitemap/pages.xml",
    "sitemap of articles": "/sitemap/articles-2026-10.xml",
    "sitemap of topics": "/sitemap/topics-1.xml",
    "sitemap of lists": "/sitemap/lists-all.xml",
    "sitemap of speakers": "/sitemap/speakers-1.xml",
    "sitemap of quotes": "/sitemap/quotes-1.xml",
}
API = [
    "API articles",
    "API articles narrowed",
    "API article",
    "API quotes",
    "API quotes narrowed",
    "API quote",
    "API speakers",
    "API speaker",
    "API lists",
    "API list of articles",
    "API list of quotes",
    "API schema",
]
MACHINES = [*FEEDS, *SITEMAPS, "oEmbed", "proposals", *API]


def make_world(size: int = 1, *, hostile: str = "") -> World:
    """``size`` of everything; ``hostile`` is put into every field that text can come in by."""
    world = World()
    publisher = make_publisher(f"The Harbour Post{hostile}")
    for number in range(size):
        _fill(world, number, publisher, hostile)
    _lists(world, size, hostile)
    make_article("Ferry pier gets a new roof", publisher=publisher, topics=("Slipways",))  # related to all the others
    return world


def _fill(world: World, number: int, publisher: object, hostile: str) -> None:
    name = f"Bram Oakley {number}{hostile}"
    words = f"We will open slipway {number} when it is safe{hostile}"
    article = make_article(
        f"Slipway {number} stays shut{hostile}",
        body=BODY.format(words=words, name=name),
        standfirst=f"Boats wait at the outer mole{hostile}",
        byline=f"Tess Arden{hostile}",
        dateline=f"PORT MERLE{hostile}"[:200],
        correction=f"An earlier version misnamed the mole{hostile}",
        publisher=publisher,
        published_at=datetime(2026, 10, 5, 9, number, tzinfo=UTC),
        topics=("Slipways", f"Harbour {number}{hostile}"[:100]),
        document=make_document(f"dump {number}"),
        language="en",
    )
    speaker = make_speaker(name[:200], description=f"Harbour master{hostile}", kind=Speaker.Kind.PERSON)
    alias = speaker.names.model(speaker=speaker, name=f"B. Oakley {number}{hostile}"[:200])
    save_speaker_name(alias)
    role = f"harbour master of Merle{hostile}"[:300]
    Position.objects.create(speaker=speaker, title=role, first_seen=date(2026, 10, 5), last_seen=date(2026, 10, 5))
    clause = "that the slipway would stay shut until the new year"
    said = {"article": article, "speaker": speaker, "role": role, "mention": name[:300], "said_on": date(2026, 10, 5)}
    direct = make_quote(
        words, **said, confidence=0.95, review_note=f"Note{hostile}", review_state="disputed", origin="import"
    )
    reported = make_quote(clause, **said, kind="indirect", segments=[], reported_by=f"a clerk{hostile}"[:200])
    unnamed = make_speaker(f"a docker {number}{hostile}"[:200], kind=Speaker.Kind.UNNAMED)
    alone = make_quote(f"Nobody told us anything, slipway {number}{hostile}", alone=True, speaker=unnamed)
    world.articles.append(article)
    world.speakers += [speaker, unnamed]
    world.quotes += [direct, reported, alone]


def _lists(world: World, size: int, hostile: str) -> None:
    for number in range(size):
        headlines = (world.articles[number].headline, f"Not here, number {number}{hostile}")
        world.lists.append(
            make_list(f"Most read {number}{hostile}"[:200], headlines=headlines, description=f"Weekly{hostile}")
        )
    best = make_list(f"Best quotes of the week{hostile}", kind="quotes")
    for position, quote in enumerate(world.quotes):
        CuratedQuote.objects.create(list=best, position=position, quote=quote)
    world.lists.append(best)
    index(Quote, world.quotes)
