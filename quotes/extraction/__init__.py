"""Who said what: quotations and reported speech with their speakers, from English news text.

    from quotes.extraction import extract_quotes
    for quote in extract_quotes("\"We won,\" said Ann Bell, the coach."):
        print(quote.speaker, quote.text)

The stages, each a module:  marks (pairing, singles, transcripts) | stream | sentences | candidates, features, groups, ranking, attribution | clauses |
indirect | resolution | assemble. Nothing is read or compiled before the first call but this package itself.
"""

from quotes.extraction.model import ExtractedQuote

__all__ = ["ExtractedQuote", "extract_quotes"]


def extract_quotes(text: str) -> list[ExtractedQuote]:
    """The quotes of `text` in order; its paragraphs are separated by newlines.

    Offsets are code points into `text`, half-open. Never raises on text, however odd.
    """
    from quotes.extraction.pipeline import extract

    return extract(text)
