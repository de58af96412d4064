"""Accuracy on the articles that figures in the README are measured on; floors only rise. Needs ../shared/quotes-eval."""

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from quotes.extraction import extract_quotes

CORPUS = Path(__file__).parents[3] / "shared" / "quotes-eval"
# Percent on the 140 articles with the lowest sha256 of their id. Weights fitted without them
# reach these floors; the committed weights are fitted on all articles, so they do better here.
FLOORS = {
    "A": 97.6,
    "A3": 99.0,
    "B_head": 91.6,
    "B3_head": 94.1,
    "B_head_precision": 92.8,
    "D": 80.5,
    "C_src": 48.0,
    "C_src_precision": 71.0,
    "calibration": 97.5,
}

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="../shared/quotes-eval is not here")


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    pytest.importorskip("scipy", reason="the split of the corpus comes from the fitting script, which needs scipy")
    sys.path.insert(0, str(CORPUS))
    fit, scorer = importlib.import_module("quotes.extraction.fit"), importlib.import_module("score")
    _, aside = fit.split(fit.read_corpus(CORPUS))
    predictions = [
        {"id": article["id"], "quotes": [quote.as_dict() for quote in extract_quotes(article["text"])]}
        for article in aside
    ]
    measured = scorer.score(aside, predictions)
    return {
        "A": 100 * measured["A"]["f1"],
        "A3": 100 * measured["A3"]["f1"],
        "B_head": 100 * measured["B_head"]["f1"],
        "B3_head": 100 * measured["B3_head"]["f1"],
        "B_head_precision": 100 * measured["B_head"]["p"],
        "D": 100 * measured["D"]["share"],
        "C_src": 100 * measured["C_src"]["f1"],
        "C_src_precision": 100 * measured["C_src"]["p"],
        "calibration": 100 * share_right(scorer, aside, predictions, 0.9),
    }


def share_right(scorer: Any, articles: list[dict[str, Any]], predictions: list[dict[str, Any]], least: float) -> float:
    """Of the (segment, speaker) pairs with at least this confidence, the share that is right."""
    sure = [
        {"id": one["id"], "quotes": [q for q in one["quotes"] if q["kind"] != "indirect" and q["confidence"] >= least]}
        for one in predictions
    ]
    return float(scorer.score(articles, sure)["B_head"]["p"])


@pytest.mark.parametrize("name", FLOORS)
def test_figure_keeps_its_floor(figures: dict[str, float], name: str) -> None:
    assert figures[name] >= FLOORS[name], f"{name} {figures[name]:.1f} under its floor {FLOORS[name]}"
