"""python -m newsroom.ingest.layout.fit CORPUS

Fits the layout models on a corpus folder (`../shared/dumps-eval`), prints the cross-validated table and writes data/model.txt.gz.

Sites (and dumps) fall into five folds. Each fold is judged, by the corpus' own scorer, with models fitted on the other four; the headline
ranking is fitted on the paths that those models give to pages they have not seen. What is written is then fitted on everything.
Takes about ten minutes on one core. Needs numpy and scipy.
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
import scipy

from newsroom.ingest.layout import first_pass, parse_with
from newsroom.ingest.layout.fit import gold
from newsroom.ingest.layout.fit.ranking import Choice, fit_ranking
from newsroom.ingest.layout.fit.training import FOLDS, Example, choices_of, example, fold_of, train
from newsroom.ingest.layout.kinds import KINDS, PAGE
from newsroom.ingest.layout.model import Models, parse_models, render_models

_OUT = Path(__file__).parent.parent / "data" / "model.txt.gz"
_COLUMNS = (
    "n P R F1 F1doc lt.8 para head head~ extra teasers_F1 labels_F1 items_F1 items2_F1 leak_t leak_l "
    "f_byline f_date f_dateline f_deck multi_count_ok"
)


def main() -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="folder with real/ and seedlike/")
    parser.add_argument("--out", type=Path, default=_OUT)
    arguments = parser.parse_args()
    if not (arguments.corpus / "real").is_dir():
        parser.error(f"{arguments.corpus} has no folder real/: give the folder of the layout corpus")
    rows = _rows(arguments.corpus)
    examples = [example(sequence) for sequence in gold.sequences(arguments.corpus)]
    models: list[Models] = []
    for fold in range(FOLDS):
        models.append(_fitted([one for one in examples if _fold(one) != fold]))
        sys.stderr.write(f"fold {fold + 1} of {FOLDS} fitted\n")
    choices = [_choices(one, models[_fold(one)], rows) for one in examples]
    sys.stdout.write(_table(arguments.corpus, examples, models, choices, rows) + "\n")
    ranking = fit_ranking([choice for each in choices for choice in each])
    text = _text(examples, ranking, provenance(arguments.corpus, examples))
    arguments.out.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
    sys.stdout.write(f"{arguments.out}: {arguments.out.stat().st_size} bytes\n")
    return 0


def _fold(one: Example) -> int:
    return fold_of(one.sequence.group)


def _text(examples: list[Example], ranking: list[int], notes: list[str]) -> str:
    sections = {kind: train(examples, kind) for kind in KINDS}
    sections["ranking"] = [f"r {number} {weight}" for number, weight in enumerate(ranking) if weight]
    return render_models(sections, notes)


def _fitted(examples: list[Example]) -> Models:
    return parse_models(_text(examples, [], []))


def _choices(one: Example, models: Models, rows: dict[str, dict[str, Any]]) -> list[Choice]:
    return choices_of(one, first_pass(models.sequence, rows[one.sequence.name]["dump"])) if one.kind == PAGE else []


def _table(
    corpus: Path,
    examples: list[Example],
    models: list[Models],
    choices: list[list[Choice]],
    rows: dict[str, dict[str, Any]],
) -> str:
    """The scorer's table over documents that the models judging them have not seen."""
    sys.path.insert(0, str(corpus))
    score: Any = importlib.import_module("score")
    results: dict[str, list[Any]] = defaultdict(list)
    for fold in range(FOLDS):
        others = [c for one, each in zip(examples, choices, strict=True) if _fold(one) != fold for c in each]
        judge = Models(models[fold].sequence, fit_ranking(others))
        for one in examples:
            if _fold(one) == fold:
                row = rows[one.sequence.name]
                name = one.sequence.name.partition(":")[2] or "owner's layout"
                results[name].append(score.score_doc(row["gold"], parse_with(judge, row["dump"])))
    table: str = score.table([(name, score.summary(found)) for name, found in results.items()], _COLUMNS.split())
    return table


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


def _rows(corpus: Path) -> dict[str, dict[str, Any]]:
    rows = {}
    for variant in gold.VARIANTS:
        for row in gold.load(corpus / "real" / f"real_dev.{variant}.jsonl.gz"):
            rows[f"{row['id']}:{variant}"] = row
    for row in gold.load(corpus / "seedlike" / "dev.jsonl.gz"):
        rows[row["id"]] = row
    return rows


if __name__ == "__main__":
    sys.exit(main())
