"""Python looks for cycles of objects that nobody holds whenever some hundred more were made, and looks at all there are.

An import makes hundreds of thousands and hardly any cycles: a tenth of its time went into looking. So it is done seldom,
and what was there before is not looked at again.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Objects more than there were, before it is looked again: some tens of megabytes at most. A batch makes fewer: looked at
# while it is at work, they are all in use, count as old from then on, and what cycles they have are left by ``seek``.
SELDOM = 400_000


def seek() -> None:
    """Look among the newest objects now: few may hold much, and would wait long for their number to tell."""
    gc.collect(0)


@contextmanager
def sought_seldom() -> Iterator[None]:
    """While entered, cycles are sought seldom."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
