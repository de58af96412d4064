"""Other sites can embed a quote: by the code on its page, or through oEmbed."""

import re
from html import unescape
from urllib.parse import quote as percent

import pytest
from django.test import Client

from quotes.models import Quote
from tests.factories import make_article, make_quote
from tests.site.html import _Reader
from tests.site.test_markup import HOSTILE
from tests.site.world import World, make_world


def _ask(client: Client, address: str, **more: str) -> dict:
    response = client.get("/oembed", {"url": f"http://testserver{address}", **more})
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.json()


def test_answer_has_what_oembed_requires(world: World, client: Client) -> None:
    quote = world.quotes[0]
    answer = _ask(client, quote.get_absolute_url())
    assert (answer["version"], answer["type"], answer["width"]) == ("1.0", "rich", 600)
    assert answer["author_name"] == quote.speaker.name
    assert quote.text in unescape(answer["html"])
    assert f'<a href="http://testserver{quote.get_absolute_url()}">{quote.article.headline}</a>' in answer["html"]
    assert "(disputed)" in answer["html"]
    assert client.get(answer["thumbnail_url"]).status_code == 200


def test_picture_is_left_out_where_it_is_too_large(world: World, client: Client) -> None:
    answer = _ask(client, world.quotes[0].get_absolute_url(), maxwidth="400")
    assert answer["width"] == 400
    assert "thumbnail_url" not in answer


def test_page_leads_to_its_answer_and_shows_the_same_code(world: World, client: Client) -> None:
    quote = world.quotes[0]
    content = client.get(quote.get_absolute_url()).content.decode()
    [address] = re.findall(r'type="application/json\+oembed"[^>]* href="([^"]+)"', content)
    assert percent(f"http://testserver{quote.get_absolute_url()}", safe="") in address
    [code] = re.findall(r'<code id="embed-code">(.*?)</code>', content)
    assert "<" not in code
    assert unescape(code) == client.get(unescape(address)).json()["html"]


def test_hostile_text_stays_text_in_the_embedding_page(db: None, client: Client) -> None:
    for quote in make_world(hostile=HOSTILE).quotes:
        reader = _Reader()
        reader.feed(_ask(client, quote.get_absolute_url())["html"])
        assert set(reader.tags) == {"blockquote", "p", "footer", "a"}
        assert reader.faults == []


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "http://[", "http://testserver/", "http://testserver/quotes/99999/", "http://elsewhere.example/quotes/1/", "ftp://testserver/quotes/1/"],
)  # fmt: skip
def test_what_is_no_quote_of_ours_is_refused(world: World, client: Client, url: str) -> None:
    response = client.get("/oembed", {"url": url})
    assert response.status_code == 404
    assert "address" in response.json()["error"]


def test_hidden_quote_is_not_embedded(db: None, client: Client) -> None:
    quote = make_quote()
    Quote.objects.filter(pk=quote.pk).update(review_state="rejected")
    assert client.get("/oembed", {"url": f"http://testserver{quote.get_absolute_url()}"}).status_code == 404


def test_other_formats_are_refused(world: World, client: Client) -> None:
    assert client.get("/oembed?format=xml").status_code == 501


def test_title_is_the_words_as_spoken_and_kept_for_an_hour(db: None, client: Client) -> None:
    words = (
        'The boats are late," Fenn said. "They are late when the wind is in the north and the harbour is full of ice.'
    )
    article = make_article(body=f'"{words}"')
    parts = [[1, 20], [article.text.rindex("They"), len(article.text) - 1]]
    answer = _ask(client, make_quote(words, article=article, segments=parts).get_absolute_url())
    assert (
        answer["title"] == "“The boats are late … They are late when the wind is in the north and the harbour is full…”"
    )
    assert answer["cache_age"] == 3600
