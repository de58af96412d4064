"""An import takes as much memory for a large dump as for a small one (``pytest -m crash``: it takes a minute a database)."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.databases import empty_database

# So many that what is remembered of names and texts, which is bounded, is full; and as many again.
FIRST, LAST = 24_000, 48_000
MOST_MORE = 20  # megabytes
STORY = (
    "Ferry number {n} leaves late\n\nThe boat of pier {p} left {n} minutes late on Monday, the port said.\n\n"
    '"We waited for {n} people," said Mara Quill {n}, the master of pier {p}.'
)


def peak_of(running: subprocess.Popen[str]) -> float:
    """The most memory that the process ever had, in MB."""
    status = Path(f"/proc/{running.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


@pytest.mark.crash
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the kernel does not tell the peak of a process")
def test_memory_stays_flat_whatever_the_size_of_the_dump(tmp_path: Path) -> None:
    database = empty_database(tmp_path, "memory")
    database.run("migrate", "-v0")
    running = database.start("import_dump", "--workers", "1", "-", stdin=subprocess.PIPE)
    assert running.stdin is not None
    peaks = []
    for number in range(LAST):
        running.stdin.write(json.dumps({"text": STORY.format(n=number, p=number * 7)}) + "\n")
        # The pipe holds little: what is written has been read, but for some hundred stories.
        if number + 1 in {FIRST, LAST}:
            peaks.append(peak_of(running))
    out, errors = running.communicate(timeout=300)
    assert running.returncode == 0, errors
    assert re.search(rf"documents +{LAST:,} +0 +0 +0\n|documents +{LAST} +0 +0 +0\n", out), out
    assert peaks[1] - peaks[0] < MOST_MORE, peaks
