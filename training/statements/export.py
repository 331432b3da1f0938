"""Write trained networks as ONNX files for one CPU core."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from training.statements.encoder import PRETRAINED, Encoder
from training.statements.student import Student


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
    model = onnx.load(folder / "model.onnx")
    quantise_before_joining(model)
    onnx.save(model, folder / "model.onnx")


def quantise_before_joining(model: onnx.ModelProto) -> None:
    """Quantise each word once, before the three shifted copies of a convolution are joined, to the same bytes."""
    nodes = model.graph.node
    maker = {output: node for node in nodes for output in node.output}
    for quantiser in [node for node in nodes if node.op_type == "DynamicQuantizeLinear"]:
        join = maker[quantiser.input[0]]
        if join.op_type != "Concat":
            continue
        pad = maker[maker[join.input[0]].input[0]]
        quantised, _, zero = quantiser.output
        (product,) = (node for node in nodes if node.op_type == "MatMulInteger" and node.input[0] == quantised)
        quantiser.input[0] = pad.input[0]
        pad.input[0], pad.input[2] = quantised, zero
        product.input[0] = join.output[0]
        nodes.remove(quantiser)
        nodes.insert(list(nodes).index(pad), quantiser)
    del model.graph.value_info[:]  # the types inferred before


class _Norm(nn.Module):
    """Layer normalisation in plain products, which the runtime does faster than its own operator."""

    def __init__(self, norm: nn.LayerNorm) -> None:
        super().__init__()
        self.weight, self.bias, self.eps = norm.weight, norm.bias, norm.eps

    def forward(self, x):
        centred = x - x.mean(-1, keepdim=True)
        variance = (centred * centred).mean(-1, keepdim=True)
        return centred * torch.rsqrt(variance + self.eps) * self.weight + self.bias


class _Layer(nn.Module):
    """A transformer layer for one text: query, key and value are one product, so that its input is quantised once."""

    def __init__(self, layer, heads: int) -> None:
        super().__init__()
        own, self.heads = layer.attention.self, heads
        width = own.query.in_features
        self.together = nn.Linear(width, 3 * width)
        scale = (width // heads) ** -0.5
        self.together.weight.data = torch.cat([own.query.weight * scale, own.key.weight, own.value.weight]).detach()
        self.together.bias.data = torch.cat([own.query.bias * scale, own.key.bias, own.value.bias]).detach()
        self.mix, self.up, self.down = layer.attention.output.dense, layer.intermediate.dense, layer.output.dense
        self.first, self.second = _Norm(layer.attention.output.LayerNorm), _Norm(layer.output.LayerNorm)

    def forward(self, x):
        pieces, width = x.shape[1], x.shape[2]
        parts = self.together(x).reshape(pieces, 3, self.heads, width // self.heads).permute(1, 2, 0, 3)
        query, key, value = parts[0], parts[1], parts[2]
        read = (query @ key.transpose(-1, -2)).softmax(-1) @ value
        x = self.first(x + self.mix(read.permute(1, 0, 2).reshape(1, pieces, width)))
        return self.second(x + self.down(nn.functional.gelu(self.up(x))))


class _Lean(nn.Module):
    """The encoder for one text at a time, with neither mask nor dropout."""

    def __init__(self, model: Encoder) -> None:
        super().__init__()
        self.embeddings, self.head = model.bert.embeddings, model.head
        self.norm = _Norm(self.embeddings.LayerNorm)
        heads = model.bert.config.num_attention_heads
        self.layers = nn.Sequential(*(_Layer(layer, heads) for layer in model.bert.encoder.layer))

    def forward(self, ids, quotes):
        tables = self.embeddings
        places = tables.position_embeddings(torch.arange(ids.shape[1]))
        x = self.norm(tables.word_embeddings(ids) + tables.token_type_embeddings(quotes) + places)
        return self.head(self.layers(x))


def encoder(model: Encoder, folder: Path) -> None:
    """Export the encoder, weights in bytes per channel."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            _Lean(model).eval(),
            (torch.zeros(1, 30, dtype=torch.long), torch.zeros(1, 30, dtype=torch.long)),
            str(plain),
            input_names=["ids", "quotes"],
            output_names=["scores"],
            dynamic_axes={"ids": {1: "pieces"}, "quotes": {1: "pieces"}, "scores": {1: "pieces"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(plain, folder / "model.onnx", per_channel=True, weight_type=QuantType.QInt8)
    shutil.copy(PRETRAINED / "tokenizer.json", folder / "tokenizer.json")
