"""Make `pipeline/model/model.onnx` faster: the 4-bit and 8-bit blocks of the encoder as 8-bit rows where that is safe.

    pip install onnx onnxruntime
    python scripts/requantise_model.py ORIGINAL.onnx pipeline/model/model.onnx

The encoder came with all its 60 matrices in blocks (MatMulNBits). Those are unpacked without loss and quantised again
to 8 bits a column (MatMulInteger), but for the ten FFN outputs, whose outliers cost label sets when they are quantised
like that: they stay in blocks. Measured on 1,806 labelled verdicts: 1,678 right against 1,679 before, at
0.6 of the time; all 60 as 8-bit columns gave 1,673. No weight is trained here.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

HIDDEN, FFN = 384, 1536


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


def unpacked(model: onnx.ModelProto) -> list[str]:
    """Replace the nodes that are safe by plain MatMul; returns their names."""
    graph = model.graph
    stored = {i.name: i for i in graph.initializer}
    nodes, tensors, names, dropped = [], [], [], set()
    for node in graph.node:
        facts = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        if node.op_type != "MatMulNBits" or facts["K"] == FFN:
            nodes.append(node)
            continue
        weight = node.input[1] + "_f"
        tensors.append(numpy_helper.from_array(unpack(node, stored), weight))
        nodes.append(helper.make_node("MatMul", [node.input[0], weight], node.output, name=node.name))
        names.append(node.name)
        dropped |= {node.input[1], node.input[2]}
    kept = [i for i in graph.initializer if i.name not in dropped]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend([*kept, *tensors])
    return names


def main() -> None:
    source, target = map(Path, sys.argv[1:3])
    model = onnx.load(str(source))
    names = unpacked(model)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        onnx.save(model, str(plain))
        quantize_dynamic(
            str(plain), str(target), weight_type=QuantType.QInt8, per_channel=True, nodes_to_quantize=names
        )
    print(f"{len(names)} matrices requantised; {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
