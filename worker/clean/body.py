"""Which blocks are the article's body: features of each block, one network over the sequence of blocks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from worker.clean.features import UNSEEN_COLUMN, Hints, features
from worker.clean.marks import BIT
from worker.clean.metadata import Facts
from worker.clean.nearby import near_prose
from worker.clean.network import probabilities
from worker.clean.structured import text_of
from worker.clean.tree import RawBlock, Tree

#: The probability from which a block is body.
CUTOFF = 0.3
#: A page on which no block is that likely keeps those within this factor of its best.
_FACTOR = 0.6
_LEAST = 0.01
_LONGEST_LIST, _LINKED = 12, 0.3
#: Characters of a stated body that blocks are searched in: a book's are for no one.
_EVIDENCE = 50_000
_TITLE_NAMES = ("og:title", "twitter:title")
_DESCRIPTION_NAMES = ("og:description", "description", "twitter:description")


def hints(facts: Facts) -> Hints:
    """Return what the page's metadata says of its text."""
    return Hints(
        title=facts.meta(_TITLE_NAMES) or facts.tree.title,
        description=facts.meta(_DESCRIPTION_NAMES),
        evidence="".join(text_of(facts.article.get("articleBody"))[:_EVIDENCE].split()),
    )


def choose(facts: Facts) -> list[RawBlock]:
    """Return the blocks that are the article's body, in order."""
    if not facts.tree.blocks:
        return []
    near, numbers = near_prose(facts.tree)
    rows = features(near, hints(facts))
    likely = np.where(rows[:, UNSEEN_COLUMN] > 0, 0, probabilities(rows))
    taken = likely >= max(_LEAST, min(CUTOFF, _FACTOR * float(likely.max())))
    chosen = with_updates(facts.tree, [numbers[number] for number in np.flatnonzero(taken).tolist()])
    return [facts.tree.blocks[number] for number in _with_lists(facts.tree, chosen)]


def with_updates(tree: Tree, taken: list[int]) -> list[int]:
    """Add the other updates of a live blog: what looks like a taken container that is named an update.

    To the network they are as alike as a row of teasers.
    """
    elements = tree.elements
    containers = {tree.container(tree.blocks[number]) for number in taken}
    looks = {elements.looks[number] for number in containers if elements.marks[number] & BIT["live"]}
    if not looks:
        return taken
    alike = {number for number, look in enumerate(elements.looks) if look in looks}
    return sorted({*taken, *(n for n, block in enumerate(tree.blocks) if tree.container(block) in alike)})


def _with_lists(tree: Tree, taken: list[int]) -> list[int]:
    """Add the short lists between two taken blocks of one container: a list belongs to what introduces it."""
    found = list(taken)
    for before, after in pairwise(taken):
        between = tree.blocks[before + 1 : after]
        container = tree.container(tree.blocks[before])
        if (
            0 < len(between) <= _LONGEST_LIST
            and tree.container(tree.blocks[after]) == container
            and all(tree.tag(block) == "li" and tree.container(block) == container for block in between)
            and sum(block.links for block in between) < _LINKED * sum(len(block.text) for block in between)
        ):
            found.extend(range(before + 1, after))
    return sorted(found)
