"""Page layout: the article, the teasers, the lists and the furniture of a raw text dump. Pure Python, no Django.

    text | read_lines | rejoin | featurise | decode | build_page

See `records` for what comes out and `explain` for a dump printed with the label, confidence and rule of each line.
"""

from newsroom.ingest.layout.decode import decode
from newsroom.ingest.layout.features import featurise, spacing
from newsroom.ingest.layout.lexicon import word_keys
from newsroom.ingest.layout.lines import read_lines
from newsroom.ingest.layout.model import Model, gap_class, load_model
from newsroom.ingest.layout.page import build_page, rows_of
from newsroom.ingest.layout.records import Block, ParsedArticle, ParsedList, ParsedPage, PrintedDate
from newsroom.ingest.layout.unwrap import rejoin

__all__ = ["Block", "ParsedArticle", "ParsedList", "ParsedPage", "PrintedDate", "parse_page", "parse_with"]


def parse_page(text: str) -> ParsedPage:
    """Cut a raw dump into articles, teasers, lists and furniture. Any text will do; an empty one gives an empty page."""
    return parse_with(load_model(), text)


def parse_with(model: Model, text: str) -> ParsedPage:
    """`parse_page` with a model of one's own, such as one fitted on part of a corpus."""
    lines = rejoin(read_lines(text))
    mode = spacing(lines)
    lexicon = model.lexicon
    shapes, emissions = [], []
    for shape, features in featurise(lines):
        shapes.append(shape)
        features += [lexicon[key] for key in word_keys(shape) if key in lexicon]
        emissions.append(model.emissions(features))
    path = decode(emissions, [gap_class(line.blanks, mode) for line in lines], model)
    return build_page(list(rows_of(lines, shapes, path)))
