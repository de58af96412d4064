"""Body F1 of ways to read an HTML page, with the shared scorer: ``python -m tests.benchmarks.html_pages ../shared/dumps-eval [PAGES]``.

PAGES is a folder with the pages' HTML, ``<id>.html`` or ``<id>.html.gz``. Without it, pages are rebuilt: the real texts of
``real_dev.innertext``, line by line, in markup of three makes (the body in an article of paragraphs; in nested
divisions; all lines alike). Rebuilt pages compare ways to read the same markup; they say nothing of how well any of them reads real markup.
"""

from __future__ import annotations

import gzip
import html
import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from newsroom.ingest.decode import NotTextError
from newsroom.ingest.html import read_html

Prediction = dict[str, Any]
MAKES = ("article", "divisions", "flat")


def trafilatura_alone(page: str) -> Prediction:
    import trafilatura

    text = trafilatura.extract(page, include_comments=False) or ""
    return {"headline": None, "body": text.split("\n")}


def ours(page: str) -> Prediction:
    try:
        parsed = read_html(page)
    except NotTextError:
        return {}
    if not parsed.page.articles:
        return {}
    article = max(parsed.page.articles, key=lambda found: sum(map(len, found.paragraphs)))
    return {"headline": parsed.hints.title or article.headline, "body": article.paragraphs}


def layout_alone(page: str) -> Prediction:
    from newsroom.ingest.html.tree import parse
    from newsroom.ingest.html.visible import visible_text
    from newsroom.ingest.layout import parse_page

    tree = parse(page)
    found = parse_page(visible_text(tree)).articles if tree is not None else []
    article = max(found, key=lambda each: sum(map(len, each.paragraphs)), default=None)
    return {"headline": article.headline, "body": article.paragraphs} if article else {}


def justext_alone(page: str) -> Prediction:
    import justext

    found = justext.justext(page, justext.get_stoplist("English"))
    return {"headline": None, "body": [paragraph.text for paragraph in found if not paragraph.is_boilerplate]}


def readability_alone(page: str) -> Prediction:
    from lxml.html import fromstring
    from readability import Document

    document = Document(page)
    from newsroom.ingest.html.visible import visible_text

    return {"headline": document.short_title(), "body": visible_text(fromstring(document.summary())).split("\n")}


# readability-lxml is for comparison only, and older installers trip over what it asks of lxml: `pip install readability-lxml`.
WAYS: dict[str, Callable[[str], Prediction]] = {
    "trafilatura alone": trafilatura_alone,
    "trafilatura + layout (ours)": ours,
    "layout on the visible text": layout_alone,
    **({"readability": readability_alone} if find_spec("readability") else {}),
    "justext": justext_alone,
}


def rebuilt(row: dict[str, Any], make: str) -> str:
    """The row's text as a page: lines of the gold body marked up as a body, short ones as links, others as divisions."""
    body = {" ".join(paragraph.split()) for paragraph in row["gold"]["body"]}
    headline = row["gold"].get("headline") or ""
    parts, inside, headed = [], False, False
    for raw in row["dump"].split("\n"):
        line = " ".join(raw.split())
        if not line:
            continue
        shown, is_body = html.escape(line), line in body
        if make != "flat" and is_body and not inside:
            parts.append("<article>" if make == "article" else '<div class="story"><div>')
            inside = True
        if make == "flat":
            parts.append(f"<div>{shown}</div>")
        elif is_body:
            parts.append(f"<p>{shown}</p>")
        elif line == headline and not headed:
            parts.append(f"<h1>{shown}</h1>")
            headed = True
        elif len(line) < 60:
            parts.append(f'<li><a href="/x">{shown}</a></li>')
        else:
            parts.append(f'<div class="teaser">{shown}</div>')
    parts.append("" if not inside else "</article>" if make == "article" else "</div></div>")
    return (
        f"<!DOCTYPE html><html><head><title>{html.escape(headline)}</title></head><body>{''.join(parts)}</body></html>"
    )


def sets(corpus: Path, pages: Path | None) -> Iterator[tuple[str, list[tuple[dict[str, Any], str]]]]:
    with gzip.open(corpus / "real" / "real_dev.innertext.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    if pages is None:
        for make in MAKES:
            yield f"rebuilt: {make}", [(row, rebuilt(row, make)) for row in rows]
        return
    found = [(row, path) for row in rows for path in pages.glob(f"{row['id']}.html*")]
    if not found:
        raise SystemExit(f"{pages} has none of the pages: they must be called <id>.html or <id>.html.gz.")
    data = [
        (row, gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()) for row, path in found
    ]
    yield "real HTML", [(row, page.decode("utf-8", "replace")) for row, page in data]


def table(corpus: Path, pages: Path | None) -> dict[tuple[str, str], float]:
    """(set, way) -> F1 of the body; prints the figures, and for each way its pages a second of CPU time."""
    sys.path.insert(0, str(corpus))
    score = importlib.import_module("score")
    found = {}
    for name, cases in sets(corpus, pages):
        for way, read in WAYS.items():
            begin = time.process_time()
            results = [score.score_doc(row["gold"], read(page)) for row, page in cases]
            seconds = time.process_time() - begin
            summary = score.summary(results)
            found[name, way] = summary["F1"]
            figures = "  ".join(f"{key} {summary[key]:.3f}" for key in ("P", "R", "F1", "F1doc", "head~"))
            sys.stdout.write(f"{name:20} {way:28} {figures}  {len(cases) / seconds:.1f} pages/s\n")
            sys.stdout.flush()
    return found


if __name__ == "__main__":
    table(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
