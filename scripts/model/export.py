"""The trained encoder as ONNX in 8 bits a column.

The embedding rows were frozen: their 4-bit blocks are stored as they came (216 bytes a row) and unpacked in the graph.
The FFN outputs read a few inputs that are far larger than the rest, and with one scale for all of them label sets are
lost: their 64 largest inputs, seen on the passages of ``tests/gold``, stay in full precision beside the others. That is
three times as fast as blocks of 4 and 8 bits. Last, the graph is written as onnxruntime fuses it, which halves the time
to open it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from base import Base
from encoder import Classifier, attention_bias, pool
from fit import MAX_TOKENS
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from rows import HEADS, MODEL
from tokenizers import Tokenizer
from torch import Tensor, nn

LARGEST = 64  # inputs of an FFN output in full precision; 16 to 128 came out alike, none at all lost label sets
CPU = ["CPUExecutionProvider"]


class PackedEmbedding(nn.Module):
    def __init__(self, packed: np.ndarray) -> None:
        super().__init__()
        blocks = packed.reshape(len(packed), -1, 18)
        scale = np.ascontiguousarray(blocks[:, :, :2]).view("<f2")[:, :, 0]
        self.register_buffer("qs", torch.from_numpy(np.ascontiguousarray(blocks[:, :, 2:])))
        self.register_buffer("scale", torch.from_numpy(np.ascontiguousarray(scale)))

    def forward(self, ids: Tensor) -> Tensor:
        q = self.qs[ids].to(torch.int32)
        high = torch.div(q, 16, rounding_mode="floor")  # no shifts: they need a newer operator set
        values = torch.cat([q - high * 16, high], -1).float() - 8.0
        return (values * self.scale[ids].float()[..., None]).flatten(2)


class Graph(nn.Module):
    """ids, mask to the heads: sigmoid for labels and touch, softmax for the others."""

    def __init__(self, model: Classifier, packed: np.ndarray) -> None:
        super().__init__()
        self.model, self.word = model, PackedEmbedding(packed)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        m = mask.float()
        x = self.model.enc.ln(self.word(ids) + self.model.enc.pos.weight[: ids.shape[1]])
        for layer in self.model.enc.layers:
            x = layer(x, attention_bias(m))
        out = self.model.read_off(pool(x, m))
        return tuple(torch.sigmoid(v) if k in ("labels", "touch") else torch.softmax(v, 1) for k, v in out.items())


def export(model: Classifier, base: Base, target: Path, seen: Sequence[str]) -> None:
    """Write the model.

    Args:
        model: As trained.
        base: What it was trained from, for the embedding rows.
        target: The file.
        seen: Passages on which the inputs of the FFN outputs are looked at.
    """
    with tempfile.TemporaryDirectory() as folder:
        plain, split, small = (Path(folder) / f"{name}.onnx" for name in ("plain", "split", "small"))
        _trace(model, base, plain)
        stored = onnx.load(str(plain))
        ffn = _ffn_outputs(stored)
        names = _keep_largest_apart(stored, ffn, _largest_inputs(plain, {n.input[0] for n in ffn}, seen))
        onnx.save(stored, str(split))
        quantize_dynamic(str(split), str(small), weight_type=QuantType.QInt8, per_channel=True, nodes_to_quantize=names)
        _fuse(small, target)
    print(f"{target.name}: {target.stat().st_size / 1e6:.1f} MB, {len(names)} matrices in 8 bits")


def _trace(model: Classifier, base: Base, target: Path) -> None:
    graph = Graph(model, base.packed).eval()
    ids = torch.tensor([[0, 5, 7, 9, 2], [0, 11, 2, 1, 1]])
    assert torch.allclose(graph.word(ids), model.enc.word(ids)), "the packed embedding is another one"
    dynamic = {n: {0: "batch", 1: "length"} for n in ("ids", "mask")} | {h: {0: "batch"} for h in HEADS}
    torch.onnx.export(
        graph,
        (ids, (ids != 1).long()),
        str(target),
        input_names=["ids", "mask"],
        output_names=list(HEADS),
        opset_version=17,
        dynamo=False,
        dynamic_axes=dynamic,
    )


def _ffn_outputs(stored: onnx.ModelProto) -> list[onnx.NodeProto]:
    return [n for n in stored.graph.node if n.op_type == "MatMul" and "/fo/" in n.name]


def _largest_inputs(plain: Path, names: set[str], seen: Sequence[str]) -> dict[str, np.ndarray]:
    """By the name of each FFN output's input: which of its columns hold the largest values. Shape: (LARGEST,)."""
    ordered = sorted(names)
    watched = onnx.load(str(plain))
    watched.graph.output.extend(helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, None) for n in ordered)
    session = onnxruntime.InferenceSession(watched.SerializeToString(), providers=CPU)
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    largest: dict[str, np.ndarray] = {}
    for text in seen:
        ids = np.array([tokenizer.encode(text).ids], np.int64)
        for name, value in zip(ordered, session.run(ordered, {"ids": ids, "mask": np.ones_like(ids)}), strict=True):
            most = np.abs(value).reshape(-1, value.shape[-1]).max(axis=0)
            largest[name] = np.maximum(largest.get(name, most), most)
    return {n: np.sort(np.argsort(-v, kind="stable")[:LARGEST]) for n, v in largest.items()}


def _keep_largest_apart(
    stored: onnx.ModelProto, ffn: Sequence[onnx.NodeProto], largest: Mapping[str, np.ndarray]
) -> list[str]:
    """Split each FFN output into a matrix for most inputs and one for the largest; returns what to quantise."""
    weights = {tensor.name: tensor for tensor in stored.graph.initializer}
    apart = {node.name for node in ffn}
    nodes, names = [], []
    for node in stored.graph.node:
        if node.op_type == "MatMul" and set(node.input) & weights.keys():
            names.append(node.name)
        if node.name not in apart:
            nodes.append(node)
            continue
        source, made = node.input[0], node.name
        matrix, columns = numpy_helper.to_array(weights[node.input[1]]), largest[source]
        others = np.ones(len(matrix), np.float32)
        others[columns] = 0
        stored.graph.initializer.extend(
            [
                numpy_helper.from_array(matrix * others[:, None], f"{made}_most"),
                numpy_helper.from_array(matrix[columns], f"{made}_large"),
                numpy_helper.from_array(others, f"{made}_others"),
                numpy_helper.from_array(columns.astype(np.int64), f"{made}_columns"),
            ]
        )
        nodes += [
            helper.make_node("Mul", [source, f"{made}_others"], [f"{made}_small_in"]),
            helper.make_node("MatMul", [f"{made}_small_in", f"{made}_most"], [f"{made}_small"], name=made),
            helper.make_node("Gather", [source, f"{made}_columns"], [f"{made}_large_in"], axis=-1),
            helper.make_node("MatMul", [f"{made}_large_in", f"{made}_large"], [f"{made}_rest"], name=f"{made}_rest"),
            helper.make_node("Add", [f"{made}_small", f"{made}_rest"], node.output),
        ]
    used = {name for node in nodes for name in node.input}
    kept = [tensor for tensor in stored.graph.initializer if tensor.name in used]
    del stored.graph.node[:], stored.graph.initializer[:]
    stored.graph.node.extend(nodes)
    stored.graph.initializer.extend(kept)
    return names


def _fuse(source: Path, target: Path) -> None:
    """Write the graph as onnxruntime fuses it, without what depends on this processor."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    onnxruntime.InferenceSession(str(source), options, providers=CPU)
