"""The engine as a list of its stages."""

from quotes.extraction.assemble import Assembler
from quotes.extraction.attribution import attribute
from quotes.extraction.marks import find_regions
from quotes.extraction.model import ExtractedQuote
from quotes.extraction.sentences import Grammar
from quotes.extraction.stream import build_stream


def extract(text: str) -> list[ExtractedQuote]:
    """text -> regions -> stream -> sentences -> decisions -> quotes."""
    stream = build_stream(text, find_regions(text))
    grammar = Grammar(stream)
    return Assembler(grammar, attribute(grammar)).quotes()
