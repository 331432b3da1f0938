"""What MinHash with bands and SimHash, both as they are commonly set, say of pairs of articles; beside our clusters.

Both tell how alike two whole texts are. An outlet that prints a third of a story, or adds to it, is not alike.
"""

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from xxhash import xxh3_64_intdigest

from tools.bench.wire import Copy
from worker.duplicates.shingles import shingles

_PERMUTATIONS, _BITS = 128, np.arange(64, dtype=np.uint64)
_SEEDS = np.random.default_rng(1).integers(1, 2**63, (2, _PERMUTATIONS), dtype=np.uint64)
Hashes = np.ndarray
Same = Callable[[int, int], bool]


def print_resemblance(copies: Sequence[Copy]) -> None:
    hashes = [_hashes(copy.text) for copy in copies]
    bits, minima = [_simhash(each) for each in hashes], [_minhash(each) for each in hashes]
    _row("SimHash, 64 bits, at most 3 differ", copies, lambda i, j: int((bits[i] != bits[j]).sum()) <= 3)
    for bands, least in ((16, 0.7), (32, 0.5)):
        banded = [each.reshape(bands, -1) for each in minima]

        def same(i: int, j: int, banded: Sequence[Hashes] = banded, least: float = least) -> bool:
            return bool((banded[i] == banded[j]).all(1).any() and (banded[i] == banded[j]).mean() >= least)

        _row(f"MinHash, {bands} bands of {_PERMUTATIONS // bands}, Jaccard {least}", copies, same)


def _row(label: str, copies: Sequence[Copy], same: Same) -> None:
    pairs = [(copies[i].story == copies[j].story, same(i, j)) for i, j in combinations(range(len(copies)), 2)]
    both, found, gold = (sum(map(each, pairs)) for each in (all, lambda pair: pair[1], lambda pair: pair[0]))
    print(f"  {label:36} precision {both / found:.3f}  recall {both / gold:.3f}")


def _hashes(text: str) -> Hashes:
    return np.array([xxh3_64_intdigest(each.encode()) for each in shingles(text)], np.uint64)


def _simhash(hashes: Hashes) -> Hashes:
    return 2 * ((hashes[:, None] >> _BITS) & np.uint64(1)).sum(0) > len(hashes)


def _minhash(hashes: Hashes) -> Hashes:
    mixed = hashes[:, None] * (_SEEDS[0] | np.uint64(1)) + _SEEDS[1]
    mixed ^= mixed >> np.uint64(29)
    return (mixed * np.uint64(0xBF58476D1CE4E5B9)).min(0)
