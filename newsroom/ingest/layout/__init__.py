"""Page layout: the article, the teasers, the lists and the furniture of a raw text dump. Pure Python, no Django.

    text | read_lines | rejoin | take_labels_off | measure | columns_of | emissions | decode | (settle | find_lists, or correct) | build_page

See `records` for what comes out and `explain` for a dump printed with the label, confidence and rule of each block.
"""

from collections.abc import Sequence
from itertools import compress
from operator import ne
from typing import NamedTuple

from newsroom.ingest.layout.articles import settle
from newsroom.ingest.layout.columns import Column
from newsroom.ingest.layout.decode import Path, decode
from newsroom.ingest.layout.features import columns_of, spacing
from newsroom.ingest.layout.headlines import Page
from newsroom.ingest.layout.inserts import INSERTS
from newsroom.ingest.layout.kinds import PAGE, kind_of
from newsroom.ingest.layout.known import Known
from newsroom.ingest.layout.labels import take_labels_off
from newsroom.ingest.layout.lines import Lines, read_lines
from newsroom.ingest.layout.lists import find_lists
from newsroom.ingest.layout.measures import Measured, measure
from newsroom.ingest.layout.model import Model, Models, gap_classes, load_models
from newsroom.ingest.layout.page import SEQUENCE, SETTLED_BY, build_page
from newsroom.ingest.layout.records import Block, ParsedArticle, ParsedList, ParsedPage, PrintedDate
from newsroom.ingest.layout.rules import run_rules
from newsroom.ingest.layout.states import PLAIN, Emissions
from newsroom.ingest.layout.stories import correct
from newsroom.ingest.layout.unwrap import rejoin

__all__ = [
    "Block",
    "ParsedArticle",
    "ParsedList",
    "ParsedPage",
    "PrintedDate",
    "parse_known",
    "parse_page",
    "parse_with",
]


# The confidence of a line whose state a later stage has changed: no better than even.
_SETTLED = 0.5


class FirstPass(NamedTuple):
    """What the sequence model makes of a dump: its lines and their measures, the scores of their states, the best path."""

    lines: Lines
    measured: Measured
    emissions: Emissions
    path: Path
    kind: str


def parse_page(text: str) -> ParsedPage:
    """Cut a raw dump into articles, teasers, lists and furniture. Any text will do; an empty one gives an empty page."""
    return parse_with(load_models(), text)


def parse_with(models: Models, text: str) -> ParsedPage:
    """`parse_page` with models of one's own, such as ones fitted on part of a corpus."""
    return finish(first_pass(models.sequence, text), models.ranking) if text.strip() else ParsedPage()


def parse_known(text: str, body: Sequence[tuple[int, int]], headline: str = "") -> ParsedPage:
    """`parse_page` of a text of which one article's body is known: the lines that begin in one of the spans ``body``.

    The spans are sorted, half-open, in code points. The ``headline``, if it is known too, is looked for among the lines.
    What else there is, lists and teasers among it, is told by the layout.
    """
    models = load_models()
    return (
        finish(first_pass(models.sequence, text), models.ranking, Known(body, headline))
        if text.strip()
        else ParsedPage()
    )


def finish(seen: FirstPass, ranking: Column, known: Known | None = None) -> ParsedPage:
    """The stages after the first pass: the path put right, and the page built from it."""
    shapes = seen.measured.shapes
    path = list(map(PLAIN.__getitem__, seen.path.states))
    named: dict[int, str]
    if seen.kind == PAGE:
        view = Page(seen.lines, seen.measured, seen.emissions, seen.path.states)
        states = find_lists(view, settle(view, ranking))
        states, named = run_rules(INSERTS, seen.lines, shapes, states)
    else:
        states, named = correct(seen.lines, shapes, path)
    if known is not None:
        named = {**named, **known.impose(seen.lines, states)}
    confidences = list(seen.path.confidences)
    rules = [SEQUENCE] * len(states)
    for number in compress(range(len(states)), map(ne, path, states)):
        confidences[number] = _SETTLED
        rules[number] = named.get(number) or SETTLED_BY[states[number]]
    return build_page(seen.lines, shapes, states, confidences, rules)


def first_pass(models: dict[str, Model], text: str) -> FirstPass:
    """Run the stages up to the decoded path, with the model of the dump's kind."""
    lines = take_labels_off(rejoin(read_lines(text)))
    seen = measure(lines)
    kind = kind_of(seen.own.lengths)
    model, mode = models[kind], spacing(lines.blanks)
    emissions = model.emissions(columns_of(seen, mode), seen.words)
    path = decode(emissions, gap_classes(seen.own.blanks[:-1], mode), model)
    return FirstPass(lines, seen, emissions, path, kind)
