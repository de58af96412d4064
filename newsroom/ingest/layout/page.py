"""Fifth stage: lines with their states -> blocks, and blocks -> the page."""

import re
from functools import partial
from typing import NamedTuple

from newsroom.ingest.layout import states as st
from newsroom.ingest.layout.bylines import find_byline, split_authors
from newsroom.ingest.layout.datelines import find_dateline
from newsroom.ingest.layout.dates import find_date, is_relative
from newsroom.ingest.layout.lines import Lines, rank_of
from newsroom.ingest.layout.patterns import NAMES, NUMBER
from newsroom.ingest.layout.records import Block, Label, ParsedArticle, ParsedList, ParsedPage
from newsroom.ingest.layout.shape import Shapes

SEQUENCE = "sequence"
# What a state was changed by, where a later stage changed it without naming the rule.
SETTLED_BY = {
    st.HEADLINE: "headline-ranking",
    st.SIGNATURE: "signed-below-headline",
    st.OPENING: "article-stretch",
    st.BODY: "article-stretch",
    st.FURNITURE: "article-stretch",
    st.LABEL: "list-under-label",
    st.ITEM: "list-under-label",
    st.META: "list-under-label",
}
_LABEL_END = " :»>›|"
_QUOTED = re.compile(r"[\"“][^\"“”]*[\"”]")
_SUBHEAD_WORDS = 12
# Between ranked items a line may say when.
_RANKED_WITHIN = 2
# A standfirst of several lines grows no longer than this; what follows it is something else.
_STANDFIRST = 600
_CREDITS = frozenset({NUMBER["credit"]})
_TAGS = NUMBER["tags"]


class Rows(NamedTuple):
    """The lines on their way into blocks, column by column; `texts`, `labels` and `articles` are filled in here."""

    lines: Lines
    shapes: Shapes
    states: list[int]
    texts: list[str]
    labels: list[Label]
    articles: list[int | None]


def build_page(
    lines: Lines, shapes: Shapes, states: list[int], confidences: list[float], rules: list[str]
) -> ParsedPage:
    """The page that these lines make, given the state of each and the rule behind it. Every line becomes exactly one block."""
    count = len(lines)
    rows = Rows(lines, shapes, states, list(shapes.text), ["furniture"] * count, [None] * count)
    # Most lines are furniture, and stay what they are.
    numbers = [number for number, state in enumerate(states) if state not in _SILENT or shapes.pattern[number] == _TAGS]
    page = ParsedPage(articles=_articles(rows, numbers))
    _fill(rows, numbers, page)
    page.furniture = [text for text, label in zip(rows.texts, rows.labels, strict=True) if label in _ASIDE]
    columns = (
        rows.labels,
        lines.start,
        lines.end,
        rows.texts,
        rows.articles,
        confidences,
        _named(rows, rules),
    )
    page.blocks = list(map(_BLOCK, zip(*columns, strict=True)))
    return page


def _fill(rows: Rows, numbers: list[int], page: ParsedPage) -> None:
    """Put these lines where they belong on the page."""
    open_list: ParsedList | None = None
    last = -1
    for number in numbers:
        state, article = rows.states[number], rows.articles[number]
        # Furniture in between closes a list.
        above = open_list if number == last + 1 else None
        open_list = None
        if article is not None and state in _ARTICLE_PARTS:
            _add_to_article(rows, number, page.articles[article])
            open_list = above
        elif state in _LIST_PARTS:
            open_list = _add_to_list(rows, number, page, above)
        else:
            _add_aside(rows, number, page)
        last = number


# `Block(*values)` from C: there is one for each line.
_BLOCK = partial(tuple.__new__, Block)
# What has no place of its own on the page is furniture there; the blocks tell the kinds.
_ASIDE = frozenset({"furniture", "caption", "credit", "tags"})
_ARTICLE_PARTS = frozenset({st.HEADLINE, st.STANDFIRST, st.SIGNATURE, st.OPENING, st.BODY})
_LIST_PARTS = frozenset({st.LABEL, st.ITEM, st.META})
_SILENT = frozenset({st.FURNITURE, st.HEADER, st.CARD})
# Of lines in these states only tags are looked at, which belong to the article that they stand under.
_TAGGED = frozenset({st.FURNITURE, st.HEADER})
_PARAGRAPHS = frozenset({st.OPENING, st.BODY})
_BELONGING = frozenset({st.STANDFIRST, st.SIGNATURE, st.CAPTION})
# What is named by the pattern of its line, where nothing else has decided.
_NAMED_BY_PATTERN = frozenset({"furniture", "list_label", "byline", "date", "caption", "credit", "tags"})


def _articles(rows: Rows, numbers: list[int]) -> list[ParsedArticle]:
    """Give each row of an article its index. A headline that no paragraph follows opens no article."""
    articles: list[ParsedArticle] = []
    waiting: list[int] = []
    headed = False
    for number in numbers:
        state = rows.states[number]
        if state == st.HEADLINE:
            waiting, headed = [number], True
        elif state in _PARAGRAPHS:
            if headed or not articles:
                articles.append(ParsedArticle())
                for before in waiting:
                    rows.articles[before] = len(articles) - 1
                waiting, headed = [], False
            rows.articles[number] = len(articles) - 1
        elif state in _BELONGING or state in _TAGGED:
            if headed or not articles:
                waiting.append(number)
            else:
                rows.articles[number] = len(articles) - 1
    return articles


def _add_to_article(rows: Rows, number: int, article: ParsedArticle) -> None:
    state, text = rows.states[number], rows.texts[number]
    if state == st.HEADLINE:
        rows.labels[number], article.headline = "headline", text
    elif state == st.STANDFIRST:
        rows.labels[number] = "standfirst"
        if article.standfirst is None:
            article.standfirst = text
        elif len(article.standfirst) < _STANDFIRST:
            article.standfirst = f"{article.standfirst}\n{text}"
        else:
            rows.labels[number], rows.articles[number] = "furniture", None
    elif state == st.SIGNATURE:
        rows.labels[number] = _sign(text, article)
    else:
        bullet = rows.lines.bullet[number]
        rows.labels[number] = _paragraph_label(text, bullet, rows.shapes, number)
        # The number of a section or a step belongs to the text; a rank in a list of links does not.
        if bullet and bullet[0].isdigit():
            text = rows.texts[number] = f"{bullet} {text}"
        if not article.paragraphs:
            article.dateline = find_dateline(text)
        article.paragraphs.append(text)


def _sign(text: str, article: ParsedArticle) -> Label:
    """The label of a line with a byline, a date, or both, which sign the article."""
    date, byline = find_date(text), find_byline(text)
    # A day is worth more than words such as "3 hours ago", wherever it stands.
    if date and (article.published is None or (is_relative(article.published) and not is_relative(date))):
        article.published = date
    if byline and article.byline is None:
        article.byline = byline
        article.authors = split_authors(byline)
    return "byline" if byline else "date" if date else "furniture"


def _paragraph_label(text: str, bullet: str, shapes: Shapes, number: int) -> Label:
    # An item of a list in the text is part of it; a number may head a section.
    if bullet and not bullet[0].isdigit():
        return "paragraph"
    if shapes.length[number] < 80 and shapes.many[number] <= _SUBHEAD_WORDS and text[-1:] not in ".!?…”\"’':;,":
        return "subhead"
    return "blockquote" if text[0] in '"“' and _QUOTED.fullmatch(text) else "paragraph"


def _add_to_list(rows: Rows, number: int, page: ParsedPage, open_list: ParsedList | None) -> ParsedList | None:
    state, text = rows.states[number], rows.texts[number]
    if state == st.META or (state == st.LABEL and not _has_items(rows.states, number)):
        return open_list if state == st.META else None
    if state == st.LABEL:
        rows.labels[number] = "list_label"
        page.lists.append(ParsedList(text.rstrip(_LABEL_END) or text))
        return page.lists[-1]
    if open_list is None:
        open_list = ParsedList("")
        page.lists.append(open_list)
    rows.labels[number] = "list_item"
    rows.texts[number] = _without_rank(rows, number)
    open_list.items.append(rows.texts[number])
    return open_list


def _without_rank(rows: Rows, number: int) -> str:
    """The item without its rank: a number counts as one if the item above has the one before it, or the item below the one after."""
    rank, rest = rank_of(rows.lines, number)
    if not rank or rows.lines.bullet[number]:
        return rows.texts[number]
    near = range(max(0, number - _RANKED_WITHIN), min(len(rows.states), number + 1 + _RANKED_WITHIN))
    beside = {rank_of(rows.lines, other)[0] for other in near if rows.states[other] == st.ITEM}
    return rest if {rank - 1, rank + 1} & (beside - {0}) else rows.texts[number]


def _has_items(states: list[int], number: int) -> bool:
    for state in states[number + 1 :]:
        if state != st.META:
            return state == st.ITEM
    return False


def _add_aside(rows: Rows, number: int, page: ParsedPage) -> None:
    """A teaser, a caption, tags or furniture."""
    state, shapes = rows.states[number], rows.shapes
    if state == st.TEASER:
        rows.labels[number] = "teaser"
        page.teasers.append(rows.texts[number])
    elif state == st.CAPTION:
        rows.labels[number] = (
            "credit" if shapes.pattern[number] in _CREDITS and shapes.length[number] < 60 else "caption"
        )
    elif state in _TAGGED:
        rows.labels[number] = "tags"


def _named(rows: Rows, rules: list[str]) -> list[str]:
    """The rules, with the pattern of the line for the sequence model where that decided on what a pattern names."""
    names = list(rules)
    for number in rows.shapes.named():
        if rules[number] == SEQUENCE and rows.labels[number] in _NAMED_BY_PATTERN:
            names[number] = NAMES[rows.shapes.pattern[number] - 1]
    return names
