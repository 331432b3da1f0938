"""Where each block of a page stands: what its kin hold, how far it is from the main container, where on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worker.clean.tree import Tree

Matrix = NDArray[np.float32]
#: A value for each block, or rows of such values.
Columns = NDArray[Any]
Numbers = NDArray[np.int64]

#: Ancestors of the main container that are looked at: how many of them a block stands outside of is a distance.
_LEVELS = 5
_NEAR_AND_FAR = np.array([[10], [60]])


def place(tree: Tree, prose: Matrix, sizes: Matrix, links: Matrix) -> list[Columns]:
    """Return where each block stands: what its kin hold, how far from the main container, where on the page."""
    elements = tree.elements
    parents = np.maximum(0, np.array(elements.parents))
    outside = np.array(elements.containers)[parents]
    numbers = np.array([block.element for block in tree.blocks])
    containers = outside[numbers]
    outer = outside[containers]
    looks = _numbered(elements.looks)
    around = looks[containers]
    signatures = np.unique(looks[numbers] * len(looks) + around, return_inverse=True)[1]
    return [
        _kin((numbers, parents[numbers], containers, outer, signatures, around), prose, sizes, links),
        _repeated(containers, around, prose),
        *_from_main(tree, prose, containers, outer, looks),
        *_on_page(tree, prose, links, sizes),
    ]


def containers_of(tree: Tree) -> Numbers:
    """Return the number of the container that each block stands in."""
    return np.array([tree.container(block) for block in tree.blocks])


def _numbered(keys: Sequence[str]) -> Numbers:
    """Number the distinct keys in order of appearance."""
    index: dict[str, int] = {}
    return np.array([index.setdefault(key, len(index)) for key in keys])


def _kin(kin: Sequence[Numbers], prose: Matrix, sizes: Matrix, links: Matrix) -> Columns:
    """Return six columns for each way of grouping the blocks: what the group holds, its rank, its size, its looks."""
    widths = np.array([groups.max() + 1 for groups in kin])
    starts = np.cumsum(widths) - widths
    groups = np.concatenate([one + start for one, start in zip(kin, starts, strict=True)])

    def total(amounts: NDArray[Any]) -> NDArray[Any]:
        return np.bincount(groups, np.concatenate([amounts] * len(kin)))

    count, size = np.maximum(1, np.bincount(groups)), np.maximum(1, total(sizes))
    held, linked, with_prose = total(prose), total(links * sizes), total(prose > 0)
    most = np.repeat(np.maximum(1, np.maximum.reduceat(held, starts)), widths)
    columns = np.array([held / max(1.0, prose.sum()), held / most, np.minimum(1, np.log1p(count) / 4),
                        linked / size, np.log1p(size / count) / 8, with_prose / count])  # fmt: skip
    return columns[:, groups].reshape(len(columns), len(kin), -1).swapaxes(0, 1).reshape(len(columns) * len(kin), -1)


def _repeated(containers: Numbers, groups: Numbers, prose: Matrix) -> Columns:
    """Return how many containers look like a block's own, and what each holds: teasers come in rows of one block.

    Args:
        containers: The container of each block.
        groups: Its container's looks.
        prose: The prose of each block.
    """
    looks = np.full(int(containers.max()) + 1, -1)
    looks[containers] = groups
    alike = np.maximum(1, np.bincount(looks[looks >= 0]))
    columns = np.array([np.minimum(1, np.log(alike) / 3), np.log1p(np.bincount(groups, prose) / alike) / 8,
                        np.minimum(1, np.log1p(np.bincount(groups) / alike) / 4)])  # fmt: skip
    repeated: Columns = columns[:, groups]
    return repeated


def _from_main(tree: Tree, prose: Matrix, containers: Numbers, outer: Numbers, looks: Numbers) -> list[Columns]:
    """Return how each block stands to the container with most prose of its own, its children's counted half."""
    elements, count = tree.elements, len(tree.blocks)
    score = np.bincount(containers, prose, len(looks)) + np.bincount(outer, prose / 2, len(looks))
    main = int(score.argmax())
    order = np.arange(count)
    number, steps = main, np.full(count, _LEVELS)
    for _ in range(_LEVELS):
        steps[elements.firsts[number] : elements.ends[number]] -= 1
        number = max(0, elements.parents[number])
    held = np.flatnonzero((containers == main) & (prose > 0))
    first, last = (int(held[0]), int(held[-1])) if len(held) else (0, 0)
    depth = np.array(elements.depths)[containers] - elements.depths[main]
    away = np.array([order - first, last - order])
    return [steps / _LEVELS, steps == 0, clipped(depth, 6), containers == main, looks[containers] == looks[main],
            clipped(away, 10), clipped(away, 60)]  # fmt: skip


def clipped(steps: NDArray[Any], most: float | NDArray[Any]) -> Columns:
    """Return numbers as shares of `most`, within -1 and 1; np.clip takes three times as long on a page's few."""
    shares: Columns = np.minimum(np.maximum(steps, -most), most) / most
    return shares


def _on_page(tree: Tree, prose: Matrix, links: Matrix, sizes: Matrix) -> list[Columns]:
    blocks, count = tree.blocks, len(tree.blocks)
    order = np.arange(count)
    total = max(1.0, float(prose.sum()))
    before = np.cumsum(prose) - prose
    heading = next((number for number, block in enumerate(blocks) if tree.tag(block) == "h1"), -1)
    page = (np.log1p(count) / 8, np.log1p(total) / 12, heading >= 0, float((links * sizes).sum() / sizes.sum()))
    return [order / count, before / total, 1 - (before + prose) / total, clipped(order - heading, _NEAR_AND_FAR),
            np.repeat([page], count, axis=0).T]  # fmt: skip
