"""What a page says of itself in its head: JSON-LD (schema.org), OpenGraph, and the plainer tags of old."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from newsroom.ingest.decode import clean, mend
from newsroom.ingest.readers.incoming import Hints

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ARTICLES = ("article", "blogposting", "reportage", "newsarticle", "review", "analysisnewsarticle")
_LARGEST = 1_000_000
_MOST_OBJECTS = 2_000
_LONGEST = 1_000
_TITLES = ("og:title", "twitter:title", "dc.title", "headline")
_DATES = (
    "article:published_time", "og:published_time", "datepublished", "date", "dc.date.issued", "dc.date", "pubdate",
    "publishdate", "publish-date", "parsely-pub-date", "sailthru.date",
)  # fmt: skip
_AUTHORS = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl")
_NAMES = ("og:site_name", "application-name", "dc.publisher")
_HEADINGS = 20


def read_metadata(tree: HtmlElement) -> Hints:
    """The page's address, title, date, authors and publisher, by the first source that has them; unchecked.

    The title is the page's heading where that says the same: what stands in a head is made for search and sharing.
    """
    tags = _tags(tree)
    article = next(_articles(tree), {})
    publisher = _name(article.get("publisher")) or _first(tags, _NAMES)
    title = _text(article.get("headline")) or _first(tags, _TITLES)
    title = _without_site(title or _text(tree.findtext(".//title")), publisher)
    links = [link.get("href") or "" for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    return Hints(
        url=_address(
            *links[:1], _first(tags, ("og:url",)), _text(article.get("url")), _text(article.get("mainEntityOfPage"))
        ),
        title=_heading(tree, title) or title,
        published=_text(article.get("datePublished")) or _first(tags, _DATES),
        authors=_authors(article.get("author")) or _authors(_first(tags, _AUTHORS)),
        publisher=publisher,
    )


def _tags(tree: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in tree.iter("meta"):
        name = (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").strip().lower()
        value = _text(tag.get("content"))
        if name and value:
            found.setdefault(name, value)
    return found


def _first(tags: dict[str, str], names: tuple[str, ...]) -> str:
    return next((tags[name] for name in names if name in tags), "")


def _articles(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            text = script.text or ""
            if len(text) <= _LARGEST:
                try:
                    yield from _of_kind(json.loads(text, strict=False))
                except (ValueError, RecursionError):
                    continue


def _of_kind(data: Any) -> Iterator[dict[str, Any]]:
    waiting, seen = [data], 0
    while waiting and seen < _MOST_OBJECTS:
        node = waiting.pop(0)
        seen += 1
        if isinstance(node, list):
            waiting += node[:_MOST_OBJECTS]
        elif isinstance(node, dict):
            kinds = node.get("@type")
            if any(str(kind).lower().endswith(_ARTICLES) for kind in (kinds if isinstance(kinds, list) else [kinds])):
                yield node
            waiting += [node[key] for key in ("@graph", "mainEntity", "itemListElement", "item") if key in node]


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url") or value.get("name") or ""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return ""
    return " ".join(clean(mend(value)[0]).split())


def _name(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _authors(value: Any) -> tuple[str, ...]:
    names = [_name(each) for each in (value if isinstance(value, list) else [value])]
    # Some put the address of a profile there.
    return tuple(name for name in names if name and "://" not in name)


def _address(*candidates: str) -> str:
    """The first that is a whole address: a site's own mistakes are no matter for a notice."""
    return next((each for each in candidates if each.startswith(("https://", "http://"))), "")


def _without_site(title: str, publisher: str) -> str:
    """A title without the site's name after it."""
    for mark in (" | ", " - ", " – ", " — ", " :: ", " • "):
        before, found, after = title.rpartition(mark)
        if found and (mark in (" | ", " :: ") or _key(after) == _key(publisher)):
            return before.strip()
    return title


def _heading(tree: HtmlElement, title: str) -> str:
    """The heading that the page shows for the title: the same words, or one within the other."""
    wanted = _key(title)
    for number, heading in enumerate(tree.iter("h1", "h2")):
        shown = " ".join(heading.text_content().split()) if number < _HEADINGS else ""
        key = _key(shown)
        shorter, longer = sorted((key, wanted), key=len)
        if key and len(shown) <= _LONGEST and shorter in longer and len(shorter) >= 0.6 * len(longer):
            return clean(shown)
    return ""


def _key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
