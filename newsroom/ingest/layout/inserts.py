"""What stands among the paragraphs of an article, or at its edges, and says by its own words that it is not of them.

Rulers and end marks, lines of a picture (a button, whose it is, a caption that closes with it), notices about cookies, boxes of links.
"""

import re

from newsroom.ingest.layout import states as st
from newsroom.ingest.layout.comments import comments_below
from newsroom.ingest.layout.lines import rank_of
from newsroom.ingest.layout.patterns import LONGEST, LONGEST_CAPTION, NUMBER, closes_with_credit
from newsroom.ingest.layout.rules import PARAGRAPHS, Changes, Rules, Story, take_out
from newsroom.ingest.layout.shape import HEAD

_LONGEST_CREDIT, _LONGEST_BUTTON, _LONGEST_LABEL = 90, 40, 40
_AGENCY = r"(?:getty(?: images)?|ap(?: photo)?|afp|reuters|epa(?:-efe)?|upi|dpa|shutterstock|alamy|istock|pa(?: wire| media)?|bloomberg)"
_CREDIT = re.compile(
    rf"(?:{_AGENCY}(?:\s*(?:/|via|\|)\s*[\w .'’/-]{{2,50}})?|"
    r"(?:photo(?:graph)?s?|image|picture|illustration)s?(?: by |: | credit: | courtesy of ?)[\w .'’,/&-]{2,70}|"
    r"[(\[][^\W\d_][\w .'’-]{2,40}/[\w .'’&-]{2,40}[)\]])$",
    re.IGNORECASE,
)
_NAMED_CREDIT = re.compile(rf"[\w .'’-]{{2,40}}(?:/| via |\|){_AGENCY}(?: via {_AGENCY})?$", re.IGNORECASE)
_CREDIT_END = NUMBER["credit-end"]
_PICTURE = re.compile(r"\d{1,3} (?:of|/) \d{1,3}\s*(?:\||–|—|:|$)", re.IGNORECASE)
_BUTTON = re.compile(
    r"(?:enlarge (?:this )?image|view image in fullscreen|view (?:full(?:[ -]?size|screen)|larger) image|(?:hide|toggle|show|view) caption|"
    r"skip (?:ad|ads|advert|advertisement|past .{1,30})|play (?:video|audio)|open image in gallery|image \d+ of \d+)\.?$",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"(?:this (?:web ?)?(?:site|page)|we|our (?:web ?)?site|by using (?:this|our) (?:web ?)?site)\b[^.\"“]{0,60}\bcookies\b|"
    r"(?:we value|we respect|we care about|your) (?:your )?privacy\b|we and our (?:\d+ )?(?:third[- ]party )?partners\b|"
    r"by (?:continuing|clicking|using|accepting)\b[^\"“]{0,90}\b(?:cookies|privacy policy|terms of (?:use|service))\b",
    re.IGNORECASE,
)
_LINKS = re.compile(
    r"(?:(?:read|see|watch)(?: more| also| next)|also read|see also|more to read|"
    r"related(?: (?:stories|articles|links|coverage|news|content|reading))?|more (?:on|from|about) .{2,30}|"
    r"editor(?:s|['’]s|s['’])? (?:picks?|choice)|recommended(?: (?:for you|reading|stories))?|"
    r"you (?:may|might) (?:also )?like|further reading|most (?:read|popular|viewed|shared)|trending(?: now)?|don['’]t miss|"
    r"top stories|latest (?:news|stories)|must reads?)\s*[:»>]?$",
    re.IGNORECASE,
)
# What such a label opens with: most lines are let go unread.
_LINKS_OPEN = frozenset(
    [
        "read",
        "see",
        "watch",
        "also",
        "more",
        "related",
        "editor",
        "editors",
        "editor's",
        "editor’s",
        "editors'",
        "recommended",
        "you",
        "further",
        "most",
        "trending",
        "don't",
        "don’t",
        "top",
        "latest",
        "must",
    ]
)
_BETWEEN = PARAGRAPHS | {st.FURNITURE, st.HEADER, st.LABEL, st.TEASER}
_LINK, _LINK_WORDS, _FEWEST_LINKS = 110, 3, 2


def rulers(story: Story) -> Changes:
    """A ruler or an end mark is no paragraph."""
    states, found = story.states, story.shapes.named(NUMBER["separator"])
    return take_out(states, {number: st.FURNITURE for number in found if states[number] in PARAGRAPHS})


def pictures(story: Story) -> Changes:
    """What stands at a picture: a button is furniture; a line that says whose it is, or closes with it, a caption."""
    found: dict[int, int] = {}
    paragraphs, shapes, lengths = story.paragraphs(), story.shapes, story.shapes.length
    for number in [number for number in paragraphs if lengths[number] <= LONGEST_CAPTION]:
        length, text = lengths[number], shapes.text[number]
        if length <= _LONGEST_BUTTON and _BUTTON.match(text):
            found[number] = st.FURNITURE
        elif (
            (length <= _LONGEST_CREDIT and _is_credit(text))
            or (text[0].isdigit() and _PICTURE.match(text))
            # The credit that a long line of not too many words closes with is known by its pattern.
            or (
                shapes.pattern[number] == _CREDIT_END
                if length > LONGEST and shapes.many[number] < HEAD
                else closes_with_credit(text)
            )
        ):
            found[number] = st.CAPTION
    # A text of nothing else is left as it is: it would be no article.
    if len(found) < len(paragraphs):
        yield from take_out(story.states, found)


def _is_credit(text: str) -> bool:
    """Whether a line is nothing but whose picture it stands at."""
    if text.endswith("."):
        return False
    # Few lines have what parts a name from an agency: the others are let go unread.
    named = ("/" in text or "|" in text or " via " in text.lower()) and _NAMED_CREDIT.match(text)
    return bool(named or _CREDIT.match(text))


def notices(story: Story) -> Changes:
    """A notice about cookies above the first or below the last paragraph of an article."""
    gone: dict[int, int] = {}
    body = story.paragraphs()
    for numbers in (body, body[::-1]):
        for number in numbers:
            if not _NOTICE.match(story.shapes.text[number]):
                break
            gone[number] = st.FURNITURE
    return take_out(story.states, gone)


def links_inside(story: Story) -> Changes:
    """A box of links in an article: its label, and the bulleted lines or bare headlines right below."""
    gone: dict[int, int] = {}
    states, count = story.states, len(story.states)
    # Nothing is taken below the last paragraph.
    last = max(story.paragraphs(), default=-1)
    labels = [
        number
        for number, length in enumerate(story.shapes.length[: min(last + 1, count - 1)])
        if length <= _LONGEST_LABEL and story.shapes.key[number].partition(" ")[0] in _LINKS_OPEN
    ]
    for number in labels:
        if states[number] not in _BETWEEN or number in gone or not _LINKS.match(story.shapes.text[number]):
            continue
        bulleted = bool(story.lines.bullet[number + 1])
        end = number + 1
        while end < count and states[end] in _BETWEEN and _is_link(story, end, bulleted):
            end += 1
        taken = any(states[line] in PARAGRAPHS for line in range(number, end))
        if taken and end - number - 1 >= (1 if bulleted else _FEWEST_LINKS):
            gone.update(dict.fromkeys(range(number + 1, end), st.ITEM))
            gone[number] = st.LABEL
    return take_out(states, gone)


def ranked(story: Story) -> Changes:
    """Short lines that count 1, 2, 3 below a label are a list, and none of them a headline."""
    gone: dict[int, int] = {}
    for number in story.shapes.labels():
        if number in gone:
            continue
        end = number + 1
        while end < len(story.lines) and _is_ranked(story, end, end - number):
            end += 1
        if end - number - 1 >= _FEWEST_LINKS:
            gone[number] = st.LABEL
            gone.update(dict.fromkeys(range(number + 1, end), st.ITEM))
    return take_out(story.states, gone)


def _is_ranked(story: Story, number: int, rank: int) -> bool:
    return (
        story.shapes.length[number] <= _LINK
        and rank_of(story.lines, number)[0] == rank
        and not story.lines.text[number].endswith((".", ":"))
    )


def _is_link(story: Story, number: int, bulleted: bool) -> bool:
    text, bullet, length = story.lines.text[number], story.lines.bullet[number], story.shapes.length[number]
    if bulleted:
        return bool(bullet) and length <= LONGEST_CAPTION
    return (
        not bullet
        and story.shapes.pattern[number] == 0
        and length <= _LINK
        and text.count(" ") + 1 >= _LINK_WORDS
        and text[-1] not in '.:;,”"…'
    )


INSERTS: Rules = (
    ("comments-below", comments_below),
    ("ruler", rulers),
    ("picture", pictures),
    ("notice-at-edge", notices),
    ("links-inside", links_inside),
    ("ranked", ranked),
)
