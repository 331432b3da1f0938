"""Gradient-boosted trees evaluated in numpy: all blocks and all trees move down one level at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
_MODEL = Path(__file__).parent / "model" / "body.npz"


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees as flat arrays; node `n` sends a row to `children[2n + (x > threshold)]`, a leaf to itself."""

    features: NDArray[np.int32]
    thresholds: NDArray[np.float32]
    children: NDArray[np.int32]
    values: NDArray[np.float32]
    roots: NDArray[np.int32]
    base: float
    depth: int

    def scores(self, rows: Matrix) -> NDArray[np.float32]:
        """Return the probability of each row."""
        flat = np.ascontiguousarray(rows).ravel()
        offsets = (np.arange(len(rows), dtype=np.int32) * rows.shape[1])[:, None]
        nodes = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        for _ in range(self.depth):
            right = flat[offsets + self.features[nodes]] > self.thresholds[nodes]
            nodes = self.children[2 * nodes + right]
        margin = self.base + self.values[nodes].sum(axis=1)
        probability: NDArray[np.float32] = (1 / (1 + np.exp(-margin))).astype(np.float32)
        return probability


@cache
def load(stage: str) -> Forest:
    """Return the committed forest of a stage, "first" or "second"."""
    with np.load(_MODEL) as arrays:
        parts = {name: arrays[f"{stage}.{name}"] for name in Forest.__slots__}
    return Forest(
        parts["features"], parts["thresholds"], parts["children"], parts["values"], parts["roots"],
        float(parts["base"]), int(parts["depth"]),
    )  # fmt: skip


@cache
def cutoff() -> float:
    """Return the probability from which a block is body."""
    with np.load(_MODEL) as arrays:
        return float(arrays["cutoff"])
