"""A page's blocks and elements as columns of numbers: what the features of each block are computed from."""

from __future__ import annotations

from array import array
from typing import Any

from worker.clean.body.characters import count
from worker.clean.body.letters import WIDE
from worker.clean.html.class_names import HIDDEN
from worker.clean.html.tree import Tree

#: Characters from which a block without many links is prose, in Latin ones; see `characters.size`.
PROSE = 60


class PageColumns:
    """The columns of some blocks of a page, of one at least, and of the elements that hold any of them.

    For each block: `lengths` in code points, `sizes` in Latin characters, `links` and `emphasis` as shares, `counts` of
    kinds of characters, `prose` (its size without links, 0 where it is no prose or unseen), `is_unseen`; its element
    `numbers`, the element's parents `around`, the `containers` of those, the containers `outer` to these. For each
    element: its number on the page, `origins`, the container around, `outside`, and what `Elements` has, `selectors` as
    numbers. `total` is the prose of all blocks.
    """

    def __init__(self, tree: Tree, near: list[int]) -> None:
        self.tree = tree
        self.blocks = [tree.blocks[number] for number in near]
        self.count = len(near)
        count = len(tree.elements.parents)
        self.origins, self.parents, self.outside = integers(count), integers(count), integers(count)
        self.firsts, self.ends, self.depths = integers(count), integers(count), integers(count)
        self._locate(self._renumber(near))
        self.selectors = numbered([tree.elements.selectors[self.origins[number]] for number in range(self.width)])
        self._measure()
        self._find_unseen(tree.elements.marks)
        self._sum()

    def _renumber(self, near: list[int]) -> array[int]:
        """Number the elements that hold any of the blocks anew; return the new numbers."""
        elements = self.tree.elements
        parents, containers, depths = elements.parents, elements.containers, elements.depths
        firsts, ends = elements.firsts, elements.ends
        before, numbers, left = integers(len(self.tree.blocks) + 1), integers(len(parents)), 0
        for number in near:
            before[number + 1] = 1
        for number in range(len(self.tree.blocks)):
            before[number + 1] += before[number]
        for number in range(len(parents)):
            first, end = before[firsts[number]], before[ends[number]]
            if end > first:
                numbers[number] = left
                self.origins[left] = number
                self.parents[left] = numbers[parents[number]] if number else -1
                self.outside[left] = numbers[containers[number]]
                self.firsts[left], self.ends[left], self.depths[left] = first, end, depths[number]
                left += 1
        self.width = left
        return numbers

    def _locate(self, numbers: array[int]) -> None:
        self.numbers, self.around = integers(self.count), integers(self.count)
        self.containers, self.outer = integers(self.count), integers(self.count)
        for block, one in enumerate(self.blocks):
            number = numbers[one.element]
            self.numbers[block] = number
            number = max(0, self.parents[number])
            self.around[block] = number
            number = self.outside[number]
            self.containers[block] = number
            self.outer[block] = self.outside[max(0, self.parents[number])]

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

    def _find_unseen(self, marks: list[int]) -> None:
        """Find the blocks that no reader sees: none where nearly all prose is hidden, for then a script shows it."""
        self.is_unseen = bytearray(self.count)
        hidden = shown = 0.0
        for number in range(self.width):
            mark = marks[self.origins[number]]
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

    def _sum(self) -> None:
        self.total = 0.0
        for block in range(self.count):
            self.total += self.prose[block]


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
