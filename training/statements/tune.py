"""Fine-tuning of a transformer on gold words, on a teacher's opinion of them, or on both."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
from rich.progress import track
from torch import nn

from training.statements import windows
from training.statements.average import Average
from training.statements.data import NO_CLASS, Example
from training.statements.windows import Window
from worker.statements.network.decode import CLASSES, TAGS
from worker.statements.network.pieces import Pieces

#: Of the loss, what the teacher's distribution has where there is one (Hinton et al., 2015).
SHARE = 0.7
#: The class of a cue counts this much beside the tags.
_CLASS_WEIGHT = 0.1
_SPLIT = [len(TAGS), len(CLASSES)]
_IS_CUE = [TAGS.index("B-Q"), TAGS.index("I-Q")]
_cross = nn.functional.cross_entropy


def hard_loss(logits: torch.Tensor, tags: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """Return the cross-entropy with gold; logits of shape (words, tags + classes)."""
    mine, my_class = logits.split(_SPLIT, -1)
    by_class = torch.nan_to_num(_cross(my_class, classes, ignore_index=NO_CLASS))
    return _cross(mine, tags, ignore_index=NO_CLASS) + _CLASS_WEIGHT * by_class


def soft_loss(logits: torch.Tensor, taught: torch.Tensor) -> torch.Tensor:
    """Return the cross-entropy with a teacher's distributions; a class counts as much as its word is a cue."""
    mine, my_class = logits.split(_SPLIT, -1)
    tags, classes = (part.softmax(-1) for part in taught.split(_SPLIT, -1))
    is_cue = tags[:, _IS_CUE].sum(-1)
    by_class = (_cross(my_class, classes, reduction="none") * is_cue).sum() / is_cue.sum().clamp(min=1)
    return _cross(mine, tags) + _CLASS_WEIGHT * by_class


def loss(logits: torch.Tensor, chosen: list[Window]) -> torch.Tensor:
    """Return the loss of the logits of all words of some windows."""
    hard = hard_loss(logits, *windows.gold(chosen))
    if chosen[0].soft is None:
        return hard
    return (1 - SHARE) * hard + SHARE * soft_loss(logits, windows.soft(chosen))


def descend(value: torch.Tensor, optimiser, schedule, average: Average) -> float:
    """Take one step against a loss, with bounded gradients; return the loss."""
    value.backward()
    nn.utils.clip_grad_norm_(average.model.parameters(), 1.0)
    optimiser.step()
    schedule.step()
    optimiser.zero_grad()
    average.update()
    return value.item()


def tune(  # noqa: PLR0913 - what one run of training is made of
    model: nn.Module,
    pieces: Pieces,
    examples: list[Example],
    checkpoint: Path,
    *,
    epochs: int,
    seed: int,
    rate: float,
    head_rate: float,
    taught: dict[str, np.ndarray] | None = None,
) -> None:
    """Fine-tune a model that has a `head`; it ends with the running average of its weights."""
    torch.manual_seed(seed)
    draw = random.Random(seed)
    head = list(model.head.parameters())
    body = [p for p in model.parameters() if p.requires_grad and all(p is not h for h in head)]
    groups = [{"params": body, "lr": rate}, {"params": head, "lr": head_rate}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    average = Average(model)
    shards = windows.packed(examples, pieces, draw, taught)
    steps = epochs * (len(shards) // windows.BATCH + 40)  # the number of windows differs a little by epoch
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [rate, head_rate], total_steps=steps, pct_start=0.08, anneal_strategy="linear"
    )
    for epoch in range(1, epochs + 1):
        model.train()
        total = 0.0
        batches = windows.alike(shards, draw)
        for chosen in track(batches, f"{checkpoint.stem}, epoch {epoch}"):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(*windows.inputs(chosen))
            value = loss(windows.of_words(logits.float(), chosen), chosen)
            total += descend(value, optimiser, schedule, average)
        print(f"{checkpoint.stem}, epoch {epoch}: loss {total / len(batches):.4f}", flush=True)
        torch.save(average.weights(), checkpoint)
        if epoch < epochs:
            shards = windows.packed(examples, pieces, draw, taught)
    model.load_state_dict(average.weights())
    model.eval()
