"""`python -m quotes.extraction FILE [--json] [--explain]`."""

from quotes.extraction.cli import main

raise SystemExit(main())
