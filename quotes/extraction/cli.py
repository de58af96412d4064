"""What the command line shows, as pure functions from text to text.

    python -m quotes.extraction FILE|- [--json] [--explain]

`main` reads the file and returns the exit code; `manage.py extract_quotes` uses `render` alone.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from quotes.extraction import ExtractedQuote, extract_quotes
from quotes.extraction.explain import explain

WIDTHS = (8, 26, 12, 5)
SHOWN = 90  # characters of the words said that the table shows


def render(text: str, *, as_json: bool = False, explained: bool = False) -> str:
    """The quotes of `text` as a table, or as JSON Lines; with `explained` also which rule decided each and what it saw."""
    quotes = extract_quotes(text)
    reasons = explain(text) if explained else {}
    if as_json:
        return "\n".join(json_line(quote, reasons.get(quote.start)) for quote in quotes)
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(("kind", "speaker", "cue", "conf"), WIDTHS, strict=True))
        + "  words"
    ]
    for quote in quotes:
        lines.append(row(quote))
        if explained:
            lines += [f"    rule {quote.rule}", *(f"    {reason}" for reason in reasons.get(quote.start, []))]
    lines.append(f"{len(quotes)} quotes, {sum(quote.speaker is not None for quote in quotes)} with a speaker")
    return "\n".join(lines)


def row(quote: ExtractedQuote) -> str:
    """One line of the table."""
    cells = (quote.kind, quote.speaker or "-", quote.cue or "-", f"{quote.confidence:.2f}")
    words = " ".join(quote.text.split())
    shown = words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"
    return "  ".join(cell[:width].ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)) + "  " + shown


def json_line(quote: ExtractedQuote, reasons: list[str] | None) -> str:
    """One line of JSON Lines."""
    fields = quote.as_dict()
    if reasons is not None:
        fields["seen"] = reasons
    return json.dumps(fields, ensure_ascii=False)


class UnreadableError(Exception):
    """A file that cannot be read as text; the message says why in plain words."""


def read_text(path: Path) -> str:
    """The text of a file, or of standard input for `-`, as UTF-8. Raises UnreadableError."""
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise UnreadableError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"{path}: is not UTF-8 text: byte {error.object[error.start]:#04x} at offset {error.start}"
        ) from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the quotes of a file; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m quotes.extraction",
        description="Who said what in a text file.",
        epilog="The exit code is 0 when the text was read, with or without quotes, and 2 when it cannot be or an option is wrong.",
    )
    parser.add_argument(
        "file", type=Path, help="a text file in UTF-8, its paragraphs on lines of their own; - for standard input"
    )
    parser.add_argument("--json", action="store_true", help="JSON Lines, one quote a line")
    parser.add_argument("--explain", action="store_true", help="also which rule decided, and what it saw")
    options = parser.parse_args(arguments)
    try:
        text = read_text(options.file)
    except UnreadableError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    shown = render(text, as_json=options.json, explained=options.explain)
    try:
        sys.stdout.write(shown + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # the reader (`| head`) has seen enough; what is still in the buffer goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
