"""One document, from bytes to what is to be stored: decode | parse_page | extract_quotes.

Pure and picklable, so that it can run in another process; whatever the bytes are, it answers and never raises.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import re
from dataclasses import dataclass, field
from typing import Any

from newsroom.ingest.citations import Cited, find_cited
from newsroom.ingest.decode import NotTextError, clean
from newsroom.ingest.fields import Fields, read_fields
from newsroom.ingest.hints import MAX_TITLE, Checked, check
from newsroom.ingest.html import read_html
from newsroom.ingest.layout import Block, ParsedPage, PrintedDate, parse_known, parse_page
from newsroom.ingest.places import Places
from newsroom.ingest.readers import CSV, JSON, MAIL, PLAIN, Incoming
from newsroom.ingest.sketch import keys_of
from quotes.extraction import ExtractedQuote, extract_quotes

logger = logging.getLogger(__name__)

Span = tuple[int, int]
_BODY = {"paragraph", "subhead", "blockquote"}
_TAGS_LABEL = re.compile(r"^\s*(?:tags?|topics?|keywords?|filed under|more on)\s*[:\-–—]?\s*", re.IGNORECASE)
_TAG_SEPARATOR = re.compile(r"\s*[,;|·•/\t]\s*|\s{2,}")
_RECORDS = frozenset({JSON, CSV, MAIL})
MAX_TAG_LENGTH = 60
MAX_TAGS = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a document was set aside, and where it shows: byte ``offset`` and ``line`` (from 1), if it is one place."""

    reason: str
    offset: int | None = None
    line: int | None = None


@dataclass(slots=True)
class QuoteDraft:
    """A quote and where it stands. ``speaker``: the fullest name in the document. ``found`` has offsets into the article's text, or, alone, into the document's."""

    found: ExtractedQuote
    speaker: str | None
    document_span: Span | None

    def __reduce__(self) -> tuple[Any, ...]:
        """Half of what goes from process to process is quotes: as plain values they take half the time."""
        return _draft_of, (tuple(self.found), self.speaker, self.document_span)


def _draft_of(found: tuple[Any, ...], speaker: str | None, span: Span | None) -> QuoteDraft:
    return QuoteDraft(ExtractedQuote._make(found), speaker, span)


@dataclass(slots=True)
class ArticleDraft:
    """An article as it is to be stored. ``source_url``, ``publisher``: valid ones that came with the document, or ""."""

    headline: str
    standfirst: str = ""
    byline: str = ""
    authors: list[str] = field(default_factory=list)
    dateline: str = ""
    printed: PrintedDate | None = None
    blocks: list[tuple[str, str]] = field(default_factory=list)
    quotes: list[QuoteDraft] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    source_url: str = ""
    publisher: str = ""
    keys: list[int] = field(default_factory=list)
    cited: list[Cited] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The body as plain text, a newline between paragraphs: what the quotes' offsets refer to."""
        return "\n".join(text for _, text in self.blocks)


@dataclass(slots=True)
class Outcome:
    """What one document came to. With a ``problem``, the rest is empty (``data`` too, if it could not be read).

    ``sha256`` and ``size`` are of ``data``, or of the file that could not be loaded; empty, None where not known.

    ``data``, ``media_type`` and ``meta`` are what must be kept to read it again (``readers.restore``); ``text`` is what
    the offsets refer to; ``retrieved_at`` (aware) is when it was fetched, if that is known. ``blocks`` are as
    ``RawDocument.blocks`` has them.

    ``unread``: the document as it came, if it was not looked into because it is here already; the rest is empty then.
    """

    name: str
    sha256: str
    data: bytes | None
    problem: Problem | None = None
    media_type: str = PLAIN
    meta: dict[str, Any] = field(default_factory=dict)
    retrieved_at: dt.datetime | None = None
    encoding: str = ""
    text: str = ""
    blocks: list[list[Any]] = field(default_factory=list)
    articles: list[ArticleDraft] = field(default_factory=list)
    quotes: list[QuoteDraft] = field(default_factory=list)
    lists: list[tuple[str, list[str]]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    size: int | None = None
    unread: Incoming | None = None


def process(incoming: Incoming) -> Outcome:
    """Everything that is to be stored of one document."""
    outcome = _blank(incoming)
    if incoming.data is None or incoming.problem:
        outcome.problem = Problem(incoming.problem, incoming.offset, incoming.line)
        return outcome
    try:
        _fill(outcome, incoming, incoming.data)
    except NotTextError as error:
        outcome.problem = _place(incoming, str(error), error)
    except Exception as error:
        logger.exception("Processing %s failed", incoming.name)
        outcome = set_aside(
            incoming, f"could not be processed ({type(error).__name__}): a fault of the program, please report"
        )
    return outcome


def left_unread(incoming: Incoming) -> Outcome:
    """What a document comes to of which the very bytes are here already."""
    outcome = _blank(incoming)
    outcome.unread = incoming
    return outcome


def set_aside(incoming: Incoming, reason: str) -> Outcome:
    """What a document comes to that cannot be processed, for the ``reason`` given."""
    outcome = _blank(incoming)
    outcome.problem = _place(incoming, reason)
    return outcome


def _blank(incoming: Incoming) -> Outcome:
    data, sha256, size = incoming.data, incoming.sha256, incoming.size
    if data is not None:
        sha256, size = hashlib.sha256(data).hexdigest(), len(data)
    return Outcome(incoming.name, sha256, data, media_type=incoming.media_type, meta=incoming.meta(), size=size)


def _place(incoming: Incoming, reason: str, error: NotTextError | None = None) -> Problem:
    """A record's problem is where the record begins, that of a file of its own where it shows."""
    if incoming.offset is not None:
        return Problem(reason, incoming.offset, incoming.line)
    return Problem(reason, error.offset, error.line) if error else Problem(reason)


def read_page(incoming: Incoming, data: bytes) -> tuple[Fields, str, ParsedPage, Checked]:
    """What a document's ``data`` are: the fields of its record, the text to keep, what each line of that is, and what
    came with it. Raises ``NotTextError``.
    """
    fields = read_fields(data, incoming.media_type, incoming.hints.charset)
    hints = incoming.hints.over(fields.hints)
    if fields.html:
        seen = read_html(fields.text, hints.url)
        return fields, seen.text, seen.page, check(hints, seen.hints)
    said = check(hints)
    text = _with_title(fields, said)
    page = parse_page(text)
    if not page.articles and incoming.media_type in _RECORDS:
        # What somebody put into a column of text is an article, be it ever so short.
        page = parse_known(text, [(len(text) - len(fields.text), len(text))], said.title)
    return fields, text, page, said


def _fill(outcome: Outcome, incoming: Incoming, data: bytes) -> None:
    fields, text, page, said = read_page(incoming, data)
    outcome.encoding = fields.encoding
    outcome.text = text
    outcome.blocks = [[block.label, block.start, block.end, block.article, block.rule] for block in page.blocks]
    outcome.retrieved_at = said.retrieved_at
    if fields.mended:
        outcome.notices.append("its characters were garbled by a wrong encoding and have been mended")
    outcome.articles = [_article(page, number, text) for number in range(len(page.articles))]
    outcome.quotes = _teaser_quotes(page, text)
    outcome.lists = [(found.label, found.items) for found in page.lists if found.label and found.items]
    _complete_names(outcome)
    _drop_pull_quotes(outcome)
    _apply(said, outcome)
    for draft in outcome.articles:
        if draft.printed is not None and draft.printed.value is None:
            why = "day and month cannot be told apart" if draft.printed.ambiguous else "it names no day"
            outcome.notices.append(f"the printed date {draft.printed.text!r} was not used: {why}")


def _with_title(fields: Fields, said: Checked) -> str:
    """The text with the title of its record above it, unless it opens with that: a page is read by its headline."""
    if not said.title or _letters(said.title) in _letters(fields.text[: 4 * MAX_TITLE]):
        return fields.text
    return f"{clean(said.title)}\n\n{fields.text}"


def _apply(said: Checked, outcome: Outcome) -> None:
    """What came with the document is believed before what its layout shows; of several articles it is about one."""
    outcome.notices += said.notices
    if not outcome.articles:
        return
    key = _letters(said.title)
    named = [draft for draft in outcome.articles if key and _letters(draft.headline) == key]
    main = named[0] if named else max(outcome.articles, key=lambda draft: sum(len(text) for _, text in draft.blocks))
    main.headline = said.title or main.headline
    main.source_url = said.url
    main.printed = said.published or main.printed
    main.publisher = said.publisher
    if said.authors:
        main.authors, main.byline = said.authors, ", ".join(said.authors)[:300]


def _article(page: ParsedPage, number: int, document: str) -> ArticleDraft:
    parsed = page.articles[number]
    body = [block for block in page.blocks if block.article == number and block.label in _BODY]
    draft = ArticleDraft(
        headline=(parsed.headline or _first_words(body))[:300],
        standfirst=parsed.standfirst or "",
        byline=(parsed.byline or "")[:300],
        authors=list(parsed.authors),
        dateline=(parsed.dateline or "")[:200],
        printed=parsed.published,
        # A paragraph that opens with a quotation mark is told apart by the layout, and set like any other.
        blocks=[("subhead" if block.label == "subhead" else "paragraph", block.text) for block in body],
        tags=_tags(page, number),
    )
    places = Places(document, body)
    text = draft.text
    draft.quotes = [
        QuoteDraft(found, found.speaker, places.span(found.start, found.end)) for found in extract_quotes(text)
    ]
    draft.keys = keys_of(text)
    draft.cited = find_cited(text, draft.dateline)
    return draft


def _first_words(body: list[Block]) -> str:
    """A working headline for an article that prints none: its first words, for an editor to replace."""
    words = body[0].text.split() if body else []
    return " ".join(words[:12]) + ("…" if len(words) > 12 else "") or "Untitled"


def _tags(page: ParsedPage, number: int) -> list[str]:
    tags: dict[str, str] = {}
    for block in page.blocks:
        if block.label == "tags" and (block.article == number or len(page.articles) == 1):
            for tag in _TAG_SEPARATOR.split(_TAGS_LABEL.sub("", block.text)):
                name = tag.strip(" .#")
                if name and len(name) <= MAX_TAG_LENGTH:
                    tags.setdefault(name.casefold(), name)
    return list(tags.values())[:MAX_TAGS]


def _teaser_quotes(page: ParsedPage, document: str) -> list[QuoteDraft]:
    """Quotes of the teasers, each read by itself: the line before a teaser is about another story."""
    drafts = []
    for block in page.blocks:
        if block.label == "teaser":
            places = Places(document, [block])
            for found in extract_quotes(block.text):
                span = places.span(found.start, found.end)
                if span is not None:
                    drafts.append(QuoteDraft(places.moved(found), found.speaker, span))
    return drafts


def _complete_names(outcome: Outcome) -> None:
    """Give a person named by one word the full name that this document gives to one person, and only one, of that name."""
    everyone = [draft for article in outcome.articles for draft in article.quotes] + outcome.quotes
    full: dict[str, set[str]] = {}
    for draft in everyone:
        words = (draft.speaker or "").split()
        if draft.found.speaker_kind == "person" and len(words) > 1 and words[0][0].isupper():
            full.setdefault(words[-1], set()).add(draft.speaker or "")
    for draft in everyone:
        names = full.get(draft.speaker or "", set())
        if draft.found.speaker_kind == "person" and len(names) == 1:
            draft.speaker = next(iter(names))


def _drop_pull_quotes(outcome: Outcome) -> None:
    """A teaser that repeats words of this page's own article is a pull quote: the article has it already."""
    if not outcome.quotes:
        return
    said = {_letters(draft.found.text) for article in outcome.articles for draft in article.quotes}
    outcome.quotes = [draft for draft in outcome.quotes if _letters(draft.found.text) not in said]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def printed_moment(printed: PrintedDate | None) -> tuple[dt.date | dt.datetime | None, str]:
    """The date or moment that a page prints for itself, and its precision; (None, "unknown") where none is sure."""
    if printed is None or printed.value is None or printed.ambiguous:
        return None, "unknown"
    return printed.value, printed.precision
