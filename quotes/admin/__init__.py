"""The editors' desk: quotes and speakers, and what they add to the pages of articles and lists."""

from quotes.admin.inlines import ArticleQuotes, CuratedQuoteInline
from quotes.admin.quotes import QuoteAdmin
from quotes.admin.speakers import SpeakerAdmin
from quotes.admin.suggestions import SpeakerSuggestionAdmin

__all__ = ["ArticleQuotes", "CuratedQuoteInline", "QuoteAdmin", "SpeakerAdmin", "SpeakerSuggestionAdmin"]
