"""States -> articles: which stretches of body belong together, where each begins, which line heads it.

On whole web pages the path of the sequence model is corrected here, article by article: its body is the maximum-sum stretch of its lines,
holes in that are filled where the model was nearly of that mind, the ranking picks its headline, and prose far below the size of the main
article is no article.
"""

from newsroom.ingest.layout import states as st
from newsroom.ingest.layout.headlines import Page, candidates, choose
from newsroom.ingest.layout.patterns import NUMBER
from newsroom.ingest.layout.shape import DATED
from newsroom.ingest.layout.states import SCALE

BODY_STATES = frozenset({st.OPENING, st.BODY})
# What a line that is not body takes off a stretch, in characters: any line, one that a pattern names, a comment bar. Chosen on the corpus.
_CUT, _CUT_PATTERN, _CUT_COMMENTS = 6, 60, 300
_NEARLY = -5 * SCALE // 2
_SMALL_SHARE, _SMALL = 4, 500
# A line that signs or dates the article stands within so many lines of the headline.
_HEAD = 12


def split_articles(states: list[int]) -> list[list[int]]:
    """The body lines of each article: a headline begins the next one if body follows it."""
    articles: list[list[int]] = [[]]
    for number, state in enumerate(states):
        if state == st.HEADLINE and articles[-1]:
            articles.append([])
        elif state in BODY_STATES:
            articles[-1].append(number)
    return [article for article in articles if article]


def stretch(page: Page, body: list[int]) -> list[int]:
    """The maximum-sum stretch of an article's body lines, with its holes filled."""
    inside = set(body)
    best = score = start = 0
    span = (body[0], body[-1] + 1)
    for number in range(body[0], body[-1] + 1):
        if score <= 0:
            score, start = 0, number
        score += page.shapes[number].length if number in inside else -_cost(page.shapes[number].pattern)
        if score > best:
            best, span = score, (start, number + 1)
    return [number for number in range(*span) if number in inside or _is_nearly_body(page, number)]


def _cost(pattern: int) -> int:
    return _CUT_COMMENTS if pattern == NUMBER["comments"] else _CUT_PATTERN if pattern else _CUT


def _is_nearly_body(page: Page, number: int) -> bool:
    emission = page.emissions[number]
    if page.shapes[number].pattern:
        return False
    other = max(score for state, score in enumerate(emission) if state not in BODY_STATES)
    return max(emission[st.OPENING], emission[st.BODY]) - other > _NEARLY


def settle(page: Page, ranking: list[int]) -> list[int]:
    """The states of a web page's lines with its articles put right."""
    states = list(page.states)
    found = split_articles(states)
    masses = [sum(page.shapes[number].length for number in body) for body in found]
    largest = max(masses, default=0)
    above = 0
    for body, mass in zip(found, masses, strict=True):
        for number in range(above, body[-1] + 1):
            if states[number] == st.HEADLINE or states[number] in BODY_STATES:
                states[number] = st.FURNITURE
        if mass == largest or (mass * _SMALL_SHARE >= largest and mass >= _SMALL):
            kept = stretch(page, body)
            headline = choose(candidates(page, above, kept), ranking)
            if headline >= 0:
                states[headline] = st.HEADLINE
            below = [number for number in kept if number > headline]
            for place, number in enumerate(below):
                states[number] = st.BODY if place else st.OPENING
            for number in range(max(above, headline + 1), min(below[:1] or [0])):
                if page.shapes[number].kind in DATED and headline >= 0 and number - headline <= _HEAD:
                    states[number] = st.SIGNATURE
        above = body[-1] + 1
    return states
