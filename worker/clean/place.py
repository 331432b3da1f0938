"""Where each block of a page stands: what its kin hold, how far it is from the main container, where on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worker.clean.tree import Tree

Matrix = NDArray[np.float32]
Column = NDArray[np.floating[Any]]
Numbers = NDArray[np.int64]

#: Ancestors of the main container that are looked at: how many of them a block stands outside of is a distance.
_LEVELS = 5


def place(tree: Tree, prose: Matrix, sizes: Matrix, links: Matrix) -> Matrix:
    """Return where each block stands: what its kin hold, how far from the main container, where on the page."""
    elements = tree.elements
    numbers = [block.element for block in tree.blocks]
    containers = [elements[max(0, elements[number].parent)].container for number in numbers]
    outer = [elements[max(0, elements[number].parent)].container for number in containers]
    around = [elements[number].signature for number in containers]
    signatures = [(elements[number].signature, outside) for number, outside in zip(numbers, around, strict=True)]
    kin: tuple[Sequence[object], ...] = (numbers, containers, outer, signatures, around)
    columns = [column for keys in kin for column in _kin(_groups(keys), prose, sizes, links)]
    columns += _repeated(containers, _groups(around), prose)
    columns += _from_main(tree, prose, containers, outer)
    columns += _on_page(tree, prose, links, sizes)
    return np.stack(columns, axis=1)


def _groups(keys: Sequence[object]) -> Numbers:
    """Number the distinct keys in order of appearance."""
    index: dict[object, int] = {}
    return np.array([index.setdefault(key, len(index)) for key in keys], np.int64)


def _kin(groups: Numbers, prose: Matrix, sizes: Matrix, links: Matrix) -> list[Column]:
    count, size = np.bincount(groups), np.bincount(groups, sizes)
    held, linked = np.bincount(groups, prose), np.bincount(groups, links * sizes) / size
    share, rank = held / max(1.0, prose.sum()), held / max(1.0, held.max())
    return [share[groups], rank[groups], np.minimum(1, np.log1p(count) / 4)[groups], linked[groups],
            (np.log1p(size / count) / 8)[groups], (np.bincount(groups, prose > 0) / count)[groups]]  # fmt: skip


def _repeated(containers: list[int], groups: Numbers, prose: Matrix) -> list[Column]:
    """Return how many containers look like a block's own, and what each holds: teasers come in rows of one block.

    Args:
        containers: The container of each block.
        groups: Its container's looks.
        prose: The prose of each block.
    """
    alike = np.array([len(set(members)) for members in _members(groups, containers)])
    held = np.bincount(groups, prose) / alike
    blocks = np.bincount(groups) / alike
    return [np.minimum(1, np.log(alike) / 3)[groups], (np.log1p(held) / 8)[groups],
            np.minimum(1, np.log1p(blocks) / 4)[groups]]  # fmt: skip


def _members(groups: Numbers, values: list[int]) -> list[list[int]]:
    members: list[list[int]] = [[] for _ in range(int(groups.max()) + 1)]
    for group, value in zip(groups.tolist(), values, strict=True):
        members[group].append(value)
    return members


def _from_main(tree: Tree, prose: Matrix, containers: list[int], outer: list[int]) -> list[Column]:
    """Return how each block stands to the container with most prose of its own, its children's counted half."""
    elements, count = tree.elements, len(tree.blocks)
    score = np.bincount(containers, prose, len(elements)) + np.bincount(outer, prose / 2, len(elements))
    main = int(score.argmax())
    order = np.arange(count)
    number, steps = main, np.zeros(count)
    for _ in range(_LEVELS):
        inside = (order >= elements[number].first) & (order < elements[number].end)
        steps += ~inside
        number = max(0, elements[number].parent)
    held = np.flatnonzero((np.array(containers) == main) & (prose > 0))
    first, last = (int(held[0]), int(held[-1])) if len(held) else (0, 0)
    depth = np.array([elements[number].depth for number in containers]) - elements[main].depth
    same = np.array([elements[number].signature == elements[main].signature for number in containers])
    return [steps / _LEVELS, steps == 0, np.clip(depth, -6, 6) / 6, np.array(containers) == main, same,
            np.clip((order - first) / 10, -1, 1), np.clip((last - order) / 10, -1, 1),
            np.clip((order - first) / 60, -1, 1), np.clip((last - order) / 60, -1, 1)]  # fmt: skip


def _on_page(tree: Tree, prose: Matrix, links: Matrix, sizes: Matrix) -> list[Column]:
    blocks, count = tree.blocks, len(tree.blocks)
    order = np.arange(count)
    total = max(1.0, float(prose.sum()))
    before = np.cumsum(prose) - prose
    heading = next((number for number, block in enumerate(blocks) if tree.tag(block) == "h1"), -1)
    page = (np.log1p(count) / 8, np.log1p(total) / 12, heading >= 0, float((links * sizes).sum() / sizes.sum()))
    return [order / count, before / total, 1 - (before + prose) / total, np.clip((order - heading) / 10, -1, 1),
            np.clip((order - heading) / 60, -1, 1), *(np.full(count, value) for value in page)]  # fmt: skip
