"""python -m newsroom.ingest.layout.fit CORPUS [--cross-validate]

Fits the layout model on a corpus folder (`../shared/dumps-eval`) and writes data/model.txt.gz. With --cross-validate it fits on four fifths of the
sites (and dumps) at a time instead, has the corpus' scorer judge the pages left out, and prints the table. Needs numpy and scipy.
"""

import argparse
import gzip
import hashlib
import importlib
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import scipy  # type: ignore[import-untyped]

from newsroom.ingest.layout import parse_with
from newsroom.ingest.layout.fit import gold
from newsroom.ingest.layout.fit.training import FOLDS, ROUNDS, Example, example, fold_of, train
from newsroom.ingest.layout.model import parse_model

_OUT = Path(__file__).parent.parent / "data" / "model.txt.gz"
_COLUMNS = "n P R F1 F1doc lt.8 para head head~ extra teasers_F1 labels_F1 items_F1 items2_F1 leak_t leak_l f_byline f_date f_dateline f_deck multi_count_ok"


def main() -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="folder with real/ and seedlike/")
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="most rounds of L-BFGS")
    arguments = parser.parse_args()
    if not (arguments.corpus / "real").is_dir():
        parser.error(f"{arguments.corpus} has no folder real/: give the folder of the layout corpus")
    examples = [example(sequence) for sequence in gold.sequences(arguments.corpus)]
    if arguments.cross_validate:
        sys.stdout.write(cross_validated(arguments.corpus, examples, arguments.rounds) + "\n")
    else:
        text = train(examples, provenance(arguments.corpus, examples), arguments.rounds)
        _OUT.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
        sys.stdout.write(f"{_OUT}: {_OUT.stat().st_size} bytes\n")
    return 0


def provenance(corpus: Path, examples: list[Example]) -> list[str]:
    """Where the model comes from."""
    digest = hashlib.sha256()
    for path in sorted(corpus.glob("*/*dev*.gz")):
        digest.update(path.read_bytes())
    lines = sum(len(one.features) for one in examples)
    return [
        "Weights of the page layout model, written by `python -m newsroom.ingest.layout.fit`; do not edit.",
        f"Fitted on {len(examples)} documents, {lines} lines; sha256 of the corpus files {digest.hexdigest()[:16]}.",
        f"numpy {np.__version__}, scipy {scipy.__version__}; weights in hundredths of a nat. Single words only; no text of a page is kept.",
    ]


def cross_validated(corpus: Path, examples: list[Example], rounds: int) -> str:
    """The scorer's table over pages that the model judging them has not seen (by site, and by dump)."""
    sys.path.insert(0, str(corpus))
    score: Any = importlib.import_module("score")
    texts = _texts(corpus)
    results: dict[str, list[Any]] = defaultdict(list)
    for fold in range(FOLDS):
        model = parse_model(train([one for one in examples if fold_of(one.sequence.group) != fold], [], rounds))
        for one in examples:
            if fold_of(one.sequence.group) == fold:
                name = one.sequence.name
                row = texts[name]
                results[name.partition(":")[2] or "owner's layout"].append(
                    score.score_doc(row["gold"], parse_with(model, row["dump"]))
                )
        sys.stderr.write(f"fold {fold + 1} of {FOLDS} done\n")
    named = [(name, score.summary(rows)) for name, rows in results.items()]
    table: str = score.table(named, _COLUMNS.split())
    return table


def _texts(corpus: Path) -> dict[str, dict[str, Any]]:
    rows = {}
    for variant in gold.VARIANTS:
        for row in gold.load(corpus / "real" / f"real_dev.{variant}.jsonl.gz"):
            rows[f"{row['id']}:{variant}"] = row
    for row in gold.load(corpus / "seedlike" / "dev.jsonl.gz"):
        rows[row["id"]] = row
    return rows


if __name__ == "__main__":
    sys.exit(main())
