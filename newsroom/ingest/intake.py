"""What of a source is taken in: each function passes documents on, lazily, and leaves some out."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path
from stat import S_ISDIR

from newsroom.ingest.readers import Incoming, container_of
from newsroom.ingest.worker import Outcome, left_unread

NAME_LENGTH = 1000
# Documents that are asked for at once: few at first, so that whoever reads them soon has something to do.
_ASKED_FOR = (1, 2, 4, 8, 16, 32)
_MOST_ASKED_FOR, _MOST_BYTES = 64, 1_000_000


@dataclass(slots=True)
class Until:
    """The documents until somebody has ``asked`` to stop, or ``limit`` of them. ``cut``: whether there were more."""

    source: Iterable[Incoming]
    asked: Callable[[], bool]
    limit: int | None = None
    cut: bool = field(default=False, init=False)

    def __iter__(self) -> Iterator[Incoming]:
        for number, incoming in enumerate(self.source):
            if number == self.limit or self.asked():
                self.cut = True
                return
            yield incoming


@dataclass(slots=True)
class Remaining:
    """The documents that are not among those ``done``, by name: as often as a name was done, it is left out.

    Names are kept as eight bytes each, so that a million of them take eight megabytes.
    """

    source: Iterable[Incoming]
    done: Iterable[str]
    skipped: int = field(default=0, init=False)

    def __iter__(self) -> Iterator[Incoming]:
        numbers = array("Q", sorted(map(_number, self.done)))
        used = bytearray(len(numbers))
        for incoming in self.source:
            if _take(numbers, used, _number(incoming.name)):
                self.skipped += 1
            else:
                yield incoming


@dataclass(slots=True)
class Unread:
    """The documents, and for those of which the very bytes ``are_here`` already what they come to: nobody reads them again.

    ``are_here``: of SHA-256 hashes, those of documents that were taken in.
    """

    source: Iterable[Incoming]
    are_here: Callable[[Collection[str]], Collection[str]]

    def __iter__(self) -> Iterator[Incoming | Outcome]:
        for part in self._parts():
            hashes = list(map(_hash_of, part))
            here = self.are_here(set(hashes) - {""})
            for incoming, sha256 in zip(part, hashes, strict=True):
                yield left_unread(incoming) if sha256 in here else incoming

    def _parts(self) -> Iterator[list[Incoming]]:
        numbers = chain(_ASKED_FOR, repeat(_MOST_ASKED_FOR))
        part: list[Incoming] = []
        most, size = next(numbers), 0
        for incoming in self.source:
            part.append(incoming)
            size += len(incoming.data or b"")
            if len(part) == most or size >= _MOST_BYTES:
                yield part
                part, most, size = [], next(numbers), 0
        if part:
            yield part


def _hash_of(incoming: Incoming) -> str:
    """The identity of a document that can be read; "" for others."""
    return "" if incoming.data is None or incoming.problem else hashlib.sha256(incoming.data).hexdigest()


def _number(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name[:NAME_LENGTH].encode(errors="surrogateescape"), digest_size=8).digest())


def _take(numbers: array[int], used: bytearray, wanted: int) -> bool:
    place = bisect_left(numbers, wanted)
    while place < len(numbers) and numbers[place] == wanted:
        if not used[place]:
            used[place] = 1
            return True
        place += 1
    return False


@dataclass(slots=True)
class ChangedSince:
    """The documents of files that were changed at ``moment`` (seconds since 1970) or later. ``skipped``: how many others.

    A document in an archive has the archive's time; what is in no file (standard input) is passed on.
    """

    source: Iterable[Incoming]
    moment: float
    skipped: int = field(default=0, init=False)

    def __iter__(self) -> Iterator[Incoming]:
        for incoming in self.source:
            if self._is_recent(incoming.name):
                yield incoming
            else:
                self.skipped += 1

    def _is_recent(self, name: str) -> bool:
        path = Path(container_of(name))
        for place in (path, *path.parents):
            try:
                found = place.stat()
            except OSError:
                continue
            return S_ISDIR(found.st_mode) or found.st_mtime >= self.moment
        return True
