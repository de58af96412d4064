"""A page's tree -> the text that a reader sees, a line for each block, much as a browser copies it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_UNSEEN = frozenset(
    {"head", "script", "style", "noscript", "template", "svg", "iframe", "object", "audio", "video", "canvas", "select",
     "option", "textarea", "datalist", "math", "map"}
)  # fmt: skip
# Their text stands on lines of its own; with blank lines around it, as margins look.
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "dl", "pre", "figure", "table"})
_BLOCKS = _SPACED | frozenset(
    {"address", "article", "aside", "body", "button", "caption", "center", "dd", "details", "dialog", "div", "dt",
     "fieldset", "figcaption", "footer", "form", "header", "hr", "html", "label", "legend", "li", "main", "nav",
     "section", "summary", "tbody", "td", "tfoot", "th", "thead", "title", "tr"}
)  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LINE, _SPACE = "\x1e", "\x1f"
_BREAKS = re.compile(r"\s*[\x1e\x1f][\s\x1e\x1f]*")


def visible_text(tree: HtmlElement) -> str:
    """The visible text. Between blocks is a line end, around paragraphs a blank line; blanks within are single."""
    parts: list[str] = []
    # Elements still to be opened, and strings to be written: no recursion, however deep the page.
    waiting: list[HtmlElement | str] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        tag = node.tag
        if node.tail:
            waiting.append(_flat(node.tail))
        if not isinstance(tag, str) or tag in _UNSEEN or _is_hidden(node):
            continue
        if tag == "br":
            parts.append(_LINE)
            continue
        edge = _SPACE if tag in _SPACED else _LINE if tag in _BLOCKS else ""
        waiting.append(edge)
        waiting.extend(reversed(node))
        parts.append(edge)
        if node.text:
            parts.append(_flat(node.text))
    text = _BREAKS.sub(lambda found: "\n\n" if _SPACE in found.group() else "\n", "".join(parts))
    return re.sub(r"[^\S\n]+", " ", text).strip()


def _flat(text: str) -> str:
    """Source text, in which line ends and marks of our own mean no more than a blank."""
    return re.sub(r"[\s\x1e\x1f]+", " ", text)


def _is_hidden(node: HtmlElement) -> bool:
    style = node.get("style")
    return node.get("hidden") is not None or bool(style and _HIDDEN.search(style))
