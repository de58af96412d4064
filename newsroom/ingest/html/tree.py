"""Markup -> tree, for pages of any size and malice."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# libxml2 goes no deeper, and leaves out what is.
_DEEPEST = 250
# One tag, as the HTML standard cuts it into attributes.
_TAG = re.compile(
    r"<[a-zA-Z][^\s/>]*+(?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>]*+))?+)*+"
)
_ATTRIBUTE = re.compile(r"[\s/]+[^\s/>=\"']")
_NAME = re.compile(r"<[a-zA-Z][^\s/>]*")
# An honest tag has a dozen attributes. libxml2 compares each with each, which a hundred thousand make last minutes.
_MANY = 2_000
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*>")
_DOCTYPE_ENTITIES = re.compile(r"<!DOCTYPE[^\[<>]*\[.*?\]\s*>", re.IGNORECASE | re.DOTALL)
_RAW = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_ANY_TAG = re.compile(r"<[^<>]*>")


class TooDeepError(ValueError):
    """Elements are nested so deeply that not all of them can be read."""


def parse(markup: str) -> HtmlElement | None:
    """The page's tree, without comments; None if there is no element in it. Entities of the document's own stay unexpanded.

    Raises ``TooDeepError`` for what no browser would show either.
    """
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    # A new parser each time: one that met a fault is not to be trusted with the next page.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    markup = _DOCTYPE_ENTITIES.sub("", _DECLARATION.sub("", markup), count=1)
    try:
        tree = document_fromstring(_TAG.sub(_bounded, markup).encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return None
    depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth >= _DEEPEST:
            raise TooDeepError
    return tree


def _bounded(tag: re.Match[str]) -> str:
    """The tag, or without its attributes if they are too many."""
    whole = tag.group()
    if len(whole) < _MANY or len(_ATTRIBUTE.findall(whole)) < _MANY:
        return whole
    name = _NAME.match(whole)
    assert name is not None
    return name.group()


def without_tags(markup: str) -> str:
    """The text of markup that makes no tree: a line for each tag that stood there."""
    return html.unescape(_ANY_TAG.sub("\n", _RAW.sub("", markup)))
