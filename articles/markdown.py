"""Markdown in, safe HTML or plain text out, with the same idea of where each character is.

``to_text`` gives the plain-text projection that every offset refers to: the text of the blocks in order, a newline
between them. ``render`` walks the same tokens and puts marks in at those offsets while it renders, so that marks
stay true whatever emphasis or links the Markdown holds. Raw HTML is never passed through, and the result is
sanitised here, at render, whichever door the body came in by.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import escape as escape_html
from operator import attrgetter

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from articles.annotations import Annotation

_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre",
    "mark", "sup",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title", "rel", "aria-label"},
    "mark": {"id", "class"},
    "sup": {"class", "id", "dir"},
    "ol": {"start"},
}
# What Markdown would read as syntax: anywhere, or only where a line begins.
_SPECIAL = "\\`*_[]<>&~|"
_LINE_START = re.compile(r"^(\s*)([#+=\-])")
# A block without syntax but escapes. Its line begins as no other block does, and neither begins nor ends with a blank.
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_PLAIN_BLOCK = re.compile(
    r"(?P<subhead>## (?!#))?(?P<line>(?![\s#+=\-]|\d{1,9}[.)]|$)"
    r"[^\\`*_\[\]<>&~|\n\r\t\0]*+(?:\\[!-/:-@\[-`{-~][^\\`*_\[\]<>&~|\n\r\t\0]*+)*+)(?<![\s#])"
)
# What closes a quotation, with the stops around it: a number between the words and their mark would look like a part.
_CLOSING = re.compile(r"[”\"’'»)\].,;:!?…]*")
_ORDERED_LIST = re.compile(r"^(\s*\d{1,9})([.)])")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.disable(["image", "html_block", "html_inline", "code"])
    return parser


def to_text(body: str) -> str:
    """The plain-text projection of a Markdown body: one line a block, no marks of syntax."""
    return "\n".join(_blocks(_parser().parse(body)))


def _blocks(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(_plain(child) for child in token.children or ())
        elif token.type == "fence":
            yield token.content.rstrip("\n")


def _plain(token: Token) -> str:
    """The characters of an inline token in the projection; line ends within a block count as one blank."""
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    return token.content if token.type in {"text", "code_inline", "text_special"} else ""


def escape(text: str) -> str:
    """``text`` as one Markdown paragraph that reads back as just that text (``to_text(escape(t)) == t``)."""
    escaped = text
    # Most blocks hold none of these: to look for each is a dozen times faster than to try a pattern at each character.
    for char in _SPECIAL:  # the backslash first, for the others add such
        if char in escaped:
            escaped = escaped.replace(char, f"\\{char}")
    if escaped[:1].isalpha():
        return escaped
    for pattern in (_LINE_START, _ORDERED_LIST):
        if found := pattern.match(escaped):
            escaped = found.expand(r"\1\\\2") + escaped[found.end() :]
    return escaped


def from_blocks(blocks: Sequence[tuple[str, str]]) -> str:
    """A Markdown body of ``(kind, text)`` blocks, kind ``paragraph`` or ``subhead``."""
    return "\n\n".join(("## " if kind == "subhead" else "") + escape(text) for kind, text in blocks)


def render(body: str, annotations: Sequence[Annotation] = ()) -> SafeString:
    """Safe HTML of a Markdown body, with the annotations' spans as ``<mark>``, each followed by its numbered link.

    Annotations are numbered as given, from 1; the number follows the marks that close a quotation. A span that overlaps
    one before it is left unmarked; an annotation that has no other is numbered, and found, where that one ends.
    """
    return _rendered(body, tuple(annotations))


@lru_cache(maxsize=1024)
def _rendered(body: str, annotations: tuple[Annotation, ...]) -> SafeString:
    """Of some 10 MB of texts that were read lately: each is read once as long as nothing changes in it. Whatever an editor
    saves drops all pages in the cache, and then the day's articles are put together anew."""
    spans = _spans(annotations)
    return mark_safe(_plain_html(body, spans) or _sanitised(_parsed_html(body, spans)))


def _sanitised(html: str) -> str:
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None)


def _plain_html(body: str, spans: Sequence[_Span]) -> str:
    """What ``_parsed_html`` gives of a body that is nothing but paragraphs and subheads of a line each, as imports write
    them; nothing where there is anything else in it. Most bodies are such, and the parser takes as long as all the rest.

    All of it is text, escaped, but for the elements that are named here: sanitising it takes a tenth of the page, and
    changes nothing in it.
    """
    html: list[str] = []
    position = 0
    for block in body.split("\n\n"):
        found = _PLAIN_BLOCK.fullmatch(block)
        if found is None:
            return ""
        subhead, text = found["subhead"], found["line"]
        if "\\" in text:
            text = _ESCAPED.sub(r"\1", text)
        tag = "h2" if subhead else "p"
        html.append(f"<{tag}>{_marked(text, position, spans)}</{tag}>\n")
        position += len(text) + 1
    return "".join(html)


def _parsed_html(body: str, spans: Sequence[_Span]) -> str:
    parser = _parser()
    tokens = parser.parse(body)
    _insert(tokens, spans)
    for token in tokens:
        if token.tag == "h1":  # the page's own headline is the only h1
            token.tag = "h2"
    html: str = parser.renderer.render(tokens, parser.options, {})
    return html


@dataclass(slots=True)
class _Span:
    """``first`` and ``last``, of the spans of its annotation that are marked; ``hidden``: annotations it leaves no room."""

    start: int
    end: int
    number: int
    annotation: Annotation
    first: bool = False
    last: bool = False
    hidden: list[_Span] = field(default_factory=list)


def _spans(annotations: Sequence[Annotation]) -> list[_Span]:
    """The spans to mark, in the order of the text and without overlaps."""
    wanted = [
        _Span(start, end, number, annotation)
        for number, annotation in enumerate(annotations, 1)
        for start, end in annotation.spans
        if start < end
    ]
    kept: list[_Span] = []
    overlapping: dict[int, tuple[_Span, _Span]] = {}
    for span in sorted(wanted, key=lambda span: (span.start, span.number)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
        else:
            overlapping.setdefault(span.number, (kept[-1], span))
    ends = {span.number: span for span in kept}
    starts = {span.number: span for span in reversed(kept)}
    for span in kept:
        span.first, span.last = starts[span.number] is span, ends[span.number] is span
    for number, (over, span) in overlapping.items():
        if number not in ends:
            over.hidden.append(span)
    return kept


def _insert(tokens: Iterable[Token], spans: Sequence[_Span]) -> None:
    """Put marks into the token stream at the offsets of the projection."""
    position = 0
    for token in tokens:
        if token.type == "inline":
            for child in token.children or ():
                length = len(_plain(child))
                if child.type == "text":
                    child.type, child.content = "html_inline", _marked(child.content, position, spans)
                elif child.type == "link_open":
                    child.attrSet("rel", "noopener nofollow ugc")
                position += length
            position += 1
        elif token.type == "fence":
            position += len(token.content.rstrip("\n")) + 1


def _marked(text: str, offset: int, spans: Sequence[_Span]) -> str:
    """HTML of the text that stands at ``offset``, with what of the spans lies in it marked."""
    stop = offset + len(text)
    touching = bisect_right(spans, offset, key=_end)
    html: list[str] = []
    done = offset
    for number in range(touching, len(spans)):
        span = spans[number]
        if span.start >= stop:
            break
        start, end = max(span.start, done), min(span.end, stop)
        anchor = span.annotation.anchor if span.first and start == span.start else ""
        html += (
            escape_html(text[done - offset : start - offset]),
            f'<mark class="{_look(span.annotation)}"{_id(anchor)}>',
            escape_html(text[start - offset : end - offset]),
            "</mark>",
        )
        done = end
        if end == span.end and (span.last or span.hidden):
            room = min(spans[number + 1].start, stop) if number + 1 < len(spans) else stop
            done = _CLOSING.match(text, end - offset, max(end, room) - offset).end() + offset
            html.append(escape_html(text[end - offset : done - offset]))
            if span.last:
                html.append(_link(span))
            html += (_link(hidden, anchor=hidden.annotation.anchor) for hidden in span.hidden)
    html.append(escape_html(text[done - offset :]))
    return "".join(html)


_end = attrgetter("end")


def _look(annotation: Annotation) -> str:
    tone = f" quoted--{annotation.tone}" if annotation.tone else ""
    return f"quoted{tone}{' quoted--warned' if annotation.warning else ''}"


def _link(span: _Span, anchor: str = "") -> str:
    """The number, with what readers are warned of. Its name begins with what is seen, for those who call it by that.

    ``dir`` keeps it where it is: beside words that run the other way it would else jump in between them and their mark.
    """
    seen = escape_html(f"{span.number} {span.annotation.warning}".rstrip())
    url, label = escape_html(span.annotation.url), escape_html(span.annotation.label)
    return (
        f'<sup class="quote-ref"{_id(anchor)} dir="ltr"><a href="{url}" aria-label="{seen}. {label}">{seen}</a></sup>'
    )


def _id(anchor: str) -> str:
    return f' id="{escape_html(anchor)}"' if anchor else ""
