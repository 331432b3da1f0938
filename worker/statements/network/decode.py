"""From a score per word and tag to spans: the best legal tag sequence (Viterbi)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from worker.core.records import CueClass

Role = Literal["C", "Q", "S"]  # content, cue, source

_ROLES: tuple[Role, ...] = get_args(Role)
TAGS = ("O", "B-C", "I-C", "B-Q", "I-Q", "B-S", "I-S")
CLASSES: tuple[CueClass, ...] = ("speech", "belief", "intention", "evidence", "support", "other")

Floats = NDArray[np.float32]

_ILLEGAL = -1e4
_INSIDE = (2, 4, 6)  # I tags


class RoleSpan(NamedTuple):
    """WordTable first..last-1 that play one role; `score` is their mean probability of doing so."""

    role: Role
    first: int
    last: int
    score: float


def runs(scores: Floats, breaks: Sequence[int] = (), offset: int = 0) -> list[RoleSpan]:
    """Return the runs of the best legal tag sequence.

    Args:
        scores: Logits of shape (words, tags).
        breaks: WordTable at which a line begins, in order; no run goes on over them.
        offset: The number of the first word.
    """
    if not len(scores):
        return []
    logs = log_softmax(scores)
    path = best_path(logs, breaks)
    begins = path % 2 == 1
    stops = np.flatnonzero(begins | (path == 0))  # no run goes on there
    is_first = begins[stops]
    firsts, lasts = stops[is_first], np.append(stops[1:], len(path))[is_first]
    roles = path[firsts] // 2
    chances = np.exp(logs.T)
    sums = np.zeros((len(_ROLES), len(path) + 1), np.float32)  # per role, over the words before
    np.cumsum(chances[1::2] + chances[2::2], axis=1, out=sums[:, 1:])
    columns = roles, firsts, lasts, sums[roles, lasts] - sums[roles, firsts]
    return [
        RoleSpan(_ROLES[role], offset + first, offset + last, total / (last - first))
        for role, first, last, total in zip(*(column.tolist() for column in columns), strict=True)
    ]


def best_path(logs: Floats, breaks: Sequence[int] = ()) -> NDArray[np.int64]:
    """Return the most likely legal tag per word, line by line.

    Where the most likely tag of each word alone makes a legal line, no other line is better; so it is with a line's
    start and with its rest, from a word on that may follow any other. Only what is between is searched.
    """
    path: NDArray[np.int64] = logs.argmax(1)
    before = np.concatenate(([0], path[:-1]))
    before[list(breaks)] = 0
    inside = (path > 0) & (path % 2 == 0)
    illegal = np.flatnonzero(inside & (before != path) & (before != path - 1)).tolist()
    free = [*np.flatnonzero(~inside).tolist(), len(path)]
    for line in {bisect_right(breaks, at) for at in illegal}:
        first, end = (breaks[line - 1] if line else 0), (breaks[line] if line < len(breaks) else len(path))
        wrong = illegal[bisect_left(illegal, first) : bisect_left(illegal, end)]
        start = free[bisect_left(free, wrong[0]) - 1] if wrong[0] > first else first
        stop = min(end, free[bisect_left(free, wrong[-1])])
        part = viterbi(logs[start:stop], begins=start == first)
        if start > first and part[0] in _INSIDE and path[start - 1] not in (part[0], part[0] - 1):
            start, part = first, viterbi(logs[first:stop])
        path[start:stop] = part
    return path


def viterbi(logs: Floats, *, begins: bool = True) -> NDArray[np.int64]:
    """Return the most likely tag per word among the sequences in which I-X follows B-X or I-X.

    Only an I tag has illegal predecessors, so a step is two maxima and not a full transition matrix.

    Args:
        logs: Log probabilities of shape (words, tags).
        begins: Whether the first word begins a line; else it may have an I tag.
    """
    best = logs[0].astype(np.float64).tolist()
    if begins:
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
