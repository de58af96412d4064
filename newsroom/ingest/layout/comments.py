"""Readers' comments below an article: a line of its own that names them, then who wrote, when, and "Reply".

The sequence model tells long threads by their crowd of refrains; below a short article it takes a few comments for the story going on.
"""

import re

from newsroom.ingest.layout import states as st
from newsroom.ingest.layout.patterns import NUMBER
from newsroom.ingest.layout.rules import PARAGRAPHS, Changes, Story, take_out
from newsroom.ingest.layout.shape import Shape

_COMMENTS = NUMBER["comments"]
_LONGEST_HEADING = 40
_HEADING = re.compile(
    r"(?:\d[\d,.]* )?comments?(?: ?[(\[]?\d[\d,.]*[)\]]?)?:?$|"
    r"(?:view|show|see|read|load|hide)(?: all)?(?: the)?(?: \d[\d,.]*)? comments?(?: ?[(\[]?\d[\d,.]*[)\]]?)?$|"
    r"(?:leave|post|write|add) (?:a |your )?(?:reply|comment)$|join the (?:conversation|discussion)$|"
    r"(?:\d[\d,.]*|one|two|three) (?:replies|responses|thoughts on .+)$|(?:readers['’]? )?comments$",
    re.IGNORECASE,
)
# A sign stands so near the heading; the next so near the one before. One sign in the first lines, or so many in all, and comments they are.
_NEAR, _FIRST, _ENOUGH = 6, 3, 2
_SIGNED = frozenset({10 + NUMBER["byline"], 10 + NUMBER["byline-date"]})
_SIGNED_WITHIN = 3
_OF_ARTICLES = frozenset({st.HEADLINE, st.STANDFIRST, st.SIGNATURE, st.CAPTION, *PARAGRAPHS})
_ELSEWHERE = frozenset({st.LABEL, st.ITEM, st.TEASER})


def comments_below(story: Story) -> Changes:
    """From the heading of the comments on, an article has ended; what is theirs is furniture, up to the next signed headline."""
    gone: dict[int, int] = {}
    begun = False
    headings = {number for number in story.of_pattern(_COMMENTS) if _is_heading(story.shapes[number])}
    # Nothing goes below the last heading.
    number, count = 0, max(headings, default=-1) + 1
    while number < count:
        if number in headings:
            last = _last_sign(story, number) if begun else -1
            if last > 0:
                number = _mark(story, number, last, gone)
                begun = False
                continue
            if story.states[number] in PARAGRAPHS:
                gone[number] = st.FURNITURE
        begun = begun or (story.states[number] in PARAGRAPHS and story.shapes[number].prose)
        number += 1
    return take_out(story.states, gone)


def _is_heading(shape: Shape) -> bool:
    return shape.pattern == _COMMENTS and shape.length <= _LONGEST_HEADING and _HEADING.match(shape.text) is not None


def _last_sign(story: Story, heading: int) -> int:
    """The last sign of the comments under this heading, or -1 if nothing speaks for comments there."""
    last, seen, early = heading, 0, False
    for number in range(heading + 1, len(story.shapes)):
        shape = story.shapes[number]
        labelled = story.states[number] == st.LABEL and shape.label
        if number - last > _NEAR or labelled or _begins_article(story, number):
            break
        if shape.sign:
            seen += not _is_heading(shape)
            early = early or number - heading <= _FIRST
            last = number
    return last if seen >= _ENOUGH or (seen and early) else -1


def _begins_article(story: Story, number: int) -> bool:
    """Whether a headline stands here that somebody signs."""
    below = story.shapes[number + 1 : number + 1 + _SIGNED_WITHIN]
    return story.states[number] == st.HEADLINE and any(shape.kind in _SIGNED for shape in below)


def _mark(story: Story, heading: int, last: int, gone: dict[int, int]) -> int:
    """Note what is of the comments; returns the line after it. The words of the last comment may stand below its sign."""
    number = heading
    while number < len(story.states) and not _begins_article(story, number):
        state = story.states[number]
        if number > last + 1 and state in _ELSEWHERE:
            break
        if number <= last + (story.shapes[last].pattern != NUMBER["comments"]) or state in _OF_ARTICLES:
            gone[number] = st.FURNITURE
        number += 1
    return number
