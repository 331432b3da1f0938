"""The teacher: MPNet, four times the encoder's cost a word and too large to ship, whose opinion the engines learn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from rich.progress import track
from torch import nn
from transformers import AutoModel

from training.statements import windows
from training.statements.data import Example
from training.statements.pretrained import mpnet
from training.statements.tune import tune
from worker.statements.network.decode import CLASSES, TAGS
from worker.statements.network.pieces import Pieces
from worker.statements.network.words import windows as cut

_FIRST_PLACE = 2  # MPNet numbers its positions as fairseq does: 0 and 1 are taken


class Teacher(nn.Module):
    """MPNet-base, to whose word pieces the quote states are added, and one linear head of tags and classes."""

    def __init__(self, pretrained: Path) -> None:
        super().__init__()
        self.pieces = Pieces(pretrained / "tokenizer.json")
        self.bert = AutoModel.from_pretrained(pretrained, add_pooling_layer=False)
        width = self.bert.config.hidden_size
        self.quotes = nn.Embedding(4, width)
        nn.init.zeros_(self.quotes.weight)
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(width, len(TAGS) + len(CLASSES))

    def forward(self, ids, quotes, mask=None):
        words = self.bert.embeddings.word_embeddings(ids) + self.quotes(quotes)
        places = torch.arange(_FIRST_PLACE, ids.shape[1] + _FIRST_PLACE)[None].expand(ids.shape)
        hidden = self.bert(inputs_embeds=words, attention_mask=mask, position_ids=places).last_hidden_state
        return self.head(self.dropout(hidden))


def train(gold: list[Example], runs: Path, epochs: int = 2, seed: int = 1) -> Teacher:
    """Fine-tune the teacher on gold; 2 epochs take an hour of two cores."""
    teacher = Teacher(mpnet(runs))
    tune(teacher, teacher.pieces, gold, runs / "teacher.pt", epochs=epochs, seed=seed, rate=5e-5, head_rate=5e-4)
    return teacher


@torch.no_grad()
def label(teacher: Teacher, examples: list[Example]) -> dict[str, np.ndarray]:
    """Return the teacher's logits for every word of every article, by article id."""
    teacher.eval()
    outputs = len(TAGS) + len(CLASSES)
    labels = {example.id: np.zeros((len(example.tags), outputs), np.float16) for example in examples}
    runs = [
        (example.id, run, windows.window(example, run, teacher.pieces))
        for example in examples
        for run in cut(example.words, windows.LENGTH)
    ]
    runs.sort(key=lambda found: len(found[2].ids))
    for start in track(range(0, len(runs), windows.BATCH), "the teacher's opinion"):
        chosen = runs[start : start + windows.BATCH]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = teacher(*windows.inputs([shard for *_, shard in chosen])).float().numpy()
        for row, (name, run, shard) in zip(logits, chosen, strict=True):
            labels[name][run] = row[shard.heads]
    return labels
