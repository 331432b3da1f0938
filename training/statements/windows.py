"""Windows of an article as a transformer sees them: word pieces, quote states, one tag and one class a word."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import torch

from training.statements.data import Example
from worker.statements.network.pieces import Pieces
from worker.statements.network.words import windows

#: WordTable of a window, drawn anew for each article and epoch, so that it has other neighbours each time.
LENGTHS = (96, 120, 144, 144, 180)
#: WordTable of a window that is only read, as `worker.statements.network.taggers` has it.
LENGTH = 144
BATCH = 8


@dataclass
class Window:
    """A run of words; `heads` are the places of their first pieces, `soft` a teacher's logits for each of them."""

    ids: list[int]
    quotes: np.ndarray
    heads: np.ndarray
    tags: np.ndarray
    classes: np.ndarray
    soft: np.ndarray | None = None


def window(example: Example, run: slice, pieces: Pieces, soft: np.ndarray | None = None) -> Window:
    ids, heads = pieces.of(example.words.forms[run])
    quotes = spread(heads, example.words.quote[run], len(ids))
    return Window(ids, quotes, heads, example.tags[run], example.classes[run], None if soft is None else soft[run])


def spread(heads: np.ndarray, states: np.ndarray, length: int) -> np.ndarray:
    """Give every piece the quote state of its word."""
    quotes = np.zeros(length, np.int64)
    quotes[heads[0] : -1] = np.repeat(states, np.diff(heads, append=length - 1))
    return quotes


def packed(
    examples: list[Example], pieces: Pieces, draw: random.Random, taught: dict[str, np.ndarray] | None
) -> list[Window]:
    """Cut the examples into windows of some length of `LENGTHS` each; `taught`: article id -> logits."""
    return [
        window(example, run, pieces, None if taught is None else taught[example.id])
        for example in examples
        for run in windows(example.words, draw.choice(LENGTHS))
    ]


def alike(shards: list[Window], draw: random.Random) -> list[list[Window]]:
    """Return batches of windows of about the same length, in random order: little padding, little bias."""
    shuffled = sorted(shards, key=lambda w: len(w.ids) + draw.uniform(-12, 12))
    batches = [shuffled[i : i + BATCH] for i in range(0, len(shuffled), BATCH)]
    draw.shuffle(batches)
    return batches


def inputs(chosen: list[Window]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return (ids, quotes, mask) of shape (windows, pieces of the longest)."""
    longest = max(len(w.ids) for w in chosen)
    ids = torch.zeros(len(chosen), longest, dtype=torch.long)
    quotes, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for i, w in enumerate(chosen):
        n = len(w.ids)
        ids[i, :n], quotes[i, :n], mask[i, :n] = torch.tensor(w.ids), torch.from_numpy(w.quotes), 1
    return ids, quotes, mask


def of_words(logits: torch.Tensor, chosen: list[Window]) -> torch.Tensor:
    """Return the logits of the first piece of each word, of shape (words of all windows, outputs)."""
    rows = np.concatenate([np.full(len(w.heads), i) for i, w in enumerate(chosen)])
    places = np.concatenate([w.heads for w in chosen])
    return logits[torch.from_numpy(rows), torch.from_numpy(places)]


def gold(chosen: list[Window]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return (tags, classes) of all words."""
    tags = torch.from_numpy(np.concatenate([w.tags for w in chosen]))
    return tags, torch.from_numpy(np.concatenate([w.classes for w in chosen]))


def soft(chosen: list[Window]) -> torch.Tensor:
    return torch.from_numpy(np.concatenate([w.soft for w in chosen]).astype(np.float32))
