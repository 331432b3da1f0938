"""A text in a few hashes, chosen so that texts that share words share hashes.

The sketch of a text is the least hashes of its shingles. Two texts draw that sample alike, so the hashes that they
share tell how much of the shorter one is in the longer one: an outlet that prints half of a story, or cuts a
quotation, is found too (Broder 1997, "On the resemblance and containment of documents"; bottom-k sketches).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xxhash import xxh3_64_intdigest

from worker.duplicates.shingles import shingles

#: Nobody prints a longer article; what follows in a page that is one adds time only.
_MAX_CHARACTERS = 200_000
#: Enough to tell the shingles of some days' articles apart.
_48_BITS = 2**48 - 1


@dataclass(frozen=True, slots=True)
class SketchRule:
    """How much is kept of a kind of text, and what it takes to call two of them the same.

    The `seed` keeps its hashes apart from those of the other kind, which is in the same index. A sketch has at most
    `hashes`, of which the least `looked_up` find texts to compare it with. A text of fewer than `least` shingles is
    like too many others, and has no sketch. The shorter of two has at least the part `ratio` of the longer one.
    """

    seed: int
    hashes: int
    looked_up: int
    least: int
    ratio: float


#: What is much shorter than a text that contains it is an item of a round-up, no copy.
ARTICLE = SketchRule(seed=1, hashes=48, looked_up=16, least=32, ratio=0.2)
#: Six words; fewer are said by everybody. A few words of a long quotation are that quotation still.
QUOTATION = SketchRule(seed=2, hashes=32, looked_up=6, least=4, ratio=0.0)


@dataclass(frozen=True, slots=True)
class Sketch:
    """The least hashes of a text's shingles, in ascending order: the upper four bytes of each.

    `buckets` has the lower two of those that are looked up, as four hex digits each; they are evenly distributed.
    """

    rule: SketchRule
    hashes: bytes
    buckets: str


def article_sketch(text: str) -> Sketch | None:
    """Return the sketch of an article; None when it is too short to say whether another one is the same."""
    return _sketch(text, ARTICLE)


def quotation_sketch(parts: Iterable[str]) -> Sketch | None:
    """Return the sketch of a quotation from what it has in quotation marks; None when that is too short."""
    return _sketch(" ".join(parts), QUOTATION)


def _sketch(text: str, rule: SketchRule) -> Sketch | None:
    found = shingles(text[:_MAX_CHARACTERS])
    if len(found) < rule.least:
        return None
    least = sorted(xxh3_64_intdigest(each.encode(), rule.seed) & _48_BITS for each in found)[: rule.hashes]
    hashes = b"".join((each >> 16).to_bytes(4, "big") for each in least)
    return Sketch(rule, hashes, "".join(f"{each & 0xFFFF:04x}" for each in least[: rule.looked_up]))
