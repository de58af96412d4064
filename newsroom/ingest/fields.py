"""The bytes of a document by its media type -> its text or markup, and what its fields say about it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from newsroom.ingest.decode import Decoded, NotTextError, clean, decode, mend
from newsroom.ingest.readers.incoming import CSV, HTML, JSON, MAIL, PARTIAL, Hints
from newsroom.ingest.readers.kinds import COLUMNS, columns_of, find_delimiter, is_html, meaning_of

# A field's own limit would be the library's; a document's size is bounded before.
_LONGEST_FIELD = 1 << 30
_LONGEST_HINT = 2_000
_NAMES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Fields:
    """What a document says: ``text`` (markup, if ``html``), ``hints`` from its other columns, and how it was decoded."""

    text: str
    html: bool
    encoding: str
    mended: bool
    hints: Hints = field(default_factory=Hints)


def read_fields(data: bytes, media_type: str, charset: str = "") -> Fields:
    """Read a document. ``charset``: the encoding declared beside it. Raises ``NotTextError`` if there is no text in it."""
    if media_type == PARTIAL:
        raise NotTextError("is what came before its file broke off: import the whole file")
    reader = _READERS.get(media_type)
    if reader is not None:
        return reader(data, charset)
    decoded = decode(data, charset, markup=media_type == HTML)
    return _as_is(decoded, html=media_type == HTML)


def _as_is(decoded: Decoded, *, html: bool) -> Fields:
    return Fields(decoded.text, html, decoded.encoding, decoded.mended)


def _json(data: bytes, charset: str) -> Fields:
    decoded = decode(data, charset)
    try:
        # A line end inside a string is against the rules, and common.
        record = json.loads(decoded.text, strict=False)
    except json.JSONDecodeError as error:
        raise NotTextError(f"is not a JSON object: {error.msg} at character {error.pos:,}") from error
    except (RecursionError, ValueError) as error:
        raise NotTextError(
            "is not a JSON object that could be read: it is nested too deeply, or holds a huge number"
        ) from error
    if not isinstance(record, dict):
        raise NotTextError("is not a JSON object with a key for the text")
    return _record(record, decoded, "key")


def _csv(data: bytes, charset: str) -> Fields:
    decoded = decode(data, charset)
    heading, _, row = decoded.text.partition("\n")
    delimiter = find_delimiter(heading, ".csv")
    if not delimiter:
        raise NotTextError("is a row of a table whose heading names no column of text")
    csv.field_size_limit(_LONGEST_FIELD)
    columns = columns_of(heading, delimiter)
    try:
        cells = next(csv.reader(io.StringIO(row, newline=""), delimiter=delimiter), [])
    except csv.Error as error:
        raise NotTextError(f"is not a row of a table ({error})") from error
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        raise NotTextError(
            f"has {len(cells)} cells, and the heading names {len(columns)} columns: a {delimiter!r} in a cell must stand in quotation marks"
        )
    return _record(dict(zip(columns, cells, strict=False)), decoded, "column")


def _record(record: Mapping[str, Any], decoded: Decoded, called: str) -> Fields:
    """The text of a record, from the first of the spellings of its column that holds one, and the other columns as hints."""
    found = _by_meaning(record)
    for meaning in ("text", "html"):
        text = "\n\n".join(found.get(meaning, ()))
        if text.strip():
            text, mended = mend(text)
            return Fields(
                clean(text),
                meaning == "html" or is_html(text),
                decoded.encoding,
                mended or decoded.mended,
                _hints(found),
            )
    if any(meaning_of(name) in ("text", "html") for name in record):
        raise NotTextError(f"has nothing in its {called} of text")
    names = ", ".join(clean(name)[:40] for name in list(record)[:_NAMES_SHOWN])
    raise NotTextError(f"has no {called} of text such as “text” or “html”; it has: {names or 'none'}")


def _by_meaning(record: Mapping[str, Any]) -> dict[str, list[str]]:
    """What each of the known columns says: the spelling believed first wins, if it says anything."""
    chosen: dict[str, tuple[int, list[str]]] = {}
    for name, value in record.items():
        meaning = meaning_of(name)
        said = _strings(value) if meaning else []
        if said:
            rank = COLUMNS[meaning].index("".join(char for char in name.casefold() if char.isalnum()))
            if meaning not in chosen or rank < chosen[meaning][0]:
                chosen[meaning] = rank, said
    return {meaning: said for meaning, (_, said) in chosen.items()}


def _strings(value: Any) -> list[str]:
    """A value as strings: text, a number, a list of such, or of objects with a name."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int | float):
        return [str(value)]
    if isinstance(value, dict):
        return next((_strings(value[key]) for key in ("name", "text", "@value", "url") if key in value), [])
    if isinstance(value, list):
        # Not of lists again: nothing here is nested deeper than a list of objects.
        return [said for item in value if not isinstance(item, list) for said in _strings(item)]
    return []


def _hints(found: Mapping[str, list[str]]) -> Hints:
    tidy = {
        meaning: [" ".join(clean(mend(value)[0]).split()) for value in values if len(value) <= _LONGEST_HINT]
        for meaning, values in found.items()
        if meaning not in ("text", "html")
    }
    first = {meaning: values[0] for meaning, values in tidy.items() if values and meaning != "authors"}
    return Hints(**first, authors=tuple(filter(None, tidy.get("authors", ()))))


def _mail(data: bytes, charset: str) -> Fields:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain", "html"))
    payload = body.get_payload(decode=True) if body is not None else None
    if body is None or not isinstance(payload, bytes):
        raise NotTextError("is a message without text")
    html = body.get_content_type() == HTML
    fields = _as_is(decode(payload, body.get_content_charset() or charset, markup=html), html=html)
    said = {name: [str(message.get(name, ""))] for name in ("subject", "date")}
    return replace(fields, hints=_hints({"title": said["subject"], "published": said["date"]}))


_READERS: dict[str, Callable[[bytes, str], Fields]] = {JSON: _json, CSV: _csv, MAIL: _mail}
