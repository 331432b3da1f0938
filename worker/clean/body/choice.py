"""Which blocks are the article's body: features of each block, one network over the sequence of blocks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from worker.clean.body.candidates import near_prose
from worker.clean.body.features import UNSEEN_COLUMN, features
from worker.clean.body.network import Matrix, probabilities
from worker.clean.body.vocabulary import Hints
from worker.clean.html.block import RawBlock
from worker.clean.html.class_names import BIT
from worker.clean.html.elements import HEADINGS
from worker.clean.html.tree import Tree
from worker.clean.metadata.fields import Metadata
from worker.clean.metadata.headline import repeats

#: The probability from which a block is body, and the one from which it is between two that are.
CUTOFF, BETWEEN = 0.4, 0.15
#: A page on which no block is that likely keeps those within this factor of its best.
_FACTOR = 0.6
_LEAST = 0.01
#: The share of what was taken that stands behind the article's title, at least.
_LEAST_FOLLOWING = 0.25
#: Characters of a stated body that blocks are searched in: a book's are for no one.
_EVIDENCE = 50_000


def hints(metadata: Metadata) -> Hints:
    """Return what the page's metadata says of its text."""
    return Hints(metadata.title, metadata.description, "".join(metadata.text[:_EVIDENCE].split()))


def choose(tree: Tree, metadata: Metadata) -> list[RawBlock]:
    """Return the blocks that are the body of the page's article, in order."""
    if not tree.blocks:
        return []
    near = near_prose(tree)
    rows = features(tree, near, hints(metadata))
    return [tree.blocks[number] for number in picked(tree, near, rows, probabilities(rows), metadata.headline or "")]


def picked(tree: Tree, near: list[int], rows: Matrix, likely: Matrix, headline: str) -> list[int]:
    """Return which blocks of those `near` prose are the body, by their features and the network's probabilities."""
    unseen = rows[:, UNSEEN_COLUMN].tolist()
    seen = [0.0 if is_unseen else value for is_unseen, value in zip(unseen, likely.tolist(), strict=True)]
    cutoff = max(_LEAST, min(CUTOFF, _FACTOR * max(seen)))
    return from_title(tree, near, with_updates(tree, near, joined(tree, near, seen, cutoff)), headline)


def joined(tree: Tree, near: list[int], likely: Sequence[float], cutoff: float) -> list[int]:
    """Return which blocks are body: the likely ones, and the less likely ones between two of them.

    Short headings, items of lists and asides are doubtful by themselves; between two blocks of body, in the container
    of the nearest one before or after, they are mostly part of it.

    Args:
        tree: The page.
        near: The blocks that are looked at.
        likely: The probability of each of these to be body.
        cutoff: The probability from which a block is body whatever is around it.
    """
    sure = [place for place, value in enumerate(likely) if value >= cutoff]
    between = [
        place
        for before, after in pairwise(sure)
        for place in range(before + 1, after)
        if likely[place] >= BETWEEN
        and _container(tree, near[place]) in {_container(tree, near[before]), _container(tree, near[after])}
    ]
    return [near[place] for place in sorted(sure + between)]


def _container(tree: Tree, number: int) -> int:
    return tree.container(tree.blocks[number])


def from_title(tree: Tree, near: list[int], taken: list[int], headline: str) -> list[int]:
    """Leave out the containers before the first heading that repeats the headline: an article begins with its title.

    Of 218 pages 181 have such a heading, and none has any body before it. Where little follows, the heading stands in a
    list of articles behind the body, and all is kept; a container that goes on behind the heading is kept, too.
    """
    elements, blocks = tree.elements, tree.blocks
    places = zip(elements.tags, elements.firsts, elements.ends, strict=True)
    looked_at = set(near)
    headings = (first for tag, first, end in places if tag in HEADINGS and first < end and first in looked_at)
    title = next((first for first in headings if repeats(blocks[first].text, headline)), 0)
    following = [number for number in taken if number >= title]
    held, total = (sum(len(blocks[number].text) for number in numbers) for numbers in (following, taken))
    if held < _LEAST_FOLLOWING * total:
        return taken
    going_on = {_container(tree, number) for number in following}
    return [number for number in taken if number >= title or _container(tree, number) in going_on]


def with_updates(tree: Tree, near: list[int], taken: list[int]) -> list[int]:
    """Add the other updates of a live blog: what looks like a taken container that is named an update.

    To the network they are as alike as a row of teasers.
    """
    elements = tree.elements
    containers = {_container(tree, number) for number in taken}
    selectors = {elements.selectors[number] for number in containers if elements.marks[number] & BIT["live"]}
    if not selectors:
        return taken
    alike = {number for number, selector in enumerate(elements.selectors) if selector in selectors}
    return sorted({*taken, *(number for number in near if _container(tree, number) in alike)})
