"""A page's blocks and elements as columns of numbers: what the features of each block are computed from."""

from __future__ import annotations

from array import array
from typing import Any

from worker.clean.characters import count
from worker.clean.letters import WIDE
from worker.clean.marks import HIDDEN
from worker.clean.tree import Tree

#: Characters from which a block without many links is prose, in Latin ones; see `characters.size`.
PROSE = 60


class Scene:
    """The columns of a page that has any blocks.

    For each block: `lengths` in code points, `sizes` in Latin characters, `links` and `emphasis` as shares, `counts` of
    kinds of characters, `prose` (its size without links, 0 where it is no prose or unseen), `is_unseen`; its element
    `numbers`, the element's parents `around`, the `containers` of those, the containers `outer` to these. For each
    element: what `Elements` has; `looks` are numbered.
    """

    def __init__(self, tree: Tree) -> None:
        elements = tree.elements
        self.tree = tree
        self.blocks = tree.blocks
        self.count = len(tree.blocks)
        self.width = len(elements.parents)
        self.parents = array("i", elements.parents)
        self.firsts, self.ends = array("i", elements.firsts), array("i", elements.ends)
        self.depths, self.looks = array("i", elements.depths), numbered(elements.looks)
        self._stand(array("i", elements.containers))
        self._measure()
        self._hide(elements.marks)

    def _stand(self, containers: array[int]) -> None:
        self.numbers, self.around = integers(self.count), integers(self.count)
        self.containers, self.outer = integers(self.count), integers(self.count)
        for block, one in enumerate(self.blocks):
            number = one.element
            self.numbers[block] = number
            number = max(0, self.parents[number])
            self.around[block] = number
            number = containers[number]
            self.containers[block] = number
            self.outer[block] = containers[max(0, self.parents[number])]

    def _measure(self) -> None:
        self.lengths, self.counts = count([block.text for block in self.blocks])
        self.sizes, self.links = floats(self.count), floats(self.count)
        self.prose, self.emphasis = floats(self.count), floats(self.count)
        for number, block in enumerate(self.blocks):
            length = self.lengths[number]
            self.sizes[number] = length + 2 * self.counts[WIDE, number]
            self.links[number] = block.links / length
            self.emphasis[number] = block.emphasis / length
            if self.links[number] < 0.5 and self.sizes[number] > PROSE:
                self.prose[number] = self.sizes[number] * (1 - self.links[number])

    def _hide(self, marks: list[int]) -> None:
        """Find the blocks that no reader sees: none where nearly all prose is hidden, for then a script shows it."""
        self.is_unseen = bytearray(self.count)
        hidden = shown = 0.0
        for number in range(self.width):
            mark = marks[number]
            if mark & HIDDEN:
                for block in range(self.firsts[number], self.ends[number]):
                    self.is_unseen[block] = 1
        for block in range(self.count):
            hidden += self.prose[block] if self.is_unseen[block] else 0
            shown += self.prose[block] if not self.is_unseen[block] else 0
        is_shown_later = shown * 4 <= hidden
        for block in range(self.count):
            if is_shown_later:
                self.is_unseen[block] = 0
            elif self.is_unseen[block]:
                self.prose[block] = 0

    def total(self) -> float:
        """Return the prose of the page."""
        total = 0.0
        for block in range(self.count):
            total += self.prose[block]
        return total


def numbered(keys: list[Any]) -> array[int]:
    """Number the distinct keys in order of appearance."""
    index: dict[Any, int] = {}
    numbers = integers(len(keys))
    for place, key in enumerate(keys):
        numbers[place] = index.setdefault(key, len(index))
    return numbers


def integers(count: int) -> array[int]:
    """Return so many zeros."""
    return array("i", bytes(4 * count))


def floats(count: int) -> array[float]:
    """Return so many zeros in single precision."""
    return array("f", bytes(4 * count))


def doubles(count: int) -> array[float]:
    """Return so many zeros."""
    return array("d", bytes(8 * count))


def clip(value: float, most: float) -> float:
    """Return a number as a share of `most`, within -1 and 1."""
    return max(min(value, most), -most) / most
