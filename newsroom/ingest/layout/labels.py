"""Labels that an export sets before the parts of a story: `Headline: …`, `Author: …`, `Text: …`.

Author and date are known by their labels (`patterns.py`); those of the headline and the text are taken off here, so that what
follows sees the words alone.
"""

from newsroom.ingest.layout.lines import Line

_TITLES = frozenset({"headline:", "title:"})
# What these open with: most lines are let go unread.
_OPENING = frozenset("HhTt")
_TEXTS = frozenset({"text:", "body:"})
_OTHERS = _TEXTS | {"author:", "authors:", "by:", "byline:", "date:", "published:", "source:", "section:"}
# Within so many lines of the headline's label another one stands, and the text's.
_NEAR = 10


def take_labels_off(lines: list[Line]) -> list[Line]:
    """The lines without the labels of headlines and texts; a label on a line of its own goes with the line below.

    A label counts only in company: a headline may well begin with "Title:".
    """
    found = list(lines)
    alone: set[int] = set()
    for number in [number for number, line in enumerate(lines) if line.text[0] in _OPENING]:
        line = lines[number]
        if _label(line) not in _TITLES or " " not in line.text:
            continue
        below = range(number + 1, min(len(lines), number + 1 + _NEAR))
        if not any(_label(lines[other]) in _OTHERS for other in below):
            continue
        found[number] = found[number]._replace(text=line.text.partition(" ")[2])
        text = next((other for other in below if _label(lines[other]) in _TEXTS), None)
        if text is None:
            continue
        if " " in lines[text].text:
            found[text] = found[text]._replace(text=lines[text].text.partition(" ")[2])
        elif text + 1 < len(lines):
            found[text + 1] = found[text + 1]._replace(start=found[text].start, blanks=found[text].blanks)
            alone.add(text)
    return [line for number, line in enumerate(found) if number not in alone] if alone else found


def _label(line: Line) -> str:
    first = line.first
    return first.lower() if first[-1] == ":" else ""
