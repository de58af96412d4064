"""What templates of readers' pages may call: Jinja, in ``templates/public``.

Readers' pages are Jinja's because it compiles a template to Python: a page is drawn in less than half of the time that
Django's own templates take, which walk a tree and try each dot of ``article.headline`` three ways. The desk is Django's
admin, whose templates are Django's (``templates/desk``). In both, text is escaped unless what made it says that it is safe,
no template asks the database, and what is not there prints as nothing.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from types import SimpleNamespace
from typing import Any

from django.template import defaultfilters, defaulttags
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChainableUndefined, Environment, pass_context
from jinja2.runtime import Context

from articles import pagedata as data_of_articles
from articles import writing as news
from articles.links import absolute_to
from newsroom.pieces import piece
from newsroom.results import found
from quotes import pagedata as data_of_quotes
from quotes import writing as quotation


class _Environment(Environment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What a template sees beside what it is given: as one dictionary, for it is gone through each time that one is drawn."""
        return {**self.globals, **(d or {})}


def environment(**options: Any) -> Environment:
    """Made by Django, with its options."""
    made = _Environment(
        **options | {"autoescape": True, "undefined": ChainableUndefined, "keep_trailing_newline": True}
    )
    made.globals.update({function.__name__: function for function in _FUNCTIONS})
    made.filters.update({function.__name__: function for function in _FILTERS})
    return made


@pass_context
def absolute(context: Context, path: str) -> str:
    """The whole address of a path of this site."""
    return absolute_to(context["request"])(path)


def url(name: str, *args: Any) -> str:
    return reverse(name, args=args)


@pass_context
def querystring(context: Context, *args: Any, **changed: Any) -> str:
    """As Django's tag: the query of the page's address with these values instead; ``none`` takes one out."""
    return defaulttags.querystring(SimpleNamespace(request=context["request"]), *args, **changed)


_FUNCTIONS = (
    absolute,
    url,
    static,
    querystring,
    piece,
    found,
    news.card,
    news.about,
    news.options,
    news.article_date,
    news.printed_date,
    news.span_address,
    news.span_name,
    quotation.by_initial,
    quotation.quote_card,
    quotation.quoted,
    quotation.quoted_paragraphs,
    quotation.quoted_with_doubt,
    quotation.spoken,
    data_of_articles.article_data,
    data_of_articles.list_data,
    data_of_articles.site_data,
    data_of_articles.topic_data,
    data_of_quotes.quote_data,
    data_of_quotes.speaker_page_data,
)
_FILTERS = (
    defaultfilters.date,
    defaultfilters.force_escape,
    defaultfilters.iriencode,
    defaultfilters.linebreaksbr,
    defaultfilters.pluralize,
    defaultfilters.truncatechars,
    defaultfilters.urlencode,
    news.direction,
    news.excerpt,
    news.reading_minutes,
    news.teaser,
    data_of_articles.published_stamp,
    data_of_articles.share_picture,
    data_of_quotes.share_picture_of_quote,
    quotation.confidence_meaning,
    quotation.confidence_word,
    quotation.kind_meaning,
    quotation.kind_word,
    quotation.review_meaning,
    quotation.voices,
)
