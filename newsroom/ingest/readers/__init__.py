"""Where documents come from: files, directories, globs and standard input; archives, tables, web archives and mailboxes in them.

    paths | files | unpack | split -> Incoming, lazily and in a stable order; memory is bounded by one document

What a file is, is told by its content. Whatever is in it, reading goes on: what cannot be read comes as an `Incoming` with a `problem`.
"""

from newsroom.ingest.readers.incoming import (
    CSV,
    HTML,
    JSON,
    MAIL,
    PARTIAL,
    PLAIN,
    Hints,
    Incoming,
    Limits,
    container_of,
    presentable,
    restore,
)
from newsroom.ingest.readers.source import STDIN, NothingToReadError, Source, open_source

__all__ = [
    "CSV",
    "HTML",
    "JSON",
    "MAIL",
    "PARTIAL",
    "PLAIN",
    "STDIN",
    "Hints",
    "Incoming",
    "Limits",
    "NothingToReadError",
    "Source",
    "container_of",
    "open_source",
    "presentable",
    "restore",
]
