"""Fifth stage: lines with their states -> blocks, and blocks -> the page."""

import re
from dataclasses import dataclass
from functools import partial

from newsroom.ingest.layout import states as st
from newsroom.ingest.layout.bylines import find_byline, split_authors
from newsroom.ingest.layout.datelines import find_dateline
from newsroom.ingest.layout.dates import find_date, is_relative
from newsroom.ingest.layout.lines import Line, rank_of
from newsroom.ingest.layout.patterns import NAMES, NUMBER
from newsroom.ingest.layout.records import Block, Label, ParsedArticle, ParsedList, ParsedPage
from newsroom.ingest.layout.shape import Shape

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


@dataclass(slots=True)
class Row:
    """One line on its way into a block. `shape`, `state` and `rule` come from the stages before."""

    line: Line
    text: str
    shape: Shape
    state: int
    rule: str
    label: Label = "furniture"
    article: int | None = None


def build_page(
    lines: list[Line], shapes: list[Shape], states: list[int], confidences: list[float], rules: list[str]
) -> ParsedPage:
    """The page that these lines make, given the state of each and the rule behind it. Every line becomes exactly one block."""
    rows = [
        Row(line, shape.text, shape, state, rule)
        for line, shape, state, rule in zip(lines, shapes, states, rules, strict=True)
    ]
    page = ParsedPage(articles=_articles(rows))
    open_list: ParsedList | None = None
    for number, row in enumerate(rows):
        state = row.state
        if row.article is not None and state in _ARTICLE_PARTS:
            _add_to_article(row, page.articles[row.article])
        elif state in _LIST_PARTS:
            open_list = _add_to_list(rows, number, page, open_list)
        else:
            open_list = None
            _add_aside(row, page)
    page.furniture = [row.text for row in rows if row.label in _ASIDE]
    columns = (
        [row.label for row in rows],
        [row.line.start for row in rows],
        [row.line.end for row in rows],
        [row.text for row in rows],
        [row.article for row in rows],
        confidences,
        map(_rule, rows),
    )
    page.blocks = list(map(_BLOCK, zip(*columns, strict=True)))
    return page


# `Block(*values)` from C: there is one for each line.
_BLOCK = partial(tuple.__new__, Block)
# What has no place of its own on the page is furniture there; the blocks tell the kinds.
_ASIDE = frozenset({"furniture", "caption", "credit", "tags"})
_ARTICLE_PARTS = frozenset({st.HEADLINE, st.STANDFIRST, st.SIGNATURE, st.OPENING, st.BODY})
_LIST_PARTS = frozenset({st.LABEL, st.ITEM, st.META})
_PARAGRAPHS = frozenset({st.OPENING, st.BODY})
_BELONGING = frozenset({st.STANDFIRST, st.SIGNATURE, st.CAPTION})
# What is named by the pattern of its line, where nothing else has decided.
_NAMED_BY_PATTERN = frozenset({"furniture", "list_label", "byline", "date", "caption", "credit", "tags"})


def _articles(rows: list[Row]) -> list[ParsedArticle]:
    """Give each row of an article its index. A headline that no paragraph follows opens no article."""
    articles: list[ParsedArticle] = []
    waiting: list[Row] = []
    headed = False
    for row in rows:
        state = row.state
        if state == st.HEADLINE:
            waiting, headed = [row], True
        elif state in _PARAGRAPHS:
            if headed or not articles:
                articles.append(ParsedArticle())
                for before in waiting:
                    before.article = len(articles) - 1
                waiting, headed = [], False
            row.article = len(articles) - 1
        elif state in _BELONGING or _is_tags(row):
            if headed or not articles:
                waiting.append(row)
            else:
                row.article = len(articles) - 1
    return articles


def _is_tags(row: Row) -> bool:
    """Tags belong to the article that they stand under."""
    return row.shape.pattern == _TAGS and row.state in (st.FURNITURE, st.HEADER)


def _add_to_article(row: Row, article: ParsedArticle) -> None:
    state = row.state
    if state == st.HEADLINE:
        row.label, article.headline = "headline", row.text
    elif state == st.STANDFIRST:
        row.label = "standfirst"
        if article.standfirst is None:
            article.standfirst = row.text
        elif len(article.standfirst) < _STANDFIRST:
            article.standfirst = f"{article.standfirst}\n{row.text}"
        else:
            row.label, row.article = "furniture", None
    elif state == st.SIGNATURE:
        _sign(row, article)
    else:
        row.label = _paragraph_label(row)
        if row.line.bullet[
            :1
        ].isdigit():  # the number of a section or a step belongs to the text; a rank in a list of links does not
            row.text = f"{row.line.bullet} {row.text}"
        if not article.paragraphs:
            article.dateline = find_dateline(row.text)
        article.paragraphs.append(row.text)


def _sign(row: Row, article: ParsedArticle) -> None:
    """A line with a byline, a date, or both."""
    date, byline = find_date(row.text), find_byline(row.text)
    row.label = "byline" if byline else "date" if date else "furniture"
    # A day is worth more than words such as "3 hours ago", wherever it stands.
    if date and (article.published is None or (is_relative(article.published) and not is_relative(date))):
        article.published = date
    if byline and article.byline is None:
        article.byline = byline
        article.authors = split_authors(byline)


def _paragraph_label(row: Row) -> Label:
    shape = row.shape
    # An item of a list in the text is part of it; a number may head a section.
    if row.line.bullet and not row.line.bullet[0].isdigit():
        return "paragraph"
    if len(shape.words) <= _SUBHEAD_WORDS and shape.length < 80 and row.text[-1:] not in ".!?…”\"’':;,":
        return "subhead"
    return "blockquote" if _QUOTED.fullmatch(row.text) else "paragraph"


def _add_to_list(rows: list[Row], number: int, page: ParsedPage, open_list: ParsedList | None) -> ParsedList | None:
    row = rows[number]
    state = row.state
    if state == st.META or (state == st.LABEL and not _has_items(rows, number)):
        return open_list if state == st.META else None
    if state == st.LABEL:
        row.label = "list_label"
        page.lists.append(ParsedList(row.text.rstrip(_LABEL_END) or row.text))
        return page.lists[-1]
    if open_list is None:
        open_list = ParsedList("")
        page.lists.append(open_list)
    row.label = "list_item"
    row.text = _without_rank(rows, number)
    open_list.items.append(row.text)
    return open_list


def _without_rank(rows: list[Row], number: int) -> str:
    """The item without its rank: a number counts as one if the item above has the one before it, or the item below the one after."""
    rank, rest = rank_of(rows[number].line)
    if not rank or rows[number].line.bullet:
        return rows[number].text
    near = rows[max(0, number - _RANKED_WITHIN) : number + 1 + _RANKED_WITHIN]
    beside = {rank_of(row.line)[0] for row in near if row.state == st.ITEM}
    return rest if {rank - 1, rank + 1} & (beside - {0}) else rows[number].text


def _has_items(rows: list[Row], number: int) -> bool:
    for row in rows[number + 1 :]:
        if row.state != st.META:
            return row.state == st.ITEM
    return False


def _add_aside(row: Row, page: ParsedPage) -> None:
    """A teaser, a caption, tags or furniture."""
    if row.state == st.TEASER:
        row.label = "teaser"
        page.teasers.append(row.text)
        return
    if row.state == st.CAPTION:
        row.label = "credit" if row.shape.pattern in _CREDITS and row.shape.length < 60 else "caption"
    elif _is_tags(row):
        row.label = "tags"


def _rule(row: Row) -> str:
    pattern = row.shape.pattern
    named = pattern and row.rule == SEQUENCE and row.label in _NAMED_BY_PATTERN
    return NAMES[pattern - 1] if named else row.rule
