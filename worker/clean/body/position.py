"""Where each block of a page stands: what its kin hold, how far it is from the main container, where on the page."""

from __future__ import annotations

from array import array
from math import log1p
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from worker.clean.body.columns import Scene, clip, doubles, integers, numbered

Matrix = NDArray[np.float32]
Numbers: TypeAlias = "array[int]"

#: Ancestors of the main container that are looked at: how many of them a block stands outside of is a distance.
_LEVELS = 5
#: Columns of one way of grouping blocks, and of all that is told here.
_KIN = 6
PLACE_COLUMNS = 6 * _KIN + 3 + 9 + 9
#: Those that `features` takes the logarithm of, by their places here: divisors, and the largest values.
PLACE_LOGS = {
    **{place: (divisor, most) for kin in range(0, 6 * _KIN, _KIN) for place, divisor, most in
       ((kin + 2, 4, 1), (kin + 4, 8, np.inf))},
    6 * _KIN: (3, 1), 6 * _KIN + 1: (8, np.inf), 6 * _KIN + 2: (4, 1),
}  # fmt: skip


def place(scene: Scene, rows: Matrix, at: int) -> None:
    """Write where each block stands into the columns from `at` on."""
    looks = integers(scene.count)
    pairs = []  # the looks of its element and of its container
    for block in range(scene.count):
        looks[block] = scene.looks[scene.containers[block]]
        pairs.append((scene.looks[scene.numbers[block]], looks[block]))
    both = numbered(pairs)
    _kin(scene, scene.numbers, rows, at)
    _kin(scene, scene.around, rows, at + _KIN)
    _kin(scene, scene.containers, rows, at + 2 * _KIN)
    _kin(scene, scene.outer, rows, at + 3 * _KIN)
    _kin(scene, both, rows, at + 4 * _KIN)
    _kin(scene, looks, rows, at + 5 * _KIN)
    at += 6 * _KIN
    _repeated(scene, looks, rows, at)
    _from_main(scene, rows, at + 3)
    _on_page(scene, rows, at + 12)


def _kin(scene: Scene, groups: Numbers, rows: Matrix, at: int) -> None:
    """Write six columns for the groups of blocks: what a group holds, its rank, its size, its looks."""
    width, most, total = max(scene.width, scene.count), 1.0, max(1.0, scene.total)
    held, size, linked = doubles(width), doubles(width), doubles(width)
    counts, with_prose = doubles(width), doubles(width)
    for block in range(scene.count):
        group: int = groups[block]
        held[group] += scene.prose[block]
        size[group] += scene.sizes[block]
        share: float = scene.links[block]
        linked[group] += share * scene.sizes[block]
        counts[group] += 1
        with_prose[group] += scene.prose[block] > 0
    for group in range(width):
        most = max(most, held[group])
    for block in range(scene.count):
        group = groups[block]
        rows[block, at] = held[group] / total
        rows[block, at + 1] = held[group] / most
        rows[block, at + 2] = counts[group]
        rows[block, at + 3] = linked[group] / max(1.0, size[group])
        rows[block, at + 4] = max(1.0, size[group]) / counts[group]
        rows[block, at + 5] = with_prose[group] / counts[group]


def _repeated(scene: Scene, looks: Numbers, rows: Matrix, at: int) -> None:
    """Write how many containers look like a block's own, and what each holds: teasers come in rows of one block."""
    is_counted = bytearray(scene.width)
    alike, held, blocks = doubles(scene.width), doubles(scene.width), doubles(scene.width)
    for block in range(scene.count):
        look: int = looks[block]
        container: int = scene.containers[block]
        if not is_counted[container]:
            is_counted[container] = 1
            alike[look] += 1
        held[look] += scene.prose[block]
        blocks[look] += 1
    for block in range(scene.count):
        look = looks[block]
        rows[block, at] = alike[look] - 1
        rows[block, at + 1] = held[look] / alike[look]
        rows[block, at + 2] = blocks[look] / alike[look]


def _from_main(scene: Scene, rows: Matrix, at: int) -> None:
    """Write how each block stands to the container with most prose of its own, its children's counted half."""
    main = _main(scene)
    first = last = -1
    for block in range(scene.count):
        if scene.containers[block] == main and scene.prose[block] > 0:
            first = block if first < 0 else first
            last = block
    first, last = max(0, first), max(0, last)
    for block in range(scene.count):
        container: int = scene.containers[block]
        steps, number = _LEVELS, main
        for _ in range(_LEVELS):
            steps -= scene.firsts[number] <= block < scene.ends[number]
            number = max(0, scene.parents[number])
        rows[block, at] = steps / _LEVELS
        rows[block, at + 1] = steps == 0
        rows[block, at + 2] = clip(scene.depths[container] - scene.depths[main], 6)
        rows[block, at + 3] = container == main
        rows[block, at + 4] = scene.looks[container] == scene.looks[main]
        rows[block, at + 5] = clip(block - first, 10)
        rows[block, at + 6] = clip(last - block, 10)
        rows[block, at + 7] = clip(block - first, 60)
        rows[block, at + 8] = clip(last - block, 60)


def _main(scene: Scene) -> int:
    score, best = doubles(scene.width), 0
    for block in range(scene.count):
        score[scene.containers[block]] += scene.prose[block]
        score[scene.outer[block]] += scene.prose[block] / 2
    for number in range(scene.width):
        if score[number] > score[best]:
            best = number
    return best


def _on_page(scene: Scene, rows: Matrix, at: int) -> None:
    total, before, linked, sizes = max(1.0, scene.total), 0.0, 0.0, 0.0
    tags, heading = scene.tree.elements.tags, -1
    for block in range(scene.count):
        share: float = scene.links[block]
        linked += share * scene.sizes[block]
        sizes += scene.sizes[block]
        if heading < 0 and tags[scene.origins[scene.numbers[block]]] == "h1":
            heading = block
    length, amount = log1p(scene.count) / 8, log1p(total) / 12
    for block in range(scene.count):
        rows[block, at] = block / scene.count
        rows[block, at + 1] = before / total
        before += scene.prose[block]
        rows[block, at + 2] = 1 - before / total
        rows[block, at + 3] = clip(block - heading, 10)
        rows[block, at + 4] = clip(block - heading, 60)
        rows[block, at + 5] = length
        rows[block, at + 6] = amount
        rows[block, at + 7] = heading >= 0
        rows[block, at + 8] = linked / sizes
