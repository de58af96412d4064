"""Addresses are those that the framework gives."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, get_script_prefix, reverse, set_script_prefix

from articles.links import address, of_one_site


@pytest.mark.parametrize("slug", ["pier-opens", "a_1", "öffnung", "пристань-2", "1234567890123456789"])
@pytest.mark.parametrize("view", ["articles:article", "articles:topic", "articles:list", "quotes:speaker"])
def test_address_of_a_slug(view: str, slug: str) -> None:
    assert address(view, slug) == reverse(view, args=[slug])
    assert address(view, f"{slug}-b") == reverse(view, args=[f"{slug}-b"])


def test_address_of_a_number() -> None:
    assert address("quotes:quote", 12) == "/quotes/12/"


@pytest.mark.parametrize("slug", ["", "a/b", "a b"])
def test_what_has_no_address_is_refused(slug: str) -> None:
    with pytest.raises(NoReverseMatch):
        address("articles:article", slug)


def test_site_below_another_address() -> None:
    before = get_script_prefix()
    try:
        set_script_prefix("/news/")
        with of_one_site():
            assert address("quotes:quote", 12) == "/news/quotes/12/"
        assert address("quotes:quote", 12) == "/news/quotes/12/"
    finally:
        set_script_prefix(before)
    assert address("quotes:quote", 12) == "/quotes/12/"
