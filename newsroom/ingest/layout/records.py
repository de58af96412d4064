"""What the layout engine hands out: a page cut into articles, teasers, lists and furniture, and its blocks in order."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Label = Literal[
    "headline",
    "standfirst",
    "byline",
    "dateline",
    "date",
    "paragraph",
    "subhead",
    "blockquote",
    "caption",
    "credit",
    "teaser",
    "list_label",
    "list_item",
    "tags",
    "furniture",
]
Precision = Literal["time", "day", "month", "year"]


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as the page prints it.

    `value` is None when the words do not say which day is meant: a relative date ("3 hours ago"), or a numeric one
    whose day and month could change places (then `ambiguous` is True). A time without a zone gives a naive datetime.
    """

    text: str
    value: dt.date | dt.datetime | None
    precision: Precision
    ambiguous: bool = False

    def isoformat(self) -> str:
        """ISO 8601 of the value (a month or year alone is cut to it), or the printed words if there is no value."""
        if self.value is None:
            return self.text
        length = {"year": 4, "month": 7}.get(self.precision)
        return self.value.isoformat()[:length]


# A tuple, since there is one for each line: a frozen dataclass takes three times as long to make (2.0 against 0.6 microseconds).
class Block(NamedTuple):
    """One block of the page. `start`/`end` are code-point offsets into the text as given, half-open.

    `text` is the block as it enters the page: spaces tidied, lines rejoined, bullet or rank taken off a list item.
    `article` is an index into `ParsedPage.articles`, or None; `confidence` is 0..1; `rule` names what decided.
    """

    label: Label
    start: int
    end: int
    text: str
    article: int | None
    confidence: float
    rule: str


@dataclass(slots=True)
class ParsedArticle:
    """One article; None where the page prints no such part. `paragraphs` hold subheads and block quotes in order."""

    headline: str | None = None
    standfirst: str | None = None
    byline: str | None = None
    authors: list[str] = field(default_factory=list)
    dateline: str | None = None
    published: PrintedDate | None = None
    paragraphs: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ParsedList:
    """A list of links; `label` is its heading as printed, without a closing colon or arrow ('' if it has none)."""

    label: str
    items: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ParsedPage:
    """The whole page. Every non-blank line of the text lies in exactly one of `blocks`, which are in document order."""

    articles: list[ParsedArticle] = field(default_factory=list)
    teasers: list[str] = field(default_factory=list)
    lists: list[ParsedList] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
