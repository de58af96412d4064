"""Labels that an export sets before the parts of a story: `Headline: …`, `Author: …`, `Text: …`.

Author and date are known by their labels (`patterns.py`); those of the headline and the text are taken off here, so that what
follows sees the words alone.
"""

from newsroom.ingest.layout.lines import Lines

_TITLES = frozenset({"headline:", "title:"})
# What these open with: most lines are let go unread.
_OPENING = frozenset("HhTt")
_TEXTS = frozenset({"text:", "body:"})
_OTHERS = _TEXTS | {"author:", "authors:", "by:", "byline:", "date:", "published:", "source:", "section:"}
# Within so many lines of the headline's label another one stands, and the text's.
_NEAR = 10


def take_labels_off(lines: Lines) -> Lines:
    """The lines without the labels of headlines and texts; a label on a line of its own goes with the line below.

    A label counts only in company: a headline may well begin with "Title:".
    """
    texts = lines.text
    titles = [
        number
        for number, text in enumerate(texts)
        if text[0] in _OPENING and _label(text) in _TITLES and " " in text and _has_company(texts, number)
    ]
    if not titles:
        return lines
    found, alone = list(lines), set()
    for number in titles:
        found[number] = found[number]._replace(text=texts[number].partition(" ")[2])
        text = next((other for other in _below(texts, number) if _label(texts[other]) in _TEXTS), None)
        if text is None:
            continue
        if " " in texts[text]:
            found[text] = found[text]._replace(text=texts[text].partition(" ")[2])
        elif text + 1 < len(texts):
            found[text + 1] = found[text + 1]._replace(start=found[text].start, blanks=found[text].blanks)
            alone.add(text)
    return Lines.of([line for number, line in enumerate(found) if number not in alone])


def _below(texts: list[str], number: int) -> range:
    return range(number + 1, min(len(texts), number + 1 + _NEAR))


def _has_company(texts: list[str], number: int) -> bool:
    return any(_label(texts[other]) in _OTHERS for other in _below(texts, number))


def _label(text: str) -> str:
    first = text.partition(" ")[0]
    return first.lower() if first[-1] == ":" else ""
