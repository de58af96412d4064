"""The body of the article on a page, as trafilatura finds it."""

from __future__ import annotations

import logging
from copy import deepcopy
from typing import TYPE_CHECKING

from newsroom.ingest.decode import clean

if TYPE_CHECKING:
    from lxml.html import HtmlElement

logger = logging.getLogger(__name__)


def find_body(tree: HtmlElement, url: str = "") -> list[str]:
    """The paragraphs of the body, in order; none if there is no article to be seen. Comments of readers are left out."""
    import trafilatura

    # It reports on each page that holds no article, which is no news here.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = trafilatura.bare_extraction(deepcopy(tree), url=url or None, include_comments=False)
    except Exception:
        # The page is read without its help; what it stumbled over is worth a report to its makers.
        logger.exception("trafilatura failed on a page")
        return []
    text = getattr(found, "text", None) or ""
    return [line for raw in clean(text).split("\n") if (line := raw.strip())]
