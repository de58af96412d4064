"""Prints the figures of the engine on both parts of the corpus:  python -m quotes.extraction.report ../shared/quotes-eval

The parts are those of fit.py: 700 articles that the weights were fitted on, 140 that they have not seen.
"""

import importlib
import sys
import time
from pathlib import Path
from typing import Any

from quotes.extraction import extract_quotes
from quotes.extraction.fit import read_corpus, split
from quotes.extraction.fit_reports import Article

SURE = 0.9


def figures(articles: list[Article], scorer: Any) -> dict[str, float]:
    """Percent of each figure of the scorer, and CPU milliseconds for 1,000 words."""
    begun = time.process_time()
    quotes = {article["id"]: [quote.as_dict() for quote in extract_quotes(article["text"])] for article in articles}
    spent = time.process_time() - begun
    words = sum(len(article["text"].split()) for article in articles)
    measured = scorer.score(articles, [{"id": name, "quotes": found} for name, found in quotes.items()])
    sure = {
        name: [q for q in found if q["kind"] != "indirect" and q["confidence"] >= SURE]
        for name, found in quotes.items()
    }
    certain = scorer.score(articles, [{"id": name, "quotes": found} for name, found in sure.items()])
    shares = {
        "A detection F1": measured["A"]["f1"],
        "A detection F1, >= 3 words": measured["A3"]["f1"],
        "B_head F1": measured["B_head"]["f1"],
        "B_head F1, >= 3 words": measured["B3_head"]["f1"],
        "B_head precision": measured["B_head"]["p"],
        "D resolved to the full name": measured["D"]["share"],
        "C indirect F1": measured["C"]["f1"],
        "C indirect precision": measured["C"]["p"],
        "C with source F1": measured["C_src"]["f1"],
        "C with source precision": measured["C_src"]["p"],
        f"right of the pairs at confidence >= {SURE}": certain["B_head"]["p"],
    }
    return {name: 100 * share for name, share in shares.items()} | {"CPU ms per 1,000 words": 1e6 * spent / words}


def main(arguments: list[str]) -> int:
    """Prints the table; returns the exit code."""
    folder = Path(arguments[0])
    sys.path.insert(0, str(folder))
    scorer = importlib.import_module("score")
    extract_quotes('"Warm," said Ann Bell.')
    work, check = (figures(part, scorer) for part in split(read_corpus(folder)))
    sys.stdout.write(f"{'figure':42} {'fitted on (700)':>16} {'unseen (140)':>13}\n")
    for name, value in work.items():
        sys.stdout.write(f"{name:42} {value:16.1f} {check[name]:13.1f}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
