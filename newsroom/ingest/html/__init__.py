"""HTML pages: their visible text, cut into the same blocks as any dump, and what their metadata say.

    markup | parse | visible text -> lines;  parse | trafilatura -> body;  lines + body | layout -> ParsedPage

The offsets of the page refer to the visible text. lxml and trafilatura are loaded when the first page comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsroom.ingest.decode import NotTextError, clean
from newsroom.ingest.html.body import find_body
from newsroom.ingest.html.match import match_lines
from newsroom.ingest.html.metadata import read_metadata
from newsroom.ingest.html.tree import TooDeepError, parse, without_tags
from newsroom.ingest.html.visible import visible_text
from newsroom.ingest.layout import ParsedPage, parse_known, parse_page
from newsroom.ingest.readers.incoming import Hints

__all__ = ["HtmlPage", "read_html"]

# Of longer texts (no news page has them) only the layout is asked: trafilatura would take minutes.
_LONGEST = 300_000
# A body that takes this share of all that is visible is no body, if the layout sees one of less than the other share.
_WHOLE = 0.8
_FAR_LESS = 0.7


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """``text`` is what a reader of the page sees, and what the offsets of ``page`` refer to; ``hints`` are its metadata's."""

    text: str
    page: ParsedPage
    hints: Hints


def read_html(markup: str, url: str = "") -> HtmlPage:
    """Read a page. ``url``: its address, if known. Raises ``NotTextError`` if it shows no text."""
    try:
        tree = parse(markup)
    except TooDeepError:
        text = clean(without_tags(markup))
        return HtmlPage(_some(text), parse_page(text), Hints())
    if tree is None:
        raise NotTextError("is a page without any text")
    text = _some(clean(visible_text(tree)))
    hints = read_metadata(tree)
    paragraphs = find_body(tree, url) if len(text) <= _LONGEST else []
    if not paragraphs:
        return HtmlPage(text, parse_page(text), hints)
    spans = match_lines(text, paragraphs)
    if spans is not None and (alone := _told_apart(text, spans)):
        return HtmlPage(text, alone, hints)
    if spans is None:
        # What the page is about is not among what it shows, such as a story that a script would unfold.
        told = "\n\n".join(paragraphs)
        text = f"{told}\n\n{text}"
        spans = [(0, len(told))]
    return HtmlPage(text, parse_known(text, spans, hints.title), hints)


def _told_apart(text: str, spans: Sequence[tuple[int, int]]) -> ParsedPage | None:
    """The page as its layout shows it, if the body found is the whole page, menus and all, and the layout finds less.

    That is what trafilatura answers where it finds no article in the markup.
    """
    if sum(end - start for start, end in spans) < _WHOLE * len(text):
        return None
    page = parse_page(text)
    told = sum(len(paragraph) for article in page.articles for paragraph in article.paragraphs)
    return page if 0 < told < _FAR_LESS * len(text) else None


def _some(text: str) -> str:
    if not text.strip():
        raise NotTextError("is a page without any text")
    return text
