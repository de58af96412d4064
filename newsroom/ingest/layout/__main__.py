"""python -m newsroom.ingest.layout [--colour | --no-colour] FILE: print a UTF-8 dump with the label, confidence and rule of each block."""

import argparse
import os
import sys
from pathlib import Path

from newsroom.ingest.layout import parse_page
from newsroom.ingest.layout.explain import explain


def main() -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m newsroom.ingest.layout", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--colour", action=argparse.BooleanOptionalAction, default=sys.stdout.isatty())
    arguments = parser.parse_args()
    try:
        text = arguments.file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        parser.error(f"cannot read {arguments.file}: {error.strerror}")
    try:
        sys.stdout.writelines(f"{line}\n" for line in explain(parse_page(text), colour=arguments.colour))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads (`head`, a pager) has seen enough. Python flushes once more at exit: let that go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
