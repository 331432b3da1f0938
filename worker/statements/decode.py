"""From a score per word and tag to spans: the best legal tag sequence (Viterbi)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from worker.records import CueClass

Role = Literal["C", "Q", "S"]  # content, cue, source

TAGS = ("O", "B-C", "I-C", "B-Q", "I-Q", "B-S", "I-S")
CLASSES: tuple[CueClass, ...] = ("speech", "belief", "intention", "evidence", "support", "other")

Floats = NDArray[np.float32]

_ILLEGAL = -1e4


@dataclass(frozen=True, slots=True)
class Run:
    """Words first..last-1 that play one role; `score` is their mean probability of doing so."""

    role: Role
    first: int
    last: int
    score: float


def runs(scores: Floats, breaks: Sequence[int] = ()) -> list[Run]:
    """Return the runs of the best legal tag sequence.

    Args:
        scores: Logits of shape (words, tags).
        breaks: Words at which a line begins; no run goes on over them.
    """
    if not len(scores):
        return []
    logs = log_softmax(scores)
    path = best_path(logs, breaks).tolist()
    chances = np.exp(logs)
    sums = np.cumsum(chances[:, 1::2] + chances[:, 2::2], axis=0)  # per role, over the words
    found: list[Run] = []
    for first in [at for at, tag in enumerate(path) if tag % 2 == 1]:  # odd tags begin a run
        inside, last = path[first] + 1, first + 1
        while last < len(path) and path[last] == inside:
            last += 1
        role = inside // 2 - 1
        total = sums[last - 1, role] - (sums[first - 1, role] if first else 0.0)
        found.append(Run(cast("Role", TAGS[inside][-1]), first, last, float(total) / (last - first)))
    return found


def best_path(logs: Floats, breaks: Sequence[int] = ()) -> NDArray[np.int64]:
    """Return the most likely legal tag per word, line by line.

    Where the most likely tag of each word alone makes a legal line, no other line is better.
    """
    path: NDArray[np.int64] = logs.argmax(1)
    before = np.concatenate(([0], path[:-1]))
    before[list(breaks)] = 0
    illegal = (path > 0) & (path % 2 == 0) & (before != path) & (before != path - 1)
    for first, last in pairwise((0, *breaks, len(path))):
        if illegal[first:last].any():
            path[first:last] = viterbi(logs[first:last])
    return path


def viterbi(logs: Floats) -> NDArray[np.int64]:
    """Return the most likely tag per word among the sequences in which I-X follows B-X or I-X.

    Only an I tag has illegal predecessors, so a step is two maxima and not a full transition matrix.
    """
    best = logs[0].astype(np.float64).tolist()
    best[2] = best[4] = best[6] = _ILLEGAL
    back: list[tuple[int, int, int, int]] = []
    for o, bc, ic, bq, iq, bs, is_ in logs[1:].astype(np.float64).tolist():
        top = best.index(max(best))
        c = 1 if best[1] > best[2] else 2
        q = 3 if best[3] > best[4] else 4
        s = 5 if best[5] > best[6] else 6
        back.append((top, c, q, s))
        t = best[top]
        best = [t + o, t + bc, best[c] + ic, t + bq, best[q] + iq, t + bs, best[s] + is_]
    path = [best.index(max(best))]
    for top, c, q, s in reversed(back):
        tag = path[-1]
        path.append((top, top, c, top, q, top, s)[tag])
    return np.array(path[::-1])


def log_softmax(scores: Floats) -> Floats:
    """Return the log probabilities of a table of scores, over its last axis."""
    columns = np.ascontiguousarray(scores.T)  # over the first axis of many, numpy takes a fifth of the time
    shifted = columns - columns.max(0)
    result: Floats = shifted - np.log(np.exp(shifted).sum(0))
    return result.T
