"""A drop folder: files that appear in it are handed out once nobody writes to them any more.

It is looked at again and again. Notices of the system's own (inotify and the like) say neither when a file is complete
nor anything at all on network drives, where drop folders mostly are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

# Seconds between two looks. A file is complete when two looks in a row show the same size and time of change.
PAUSE = 2.0
# Names under which programs write what is not complete yet.
UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", "~")

Mark = tuple[int, int]


@dataclass(slots=True)
class DropFolder:
    """``new_files`` waits for complete files; ``wait`` pauses for some seconds and says whether to stop."""

    path: Path
    wait: Callable[[float], bool]
    pause: float = PAUSE
    _seen: dict[str, Mark] = field(default_factory=dict)
    _taken: dict[str, Mark] = field(default_factory=dict)
    _looked: bool = False

    def new_files(self) -> list[str]:
        """Files that are complete and were not handed out before as they are now, sorted; none if asked to stop.

        A file that changes later is handed out again. The folder may be emptied, or vanish and come back.
        """
        while not (self._looked and self.wait(self.pause)):
            self._looked = True
            now = dict(_marks(self.path))
            ready = sorted(name for name, mark in now.items() if self._seen.get(name) == mark != self._taken.get(name))
            self._seen = now
            # What is gone is forgotten: under its name may come something else.
            self._taken = {name: mark for name, mark in self._taken.items() if name in now}
            self._taken |= {name: now[name] for name in ready}
            if ready:
                return ready
        return []


def _marks(folder: Path) -> Iterator[tuple[str, Mark]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name.endswith(UNFINISHED) or entry.is_symlink():
            continue
        try:
            if entry.is_dir():
                yield from _marks(Path(entry.path))
            elif entry.is_file():
                found = entry.stat()
                yield entry.path, (found.st_size, found.st_mtime_ns)
        except OSError:
            continue  # Gone between two looks.
