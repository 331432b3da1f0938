"""Where the page's prose lies together: the element and the run of blocks that hold most of it and least of all else.

A block of prose counts for its characters, all other blocks count against: what is summed over an element or a run is
high only where prose is dense. Every reader that chooses one container does so; here the choice is evidence, no more.
"""

from __future__ import annotations

from array import array
from typing import TypeAlias

from worker.clean.body.columns import PageColumns, clip, doubles
from worker.clean.body.position import Matrix

Sums: TypeAlias = "array[float]"

#: What a block costs, and each character of what is no prose: mild, and strict.
_COSTS = {"mild": (15.0, 0.5), "strict": (30.0, 1.5)}
#: Blocks to the nearest prose from which it is far.
_FAR = 8
#: The columns that `_near`, `_densest_element` and `_densest_run` write, in this order.
_NEAR_NAMES = ("before", "after", "before_in_container", "after_in_container", "around_in_container")
_ELEMENT_NAMES = ("in_element", "best_around", "container")
_RUN_NAMES = ("in_run", "after_first_10", "before_last_10", "after_first_40", "before_last_40")
#: The names of all columns that `evidence` writes, in order.
EVIDENCE_NAMES = (
    *(f"nearest_prose.{name}" for name in _NEAR_NAMES),
    *(f"densest_{cost}.{name}" for cost in _COSTS for name in _ELEMENT_NAMES + _RUN_NAMES),
)
_NEAREST, _ELEMENT, _RUN = len(_NEAR_NAMES), len(_ELEMENT_NAMES), len(_RUN_NAMES)


def evidence(page: PageColumns, rows: Matrix, at: int) -> None:
    """Write `EVIDENCE_NAMES` of each block into the columns from `at` on."""
    _near(page, rows, at)
    at += _NEAREST
    for block_cost, character_cost in _COSTS.values():
        sums = doubles(page.count + 1)
        _sum(page, block_cost, character_cost, sums)
        _densest_element(page, sums, rows, at)
        _densest_run(page, sums, rows, at + _ELEMENT)
        at += _ELEMENT + _RUN


def _sum(page: PageColumns, block_cost: float, character_cost: float, sums: Sums) -> None:
    for block in range(page.count):
        value = page.prose[block] if page.prose[block] > 0 else -character_cost * page.sizes[block]
        sums[block + 1] = sums[block] + (0 if page.is_unseen[block] else value - block_cost)


def _densest_element(page: PageColumns, sums: Sums, rows: Matrix, at: int) -> None:
    """Write whether a block is in it, and what its container and the best element around that come to beside it."""
    held, around, best = doubles(page.width), doubles(page.width), 0
    for number in range(page.width):
        held[number] = around[number] = sums[page.ends[number]] - sums[page.firsts[number]]
        if held[number] > held[best]:
            best = number
    top = max(1.0, held[best])
    around[0] = -top  # the page is around everything
    for number in range(1, page.width):
        around[number] = max(around[number], around[page.parents[number]])
    for block in range(page.count):
        container: int = page.containers[block]
        rows[block, at] = held[best] > 0 and page.firsts[best] <= block < page.ends[best]
        rows[block, at + 1] = clip(around[container], top)
        rows[block, at + 2] = clip(held[container], top)


def _densest_run(page: PageColumns, sums: Sums, rows: Matrix, at: int) -> None:
    """Write whether a block is in it, and the blocks from its first and to its last."""
    first = end = least = 0
    for place in range(page.count + 1):
        if sums[place] < sums[least]:
            least = place
        if sums[place] - sums[least] > sums[end] - sums[first]:
            first, end = least, place
    for block in range(page.count):
        rows[block, at] = first <= block < end
        rows[block, at + 1] = clip(block - first, 10)
        rows[block, at + 2] = clip(end - 1 - block, 10)
        rows[block, at + 3] = clip(block - first, 40)
        rows[block, at + 4] = clip(end - 1 - block, 40)


def _near(page: PageColumns, rows: Matrix, at: int) -> None:
    """Write how far the nearest prose is before and after a block, whether it is in the block's own container."""
    nearest = -1
    for block in range(page.count):
        rows[block, at] = 1 if nearest < 0 else min(1.0, (block - nearest) / _FAR)
        rows[block, at + 2] = nearest >= 0 and page.containers[nearest] == page.containers[block]
        nearest = block if page.prose[block] > 0 else nearest
    nearest = -1
    for block in range(page.count - 1, -1, -1):
        rows[block, at + 1] = 1 if nearest < 0 else min(1.0, (nearest - block) / _FAR)
        rows[block, at + 3] = nearest >= 0 and page.containers[nearest] == page.containers[block]
        rows[block, at + 4] = rows[block, at + 2] > 0 and rows[block, at + 3] > 0
        nearest = block if page.prose[block] > 0 else nearest
