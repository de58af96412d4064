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
from pathlib import Path
from typing import Any

from quotes.extraction.attribution import attribute
from quotes.extraction.calibrate import write_tables
from quotes.extraction.candidates import NONE, SCARE, Candidate, Context
from quotes.extraction.features import QuoteView, features
from quotes.extraction.fit_antecedents import Scorer, pronoun_choices
from quotes.extraction.fit_reports import Article, SpeakerRight, judged_breaks, judged_reports, mention_span
from quotes.extraction.fitting import Choice, Judged, crossed, fit_logistic, fit_ranker
from quotes.extraction.groups import names_in
from quotes.extraction.marks import find_regions
from quotes.extraction.ranking import group_sums, load_weights, softmax
from quotes.extraction.sentences import Grammar
from quotes.extraction.stream import build_stream
from quotes.extraction.vocabulary import DATA

CHECK_SIZE = 140
PRONOUN_PENALTY = 5.0  # far fewer choices than the other models have: held on to more


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
    scored = crossed(data, lambda seen: fit_logistic(seen, penalty))
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


def provenance(folder: Path, trained_on: int, left_out: int) -> list[str]:
    """Header lines that say what the weights were made from."""
    digest = hashlib.sha256((folder / "gold_train.jsonl.gz").read_bytes()).hexdigest()
    aside = f"{left_out} with the lowest sha256 of their id left out" if left_out else "all of them"
    return [
        "Provenance: fitted by `python -m quotes.extraction.fit` on the train part of PolNeAR",
        "(Newell, Margolin & Ruths, An Attribution Relations Corpus for Political News, LREC 2018).",
        f"gold_train.jsonl.gz sha256 {digest}; {trained_on} articles ({aside}).",
        "Hundredths of a weight, a tab, the feature. Features with capitals hold no names.",
    ]


def fit_breaks(articles: list[Article], penalty: float, notes: list[str]) -> int:
    """Fits and writes where reported speech ends, and has the engine use it; returns how many weights."""
    data = [one for article in articles for one in judged_breaks(article)]
    kept = write_weights("boundaries", fit_logistic(data, penalty), notes)
    load_weights.cache_clear()
    group_sums.cache_clear()
    return kept


def reports_unseen(
    articles: list[Article], speaker_right: SpeakerRight, penalty: float, notes: list[str]
) -> list[Judged]:
    """The judged reports of all articles, each half with ends that were learned on the other half."""
    halves = articles[::2], articles[1::2]
    found: list[Judged] = []
    for unseen, seen in (halves, halves[::-1]):
        fit_breaks(seen, penalty, notes)
        found += [one for article in unseen for one in judged_reports(article, speaker_right)]
    return found


def fit_pronouns(articles: list[Article], scorer: Scorer, penalty: float, notes: list[str]) -> tuple[int, int]:
    """Fits and writes whom pronouns stand for, first each by itself, then knowing those before; returns (choices, weights)."""
    for linked in (False, True):
        data = [choice for article in articles for choice in pronoun_choices(article, scorer, linked=linked)]
        kept = write_weights("antecedents", fit_ranker(data, penalty), notes)
        load_weights.cache_clear()
        group_sums.cache_clear()
    return len(data), kept


def main(arguments: list[str]) -> None:
    """Fits and writes every model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--penalty", type=float, default=3.0)
    parser.add_argument("--all", action="store_true", help="fit on the articles kept aside too: what is shipped")
    parser.add_argument(
        "--calibrate", action="store_true", help="also make the tables of confidence (takes twice as long)"
    )
    options = parser.parse_args(arguments)
    sys.path.insert(0, str(options.folder))
    scorer = importlib.import_module("score")
    speaker_right: SpeakerRight = scorer.speaker_right
    work, aside = split(read_corpus(options.folder))
    if options.all:
        work, aside = work + aside, []
    notes = provenance(options.folder, len(work), len(aside))
    judged = reports_unseen(work, speaker_right, options.penalty, notes)
    sys.stdout.write(f"boundaries: {fit_breaks(work, options.penalty, notes)} weights\n")
    kept = write_weights("indirect", fit_logistic(judged, options.penalty), notes)
    sys.stdout.write(f"indirect: {len(judged)} reports, {sum(one.right for one in judged)} right, {kept} weights\n")
    data = [choice for article in work for choice in choices(article, speaker_right)]
    weights = fit_ranker(data + 2 * unsaid_choices(), options.penalty)
    kept = write_weights("attribution", weights, [*notes, "The hand-written sentences of unsaid.txt were added."])
    sys.stdout.write(f"attribution: {len(data)} choices, {kept} weights\n")
    load_weights.cache_clear()
    group_sums.cache_clear()
    chains = "The chains of mentions are CoreNLP's, as the corpus gives them."
    data_size, kept = fit_pronouns(work, scorer, PRONOUN_PENALTY, [*notes, chains])
    sys.stdout.write(f"antecedents: {data_size} choices, {kept} weights\n")
    if options.calibrate:
        speaker, said = ranker_pairs(data, options.penalty)
        tables = {"speaker": speaker, "said": said, "indirect": acceptor_pairs(judged, options.penalty)}
        write_tables(tables, [*notes[:-1], "by weights fitted on the other half of these articles."])


if __name__ == "__main__":
    main(sys.argv[1:])
