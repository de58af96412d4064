"""Readers' comments below an article: a line of its own that names them, then who wrote, when, and "Reply".

The sequence model tells long threads by their crowd of refrains; below a short article it takes a few comments for the story going on.
"""

import re

from newsroom.ingest.layout import states as st
from newsroom.ingest.layout.patterns import NUMBER
from newsroom.ingest.layout.rules import PARAGRAPHS, Changes, Story, take_out
from newsroom.ingest.layout.shape import Shapes

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
    headings = [number for number in story.shapes.named(_COMMENTS) if _is_heading(story.shapes, number)]
    if not headings:
        return
    prose = [number for number in story.paragraphs() if story.shapes.prose[number]]
    # Where the article begins that the comments are on.
    top = 0
    for heading in headings:
        if heading < top:
            continue
        last = _last_sign(story, heading) if any(top <= number < heading for number in prose) else -1
        if last > 0:
            top = _mark(story, heading, last, gone)
        elif story.states[heading] in PARAGRAPHS:
            gone[heading] = st.FURNITURE
    yield from take_out(story.states, gone)


def _is_heading(shapes: Shapes, number: int) -> bool:
    return (
        shapes.pattern[number] == _COMMENTS
        and shapes.length[number] <= _LONGEST_HEADING
        and _HEADING.match(shapes.text[number]) is not None
    )


def _last_sign(story: Story, heading: int) -> int:
    """The last sign of the comments under this heading, or -1 if nothing speaks for comments there."""
    last, seen, early = heading, 0, False
    for number in range(heading + 1, len(story.shapes)):
        labelled = story.states[number] == st.LABEL and story.shapes.label[number]
        if number - last > _NEAR or labelled or _begins_article(story, number):
            break
        if story.shapes.sign[number]:
            seen += not _is_heading(story.shapes, number)
            early = early or number - heading <= _FIRST
            last = number
    return last if seen >= _ENOUGH or (seen and early) else -1


def _begins_article(story: Story, number: int) -> bool:
    """Whether a headline stands here that somebody signs."""
    below = slice(number + 1, number + 1 + _SIGNED_WITHIN)
    return story.states[number] == st.HEADLINE and not _SIGNED.isdisjoint(story.shapes.kind[below])


def _mark(story: Story, heading: int, last: int, gone: dict[int, int]) -> int:
    """Note what is of the comments; returns the line after it. The words of the last comment may stand below its sign."""
    number = heading
    while number < len(story.states) and not _begins_article(story, number):
        state = story.states[number]
        if number > last + 1 and state in _ELSEWHERE:
            break
        if number <= last + (story.shapes.pattern[last] != NUMBER["comments"]) or state in _OF_ARTICLES:
            gone[number] = st.FURNITURE
        number += 1
    return number
