"""Write trained networks as ONNX files for one CPU core."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import torch
from onnx import TensorProto
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from torch import nn

from training.statements.student import Student
from training.statements.teacher import PRETRAINED, Encoder


class _ByteTable(nn.Module):
    """An embedding table in bytes, one scale a row block."""

    def __init__(self, table: torch.Tensor) -> None:
        super().__init__()
        scale = table.abs().amax(1, keepdim=True).clamp(min=1e-6) / 127
        self.register_buffer("bytes", (table / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, rows):
        return self.bytes[rows].float() * self.scale[rows]


class _Shifted(nn.Module):
    """A dilated convolution over three words as one matrix product, which runs in bytes."""

    def __init__(self, convolution: nn.Conv1d) -> None:
        super().__init__()
        self.reach = convolution.dilation[0]
        self.product = nn.Linear(3 * convolution.in_channels, convolution.out_channels)
        self.product.weight.data = convolution.weight.data.permute(0, 2, 1).flatten(1)
        self.product.bias.data = convolution.bias.data

    def forward(self, channels):
        words = channels.transpose(1, 2)
        length, reach = words.shape[1], self.reach
        wide = nn.functional.pad(words, (0, 0, reach, reach))
        three = torch.cat([wide[:, at : length + at] for at in (0, reach, 2 * reach)], -1)
        return self.product(three).transpose(1, 2)


def student(model: Student, folder: Path) -> None:
    """Export the small network: embedding tables and matrix products in bytes."""
    for name in ("word", "prefix", "suffix"):
        setattr(model, name, _ByteTable(getattr(model, name).weight.data))
    model.convolutions = nn.ModuleList(_Shifted(c) for c in model.convolutions)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            model.eval(),
            (torch.zeros(1, 30, 5, dtype=torch.long),),
            str(plain),
            input_names=["forms"],
            output_names=["scores"],
            dynamic_axes={"forms": {1: "words"}, "scores": {1: "words"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            plain,
            folder / "model.onnx",
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
        )


def encoder(model: Encoder, folder: Path) -> None:
    """Export the encoder: attention and normalisation fused, weights in bytes per channel."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        plain, fused = Path(scratch) / "plain.onnx", Path(scratch) / "fused.onnx"
        torch.onnx.export(
            model.eval(),
            (torch.zeros(1, 30, dtype=torch.long), torch.zeros(1, 30, dtype=torch.long)),
            str(plain),
            input_names=["ids", "quotes"],
            output_names=["scores"],
            dynamic_axes={"ids": {1: "pieces"}, "quotes": {1: "pieces"}, "scores": {1: "pieces"}},
            opset_version=17,
            dynamo=False,
        )
        optimised = optimizer.optimize_model(str(plain), "bert", num_heads=12, hidden_size=384, opt_level=1)
        optimised.save_model_to_file(str(fused))
        quantize_dynamic(
            fused,
            folder / "model.onnx",
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": TensorProto.FLOAT},  # of what the fused operators give
        )
    shutil.copy(PRETRAINED / "tokenizer.json", folder / "tokenizer.json")
