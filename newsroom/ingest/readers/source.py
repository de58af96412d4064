"""Paths to files: files, directories, globs and standard input, in a stable order."""

from __future__ import annotations

import glob
import hashlib
import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from newsroom.ingest.readers.incoming import Incoming, Limits, presentable
from newsroom.ingest.readers.streams import Stream
from newsroom.ingest.readers.unpack import Budget
from newsroom.ingest.readers.walk import Walk

STDIN = "-"
# What stands in a directory; all but files and directories below it are passed over.
FILE, DIRECTORY, HIDDEN, LINK, SPECIAL = "file", "directory", "hidden", "link", "special"
_GLOB = frozenset("*?[")
_HOLDS_NOTHING = (
    "holds no document: it is an archive or table with nothing in it, or a crawl without pages of text. "
    "If there should be some, get it anew"
)
_ONE_DOCUMENT = {"", ".txt", ".text", ".md", ".html", ".htm"}


class NothingToReadError(ValueError):
    """The paths lead to no document at all; the message says which path and why."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the given paths lead to. ``left_out``: of what kind was passed over where it was last read, and how much."""

    paths: tuple[str, ...]
    stdin: BinaryIO | None
    limits: Limits
    left_out: Counter[str] = field(default_factory=Counter, compare=False)

    def expected(self) -> int | None:
        """How many documents these are, if the files' names say that each is one; None where only reading can tell."""
        number = 0
        for path in self.paths:
            for file in _files(path, Counter()):
                if file is None or file.suffix.lower() not in _ONE_DOCUMENT:
                    return None
                number += 1
        return number

    def __iter__(self) -> Iterator[Incoming]:
        self.left_out.clear()
        for path in self.paths:
            for file in _files(path, self.left_out):
                yield from map(_storable, self._read(file))

    def _read(self, file: Path | None) -> Iterator[Incoming]:
        walk = Walk(self.limits, Budget(self.limits.unpacked))
        if file is None:
            assert self.stdin is not None  # `open_source` saw to it
            yield from walk.documents(Stream(self.stdin), "standard input")
            return
        try:
            is_empty = True
            with file.open("rb", buffering=0) as raw:
                for incoming in walk.documents(Stream(raw, raw), str(file)):
                    is_empty = False
                    yield _known_again(incoming, file) if incoming.data is None else incoming
            if is_empty:
                yield _known_again(Incoming(str(file), None, _HOLDS_NOTHING), file)
        except OSError as error:
            yield Incoming(str(file), None, f"cannot be read: {error.strerror or error}")


def open_source(paths: Sequence[str], *, stdin: BinaryIO | None, limits: Limits) -> Source:
    """The documents that ``paths`` lead to (files, directories, glob patterns, ``-`` for ``stdin``), in a stable order.

    What is larger or deeper than ``limits`` allow is not loaded: it comes with a problem instead of its bytes.
    Raises ``NothingToReadError`` if a path does not exist or leads to no file, before anything is read.
    """
    if paths.count(STDIN) > 1:
        raise NothingToReadError("'-' is given more than once, and standard input can be read only once.")
    for path in paths:
        if path == STDIN:
            if stdin is None:
                raise NothingToReadError("'-' reads standard input, and there is none.")
        elif not path.strip():
            # An unset shell variable; Path("") would be the current directory.
            raise NothingToReadError("One of the paths is empty. The current directory is called '.'.")
        elif next(_files(path, Counter()), None) is None:
            raise NothingToReadError(_nothing(path))
    return Source(tuple(paths), stdin, limits)


def _known_again(incoming: Incoming, file: Path) -> Incoming:
    """With size and SHA-256 of the file, if that is what could not be loaded."""
    if incoming.name != str(file):
        return incoming
    with file.open("rb") as raw:
        digest = hashlib.file_digest(raw, "sha256").hexdigest()
        return incoming._replace(size=raw.tell(), sha256=digest)


def _storable(incoming: Incoming) -> Incoming:
    """The document under a name, and with hints, that a database takes: names of files and members are any bytes."""
    hints = incoming.hints
    said = (incoming.name, incoming.problem, hints.url, hints.retrieved_at, hints.charset)
    if all(map(str.isprintable, said)):
        return incoming
    name, problem, url, retrieved_at, charset = map(presentable, said)
    hints = hints._replace(url=url, retrieved_at=retrieved_at, charset=charset)
    return incoming._replace(name=name, problem=problem, hints=hints)


def _nothing(path: str) -> str:
    if _GLOB & set(path):
        return f"No file matches {path!r}."
    if Path(path).is_dir():
        return f"The directory {path!r} holds no readable files."
    if Path(path).exists():
        return f"{path!r} is neither a file nor a directory."
    return f"There is no file or directory {path!r}."


def _files(path: str, left_out: Counter[str]) -> Iterator[Path | None]:
    """The files of one path, sorted within each directory; None stands for standard input."""
    if path == STDIN:
        yield None
        return
    place = Path(path)
    if place.is_dir():
        yield from _walk(place, left_out)
    elif place.is_file():
        yield place
    elif _GLOB & set(path):
        for name in sorted(glob.glob(path, recursive=True)):  # noqa: PTH207 - Path.glob takes no absolute patterns
            if Path(name).is_file():
                yield Path(name)
            elif "**" not in path:
                left_out[DIRECTORY if Path(name).is_dir() else SPECIAL] += 1


def _walk(directory: Path, left_out: Counter[str]) -> Iterator[Path]:
    """Regular files below, hidden ones and symbolic links left out: a link may lead anywhere.

    A directory that cannot be looked into stands for itself: whoever reads it is told why. Of each only names are held:
    there may be a million, and as deep as paths go.
    """
    open_now = [(directory, _names(directory))]
    while open_now:
        place, names = open_now[-1]
        name = next(names, None)
        if name is None:
            open_now.pop()
            continue
        entry = place / name
        kind = _kind(entry) if name else FILE  # Path("x") / "" is Path("x")
        if kind == FILE:
            yield entry
        elif kind == DIRECTORY:
            open_now.append((entry, _names(entry)))
        else:
            left_out[kind] += 1


def _names(directory: Path) -> Iterator[str]:
    """What is in a directory, sorted; "" alone if it cannot be looked into."""
    try:
        return iter(sorted(os.listdir(directory)))  # noqa: PTH208 - a path for each would take many times the memory
    except OSError:
        return iter([""])


def _kind(entry: Path) -> str:
    if entry.name.startswith("."):
        return HIDDEN
    try:
        mode = entry.lstat().st_mode
    except OSError:
        return FILE  # one that went since is missed when it is read
    if stat.S_ISREG(mode):
        return FILE
    return DIRECTORY if stat.S_ISDIR(mode) else LINK if stat.S_ISLNK(mode) else SPECIAL
