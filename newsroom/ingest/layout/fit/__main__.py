"""python -m newsroom.ingest.layout.fit CORPUS [--report]

Fits the layout models on a corpus folder (`../shared/dumps-eval`), prints the cross-validated table and writes data/model.txt.gz; with
`--report` it prints the table and writes nothing.

Sites (and dumps) fall into five fixed folds. Each fold is judged, by the corpus' own scorer, on the whole pipeline with models fitted on
the other four; the headline ranking is fitted on the paths that those models give to pages they have not seen. What is written is then
fitted on everything. Takes some ten minutes of one core (`--jobs` shares them out) and needs numpy and scipy.
"""

import argparse
import gzip
import hashlib
import importlib
import multiprocessing
import os
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from newsroom.ingest.layout import first_pass, parse_with
from newsroom.ingest.layout.fit import gold
from newsroom.ingest.layout.fit.ranking import Choice, fit_ranking
from newsroom.ingest.layout.fit.training import FOLDS, Example, choices_of, example, fold_of, train
from newsroom.ingest.layout.headlines import weights_of
from newsroom.ingest.layout.kinds import KINDS, PAGE
from newsroom.ingest.layout.model import Models, parse_models, render_models

_OUT = Path(__file__).parent.parent / "data" / "model.txt.gz"
_COLUMNS = (
    "n P R F1 F1doc lt.8 para head head~ extra teasers_F1 labels_F1 items_F1 items2_F1 leak_t leak_l "
    "f_byline f_date f_dateline f_deck multi_n multi_count_ok docs/s"
)


def main() -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="folder with real/ and seedlike/")
    parser.add_argument("--report", action="store_true", help="print the cross-validated table and write nothing")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="processes to fit folds in (default: one a core)"
    )
    parser.add_argument("--out", type=Path, default=_OUT)
    arguments = parser.parse_args()
    if not (arguments.corpus / "real").is_dir():
        parser.error(f"{arguments.corpus} has no folder real/: give the folder of the layout corpus")
    rows = _rows(arguments.corpus)
    examples = [example(sequence) for sequence in gold.sequences(arguments.corpus)]
    models = _fold_models(examples, max(1, arguments.jobs))
    choices = [_choices(one, models[_fold(one)], rows) for one in examples]
    sys.stdout.write(_table(arguments.corpus, examples, models, choices, rows) + "\n")
    if arguments.report:
        return 0
    ranking = fit_ranking([choice for each in choices for choice in each])
    sections = {kind: train(examples, kind) for kind in KINDS}
    text = _text(sections, ranking, provenance(arguments.corpus, examples))
    arguments.out.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
    sys.stdout.write(f"{arguments.out}: {arguments.out.stat().st_size} bytes\n")
    return 0


def _fold(one: Example) -> int:
    return fold_of(one.sequence.group)


def _text(sections: dict[str, list[str]], ranking: list[int], notes: list[str]) -> str:
    ranked = [f"r {number} {weight}" for number, weight in enumerate(ranking) if weight]
    return render_models({**sections, "ranking": ranked}, notes)


# What the workers fit, handed over by fork: too large to send.
_EXAMPLES: list[Example] = []


def _fold_models(examples: list[Example], jobs: int) -> list[Models]:
    """For each fold, models that have seen nothing of it."""
    _EXAMPLES[:] = examples
    tasks = [(fold, kind) for kind in KINDS for fold in range(FOLDS)]
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork")) as pool:
        sections = dict(zip(tasks, pool.map(_without_fold, tasks), strict=True))
    return [parse_models(_text({kind: sections[fold, kind] for kind in KINDS}, [], [])) for fold in range(FOLDS)]


def _without_fold(task: tuple[int, str]) -> list[str]:
    fold, kind = task
    section = train([one for one in _EXAMPLES if _fold(one) != fold], kind)
    sys.stderr.write(f"{kind} model fitted without fold {fold + 1} of {FOLDS}\n")
    return section


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
    seconds: dict[str, float] = defaultdict(float)
    for fold in range(FOLDS):
        others = [c for one, each in zip(examples, choices, strict=True) if _fold(one) != fold for c in each]
        judge = Models(models[fold].sequence, weights_of(fit_ranking(others)))
        for one in examples:
            if _fold(one) == fold:
                row = rows[one.sequence.name]
                name = one.sequence.name.partition(":")[2] or "owner's layout"
                start = time.process_time()
                page = parse_with(judge, row["dump"])
                seconds[name] += time.process_time() - start
                results[name].append(score.score_doc(row["gold"], page))
    lines = [(n, {**score.summary(found), "docs/s": len(found) / seconds[n]}) for n, found in results.items()]
    table: str = score.table(lines, _COLUMNS.split())
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
