"""Columns of small classes -> feature numbers: blocks cross columns, and tables fold blocks together.

A block crosses up to three columns; its features are numbered from its offset, and they are what is fitted. To add up the weights of a line
the engine looks into fewer and larger tables: each sums the weights of several blocks over the columns of all of them, which changes nothing
but the number of look-ups.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import prod

import numpy as np
from numpy.typing import NDArray

Block = tuple[str, ...]


class Crossing:
    """Blocks, each of some columns; `sizes` is the number of classes of each column, in the order in which the columns are stacked."""

    def __init__(self, sizes: Mapping[str, int], blocks: Sequence[Block]) -> None:
        # The longest first, so that what a block's third column adds is added to the first rows.
        self.blocks = tuple(sorted(blocks, key=len, reverse=True))
        self.sizes = sizes
        rows = {name: row for row, name in enumerate(sizes)}
        extents = {block: prod(sizes[name] for name in block) for block in blocks}
        self.total = sum(extents.values())
        self.offsets = dict(zip(blocks, [0, *accumulate(extents[block] for block in blocks)], strict=False))
        self._start = np.array([self.offsets[block] for block in self.blocks], np.int32)[:, None]
        self._steps = []
        for place in range(len(self.blocks[0])):
            deep = [block for block in self.blocks if len(block) > place]
            strides = [prod(sizes[name] for name in block[place + 1 :]) for block in deep]
            self._steps.append((np.array([rows[block[place]] for block in deep]), np.array(strides, np.int32)[:, None]))

    def numbers(self, columns: NDArray[np.int32]) -> NDArray[np.int32]:
        """The feature numbers: a row for each block, a column for each line."""
        (rows, strides), *further = self._steps
        found: NDArray[np.int32] = columns.take(rows, axis=0)
        found *= strides
        found += self._start
        for rows, strides in further:
            part = columns.take(rows, axis=0)
            part *= strides
            found[: len(rows)] += part
        return found

    def fold(self, weights: NDArray[np.int32], parts: "Crossing") -> NDArray[np.int32]:
        """The weights of these tables from those of the blocks that they fold: each block goes to the first table that has its columns."""
        states = weights.shape[1]
        found = np.zeros((self.total, states), np.int32)
        for block in parts.blocks:
            table = next(table for table in self.blocks if set(block) <= set(table))
            start, size = parts.offsets[block], prod(self.sizes[name] for name in block)
            order = sorted(range(len(block)), key=lambda place: table.index(block[place]))
            shape = [self.sizes[name] if name in block else 1 for name in table]
            own = weights[start : start + size].reshape(*(self.sizes[name] for name in block), states)
            extent = [self.sizes[name] for name in table]
            here = slice(self.offsets[table], self.offsets[table] + prod(extent))
            found[here].reshape(*extent, states)[...] += own.transpose(*order, len(block)).reshape(*shape, states)
        return found
