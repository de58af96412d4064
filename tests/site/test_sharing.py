"""Articles and quotes have a picture to share: drawn whatever the words, and kept for ever under its own address."""

import io
import re

import pytest
from django.test import Client
from PIL import Image

from articles.cards import Card, draw
from articles.store import save_article
from quotes.models import Quote
from tests.factories import make_article, make_quote
from tests.site.test_markup import HOSTILE
from tests.site.world import World

PICTURE = re.compile(r'<meta property="og:image" content="http://testserver([^"]+)">')
WORDS = [
    "No.", "", "Boats " * 400, "Donaudampfschiff" * 60, "Човен запізнився на годину", "السفينة تأخرت ساعة كاملة", "הסירה איחרה",
    f"Late{HOSTILE}", "🚢 left at \U0010ffff dawn\x07", "wide — “marks” … ½ é ő",
]  # fmt: skip


def _ink(picture: bytes) -> tuple[int, int, int, int]:
    """The box of all that is not paper."""
    image = Image.open(io.BytesIO(picture)).convert("L").point(lambda shade: 255 if shade < 200 else 0)
    assert image.size == (1200, 630)
    return image.crop((0, 20, 1200, 630)).getbbox()


@pytest.mark.parametrize("words", WORDS, ids=lambda words: ascii(words)[:16])
def test_words_fit_whatever_they_are(words: str) -> None:
    picture = draw(Card(words, "Mara Quill " * 30, "harbour master " * 30, "The Newsroom"))
    left, _, right, bottom = _ink(picture)
    assert left >= 70
    assert right <= 1130
    assert bottom <= 600
    assert len(picture) < 100_000


def test_words_do_not_run_into_the_name() -> None:
    def above_the_name(words: str) -> Image.Image:
        return Image.open(io.BytesIO(draw(Card(words, "", "", "")))).convert("L").crop((0, 440, 1200, 630))

    assert above_the_name("Boats " * 400).tobytes() == above_the_name("").tobytes()


def test_letters_that_the_fonts_lack_make_no_picture(db: None, client: Client) -> None:
    article = make_article("船が遅れた")
    content = client.get(article.get_absolute_url()).content.decode()
    assert "og:image" not in content
    assert client.get(f"/share/articles/{article.pk}-0.png").status_code == 404


@pytest.mark.parametrize("page", ["article", "quote"])
def test_page_names_its_picture(world: World, client: Client, page: str) -> None:
    content = client.get(world.addresses()[page]).content.decode()
    [address] = PICTURE.findall(content)
    assert '<meta property="og:image:width" content="1200">' in content
    assert '<meta property="og:image:alt" content="' in content
    for _ in ("drawn", "from the cache"):
        response = client.get(address)
        assert response["Content-Type"] == "image/png"
        assert "immutable" in response["Cache-Control"]
        assert _ink(response.content)


def test_other_words_have_another_address(world: World, client: Client) -> None:
    article = world.articles[0]
    [before] = PICTURE.findall(client.get(article.get_absolute_url()).content.decode())
    article.headline = "Slipway opens after all"
    save_article(article)
    [after] = PICTURE.findall(client.get(article.get_absolute_url()).content.decode())
    assert client.get(before)["Location"] == after


def test_doubts_show_in_the_picture(db: None, client: Client) -> None:
    quote = make_quote()
    [before] = PICTURE.findall(client.get(quote.get_absolute_url()).content.decode())
    Quote.objects.filter(pk=quote.pk).update(review_state="misattributed")
    assert client.get(before).status_code == 302


def test_what_is_not_public_has_no_picture(db: None, client: Client) -> None:
    draft = make_article(state="draft")
    rejected = make_quote(review_state="rejected")
    assert client.get(f"/share/articles/{draft.pk}-0.png").status_code == 404
    assert client.get(f"/share/quotes/{rejected.pk}-0.png").status_code == 404
