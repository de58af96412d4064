"""A strict reading of a page: what browsers forgive, these checks do not."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

import html5lib
from html5lib.constants import E as MESSAGES

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
DATA = "application/ld+json"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: Counter[str] = Counter()
        self.tags: Counter[str] = Counter()
        self.fragments: list[str] = []
        self.labels_for: list[str] = []
        self.text: list[str] = []
        self.links: list[str] = []
        self.data: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if values.get("type") == DATA:
            tag = DATA  # no browser runs it: a script in name only
        self.tags[tag] += 1
        if len(values) != len(attrs):
            self.faults.append(f"<{tag}> repeats an attribute: {attrs}")
        self.faults += _attribute_faults(tag, values)
        self._note(tag, values)
        if tag == "li" and self.open[-1:] not in (["ul"], ["ol"]):
            self.faults.append("<li> outside a list")
        if tag not in VOID:
            self.open.append(tag)
        if tag == DATA:
            self.data.append("")

    def _note(self, tag: str, values: dict[str, str]) -> None:
        href = values.get("href", "")
        if "id" in values:
            self.ids[values["id"]] += 1
        if tag == "a":
            self.links.append(href)
        if tag == "label":
            self.labels_for.append(values.get("for", ""))
        if href.startswith("#") and len(href) > 1:
            self.fragments.append(href[1:])

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            self.faults.append(f"</{tag}> closes a void element")
        elif tag == "script" and self.open[-1:] == [DATA]:
            self.open.pop()
        elif not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> where {self.open[-1:]} is open")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == [DATA]:
            self.data[-1] += data
        else:
            self.text.append(data)


def _attribute_faults(tag: str, values: dict[str, str]) -> list[str]:
    rules = {
        "inline script or style": any(name.startswith("on") or name == "style" for name in values) or tag == "style",
        "a link that runs a script": values.get("href", "").strip().lower().startswith("javascript:"),
        "an inline script": tag == "script" and not values.get("src"),
        "a picture without alternative text": tag == "img" and "alt" not in values,
        "a picture that has no size before it is loaded": tag == "img" and not {"width", "height"} <= set(values),
    }
    return [f"<{tag} {values}> is {fault}" for fault, broken in rules.items() if broken]


def read(content: bytes) -> _Reader:
    reader = _Reader()
    reader.feed(content.decode())
    reader.close()
    return reader


def _parse_errors(content: bytes) -> list[str]:
    """What the parsing rules of the HTML standard call an error, with its line."""
    parser = html5lib.HTMLParser()
    parser.parse(content, transport_encoding="utf-8")
    return [f"line {place[0]}: {MESSAGES[code] % data}" for place, code, data in parser.errors]


def faults(content: bytes) -> list[str]:
    """What is wrong with a page, in words; nothing for a good one."""
    reader = read(content)
    found = [*reader.faults, *_parse_errors(content)]
    found += [f"<{tag}> is never closed" for tag in reader.open]
    found += [f"id {name!r} is used {count} times" for name, count in reader.ids.items() if count > 1]
    found += [f"#{name} leads nowhere" for name in reader.fragments if name not in reader.ids]
    found += [f"a label is for {name!r}, which is not there" for name in reader.labels_for if name not in reader.ids]
    found += [f"{reader.tags[tag]} <{tag}>, not one" for tag in ("h1", "main", "title") if reader.tags[tag] != 1]
    return found


def text(content: bytes) -> str:
    """All that can be read on the page, on one line."""
    return " ".join(" ".join(read(content).text).split())
