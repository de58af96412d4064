"""Fits the weights in `data/*.weights`:  python -m quotes.extraction.fit ../shared/quotes-eval

A tool for development: it needs numpy and scipy (requirements-dev.txt) and the annotated corpus, and is never imported
by the engine. The fit is deterministic: a fixed split by the hash of the article's id, a convex loss with an L2
penalty, L-BFGS from zero, weights rounded to hundredths.
"""

import argparse
import gzip
import hashlib
import importlib
import json
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from quotes.extraction.attribution import attribute
from quotes.extraction.calibrate import write_tables
from quotes.extraction.candidates import NONE, SCARE, Candidate, Context
from quotes.extraction.features import QuoteView, features
from quotes.extraction.groups import names_in
from quotes.extraction.indirect import Report, report_features, reports
from quotes.extraction.marks import find_regions
from quotes.extraction.ranking import softmax
from quotes.extraction.sentences import Grammar
from quotes.extraction.stream import build_stream
from quotes.extraction.vocabulary import DATA

CHECK_SIZE = 140
SEEN_AT_LEAST = 3  # a feature rarer than this gets no weight
Article = dict[str, Any]
SpeakerRight = Callable[[Article, dict[str, Any], dict[str, Any]], str | None]


class Choice(NamedTuple):
    """One region: the features of each candidate and which of them are right."""

    options: list[list[str]]
    right: list[int]


def read_corpus(folder: Path) -> list[Article]:
    """The annotated articles of the folder."""
    with gzip.open(folder / "gold_train.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def split(articles: list[Article]) -> tuple[list[Article], list[Article]]:
    """(to work on, to check with): the 140 articles with the lowest sha256 of their id are kept aside."""
    ordered = sorted(articles, key=lambda article: hashlib.sha256(article["id"].encode()).hexdigest())
    aside = {article["id"] for article in ordered[:CHECK_SIZE]}
    return [a for a in articles if a["id"] not in aside], [a for a in articles if a["id"] in aside]


def gold_by_region(article: Article) -> tuple[dict[tuple[int, int], dict[str, Any]], set[tuple[int, int]]]:
    """Inner span of a region -> its attribution, and the regions that the annotation leaves out."""
    gold: dict[tuple[int, int], dict[str, Any]] = {}
    left_out: set[tuple[int, int]] = set()
    spans = [(region["istart"], region["iend"]) for region in article["regions"]]
    for attribution in article["attributions"]:
        if attribution["kind"] in ("direct", "mixed"):
            for segment in attribution["segments"]:
                start, end = spans[segment["region"]]
                if (segment["end"] - segment["start"]) * 2 >= end - start:
                    gold[start, end] = attribution
                else:
                    left_out.add((start, end))
        elif attribution["kind"] == "nested":
            left_out |= {span for span in spans for a, b in attribution["content"] if a < span[1] and b > span[0]}
    left_out |= {span for span in spans for a, b in article["ignore"] if a < span[1] and b > span[0]}
    return gold, left_out - set(gold)


def choices(article: Article, speaker_right: SpeakerRight) -> list[Choice]:
    """The training choices of one article, the history being what the annotators say."""
    gold, left_out = gold_by_region(article)
    stream = build_stream(article["text"], find_regions(article["text"]))
    found: list[Choice] = []

    def choose(context: Context, view: QuoteView, options: list[Candidate]) -> tuple[int, list[float]]:
        region = stream.regions[context.region]
        span = (region.inner_start, region.inner_end)
        places = [option.place for option in options]
        attribution = gold.get(span)
        if attribution is None:
            right = [places.index(SCARE)]
        else:
            right = [
                index
                for index, option in enumerate(options)
                if attribution["source"] and option.mention is not None
                and speaker_right(article, attribution, mention_span(stream, option)) not in (None, "partial")
            ] or [places.index(NONE)]  # fmt: skip
        if span not in left_out and not region.single:
            found.append(Choice([names_in(features(context, view, option)) for option in options], right))
        return right[0], [0.0] * len(options)

    attribute(Grammar(stream), choose)
    return found


def unsaid_choices() -> list[Choice]:
    """Choices from the sentences of `data/unsaid.txt`: no words said in any of them."""
    lines = (DATA / "unsaid.txt").read_text(encoding="utf-8").splitlines()
    sentences = [line for line in lines if line and line[0] not in "#["]
    found: list[Choice] = []

    def choose(context: Context, view: QuoteView, options: list[Candidate]) -> tuple[int, list[float]]:
        right = [option.place for option in options].index(SCARE)
        found.append(Choice([names_in(features(context, view, option)) for option in options], [right]))
        return right, [0.0] * len(options)

    for sentence in sentences:
        attribute(Grammar(build_stream(sentence, find_regions(sentence))), choose)
    return found


def mention_span(stream: Any, option: Candidate | Report) -> dict[str, Any]:
    """A candidate's mention in the scorer's terms."""
    assert option.mention is not None
    return {
        "speaker_start": stream.starts[option.mention.start],
        "speaker_end": stream.ends[option.mention.end - 1],
        "speaker": None,
    }


class Judged(NamedTuple):
    """One proposed report of indirect speech: its features, and whether the annotators agree."""

    row: list[str]
    right: bool


def judged_reports(article: Article, speaker_right: SpeakerRight) -> list[Judged]:
    """Every report that the rules propose for one article, judged; those in quotations or ignored spans left out."""
    stream = build_stream(article["text"], find_regions(article["text"]))
    grammar = Grammar(stream)
    others = [
        span for a in article["attributions"] if a["kind"] in ("direct", "mixed") for span in a["content"]
    ] + article["ignore"]
    indirect = [a for a in article["attributions"] if a["kind"] == "indirect"]
    found = []
    for number in range(len(grammar.bounds)):
        for report in reports(grammar, number):
            start, end = stream.starts[report.clause.start], stream.ends[report.clause.end - 1]
            if sum(max(0, min(end, b) - max(start, a)) for a, b in others) * 2 >= end - start:
                continue
            span = mention_span(stream, report)
            right = any(
                a["source"]
                and overlap_share(start, end, a["content"]) >= 0.5
                and speaker_right(article, a, span) not in (None, "partial")
                for a in indirect
            )
            found.append(Judged(names_in(report_features(grammar, grammar.sentence(number), report)), right))
    return found


def overlap_share(start: int, end: int, spans: list[list[int]]) -> float:
    """Intersection over union of start..end with some spans, in characters."""
    shared = sum(max(0, min(end, b) - max(start, a)) for a, b in spans)
    return shared / (end - start + sum(b - a for a, b in spans) - shared)


def fit_acceptor(data: list[Judged], penalty: float) -> dict[str, float]:
    """Weights of a logistic model for the reports that are right."""
    columns = index_features(judged.row for judged in data)
    x = matrix([judged.row for judged in data], columns)
    y = np.array([1.0 if judged.right else -1.0 for judged in data])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margins = y * (x @ weights)
        value = np.logaddexp(0, -margins).sum() + penalty * (weights @ weights)
        return value, x.T @ (-y / (1 + np.exp(margins))) + 2 * penalty * weights

    solved = minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return {name: float(solved.x[column]) for name, column in columns.items()}


def index_features(rows: Iterator[list[str]]) -> dict[str, int]:
    """Feature -> column, for the features seen often enough."""
    counts = Counter(name for row in rows for name in row)
    return {
        name: column for column, name in enumerate(sorted(name for name, n in counts.items() if n >= SEEN_AT_LEAST))
    }


def matrix(rows: list[list[str]], columns: dict[str, int]) -> csr_matrix:
    """The rows as a sparse matrix of ones."""
    pointers, indices = [0], []
    for row in rows:
        indices += [columns[name] for name in row if name in columns]
        pointers.append(len(indices))
    return csr_matrix((np.ones(len(indices)), indices, pointers), shape=(len(rows), len(columns)))


def fit_ranker(data: list[Choice], penalty: float) -> dict[str, float]:
    """Weights that make the right candidates of each choice likely (the sum of their chances)."""
    rows = [row for choice in data for row in choice.options]
    columns = index_features(iter(rows))
    x = matrix(rows, columns)
    groups = np.repeat(np.arange(len(data)), [len(choice.options) for choice in data])
    first = np.concatenate([[0], np.cumsum([len(choice.options) for choice in data])[:-1]])
    right = np.zeros(len(rows))
    for start, choice in zip(first, data, strict=True):
        right[[start + index for index in choice.right]] = 1.0

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = x @ weights
        scores -= np.maximum.reduceat(scores, first)[groups]
        exps = np.exp(scores)
        chances = exps / np.add.reduceat(exps, first)[groups]
        good = np.add.reduceat(chances * right, first)
        wanted = chances * right / np.maximum(good, 1e-12)[groups]
        value = -np.log(np.maximum(good, 1e-12)).sum() + penalty * (weights @ weights)
        return value, x.T @ (chances - wanted) + 2 * penalty * weights

    solved = minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return {name: float(solved.x[column]) for name, column in columns.items()}


def crossed(data: list[Any], fit: Callable[[list[Any]], dict[str, float]]) -> Iterator[tuple[Any, dict[str, float]]]:
    """Each item with weights fitted on the half that it is not in."""
    halves = data[::2], data[1::2]
    for unseen, seen in (halves, halves[::-1]):
        weights = fit(seen)
        yield from ((item, weights) for item in unseen)


def ranker_pairs(data: list[Choice], penalty: float) -> tuple[list[tuple[float, bool]], list[tuple[float, bool]]]:
    """(chance, right) of the sources chosen; (chance of being words said, so in truth) where no source was chosen."""
    speaker, said = [], []
    for choice, weights in crossed(data, lambda seen: fit_ranker(seen, penalty)):
        chances = softmax([sum(weights.get(name, 0.0) for name in row) for row in choice.options])
        best = chances.index(max(chances))
        if best < len(chances) - 2:
            speaker.append((chances[best], best in choice.right))
        if best != len(chances) - 1:
            said.append((1.0 - chances[-1], choice.right != [len(chances) - 1]))
    return speaker, said


def acceptor_pairs(data: list[Judged], penalty: float) -> list[tuple[float, bool]]:
    """(chance, right) of the reports proposed."""
    scored = crossed(data, lambda seen: fit_acceptor(seen, penalty))
    return [
        (1 / (1 + math.exp(-sum(weights.get(name, 0.0) for name in one.row))), one.right) for one, weights in scored
    ]


def write_weights(name: str, weights: dict[str, float], notes: list[str]) -> int:
    """Writes `data/<name>.weights`; returns how many weights it holds."""
    rounded = {feature: round(weight * 100) for feature, weight in weights.items()}
    kept = {feature: weight for feature, weight in sorted(rounded.items()) if abs(weight) >= 4}
    lines = [*(f"# {note}" for note in notes), *(f"{weight}\t{feature}" for feature, weight in kept.items())]
    (DATA / f"{name}.weights").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(kept)


def provenance(folder: Path, trained_on: int) -> list[str]:
    """Header lines that say what the weights were made from."""
    digest = hashlib.sha256((folder / "gold_train.jsonl.gz").read_bytes()).hexdigest()
    return [
        "Provenance: fitted by `python -m quotes.extraction.fit` on the train part of PolNeAR",
        "(Newell, Margolin & Ruths, An Attribution Relations Corpus for Political News, LREC 2018).",
        f"gold_train.jsonl.gz sha256 {digest}; {trained_on} articles ({CHECK_SIZE} with the lowest sha256 of their id left out);",
        f"{datetime.now(UTC):%Y-%m-%d}. Hundredths of a weight, a tab, the feature. Features with capitals hold no names.",
    ]


def main(arguments: list[str]) -> None:
    """Fits and writes every model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--penalty", type=float, default=3.0)
    parser.add_argument(
        "--calibrate", action="store_true", help="also make the tables of confidence (takes twice as long)"
    )
    options = parser.parse_args(arguments)
    sys.path.insert(0, str(options.folder))
    speaker_right: SpeakerRight = importlib.import_module("score").speaker_right
    work, _ = split(read_corpus(options.folder))
    notes = provenance(options.folder, len(work))
    data = [choice for article in work for choice in choices(article, speaker_right)]
    judged = [one for article in work for one in judged_reports(article, speaker_right)]
    weights = fit_ranker(data + 2 * unsaid_choices(), options.penalty)
    kept = write_weights("attribution", weights, [*notes, "The hand-written sentences of unsaid.txt were added."])
    sys.stdout.write(f"attribution: {len(data)} choices, {kept} weights\n")
    kept = write_weights("indirect", fit_acceptor(judged, options.penalty), notes)
    sys.stdout.write(f"indirect: {len(judged)} reports, {sum(one.right for one in judged)} right, {kept} weights\n")
    if options.calibrate:
        speaker, said = ranker_pairs(data, options.penalty)
        tables = {"speaker": speaker, "said": said, "indirect": acceptor_pairs(judged, options.penalty)}
        write_tables(tables, [*notes[:-1], "by weights fitted on the other half of these articles."])


if __name__ == "__main__":
    main(sys.argv[1:])
