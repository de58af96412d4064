"""States -> articles: which stretches of body belong together, where each begins, which line heads it.

On whole web pages the path of the sequence model is corrected here, article by article: its body is the maximum-sum stretch of its lines,
holes in that are filled where the model was nearly of that mind, the ranking picks its headline, and prose far below the size of the main
article is no article.
"""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise, takewhile

from newsroom.ingest.layout import states as st
from newsroom.ingest.layout.columns import Column
from newsroom.ingest.layout.headlines import Page, candidates, choose
from newsroom.ingest.layout.patterns import NUMBER
from newsroom.ingest.layout.shape import DATED, Shapes
from newsroom.ingest.layout.states import SCALE

_COMMENTS = NUMBER["comments"]
BODY_STATES = frozenset({st.OPENING, st.BODY})
# What a line that is not body takes off a stretch, in characters: any line, one that a pattern names, a comment bar. Chosen on the corpus.
_CUT, _CUT_PATTERN, _CUT_COMMENTS = 6, 60, 300
_NEARLY = -5 * SCALE // 2
# What the states are as long as no article is found.
_UNSETTLED = [
    st.FURNITURE if state == st.HEADLINE or state in BODY_STATES else st.PLAIN[state] for state in range(st.COUNT)
]
# Readers' comments stand more than so many lines below an article, which has so much prose by then, and a line in between names them.
_APART, _WRITTEN, _PARAGRAPHS = 3, 600, 3
_SMALL_SHARE, _SMALL = 4, 500
# A line that signs or dates the article stands within so many lines of the headline.
_HEAD, _SIGNED_WITHIN = 12, 4


def split_articles(shapes: Shapes, states: Sequence[int]) -> list[list[int]]:
    """The body lines of each article: the next begins at a headline that is signed or dated, or opens below what follows an article."""
    articles: list[list[int]] = [[]]
    closed = False
    for number, state in enumerate(states):
        if state in BODY_STATES:
            if closed and state == st.OPENING:
                articles.append([])
            articles[-1].append(number)
            closed = False
        elif state == st.AFTER:
            closed = True
        elif state == st.HEADLINE and _is_signed(shapes, number):
            articles.append([])
    return [article for article in articles if article]


def _is_signed(shapes: Shapes, headline: int) -> bool:
    return not DATED.isdisjoint(shapes.kind[headline + 1 : headline + 1 + _SIGNED_WITHIN])


def stretch(page: Page, body: list[int]) -> list[int]:
    """The maximum-sum stretch of an article's body lines, with its holes filled."""
    body = _before_comments(page.shapes, body)
    inside = set(body)
    lengths, patterns = page.shapes.length, page.shapes.pattern
    best = score = start = 0
    span = (body[0], body[-1] + 1)
    for number in range(body[0], body[-1] + 1):
        if score <= 0:
            score, start = 0, number
        score += lengths[number] if number in inside else -_cost(patterns[number])
        if score > best:
            best, span = score, (start, number + 1)
    return [number for number in range(*span) if number in inside or _is_nearly_body(page, number)]


def _before_comments(shapes: Shapes, body: list[int]) -> list[int]:
    """The body lines above the readers' comments."""
    mass = paragraphs = 0
    for place, (number, following) in enumerate(pairwise(body), start=1):
        mass += shapes.length[number]
        paragraphs += shapes.prose[number]
        written = mass >= _WRITTEN and paragraphs >= _PARAGRAPHS
        if written and following - number > _APART and _COMMENTS in shapes.pattern[number + 1 : following]:
            return body[:place]
    return body


def _cost(pattern: int) -> int:
    return _CUT_COMMENTS if pattern == _COMMENTS else _CUT_PATTERN if pattern else _CUT


def _is_nearly_body(page: Page, number: int) -> bool:
    if page.shapes.pattern[number]:
        return False
    scores = page.emissions[number].tolist()
    # The two states of a body are next to each other.
    nearly: bool = max(scores[st.OPENING : st.BODY + 1]) - max(scores[: st.OPENING] + scores[st.BODY + 1 :]) > _NEARLY
    return nearly


def _overlooked(page: Page) -> list[list[int]]:
    """On a page without article: the line most like an opening, if one most like a headline is signed or dated above it."""
    peaks: list[int] = page.emissions.argmax(axis=1).tolist()
    for number, state in enumerate(peaks):
        if state == st.OPENING and page.shapes.prose[number]:
            for above in range(max(0, number - _HEAD), number):
                if peaks[above] == st.HEADLINE and not DATED.isdisjoint(page.shapes.kind[above + 1 : number]):
                    return [[number, *takewhile(partial(_is_nearly_body, page), range(number + 1, len(page.lines)))]]
    return []


def find_articles(page: Page) -> list[tuple[int, list[int]]]:
    """For each article of the page: the line above which its headline cannot stand, and the lines of its body."""
    found = split_articles(page.shapes, page.states) or _overlooked(page)
    masses = [sum(map(page.shapes.length.__getitem__, body)) for body in found]
    largest = max(masses, default=0)
    kept, above = [], 0
    for body, mass in zip(found, masses, strict=True):
        if mass == largest or (mass * _SMALL_SHARE >= largest and mass >= _SMALL):
            kept.append((above, stretch(page, body)))
            above = body[-1] + 1
    return kept


def settle(page: Page, ranking: Column) -> list[int]:
    """The states of a web page's lines with its articles put right, as what they are to the stages after the sequence model."""
    states = list(map(_UNSETTLED.__getitem__, page.states))
    for above, body in find_articles(page):
        headline = choose(candidates(page, above, body), ranking)
        below = [number for number in body if number > headline]
        for place, number in enumerate(below):
            states[number] = st.BODY if place else st.OPENING
        if headline >= 0:
            states[headline] = st.HEADLINE
            for number in range(headline + 1, min([headline + 1 + _HEAD, len(states), *below])):
                if page.shapes.kind[number] in DATED:
                    states[number] = st.SIGNATURE
    return states
