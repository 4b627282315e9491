"""Make `pipeline/model/model.onnx` faster: the encoder's blocks of 4 and 8 bits as rows of 8 bits.

    pip install onnx onnxruntime tokenizers
    python scripts/requantise_model.py ORIGINAL.onnx pipeline/model/model.onnx

The encoder came with all its 60 matrices in blocks (MatMulNBits). Those are unpacked without loss and quantised again
to 8 bits a column (MatMulInteger). The ten FFN outputs read a few inputs that are far larger than the rest, and with
one scale for all of them label sets are lost: their 64 largest inputs, seen on the passages of `tests/gold`, stay in
full precision beside the others. Last, the graph is written as onnxruntime fuses it, which halves the time to open it.
No weight is trained here. Measurements: `pipeline/model/README.md`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parent.parent
FFN = 1536
LARGEST = 64  # inputs of an FFN output in full precision; 16 to 128 came out alike, none at all lost label sets
MOST_TOKENS = 128  # what the encoder was trained on (labels.json)


def unpack(node: onnx.NodeProto, stored: dict[str, onnx.TensorProto]) -> np.ndarray:
    """The matrix of one MatMulNBits node. Shape: (K, N) float32."""
    facts = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    k, n, bits, block = (facts[name] for name in ("K", "N", "bits", "block_size"))
    blocks = -(-k // block)
    raw = numpy_helper.to_array(stored[node.input[1]])
    scale = numpy_helper.to_array(stored[node.input[2]]).astype(np.float32).reshape(n, blocks, 1)
    if bits == 4:
        raw = raw.reshape(n, blocks, -1)
        values = np.empty((n, blocks, block), np.float32)
        values[..., 0::2], values[..., 1::2] = raw & 15, raw >> 4
    else:
        values = raw.reshape(n, blocks, block).astype(np.float32)
    return ((values - (1 << (bits - 1))) * scale).reshape(n, -1)[:, :k].T.copy()


def passages() -> Iterator[str]:
    """The lines of the labelled documents that hold text."""
    for source in sorted((ROOT / "tests" / "gold").glob("*/source.md")):
        for line in source.read_text(encoding="utf8").splitlines():
            if len(line) > 40 and line[0] not in "[|":
                yield line.lstrip("#- ")


def largest_inputs(model: onnx.ModelProto) -> dict[str, np.ndarray]:
    """By the name of each FFN output's input: which of its columns hold the largest values. Shape: (LARGEST,)."""
    names = [n.input[0] for n in model.graph.node if n.op_type == "MatMulNBits" and is_ffn_output(n)]
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    watched.graph.output.extend(helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in names)
    session = onnxruntime.InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(ROOT / "pipeline" / "model" / "tokenizer.json"))
    tokenizer.enable_truncation(MOST_TOKENS)
    largest = {n: np.zeros(FFN, np.float32) for n in names}
    for text in passages():
        ids = np.array([tokenizer.encode(text).ids], np.int64)
        values = session.run(names, {"ids": ids, "mask": np.ones_like(ids)})
        for name, value in zip(names, values, strict=True):
            np.maximum(largest[name], np.abs(value).reshape(-1, FFN).max(axis=0), out=largest[name])
    return {n: np.sort(np.argsort(-v, kind="stable")[:LARGEST]) for n, v in largest.items()}


def is_ffn_output(node: onnx.NodeProto) -> bool:
    return any(a.name == "K" and a.i == FFN for a in node.attribute)


def unpacked(model: onnx.ModelProto, largest: dict[str, np.ndarray]) -> list[str]:
    """Replace the blocks by plain MatMul, the largest inputs of the FFN outputs apart; returns what to quantise."""
    graph = model.graph
    stored = {i.name: i for i in graph.initializer}
    nodes, tensors, names, dropped = [], [], [], set()
    for node in graph.node:
        if node.op_type != "MatMulNBits":
            nodes.append(node)
            continue
        matrix, made = unpack(node, stored), node.input[1]
        dropped |= {node.input[1], node.input[2]}
        names.append(node.name)
        if not is_ffn_output(node):
            tensors.append(numpy_helper.from_array(matrix, f"{made}_f"))
            nodes.append(helper.make_node("MatMul", [node.input[0], f"{made}_f"], node.output, name=node.name))
            continue
        columns = largest[node.input[0]]
        others = np.ones(FFN, np.float32)
        others[columns] = 0
        tensors += [
            numpy_helper.from_array(np.where(others[:, None] == 1, matrix, 0), f"{made}_f"),
            numpy_helper.from_array(matrix[columns], f"{made}_large"),
            numpy_helper.from_array(others, f"{made}_others"),
            numpy_helper.from_array(columns.astype(np.int64), f"{made}_columns"),
        ]
        nodes += [
            helper.make_node("Mul", [node.input[0], f"{made}_others"], [f"{made}_small_in"]),
            helper.make_node("MatMul", [f"{made}_small_in", f"{made}_f"], [f"{made}_small"], name=node.name),
            helper.make_node("Gather", [node.input[0], f"{made}_columns"], [f"{made}_large_in"], axis=-1),
            helper.make_node("MatMul", [f"{made}_large_in", f"{made}_large"], [f"{made}_rest"], name=f"{made}_rest"),
            helper.make_node("Add", [f"{made}_small", f"{made}_rest"], node.output),
        ]
    kept = [i for i in graph.initializer if i.name not in dropped]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend([*kept, *tensors])
    return names


def fuse(source: Path, target: Path) -> None:
    """Write the graph as onnxruntime fuses it, without what depends on this processor."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])


def main() -> None:
    source, target = map(Path, sys.argv[1:3])
    model = onnx.load(str(source))
    names = unpacked(model, largest_inputs(model))
    with tempfile.TemporaryDirectory() as folder:
        plain, small = Path(folder) / "plain.onnx", Path(folder) / "small.onnx"
        onnx.save(model, str(plain))
        quantize_dynamic(str(plain), str(small), weight_type=QuantType.QInt8, per_channel=True, nodes_to_quantize=names)
        fuse(small, target)
    print(f"{len(names)} matrices requantised; {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
