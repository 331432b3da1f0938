"""How likely an attribution is right, by logistic regression over what was said of its parts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import exp, log
from operator import mul
from pathlib import Path

from worker.statements.network.decode import RoleSpan
from worker.statements.network.words import OUTSIDE, WordTable

_TINY = 1e-6


class Confidence:
    """A probability from the evidence on an attribution."""

    def __init__(self, weights: Path, engine: str) -> None:
        self._weights: list[float] = json.loads(weights.read_text(encoding="utf-8"))[engine]

    def of(self, evidence: Sequence[float]) -> float:
        """Return the probability that the attribution is right."""
        return 1 / (1 + exp(-sum(map(mul, self._weights, (*evidence, 1.0)))))


def evidence(
    words: WordTable, parts: Sequence[tuple[RoleSpan, float]], cue: RoleSpan | None, source: RoleSpan | None
) -> list[float]:
    """Return what speaks for an attribution: its parts, each with the probability of its link, cue and source."""
    scores = [content.score for content, _ in parts]
    return [
        log(sum(scores) / len(scores) + _TINY),
        log(min(scores) + _TINY),
        log(min(chance for _, chance in parts) + _TINY),
        log(sum(content.last - content.first for content, _ in parts)),
        float(len(parts) > 1),
        float(words.quote[parts[0][0].first] != OUTSIDE),
        log(cue.score + _TINY) if cue else 0.0,
        float(cue is not None),
        float(cue is not None and cue.last - cue.first == 1),
        log(source.score + _TINY) if source else 0.0,
        float(source is not None),
    ]
