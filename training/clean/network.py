"""The body network in torch, its training, and its export to the arrays that `worker.clean.body.network` evaluates."""

from __future__ import annotations

import random

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.clean.samples import Sample, View, vary

HIDDEN = 64
EPOCHS = 60
_BATCH = 12
_RATE, _DECAY, _DROPOUT = 3e-3, 0.02, 0.4
#: Blocks of a page that training sees: more only pad the batch.
_LONGEST = 700


class BodyNetwork(nn.Module):
    """See `worker.clean.body.network`."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.enter = nn.Linear(features, HIDDEN)
        self.near = nn.Conv1d(HIDDEN, HIDDEN, 5, padding=2)
        self.far = nn.Conv1d(HIDDEN, HIDDEN, 5, padding=4, dilation=2)
        self.page = nn.Linear(HIDDEN, HIDDEN, bias=False)
        self.leave = nn.Linear(HIDDEN, 1)
        self.drop = nn.Dropout(_DROPOUT)

    def forward(self, rows: Tensor, present: Tensor) -> Tensor:
        """Return log-odds (page, block) of rows (page, block, feature); `present` is 0 where a page has ended."""
        mask = present[..., None]
        hidden = self.drop(torch.relu(self.enter(rows))) * mask
        page = self.page(hidden.sum(1) / present.sum(1, keepdim=True))
        hidden = hidden + self.drop(torch.relu(_along(self.near, hidden) + page[:, None])) * mask
        hidden = hidden + self.drop(torch.relu(_along(self.far, hidden))) * mask
        return self.leave(hidden)[..., 0]


def _along(layer: nn.Conv1d, hidden: Tensor) -> Tensor:
    return layer(hidden.transpose(1, 2)).transpose(1, 2)


def train(samples: list[Sample], seed: int) -> BodyNetwork:
    """Return a network, trained on `samples`."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    network = BodyNetwork(samples[0].view.rows.shape[1])
    optimiser = torch.optim.AdamW(network.parameters(), _RATE, weight_decay=_DECAY)
    batches = -(-len(samples) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=EPOCHS * batches, pct_start=0.2)
    for _ in range(EPOCHS):
        # Pages of like length share a batch; which of them changes from epoch to epoch.
        order = sorted(range(len(samples)), key=lambda number: len(samples[number].view.rows) + chance.random() * 60)
        starts = list(range(0, len(order), _BATCH))
        chance.shuffle(starts)
        for start in starts:
            loss = _loss(network, [vary(samples[number], chance) for number in order[start : start + _BATCH]])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
    return network.eval()


def _loss(network: BodyNetwork, pages: list[View]) -> Tensor:
    size = (len(pages), min(_LONGEST, max(len(page.rows) for page in pages)))
    rows = np.zeros((*size, pages[0].rows.shape[1]), np.float32)
    body, weights, present = (np.zeros(size, np.float32) for _ in range(3))
    for number, page in enumerate(pages):
        length = min(size[1], len(page.rows))
        rows[number, :length], present[number, :length] = page.rows[:length], 1
        body[number, :length], weights[number, :length] = page.shares[:length] > 0.5, np.sqrt(page.weights[:length])
    weights /= weights.sum(axis=1, keepdims=True)  # as the measure has it, each page counts the same
    logits = network(torch.from_numpy(rows), torch.from_numpy(present))
    losses = functional.binary_cross_entropy_with_logits(logits, torch.from_numpy(body), reduction="none")
    return (losses * torch.from_numpy(weights)).sum() / len(pages)


def scores(network: BodyNetwork, sample: Sample) -> np.ndarray:
    """Return the probability of each block of a page."""
    with torch.no_grad():
        rows = torch.from_numpy(sample.view.rows)
        logits = network(rows[None], torch.ones(1, len(rows)))
    return torch.sigmoid(logits)[0].numpy()


def export(network: BodyNetwork) -> dict[str, np.ndarray]:
    """Return the weights as `worker.clean.body.network` has them, in half precision."""
    stored = {name: value.detach().numpy() for name, value in network.named_parameters()}
    arrays = {"page": stored["page.weight"].T}
    for name in ("enter", "leave"):
        arrays |= {name: stored[f"{name}.weight"].T, f"{name}_bias": stored[f"{name}.bias"]}
    for name in ("near", "far"):
        # torch has (out, in, place); one matrix wants rows of (place, in).
        arrays[name] = stored[f"{name}.weight"].transpose(2, 1, 0).reshape(-1, HIDDEN)
        arrays[f"{name}_bias"] = stored[f"{name}.bias"]
    return {name: array.astype(np.float16) for name, array in arrays.items()}
