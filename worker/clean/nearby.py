"""Which blocks of a page may be body at all: those that stand near prose.

Menus, rows of teasers and footers are most of a page's blocks. On 218 pages none of 5,070 blocks of body stood more
than `_REACH` blocks away from prose, as two in five of all blocks do.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from worker.clean.characters import count, sizes
from worker.clean.place import Numbers
from worker.clean.tree import Elements, RawBlock, Tree

#: Characters from which a block without many links is prose; see `characters.sizes`.
PROSE = 60
_REACH = 25
#: Characters of the shortest prose, in scripts of which a character counts as three.
_LEAST_PROSE = PROSE / 3


def near_prose(tree: Tree) -> tuple[Tree, list[int]]:
    """Return a page without the blocks that are far from prose and from its main headings, and which are left.

    Elements without a block left are left out, too. A page without prose is left whole.
    """
    prose = [n for n, block in enumerate(tree.blocks) if len(block.text) > _LEAST_PROSE and _is_prose(block)]
    if not prose:
        return tree, list(range(len(tree.blocks)))
    elements = tree.elements
    headings = [first for first, tag in zip(elements.firsts, elements.tags, strict=True) if tag == "h1"]
    near = np.zeros(len(tree.blocks), np.bool_)
    for number in prose + headings:
        near[max(0, number - _REACH) : number + _REACH + 1] = True
    left = np.flatnonzero(near).tolist()
    before = np.concatenate([[0], np.cumsum(near)])
    return _part(tree, left, before[elements.firsts], before[elements.ends]), left


def _part(tree: Tree, left: list[int], firsts: Numbers, ends: Numbers) -> Tree:
    """Return a page of the blocks `left` and of the elements that hold any, from `firsts` to `ends`, numbered anew."""
    elements, holding = tree.elements, ends > firsts
    places = np.flatnonzero(holding).tolist()
    numbers = (np.cumsum(holding) - 1).tolist()
    blocks = [tree.blocks[number] for number in left]
    return replace(
        tree,
        blocks=[
            RawBlock(one.text, numbers[one.element], one.links, one.emphasis, one.link_count, one.marks)
            for one in blocks
        ],
        elements=Elements(
            parents=[-1, *(numbers[elements.parents[place]] for place in places[1:])],
            containers=[numbers[elements.containers[place]] for place in places],
            tags=[elements.tags[place] for place in places],
            marks=[elements.marks[place] for place in places],
            regions=[elements.regions[place] for place in places],
            depths=[elements.depths[place] for place in places],
            looks=[elements.looks[place] for place in places],
            firsts=firsts[holding].tolist(),
            ends=ends[holding].tolist(),
        ),
    )


def _is_prose(block: RawBlock) -> bool:
    length = len(block.text)
    if 2 * block.links >= length:
        return False
    return length > PROSE or (not block.text.isascii() and _size(block.text) > PROSE)


def _size(text: str) -> float:
    lengths, counts = count([text])
    return float(sizes(lengths, counts)[0])
