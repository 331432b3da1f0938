"""A running average of a model's weights."""

from __future__ import annotations

import torch
from torch import nn


class Average:
    """A running average of the weights, which scores better than the last step (Polyak and Juditsky, 1992)."""

    def __init__(self, model: nn.Module, decay: float = 0.998) -> None:
        self.decay = decay
        self.model, self.steps = model, 0
        self.parameters = [p.detach().clone() for p in model.parameters()]

    @torch.no_grad()
    def update(self) -> None:
        self.steps += 1
        decay = min(self.decay, self.steps / (self.steps + 10))
        torch._foreach_lerp_(self.parameters, list(self.model.parameters()), 1 - decay)

    def weights(self) -> dict[str, torch.Tensor]:
        """Return the averaged weights as a state of the model."""
        names = (name for name, _ in self.model.named_parameters())
        return {**self.model.state_dict(), **dict(zip(names, self.parameters, strict=True))}
