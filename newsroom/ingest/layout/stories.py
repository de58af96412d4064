"""Corrections to the sequence model's path on story dumps: ordered rules, each with a name that the explained dump prints.

A story dump has few lines that tell its parts apart: without blank lines a list or the teasers run on into the headline below them, and a
headline is taken for furniture where a standfirst stands between it and the byline. What the reader goes by is the head of an article as a
whole: a line like a headline, perhaps a sentence, then who wrote it and when, then the story.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from newsroom.ingest.layout import states as st
from newsroom.ingest.layout.datelines import find_dateline
from newsroom.ingest.layout.dates import find_date
from newsroom.ingest.layout.inserts import INSERTS
from newsroom.ingest.layout.lines import Lines
from newsroom.ingest.layout.patterns import LONGEST_CAPTION, NUMBER, closes_with_credit
from newsroom.ingest.layout.rules import PARAGRAPHS, Changes, Rules, Story, run_rules
from newsroom.ingest.layout.shape import DATED, END_QUOTED_STOP, LOWER_START, Shape, Shapes

_HEAD = frozenset({st.STANDFIRST, st.SIGNATURE, st.CAPTION, st.HEADER})
_LOOSE = frozenset({st.FURNITURE, st.HEADER, st.CARD, st.HEADLINE, st.BODY})
_TITLED = frozenset({st.STANDFIRST, st.HEADER, st.HEADLINE})
_ARTICLE = frozenset({st.HEADLINE, st.STANDFIRST, st.SIGNATURE, st.OPENING, st.BODY})
_ASIDE = frozenset({st.TEASER, st.ITEM})
_RIGHTS = re.compile(r"(?:©|\(c\)|copyright (?:©|\(c\)|\d{4}))", re.IGNORECASE)
_TAG_LINE = re.compile(r"(?:tags?|topics?|filed under|keywords|categor(?:y|ies)):\s*\S", re.IGNORECASE)
_SHARE = re.compile(r"(?:share|save|print|e-?mail|copy) this (?:article|story|page|post|report)\W*", re.IGNORECASE)
_UNSIGNED = frozenset({st.HEADER, st.FURNITURE, st.STANDFIRST})
_SHORTEST_HEADLINE, _LONGEST_HEADLINE, _HEADLINE_WORDS = 15, 130, 3
# A headline in plain words has so many of more letters than this in lower case.
_SHORT_WORD, _PLAIN_WORDS = 3, 2
_SHORTEST_SENTENCE, _LONGEST_SENTENCE = 30, 400
_STOPS = frozenset({1, END_QUOTED_STOP})
# Boxes that stand inside a story, and how many lines one has.
_BOXES = frozenset({NUMBER["ad"], NUMBER["newsletter"]})
_BOX = 3
_SHARES = NUMBER["share"]
_QUOTES = frozenset('"“”')
_DATES = frozenset({NUMBER["date"], NUMBER["time-ago"]})
_BETWEEN = frozenset({st.FURNITURE, st.CARD})
# Two names, or a name and whom it writes for, and nothing else.
_NAME = r"[^\W\d_a-z][\w.'’-]+(?: [^\W\d_a-z][\w.'’-]*){1,6}"
_SIGNED_BY = re.compile(rf"{_NAME}(?:, {_NAME})*(?:,? and {_NAME}|, The {_NAME}|, [Tt]he {_NAME})")
# One line shorter than this, without headline, among so many lines of furniture is a notice.
_NOTICE, _FURNISHED = 120, 3
_OPEN_ENDS = frozenset({1, 4, 5, 6, 14})


class Head(NamedTuple):
    """The head of an article: `headline` (or -1) <= `top` <= `opening`, its first paragraph.

    `top` is the first line of those right above the opening that sign, caption or introduce it (the opening itself if there are none).
    """

    headline: int
    top: int
    opening: int


def correct(lines: Lines, shapes: Shapes, states: list[int]) -> tuple[list[int], dict[int, str]]:
    """(states, the name of the rule for each line whose state was changed)."""
    return run_rules(RULES, lines, shapes, states)


def heads(states: Sequence[int]) -> list[Head]:
    """The head of each article in the path."""
    found = []
    headline = -1
    inside = False
    for number, state in enumerate(states):
        if state == st.HEADLINE:
            headline, inside = number, False
        elif state == st.OPENING or (state == st.BODY and not inside):
            top = number
            while top > headline + 1 and states[top - 1] in _HEAD:
                top -= 1
            found.append(Head(headline, top, number))
            headline, inside = -1, True
    return found


def reads_like_headline(shape: Shape) -> bool:
    """A few words without a full stop, colon or comma at the end, that no pattern names."""
    return (
        shape.pattern == 0
        and shape.many >= _HEADLINE_WORDS
        and _SHORTEST_HEADLINE <= shape.length <= _LONGEST_HEADLINE
        and shape.end not in _OPEN_ENDS
        and shape.kind != LOWER_START
    )


def reads_like_sentence(shape: Shape) -> bool:
    """Ends with a full stop, and is no longer than a standfirst gets."""
    return shape.pattern == 0 and shape.end in _STOPS and _SHORTEST_SENTENCE <= shape.length <= _LONGEST_SENTENCE


def _rights_are_furniture(story: Story) -> Changes:
    # The first letter lets most lines go without a closer look.
    for number in [number for number, text in enumerate(story.lines.text) if text[0] in "©(cC"]:
        if story.states[number] != st.FURNITURE and _RIGHTS.match(story.lines.text[number]):
            yield number, st.FURNITURE


def _tags_are_furniture(story: Story) -> Changes:
    for number, state in enumerate(story.states):
        if state in _ASIDE and _TAG_LINE.match(story.lines.text[number]):
            yield number, st.FURNITURE


def _buttons_are_furniture(story: Story) -> Changes:
    """One between two paragraphs reads like the title of what follows."""
    for number, state in enumerate(story.states):
        if state == st.BODY and story.shapes.pattern[number] == _SHARES and _SHARE.fullmatch(story.lines.text[number]):
            yield number, st.FURNITURE


def _page_title_is_furniture(story: Story) -> Changes:
    """A headline and, right below, the same without the name of the site: the first is the title of the page."""
    for head in story.told(heads):
        below = head.headline + 1
        if 0 < below < head.opening and story.states[below] in _TITLED:
            title, headline = story.lines.text[below - 1].split(" "), story.lines.text[below].split(" ")
            if len(headline) >= _HEADLINE_WORDS and title[: len(headline)] == headline:
                yield below - 1, st.FURNITURE
                yield below, st.HEADLINE


def _headline_over_standfirst(story: Story) -> Changes:
    """The line above the supposed headline is the headline if a ruler stands above it, or if the lower is a sentence or longer."""
    for head in story.told(heads):
        lower, upper = head.headline, head.headline - 1
        if lower < 1 or st.STANDFIRST in story.states[lower : head.opening]:
            continue
        above, below = story.shapes[upper], story.shapes[lower]
        sentence = reads_like_sentence(below)
        tight = sentence and story.lines.blanks[lower] == 0
        begins = upper > 0 and story.shapes.pattern[upper - 1] == NUMBER["separator"]
        fits = story.states[upper] in (_LOOSE | _ASIDE if tight else _LOOSE) and above.words[:3] != below.words[:3]
        if fits and reads_like_headline(above) and (sentence or begins or below.length > above.length):
            yield upper, st.HEADLINE
            yield lower, st.STANDFIRST


def _headline_over_head(story: Story) -> Changes:
    """An article without headline takes the line above its standfirst, byline or date, if that reads like a headline."""
    for head in story.told(heads):
        above = head.top - 1
        if head.headline >= 0 or above < 0 or story.states[above] in PARAGRAPHS or story.states[above] == st.LABEL:
            continue
        if head.top == head.opening and story.states[above] != st.FURNITURE:
            continue
        if reads_like_headline(story.shapes[above]):
            yield above, st.HEADLINE
        elif reads_like_sentence(story.shapes[above]) and above and reads_like_headline(story.shapes[above - 1]):
            yield above - 1, st.HEADLINE
            yield above, st.STANDFIRST


def _headline_over_names(story: Story) -> Changes:
    """Where the supposed headline is nothing but names, and above it is one in plain words, the names sign it."""
    for head in story.told(heads):
        lower, upper = head.headline, head.headline - 1
        if lower < 1 or story.states[upper] in PARAGRAPHS or not _SIGNED_BY.fullmatch(story.shapes.text[lower]):
            continue
        plain = sum(1 for word in story.lines.text[upper].split(" ") if word.islower() and len(word) > _SHORT_WORD)
        if plain >= _PLAIN_WORDS and reads_like_headline(story.shapes[upper]):
            yield upper, st.HEADLINE
            yield lower, st.SIGNATURE


def _ranked_headline_is_item(story: Story) -> Changes:
    """A headline with the number that a list is at belongs to the list, if below it is another one."""
    for head in story.told(heads):
        item, below = head.headline, head.headline + 1
        if item < 1 or below >= head.opening or story.states[item - 1] != st.ITEM:
            continue
        bullet, above = story.lines.bullet[item], story.lines.bullet[item - 1]
        follows = (
            bullet and above and bullet[:-1].isdigit() and above[:-1].isdigit() and int(bullet[:-1]) > int(above[:-1])
        )
        if follows and reads_like_headline(story.shapes[below]):
            yield item, st.ITEM
            yield below, st.HEADLINE


def _headline_under_list(story: Story) -> Changes:
    """An article without headline right below a list takes the list's last item for one.

    Where an article stands above the list, it rather goes on below it, unless somebody signs what follows.
    """
    for place, head in enumerate(story.told(heads)):
        above = head.top - 1
        if place and head.top == head.opening:
            continue
        if head.headline < 0 and above > 1 and story.states[above] == story.states[above - 1] == st.ITEM:
            yield above, st.HEADLINE


def _headline_at_opening(story: Story) -> Changes:
    """An article without headline does not begin with a subhead, nor above its dateline: that is its headline."""
    for head in story.told(heads):
        following = story.states[head.opening + 1 : head.opening + 2]
        if head.headline >= 0 or following != [st.BODY]:
            continue
        shape = story.shapes[head.opening]
        dated = shape.length <= _LONGEST_HEADLINE and find_dateline(story.shapes.text[head.opening + 1]) is not None
        if reads_like_headline(shape) or (dated and shape.pattern == 0):
            yield head.opening, st.HEADLINE
            yield head.opening + 1, st.OPENING


def _credited_caption(story: Story) -> Changes:
    """What introduces a story and closes with a photographer's credit is a caption."""
    found = enumerate(story.states) if st.STANDFIRST in story.states else ()
    for number in [number for number, state in found if state == st.STANDFIRST]:
        if story.shapes.length[number] <= LONGEST_CAPTION and closes_with_credit(story.shapes.text[number]):
            yield number, st.CAPTION


def _notice_is_furniture(story: Story) -> Changes:
    """A short line by itself among furniture is no article: a page that was not found, a login."""
    body = story.paragraphs()
    alone = len(body) == 1 and st.HEADLINE not in story.states and story.states.count(st.FURNITURE) >= _FURNISHED
    if alone and story.shapes[body[0]].length < _NOTICE:
        yield body[0], st.FURNITURE


def _story_goes_on(story: Story) -> Changes:
    """What would be teasers right below a box or a caption in an article is the article going on, if no headline follows.

    A box advertises something or a newsletter; below a caption the first line quotes somebody, which teasers seldom do.
    """
    states = story.states
    pairs = enumerate(pairwise(states), start=1)
    for number in [n for n, (above, state) in pairs if state == st.TEASER and above in (st.FURNITURE, st.CAPTION)]:
        end = number
        while end < len(states) and states[end] == st.TEASER:
            end += 1
        below = next((states[n] for n in range(end, len(states)) if states[n] not in _BETWEEN), st.FURNITURE)
        if below != st.HEADLINE and (_is_below_box(story, number) or _is_quoted_below_caption(story, number)):
            yield from ((line, st.BODY) for line in range(number, end))


def _is_below_box(story: Story, number: int) -> bool:
    """Whether up to `_BOX` lines of an advertisement or the like part this line from an article above."""
    top = number
    while top > 0 and number - top <= _BOX and story.shapes.pattern[top - 1] in _BOXES:
        top -= 1
    return 0 < number - top <= _BOX and story.states[top - 1] in _ARTICLE


def _signed(story: Story) -> Changes:
    """What signs or dates a story between its headline and its opening, or right above an opening, does so whatever stands around it."""
    for head in story.told(heads):
        first = head.headline + 1 if head.headline >= 0 else max(0, head.opening - 1)
        for number in range(first, head.opening):
            if story.states[number] in _UNSIGNED and story.shapes.kind[number] in DATED:
                yield number, st.SIGNATURE


def _is_quoted_below_caption(story: Story, number: int) -> bool:
    parted = number > 1 and story.states[number - 1] == st.CAPTION and story.states[number - 2] in PARAGRAPHS
    return parted and not _QUOTES.isdisjoint(story.shapes.text[number])


def _dated_head(story: Story) -> Changes:
    """A day, or how long ago it was, on a line of its own dates the story: it is neither its headline nor its first paragraph."""
    for head in story.told(heads):
        opening = head.opening
        while _is_date_line(story, opening) and story.states[opening + 1 : opening + 2] == [st.BODY]:
            yield opening, st.SIGNATURE
            yield opening + 1, st.OPENING
            opening += 1
        for number in range(head.headline + 1 if head.headline >= 0 else head.top, head.opening):
            if story.states[number] in _UNSIGNED | {st.CARD, st.TEASER} and _is_date_line(story, number):
                yield number, st.SIGNATURE
        below = head.headline + 1
        if 0 < below < head.opening and _is_date_line(story, below - 1) and reads_like_headline(story.shapes[below]):
            yield below - 1, st.SIGNATURE
            yield below, st.HEADLINE


def _is_date_line(story: Story, number: int) -> bool:
    return story.shapes.pattern[number] in _DATES and find_date(story.shapes.text[number]) is not None


RULES: Rules = (
    *INSERTS,
    ("rights", _rights_are_furniture),
    ("credit-at-end", _credited_caption),
    ("tags", _tags_are_furniture),
    ("button", _buttons_are_furniture),
    ("page-title", _page_title_is_furniture),
    ("headline-over-head", _headline_over_head),
    ("headline-over-standfirst", _headline_over_standfirst),
    ("ranked-item", _ranked_headline_is_item),
    ("headline-over-names", _headline_over_names),
    ("headline-under-list", _headline_under_list),
    ("headline-at-opening", _headline_at_opening),
    ("story-goes-on", _story_goes_on),
    ("notice", _notice_is_furniture),
    ("dated", _dated_head),
    ("signed", _signed),
)
