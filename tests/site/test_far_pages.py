"""Pages that lie behind the last one say so, and lead to the first; they do not say that nothing is there at all."""

import pytest
from django.test import Client

from tests.site.html import faults, text
from tests.site.world import World

ADDRESSES = [
    "/articles/", "/articles/?year=2026", "/quotes/", "/quotes/?kind=direct", "/speakers/", "/speakers/?letter=q",
    "/speakers/?kind=unnamed", "/speakers/?q=oakley", "/topics/", "/lists/", "/topics/slipways/", "/speakers/{speaker}/",
    "/speakers/{speaker}/?year=2026", "/archive/2026/", "/archive/2026/10/", "/archive/2026/10/05/",
    "/search/?q=slipway&type=articles",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_behind_the_last_one_leads_to_the_first(world: World, client: Client, address: str) -> None:
    first = address.format(speaker=world.speakers[0].slug)
    response = client.get(f"{first}{'&' if '?' in first else '?'}page=99")
    assert response.status_code == 200
    assert "There is nothing further back. Go to the first page" in text(response.content)
    assert [
        words for words in ("yet", "No article", "No quote", "Nobody", "Page 99") if words in text(response.content)
    ] == []
    assert (
        f'<a href="?{first.partition("?")[2].replace("&", "&amp;")}">Go to the first page</a>'
        in response.content.decode()
    )
    assert faults(response.content) == []
