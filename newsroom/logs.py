"""One line an event, whatever is in it: what a visitor sent cannot begin a line of its own and look like another event."""

from __future__ import annotations

import logging
from typing import Any

FORBIDDEN = 403


class LineFormatter(logging.Formatter):
    """Writes control characters and line ends of a message as escapes; a traceback keeps its lines, indented.

    Of what was refused it also says to whom.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        return _escaped(super().formatMessage(record) + _to_whom(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        return "\n".join(f"    {_escaped(line)}" for line in super().formatException(ei).split("\n"))


def _to_whom(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    # The development server calls a bare socket so.
    if not hasattr(request, "META") or getattr(record, "status_code", None) != FORBIDDEN:
        return ""
    from newsroom.http import client_address  # logging is set up before there are models

    # Only if somebody asked already who it is: that takes the database, which may be what fails.
    name = getattr(getattr(request, "_cached_user", None), "username", "")
    return f" (to {name or 'nobody who signed in'}, from {client_address(request)})"


def _escaped(text: str) -> str:
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    """The character, or its escape if it could end a line, move a terminal's cursor, or turn the direction of text."""
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
