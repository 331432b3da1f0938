"""The position of each block: what its groups hold, how far it is from the main container, where on the page it is."""

from __future__ import annotations

from array import array
from math import log1p
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from worker.clean.body.columns import PageColumns, clip, doubles, integers, numbered

Matrix = NDArray[np.float32]
Numbers: TypeAlias = "array[int]"

#: Ancestors of the main container that are counted: how many of them a block is outside of is a distance.
_LEVELS = 5
#: Ways to group blocks, and the columns of each: `_group` writes them, in this order.
_GROUPINGS = ("element", "parent", "container", "outer_container", "selectors", "container_selector")
_GROUP_NAMES = ("prose", "prose_of_largest", "blocks", "link_share", "mean_size", "share_of_prose_blocks")
#: What `_repeated`, `_from_main` and `_on_page` write, in this order.
_REPEATED_NAMES = ("containers", "prose_each", "blocks_each")
_MAIN_NAMES = ("distance", "inside", "depth", "is_container", "same_selector", "after_first_10", "before_last_10",
               "after_first_60", "before_last_60")  # fmt: skip
_PAGE_NAMES = ("position", "prose_before", "prose_after", "after_heading_10", "after_heading_60", "blocks", "prose",
               "has_heading", "link_share")  # fmt: skip
#: The names of all columns that `position` writes, in order.
POSITION_NAMES = (
    *(f"{grouping}.{name}" for grouping in _GROUPINGS for name in _GROUP_NAMES),
    *(f"alike.{name}" for name in _REPEATED_NAMES),
    *(f"main.{name}" for name in _MAIN_NAMES),
    *(f"page.{name}" for name in _PAGE_NAMES),
)
_GROUP, _REPEATED, _MAIN = len(_GROUP_NAMES), len(_REPEATED_NAMES), len(_MAIN_NAMES)
#: Those that `features` takes the logarithm of: divisors, and the largest values.
POSITION_LOGS = {
    **{f"{grouping}.blocks": (4, 1) for grouping in _GROUPINGS},
    **{f"{grouping}.mean_size": (8, np.inf) for grouping in _GROUPINGS},
    "alike.containers": (3, 1), "alike.prose_each": (8, np.inf), "alike.blocks_each": (4, 1),
}  # fmt: skip


def position(page: PageColumns, rows: Matrix, at: int) -> None:
    """Write `POSITION_NAMES` of each block into the columns from `at` on."""
    selectors = integers(page.count)
    pairs = []  # the selectors of its element and of its container
    for block in range(page.count):
        selectors[block] = page.selectors[page.containers[block]]
        pairs.append((page.selectors[page.numbers[block]], selectors[block]))
    both = numbered(pairs)
    _group(page, page.numbers, rows, at)
    _group(page, page.around, rows, at + _GROUP)
    _group(page, page.containers, rows, at + 2 * _GROUP)
    _group(page, page.outer, rows, at + 3 * _GROUP)
    _group(page, both, rows, at + 4 * _GROUP)
    _group(page, selectors, rows, at + 5 * _GROUP)
    at += 6 * _GROUP
    _repeated(page, selectors, rows, at)
    _from_main(page, rows, at + _REPEATED)
    _on_page(page, rows, at + _REPEATED + _MAIN)


def _group(page: PageColumns, groups: Numbers, rows: Matrix, at: int) -> None:
    """Write `_GROUP_NAMES` of the group that each block is in: what the group holds, its rank, its size."""
    width, most, total = max(page.width, page.count), 1.0, max(1.0, page.total)
    held, size, linked = doubles(width), doubles(width), doubles(width)
    counts, with_prose = doubles(width), doubles(width)
    for block in range(page.count):
        group: int = groups[block]
        held[group] += page.prose[block]
        size[group] += page.sizes[block]
        share: float = page.links[block]
        linked[group] += share * page.sizes[block]
        counts[group] += 1
        with_prose[group] += page.prose[block] > 0
    for group in range(width):
        most = max(most, held[group])
    for block in range(page.count):
        group = groups[block]
        rows[block, at] = held[group] / total
        rows[block, at + 1] = held[group] / most
        rows[block, at + 2] = counts[group]
        rows[block, at + 3] = linked[group] / max(1.0, size[group])
        rows[block, at + 4] = max(1.0, size[group]) / counts[group]
        rows[block, at + 5] = with_prose[group] / counts[group]


def _repeated(page: PageColumns, selectors: Numbers, rows: Matrix, at: int) -> None:
    """Write how many containers have the selector of a block's own, and what each holds: teasers repeat."""
    is_counted = bytearray(page.width)
    alike, held, blocks = doubles(page.width), doubles(page.width), doubles(page.width)
    for block in range(page.count):
        selector: int = selectors[block]
        container: int = page.containers[block]
        if not is_counted[container]:
            is_counted[container] = 1
            alike[selector] += 1
        held[selector] += page.prose[block]
        blocks[selector] += 1
    for block in range(page.count):
        selector = selectors[block]
        rows[block, at] = alike[selector] - 1
        rows[block, at + 1] = held[selector] / alike[selector]
        rows[block, at + 2] = blocks[selector] / alike[selector]


def _from_main(page: PageColumns, rows: Matrix, at: int) -> None:
    """Write how far each block is from the container with most prose of its own, its children's counted half."""
    main = _main(page)
    first = last = -1
    for block in range(page.count):
        if page.containers[block] == main and page.prose[block] > 0:
            first = block if first < 0 else first
            last = block
    first, last = max(0, first), max(0, last)
    for block in range(page.count):
        container: int = page.containers[block]
        steps, number = _LEVELS, main
        for _ in range(_LEVELS):
            steps -= page.firsts[number] <= block < page.ends[number]
            number = max(0, page.parents[number])
        rows[block, at] = steps / _LEVELS
        rows[block, at + 1] = steps == 0
        rows[block, at + 2] = clip(page.depths[container] - page.depths[main], 6)
        rows[block, at + 3] = container == main
        rows[block, at + 4] = page.selectors[container] == page.selectors[main]
        rows[block, at + 5] = clip(block - first, 10)
        rows[block, at + 6] = clip(last - block, 10)
        rows[block, at + 7] = clip(block - first, 60)
        rows[block, at + 8] = clip(last - block, 60)


def _main(page: PageColumns) -> int:
    score, best = doubles(page.width), 0
    for block in range(page.count):
        score[page.containers[block]] += page.prose[block]
        score[page.outer[block]] += page.prose[block] / 2
    for number in range(page.width):
        if score[number] > score[best]:
            best = number
    return best


def _on_page(page: PageColumns, rows: Matrix, at: int) -> None:
    total, before, linked, sizes = max(1.0, page.total), 0.0, 0.0, 0.0
    tags, heading = page.tree.elements.tags, -1
    for block in range(page.count):
        share: float = page.links[block]
        linked += share * page.sizes[block]
        sizes += page.sizes[block]
        if heading < 0 and tags[page.origins[page.numbers[block]]] == "h1":
            heading = block
    length, amount = log1p(page.count) / 8, log1p(total) / 12
    for block in range(page.count):
        rows[block, at] = block / page.count
        rows[block, at + 1] = before / total
        before += page.prose[block]
        rows[block, at + 2] = 1 - before / total
        rows[block, at + 3] = clip(block - heading, 10)
        rows[block, at + 4] = clip(block - heading, 60)
        rows[block, at + 5] = length
        rows[block, at + 6] = amount
        rows[block, at + 7] = heading >= 0
        rows[block, at + 8] = linked / sizes
