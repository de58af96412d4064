"""Nothing that is not public can be seen, found or counted on any public page."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver, resolve
from django.urls.resolvers import URLResolver
from django.utils import timezone

from articles.feeds import FORMS
from articles.models import Article, CuratedList, CuratedListItem, Topic
from articles.sharing import article_picture
from articles.text import headline_key
from newsroom import exporting
from newsroom.suggestions import words_of
from quotes.models import CuratedQuote, Quote, Speaker
from quotes.sharing import quote_picture
from quotes.store import save_speaker_name
from tests.factories import make_article, make_document, make_list, make_quote, make_speaker
from tests.site.html import faults, text
from tests.site.world import FIXED, World

SECRET = "quagmire"
TOMORROW = timedelta(days=1)


def _hide_article(**fields: object) -> Article:
    """An article that is not public, with the secret word in all that hangs on it, among rows that are public."""
    article = make_article(
        f"The {SECRET} files",
        body=f'"We sank the {SECRET} boat," Ida {SECRET.title()} said.\n\nThe slipway stays shut.',
        standfirst=f"A {SECRET} standfirst",
        byline=f"Nell {SECRET.title()}",
        topics=("Slipways", f"{SECRET.title()} topic"),
        **fields,
    )
    _hang_quotes(article)
    return article


def _hang_quotes(article: Article | None, **fields: object) -> list[Quote]:
    speaker = make_speaker(f"Ida {SECRET.title()}", description=f"Of the {SECRET} party")
    save_speaker_name(speaker.names.model(speaker=speaker, name=f"I. {SECRET.title()}"))
    place = {"article": article} if article else {"alone": True}
    quote = make_quote(f"We sank the {SECRET} boat", speaker=speaker, role=f"{SECRET} captain", **place, **fields)
    return [quote]


def _draft() -> None:
    _hide_article(state="draft")


def _in_review() -> None:
    _hide_article(state="in_review")


def _scheduled() -> None:
    _hide_article(published_at=timezone.now() + TOMORROW)


def _withdrawn() -> None:
    _hide_article(state="withdrawn")


def _rejected_quote() -> None:
    article = make_article(body="Nothing to see here.", topics=("Slipways",))
    _hang_quotes(article, review_state="rejected")


def _rejected_quote_alone() -> None:
    _hang_quotes(None, review_state="rejected", document=make_document(f"A {SECRET} teaser"))


def _rejected_quote_of_a_draft() -> None:
    _hang_quotes(make_article(body="Nothing to see here.", state="draft"), review_state="rejected")


def _quote_alone_unpublished() -> None:
    _hang_quotes(None, published_at=None, document=make_document(f"A {SECRET} teaser"))


def _quote_alone_scheduled() -> None:
    _hang_quotes(None, published_at=timezone.now() + TOMORROW, document=make_document(f"A {SECRET} teaser"))


def _list(**fields: object) -> None:
    make_list(f"The {SECRET} list", headlines=(f"A {SECRET} headline",), description=SECRET, **fields)


def _list_unpublished() -> None:
    _list(is_published=False)


def _list_not_yet_there() -> None:
    _list(appears_at=timezone.now() + TOMORROW)


def _list_that_is_over() -> None:
    _list(until=timezone.now() - TOMORROW)


HIDDEN = [
    _draft,
    _in_review,
    _scheduled,
    _withdrawn,
    _rejected_quote,
    _rejected_quote_alone,
    _rejected_quote_of_a_draft,
    _quote_alone_unpublished,
    _quote_alone_scheduled,
    _list_unpublished,
    _list_not_yet_there,
    _list_that_is_over,
]
# What was public says so where it was: the articles and quotes of these.
GONE = {_withdrawn, _rejected_quote, _rejected_quote_alone}
# Addresses that show nothing of the archive, or, like previews, what is not public to whoever holds the link.
NOT_OF_THE_ARCHIVE = {"health", "articles:preview", "api:nothing", "api:api-root"}
# Each belongs to one row, and is asked for beside that row's page.
OF_ONE_ROW = {"articles:share", "quotes:share"}


def _hide(world: World, hide: object) -> None:
    hide()
    for article in Article.objects.filter(headline__contains=SECRET):
        # The list of some page printed it, but an editor took it back, or has not let it out yet.
        item = CuratedListItem(list=world.lists[0], position=9, headline=f"A {SECRET} headline", article=article)
        item.headline_key = headline_key(item.headline)
        item.save()
    for quote in Quote.objects.filter(text__contains=SECRET):
        CuratedQuote.objects.create(list=world.lists[-1], position=9, quote=quote)
        # A printing of the same words, so that the hidden one is its neighbour.
        Quote.objects.filter(pk=world.quotes[0].pk).update(cluster=quote.cluster)


def _secret_searches() -> list[str]:
    searches = [f"/search/?q={SECRET}{kind}" for kind in ("", "&type=articles", "&type=quotes", "&type=speakers")]
    return [*searches, f"/search/?q={SECRET[:5]}", f"/speakers/?q={SECRET}", "/speakers/?letter=q"]


@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__.strip("_"))
def test_hidden_thing_is_on_no_page(world: World, client: Client, hide: object) -> None:
    _hide(world, hide)
    for name, address in {**world.addresses(), **world.machines()}.items():
        response = client.get(address)
        assert response.status_code == 200, name
        assert SECRET not in response.content.decode().lower(), name
    missing = client.get("/no/such/page/")
    assert SECRET not in missing.content.decode().lower()


@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__.strip("_"))
def test_hidden_thing_is_not_found_by_search(world: World, client: Client, hide: object) -> None:
    _hide(world, hide)
    for address in _secret_searches():
        shown = text(client.get(address).content).lower()
        assert "nothing here has all" in shown or "nobody" in shown, address
        assert "captain" not in shown


def _own_rows() -> list[Any]:
    return [
        *Article.objects.filter(headline__contains=SECRET),
        *Quote.objects.filter(text__contains=SECRET),
        *Speaker.objects.filter(name__icontains=SECRET),
        *Topic.objects.filter(name__icontains=SECRET),
        *CuratedList.objects.filter(title__contains=SECRET),
    ]


def _other_addresses(row: Any) -> list[str]:
    """Where a public row of this kind can be seen other than on its page."""
    page = row.get_absolute_url()
    if isinstance(row, Article):
        return [article_picture(row), f"/api/v1/articles/{row.slug}"]
    if isinstance(row, Quote):
        oembed = [f"/oembed?url=http://testserver{page}{form}" for form in ("", "&format=json")]
        return [quote_picture(row), f"/api/v1/quotes/{row.pk}", *oembed]
    api = {Speaker: "speakers", CuratedList: "lists"}.get(type(row))
    feeds = [f"{page}feed.{form}" for form in FORMS]
    return [*feeds, f"/api/v1/{api}/{row.slug}"] if api else feeds


@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__.strip("_"))
def test_hidden_thing_is_not_proposed(world: World, client: Client, hide: object) -> None:
    _hide(world, hide)
    assert client.get(f"/search/suggest?q={SECRET[:5]}").json() == []


@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__.strip("_"))
def test_hidden_thing_has_no_page_of_its_own(world: World, client: Client, hide: object) -> None:
    _hide(world, hide)
    own = _own_rows()
    assert own
    for row in own:
        response = client.get(row.get_absolute_url())
        gone = hide in GONE and isinstance(row, Article | Quote)
        assert response.status_code == (410 if gone else 404), row
        assert faults(response.content) == []
        # The address itself and its words, which the page repeats, are what the reader typed.
        typed = f'value="{" ".join(words_of(row.get_absolute_url()))}"'
        shown = response.content.decode().lower().replace(row.get_absolute_url(), "").replace(typed, "")
        assert SECRET not in shown


@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__.strip("_"))
def test_hidden_thing_has_no_feed_picture_embedding_or_data(world: World, client: Client, hide: object) -> None:
    _hide(world, hide)
    addresses = [address for row in _own_rows() for address in _other_addresses(row)]
    assert addresses
    answers = {address: client.get(address).status_code for address in addresses}
    api = {status for address, status in answers.items() if address.startswith(("/api/v1/articles", "/api/v1/quotes"))}
    assert api <= {410 if hide in GONE else 404}
    assert {address: status for address, status in answers.items() if status not in (404, 410)} == {}


def test_public_thing_has_all_of_them(world: World, client: Client) -> None:
    rows = [world.articles[0], world.quotes[0], world.speakers[0], Topic.objects.get(slug="slipways"), *world.lists]
    answers = {address: client.get(address).status_code for row in rows for address in _other_addresses(row)}
    assert set(answers.values()) == {200}, answers


@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__.strip("_"))
def test_hidden_thing_is_not_exported(world: World, tmp_path: Path, hide: object) -> None:
    _hide(world, hide)
    for form in exporting.FORMATS:
        call_command("export", "--out", str(tmp_path / form), "--format", form, verbosity=0)
        for path in (tmp_path / form).iterdir():
            assert SECRET not in path.read_text("utf-8").lower(), path.name


def _routes(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from _routes(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)
        elif pattern.name:
            yield f"{namespace}{pattern.name}"


def test_every_public_address_is_in_the_table(world: World) -> None:
    """A new kind of page or data has to be put into ``tests/site/world.py``, and so into what is tested above."""
    tried = {*world.addresses().values(), *world.machines().values()}
    known = {resolve(address.partition("?")[0]).view_name for address in tried}
    assert set(_routes(get_resolver())) - known == NOT_OF_THE_ARCHIVE | OF_ONE_ROW


@pytest.mark.parametrize("hide", [_draft, _in_review, _scheduled, _withdrawn], ids=lambda hide: hide.__name__)
def test_hidden_article_is_not_counted(world: World, client: Client, hide: object) -> None:
    before = {name: text(client.get(FIXED[name]).content) for name in ("topics", "year", "month", "speakers", "day")}
    _hide(world, hide)
    after = {name: text(client.get(FIXED[name]).content) for name in before}
    assert after == before


def test_rejected_quote_of_a_speaker_is_not_counted(world: World, client: Client) -> None:
    speaker = world.speakers[0]
    before = text(client.get(speaker.get_absolute_url()).content)
    make_quote(article=world.articles[0], speaker=speaker, review_state="rejected")
    assert text(client.get(speaker.get_absolute_url()).content) == before


def test_name_and_role_printed_only_in_a_draft_are_not_shown(world: World, client: Client) -> None:
    from quotes.models import Origin, Position, SpeakerName

    speaker = world.speakers[0]
    draft = make_article(state="draft")
    make_quote(article=draft, speaker=speaker, role=f"{SECRET} minister", mention=f"Bram {SECRET}")
    Position.objects.create(speaker=speaker, title=f"{SECRET} minister")
    name = SpeakerName(speaker=speaker, name=f"Bram {SECRET}", key=f"bram {SECRET}", origin=Origin.IMPORT)
    name.save()
    assert SECRET not in client.get(speaker.get_absolute_url()).content.decode().lower()


def test_scheduled_article_appears_by_the_clock_alone(db: None, client: Client) -> None:
    article = make_article(published_at=timezone.now() + TOMORROW)
    assert client.get(article.get_absolute_url()).status_code == 404
    Article.objects.filter(pk=article.pk).update(published_at=timezone.now())
    assert client.get(article.get_absolute_url()).status_code == 200
