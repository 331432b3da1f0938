"""Fit the two choices of `worker.statements.network.link` on gold runs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from training.statements.data import Example, inside
from worker.statements.network.decode import Role, RoleSpan
from worker.statements.network.link import FEATURES, Paragraph, nearest, pair_features, paragraphs_of

#: The keys of a gold attribution, by the role that they are.
_NAMES: dict[Role, str] = {"C": "content", "Q": "cue", "S": "source"}


def train(gold: list[Example], out: Path) -> None:
    """Fit both choices and write their weights."""
    to_cue, to_source = [], []
    for example in gold:
        links, runs = _gold_runs(example)
        for paragraph in paragraphs_of(example.words, runs):
            to_cue += _choices(example, paragraph.content, paragraph.cue, paragraph, links)
            to_source += _choices(example, paragraph.cue, paragraph.source, paragraph, links)
    weights = {"content_to_cue": _fit(to_cue), "cue_to_source": _fit(to_source)}
    out.write_text(json.dumps(weights, indent=0) + "\n", encoding="utf-8")


def _gold_runs(example: Example) -> tuple[dict[RoleSpan, RoleSpan], list[RoleSpan]]:
    links: dict[RoleSpan, RoleSpan] = {}
    runs: set[RoleSpan] = set()
    for attribution in example.gold:
        role_runs = {
            role: [_run(example, role, *span) for span in attribution[name] if len(inside(example.words, *span))]
            for role, name in _NAMES.items()
        }
        runs.update(run for several in role_runs.values() for run in several)
        for cue in role_runs["Q"][:1]:
            links.update(dict.fromkeys(role_runs["C"], cue))
            if role_runs["S"]:
                links[cue] = role_runs["S"][0]
    return links, sorted(runs, key=lambda run: run.first)


def _run(example: Example, role: Role, start: int, end: int) -> RoleSpan:
    words = inside(example.words, start, end)
    return RoleSpan(role, int(words[0]), int(words[-1]) + 1, 1.0)


def _choices(
    example: Example, runs: list[RoleSpan], among: list[RoleSpan], paragraph: Paragraph, links: dict[RoleSpan, RoleSpan]
):
    for run in runs:
        near = nearest(run, among)
        if near:
            right = near.index(links[run]) if links.get(run) in near else len(near)
            yield np.array(pair_features(example.words, run, near, paragraph), np.float32), right


def _fit(choices, rounds: int = 300) -> list[float]:
    """Maximise the likelihood of the right choices; the last weight is that of no choice."""
    most = max(len(features) for features, _ in choices)
    table = np.zeros((len(choices), most + 1, FEATURES + 1), np.float32)
    closed = np.full((len(choices), most + 1), -1e9, np.float32)
    right = np.zeros(len(choices), np.int64)
    for i, (features, chosen) in enumerate(choices):
        n = len(features)
        table[i, :n, :-1], table[i, most, -1] = features, 1
        closed[i, :n], closed[i, most] = 0, 0
        right[i] = most if chosen == n else chosen
    x, mask, y = (torch.from_numpy(part) for part in (table, closed, right))
    weights = torch.zeros(FEATURES + 1, requires_grad=True)
    optimiser = torch.optim.Adam([weights], 0.1)
    for _ in range(rounds):
        optimiser.zero_grad()
        value = torch.nn.functional.cross_entropy(x @ weights + mask, y) + 1e-5 * weights.square().sum()
        value.backward()
        optimiser.step()
    hit = ((x @ weights + mask).argmax(1) == y).float().mean().item()
    print(f"links: {len(choices)} choices, {hit:.3f} right")
    return [round(w, 4) for w in weights.tolist()]
