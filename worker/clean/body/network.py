"""The body classifier's network, evaluated in numpy: each block sees itself, the blocks around it, and the page's mean.

    hidden = relu(in(x));  hidden += relu(near(hidden) + page(mean hidden));  hidden += relu(far(hidden));  out(hidden)

`near` and `far` are convolutions over five blocks, `far` over every second one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Matrix = NDArray[np.float32]
MODEL = Path(__file__).parents[1] / "model" / "body.npz"
_REACH = 2


@dataclass(frozen=True, slots=True)
class BodyNetwork:
    """The weights; a convolution is one matrix whose rows are the five blocks' inputs in order."""

    enter: Matrix
    enter_bias: Matrix
    near: Matrix
    near_bias: Matrix
    page: Matrix
    far: Matrix
    far_bias: Matrix
    leave: Matrix
    leave_bias: Matrix

    def logits(self, rows: Matrix) -> Matrix:
        """Return the log-odds of each block of a page that has any."""
        hidden = _relu(rows @ self.enter, self.enter_bias)
        page = (hidden.sum(axis=0) / len(hidden)) @ self.page
        hidden += _relu(_windows(hidden, 1) @ self.near, self.near_bias + page)
        hidden += _relu(_windows(hidden, 2) @ self.far, self.far_bias)
        logits: Matrix = (hidden @ self.leave + self.leave_bias)[:, 0]
        return logits


def _relu(values: Matrix, bias: Matrix) -> Matrix:
    values += bias
    return np.maximum(values, 0, out=values)


def _windows(hidden: Matrix, step: int) -> Matrix:
    """Return the inputs of the five blocks around each block, `step` apart, side by side; zeros beyond the page."""
    reach, count = _REACH * step, len(hidden)
    padded = np.zeros((count + 2 * reach, hidden.shape[1]), hidden.dtype)
    padded[reach : reach + count] = hidden
    return np.concatenate([padded[start : start + count] for start in range(0, 2 * reach + 1, step)], axis=1)


@cache
def network() -> BodyNetwork:
    """Return the committed network; its weights are stored in half precision.

    From then on the process multiplies in one thread: products this small are done before a second one is awake.
    """
    threadpool_limits(1, user_api="blas")
    with np.load(MODEL) as arrays:  # noqa: TID251 - a loader of a model
        return BodyNetwork(**{name: arrays[name].astype(np.float32) for name in BodyNetwork.__slots__})


def probabilities(rows: Matrix) -> Matrix:
    """Return the probability of each block to be body."""
    likely: Matrix = np.reciprocal(1 + np.exp(-network().logits(rows)))
    return likely
