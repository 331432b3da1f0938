"""Which blocks are the article's body: two stages of trees, the second seeing the first's neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worker.clean import forest
from worker.clean.features import Matrix, block_sizes, context, features
from worker.clean.metadata import Facts
from worker.clean.structured import text_of
from worker.clean.tree import RawBlock

#: Blocks that the first stage scores lower are not worth a second look: saves two thirds of the time.
_UNLIKELY = 0.015
_TITLE_NAMES = ("og:title", "twitter:title")
_DESCRIPTION_NAMES = ("og:description", "description", "twitter:description")


@dataclass(frozen=True, slots=True)
class View:
    """A page as the classifier sees it."""

    blocks: list[RawBlock]
    sizes: NDArray[np.float32]
    rows: Matrix


def view(facts: Facts) -> View:
    """Return the blocks of a page and their features."""
    blocks = facts.tree.blocks
    sizes = block_sizes(blocks)
    if not blocks:
        return View([], sizes, np.zeros((0, 0), np.float32))
    evidence = "".join(text_of(facts.article.get("articleBody")).split())
    title = facts.meta(_TITLE_NAMES) or facts.tree.title
    description = facts.meta(_DESCRIPTION_NAMES)
    return View(blocks, sizes, features(blocks, sizes, title, description, evidence))


def choose(seen: View) -> list[RawBlock]:
    """Return the blocks that are the article's body, in order."""
    if not seen.blocks:
        return []
    first = forest.load("first").scores(seen.rows)
    likely = np.flatnonzero(first > _UNLIKELY)
    rows = np.hstack([seen.rows[likely], context(first, seen.blocks, seen.sizes)[likely]])
    taken = likely[forest.load("second").scores(rows) >= forest.cutoff()]
    return [seen.blocks[number] for number in taken.tolist()]
