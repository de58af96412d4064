"""Nothing that is not public can be seen, found or counted on any public page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article, CuratedListItem
from articles.text import headline_key
from newsroom.suggestions import words_of
from quotes.models import CuratedQuote, Quote
from quotes.store import save_speaker_name
from tests.factories import make_article, make_document, make_list, make_quote, make_speaker
from tests.site.html import text
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


def _quote_alone_unpublished() -> None:
    _hang_quotes(None, published_at=None, document=make_document(f"A {SECRET} teaser"))


def _quote_alone_scheduled() -> None:
    _hang_quotes(None, published_at=timezone.now() + TOMORROW, document=make_document(f"A {SECRET} teaser"))


def _list_unpublished() -> None:
    make_list(f"The {SECRET} list", headlines=(f"A {SECRET} headline",), is_published=False, description=SECRET)


HIDDEN = [
    _draft,
    _in_review,
    _scheduled,
    _withdrawn,
    _rejected_quote,
    _quote_alone_unpublished,
    _quote_alone_scheduled,
    _list_unpublished,
]


def _hide(world: World, hide: object) -> None:
    hide()
    for article in Article.objects.filter(headline__contains=SECRET):
        # The headline of an item is what a page printed, and public; the article it is linked to is not.
        item = CuratedListItem(list=world.lists[0], position=9, headline="As printed elsewhere", article=article)
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


@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__.strip("_"))
def test_hidden_thing_has_no_page_of_its_own(world: World, client: Client, hide: object) -> None:
    _hide(world, hide)
    from articles.models import CuratedList, Topic
    from quotes.models import Speaker

    own = [
        *Article.objects.filter(headline__contains=SECRET),
        *Quote.objects.filter(text__contains=SECRET),
        *Speaker.objects.filter(name__icontains=SECRET),
        *Topic.objects.filter(name__icontains=SECRET),
        *CuratedList.objects.filter(title__contains=SECRET),
    ]
    assert own
    for row in own:
        response = client.get(row.get_absolute_url())
        gone = getattr(row, "state", "") == "withdrawn"
        assert response.status_code == (410 if gone else 404), row
        # The address itself and its words, which the page repeats, are what the reader typed.
        typed = f'value="{" ".join(words_of(row.get_absolute_url()))}"'
        shown = response.content.decode().lower().replace(row.get_absolute_url(), "").replace(typed, "")
        assert SECRET not in shown


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
