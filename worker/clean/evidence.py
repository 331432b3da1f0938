"""Where the page's prose lies together: the element and the run of blocks that hold most of it and least of all else.

A block of prose counts for its characters, all other blocks count against: what is summed over an element or a run is
high only where prose is dense. Every reader that chooses one container does so; here the choice is evidence, no more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from worker.clean.place import Columns, Matrix, Numbers, clipped, containers_of
from worker.clean.tree import Tree

#: What a block costs, and each character of what is no prose: mild, and strict.
_COSTS = ((15.0, 0.5), (30.0, 1.5))
#: Blocks to the nearest prose from which it is far.
_FAR = 8


def evidence(tree: Tree, prose: Matrix, sizes: Matrix, unseen: NDArray[np.bool_]) -> list[Columns]:
    """Return how each block stands to the densest element, to the densest run, to the prose before and after it."""
    containers = containers_of(tree)
    firsts, ends = np.array(tree.elements.firsts), np.array(tree.elements.ends)
    columns = _near(prose > 0, containers)
    for block_cost, character_cost in _COSTS:
        values = np.where(prose > 0, prose, -character_cost * sizes) - block_cost
        values[unseen] = 0
        sums = np.concatenate([[0.0], np.cumsum(values)])
        held = sums[ends] - sums[firsts]
        columns += [*_densest_element(tree, held, containers), *_densest_run(sums)]
    return columns


def _densest_element(tree: Tree, held: Columns, containers: Numbers) -> list[Columns]:
    """Return whether a block is in it, and what its container and the best element around that come to beside it."""
    elements, order = tree.elements, np.arange(len(containers))
    best = int(held.argmax())
    top = max(1.0, float(held[best]))
    around = held.tolist()
    around[0] = -top  # the page is around everything
    for number, parent in enumerate(elements.parents):
        if number and around[parent] > around[number]:
            around[number] = around[parent]
    inside = (order >= elements.firsts[best]) & (order < elements.ends[best])
    return [inside & (held[best] > 0),
            *clipped(np.array([np.array(around)[containers], held[containers]]), top)]  # fmt: skip


def _densest_run(sums: Columns) -> list[Columns]:
    """Return whether a block is in it, and the blocks from its first and to its last."""
    end = int((sums - np.minimum.accumulate(sums)).argmax())
    first = int(sums[: end + 1].argmin())
    order = np.arange(len(sums) - 1)
    away = np.array([order - first, end - 1 - order])
    return [away.min(0) >= 0, clipped(away, 10), clipped(away, 40)]


def _near(is_prose: NDArray[np.bool_], containers: Numbers) -> list[Columns]:
    """Return how far the nearest prose is before and after a block, whether it is in the block's own container."""
    count = len(is_prose)
    order = np.arange(count)
    before, after = nearest(is_prose)
    own_before, own_after = beside(containers, before), beside(containers, after)
    return [np.where(before < 0, 1, np.minimum(1, (order - before) / _FAR)),
            np.where(after == count, 1, np.minimum(1, (after - order) / _FAR)),
            own_before, own_after, own_before & own_after]  # fmt: skip


def nearest(marked: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """Return the nearest marked block before each block, -1 if there is none, and after it, else their count."""
    count = len(marked)
    order = np.arange(count)
    before = np.maximum.accumulate(np.concatenate([[-1], np.where(marked, order, -1)[:-1]]))
    after = np.minimum.accumulate(np.concatenate([np.where(marked, order, count)[1:], [count]])[::-1])[::-1]
    return before, after


def beside(containers: Numbers, others: Numbers) -> NDArray[np.bool_]:
    """Return which blocks stand in the container of the block that `others` names for each, as `nearest` does."""
    known = np.append(containers, -1)  # of no block, at the index -1 or their count
    own: NDArray[np.bool_] = known[others] == containers
    return own
