"""The states of the sequence model: what a line can be, seen from the reading order of a page."""

import numpy as np
from numpy.typing import NDArray

STATES = (
    "headline",
    "standfirst",
    "signature",  # byline, date, or both: the lines that sign the article
    "caption",
    "opening",  # the first paragraph of an article
    "body",
    "teaser",
    "card",  # the headline above a teaser
    "label",
    "item",
    "meta",  # ranks, times and sections between the items of a list
    "header",  # furniture between a headline and its article
    "furniture",  # before an article and its headline
    "aside",  # furniture between the paragraphs of an article
    "after",  # furniture below an article
)
COUNT = len(STATES)
# The fixed-point score of each state (columns) for each line (rows).
Emissions = NDArray[np.int32]
# Scores of states are fixed-point: so many to one nat.
SCALE = 100
(
    HEADLINE,
    STANDFIRST,
    SIGNATURE,
    CAPTION,
    OPENING,
    BODY,
    TEASER,
    CARD,
    LABEL,
    ITEM,
    META,
    HEADER,
    FURNITURE,
    ASIDE,
    AFTER,
) = range(COUNT)
# What each state is to the stages after the sequence model: they know one kind of furniture.
PLAIN = tuple(FURNITURE if state in {ASIDE, AFTER} else state for state in range(COUNT))
