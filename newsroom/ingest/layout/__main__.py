"""python -m newsroom.ingest.layout [--colour | --no-colour] FILE|-: print a dump with the label, confidence and rule of each block.

The text is decoded as an import decodes it. The exit code is 2 if the file cannot be read or holds no text.
"""

import argparse
import os
import sys
from pathlib import Path

from newsroom.ingest.decode import NotTextError, decode
from newsroom.ingest.layout import parse_page
from newsroom.ingest.layout.explain import explain


def main() -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m newsroom.ingest.layout",
        description="What each line of a dump is taken for: its label, confidence and rule.",
        epilog="The exit code is 2 if the file cannot be read or holds no text.",
    )
    parser.add_argument(
        "file", type=Path, help="a text file in any encoding that an import reads; - for standard input"
    )
    parser.add_argument("--colour", action=argparse.BooleanOptionalAction, default=sys.stdout.isatty())
    arguments = parser.parse_args()
    try:
        data = sys.stdin.buffer.read() if str(arguments.file) == "-" else arguments.file.read_bytes()
        text = decode(data).text
    except OSError as error:
        parser.error(f"cannot read {arguments.file}: {error.strerror}")
    except NotTextError as error:
        parser.error(f"{arguments.file} {error}")
    try:
        sys.stdout.writelines(f"{line}\n" for line in explain(parse_page(text), colour=arguments.colour))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads (`head`, a pager) has seen enough. Python flushes once more at exit: let that go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
