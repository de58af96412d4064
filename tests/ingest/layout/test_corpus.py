"""Floors on the shared corpora. What is measured here was fitted on these pages: the honest, cross-validated figures are in the README."""

import gzip
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from newsroom.ingest.layout import parse_page

SHARED = Path(__file__).parents[4] / "shared"
CORPUS = SHARED / "dumps-eval"
SAMPLE = 3  # every third document, to stay quick

needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/dumps-eval is not here")
needs_seed = pytest.mark.skipif(not (SHARED / "seed").is_dir(), reason="../shared/seed is not here")


def rows_of(name: str) -> list[dict[str, Any]]:
    with gzip.open(CORPUS / name, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file][::SAMPLE]


def summary(name: str) -> dict[str, float]:
    spec = importlib.util.spec_from_file_location("layout_score", CORPUS / "score.py")
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    result: dict[str, float] = score.summary(
        [score.score_doc(row["gold"], parse_page(row["dump"])) for row in rows_of(name)]
    )
    return result


@needs_seed
def test_the_first_dump_comes_out_exactly_as_expected() -> None:
    expected = json.loads((SHARED / "seed" / "expected.json").read_text(encoding="utf-8"))
    page = parse_page((SHARED / "seed" / expected["source"]).read_text(encoding="utf-8"))
    articles = [
        {"headline": a.headline, "byline": a.byline, "published": a.published, "paragraphs": a.paragraphs}
        for a in page.articles
    ]
    assert articles == expected["articles"]
    assert page.teasers == expected["teasers"]
    assert [{"label": each.label, "items": each.items} for each in page.lists] == expected["lists"]
    assert page.furniture == []


@needs_corpus
@pytest.mark.parametrize(
    ("variant", "body", "headline"),
    [("innertext", 0.97, 0.99), ("soup", 0.97, 0.99), ("nodes", 0.965, 0.93), ("wrapped", 0.97, 0.99)],
)
def test_real_pages(variant: str, body: float, headline: float) -> None:
    found = summary(f"real/real_dev.{variant}.jsonl.gz")
    assert found["F1"] >= body
    assert found["head"] >= headline


@needs_corpus
def test_dumps_in_the_first_dumps_layout() -> None:
    found = summary("seedlike/dev.jsonl.gz")
    floors = {
        "F1": 0.995,
        "head": 0.99,
        "labels_F1": 0.98,
        "items_F1": 0.99,
        "teasers_F1": 0.99,
        "multi_count_ok": 0.97,
        "f_byline": 0.97,
        "f_date": 0.99,
        "f_dateline": 0.98,
    }
    assert {name: found[name] for name in floors if found[name] < floors[name]} == {}
