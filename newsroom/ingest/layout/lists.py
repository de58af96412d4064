"""Link lists on whole web pages: a line that reads like the label of a list, and the headlines under it.

The corpora say of real pages only where the article is, so there the sequence model calls all else furniture. This finds lists in it by
their label and the shape of their items; `data/list_labels.txt` holds labels that the `label` pattern does not cover.
"""

from newsroom.ingest.layout import states as st
from newsroom.ingest.layout.headlines import Page
from newsroom.ingest.layout.patterns import NUMBER
from newsroom.ingest.layout.shape import Shapes

_BETWEEN = frozenset(
    NUMBER[name] for name in ("time-ago", "rank", "date", "byline", "byline-date", "credit", "comments", "separator")
)
_SHORTEST_ITEM, _LONGEST_ITEM, _ITEM_WORDS = 18, 170, 4
_FEWEST_ITEMS = 2
_ITEMS = frozenset({0, NUMBER["label"], NUMBER["more"], NUMBER["inline-related"]})
_FURNITURE = frozenset({st.FURNITURE, st.META, st.HEADER})


def find_lists(page: Page, states: list[int]) -> list[int]:
    """The states with lists marked in what is furniture so far."""
    states = list(states)
    below = 0
    for number in page.shapes.labels():
        if number >= below and states[number] in _FURNITURE:
            items, end = _items(page, states, number + 1)
            if len(items) >= _FEWEST_ITEMS:
                states[number] = st.LABEL
                for inside in range(number + 1, end):
                    states[inside] = st.ITEM if inside in items else st.META
                below = end
    return states


def _items(page: Page, states: list[int], start: int) -> tuple[set[int], int]:
    """The items from this line on, and the line after the last of them."""
    items: set[int] = set()
    end = number = start
    while number < len(states) and states[number] in _FURNITURE:
        if _is_item(page.shapes, number):
            items.add(number)
            end = number + 1
        elif page.shapes.pattern[number] not in _BETWEEN:
            break
        number += 1
    return items, end


def _is_item(shapes: Shapes, number: int) -> bool:
    return (
        _SHORTEST_ITEM <= shapes.length[number] <= _LONGEST_ITEM
        and shapes.many[number] >= _ITEM_WORDS
        and shapes.pattern[number] in _ITEMS
        and not (shapes.label[number] and shapes.many[number] < 2 * _ITEM_WORDS)
    )
