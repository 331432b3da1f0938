"""Fit `worker.statements.network.confidence` on articles that the networks have not seen."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from training.statements.data import Example
from worker.statements.network.confidence import Confidence
from worker.statements.network.engine import NetworkEngine
from worker.statements.network.link import Linker
from worker.statements.network.taggers import Tagger
from worker.statements.network.words import windows

_WINDOW = 600  # words, as the engines read


class _Recorder(Confidence):
    """Gives every attribution its number for a confidence, and keeps the evidence under it."""

    def __init__(self) -> None:
        self.rows: list[list[float]] = []  # in place of weights

    def of(self, evidence) -> float:
        self.rows.append(list(evidence))
        return float(len(self.rows) - 1)


def train(taggers: dict[str, Tagger], links: Path, unseen: list[Example], out: Path) -> None:
    """Fit one regression for each engine and write their weights."""
    weights = {name: _fit(*_outcomes(tagger, Linker(links), unseen)) for name, tagger in taggers.items()}
    out.write_text(json.dumps(weights, indent=0) + "\n", encoding="utf-8")


def _outcomes(tagger: Tagger, linker: Linker, unseen: list[Example]) -> tuple[np.ndarray, np.ndarray]:
    recorder = _Recorder()
    network = NetworkEngine(tagger, linker, recorder)
    right: list[bool] = []
    for example in unseen:
        for window in windows(example.words, _WINDOW):
            found = network.linked(example.words, tagger.scores(example.words, window), window.start)
            right += [_is_right(a, example.gold) for a in sorted(found, key=lambda a: a.confidence)]
    return np.array(recorder.rows), np.array(right, float)


def _is_right(attribution, gold: list[dict]) -> bool:
    """Say whether some gold has half of the content in common, and the source or none as well."""
    content, source = _characters(_pairs(attribution.content)), _characters(_pairs(attribution.source))
    for other in gold:
        theirs = _characters(other["content"])
        if 2 * len(content & theirs) >= len(content | theirs):
            return bool(source & _characters(other["source"])) or not (source or other["source"])
    return False


def _pairs(spans) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in spans]


def _characters(spans) -> set[int]:
    return {i for start, end in spans for i in range(start, end)}


def _fit(rows: np.ndarray, right: np.ndarray) -> list[float]:
    """Return the weights of the evidence and, last, the intercept (logistic regression, ridge 0.001)."""
    middle, spread = rows.mean(0), rows.std(0) + 1e-6
    x, y = (torch.from_numpy(part).float() for part in ((rows - middle) / spread, right))
    weights = torch.zeros(rows.shape[1] + 1, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=200)

    def step():
        optimiser.zero_grad()
        scores = x @ weights[:-1] + weights[-1]
        value = torch.nn.functional.binary_cross_entropy_with_logits(scores, y) + 1e-3 * weights.square().sum()
        value.backward()
        return value

    optimiser.step(step)
    fitted = weights.detach().numpy()
    slopes = fitted[:-1] / spread
    intercept = float(fitted[-1] - slopes @ middle)
    return [round(float(w), 4) for w in (*slopes, intercept)]
