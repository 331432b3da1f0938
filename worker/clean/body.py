"""Which blocks are the article's body: features of each block, one network over the sequence of blocks."""

from __future__ import annotations

from worker.clean.features import Hints, features
from worker.clean.metadata import Facts
from worker.clean.network import probabilities
from worker.clean.structured import text_of
from worker.clean.tree import RawBlock

#: The probability from which a block is body.
CUTOFF = 0.5
#: A page on which no block is that likely keeps those within this factor of its best.
_FACTOR = 0.6
_TITLE_NAMES = ("og:title", "twitter:title")
_DESCRIPTION_NAMES = ("og:description", "description", "twitter:description")


def hints(facts: Facts) -> Hints:
    """Return what the page's metadata says of its text."""
    return Hints(
        title=facts.meta(_TITLE_NAMES) or facts.tree.title,
        description=facts.meta(_DESCRIPTION_NAMES),
        evidence="".join(text_of(facts.article.get("articleBody")).split()),
    )


def choose(facts: Facts) -> list[RawBlock]:
    """Return the blocks that are the article's body, in order."""
    if not facts.tree.blocks:
        return []
    likely = probabilities(features(facts.tree, hints(facts)))
    bound = min(CUTOFF, _FACTOR * float(likely.max()))
    return [block for block, given in zip(facts.tree.blocks, likely.tolist(), strict=True) if given >= bound]
