"""The trained encoder as ONNX in 8 bits: a column where that is safe, blocks for the ten FFN outputs.

The embedding rows were frozen: their 4-bit blocks are stored as they came (216 bytes a row) and unpacked in the graph.
Outliers in the FFN outputs cost label sets when they are quantised a column: they stay in blocks of 128.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from base import Base
from encoder import Classifier, attention_bias, pool
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer
from rows import HEADS
from torch import Tensor, nn


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


def export(model: Classifier, base: Base, target: Path) -> None:
    graph = Graph(model, base.packed).eval()
    ids = torch.tensor([[0, 5, 7, 9, 2], [0, 11, 2, 1, 1]])
    assert torch.allclose(graph.word(ids), model.enc.word(ids)), "the packed embedding is another one"
    dynamic = {n: {0: "batch", 1: "length"} for n in ("ids", "mask")} | {h: {0: "batch"} for h in HEADS}
    with tempfile.TemporaryDirectory() as folder:
        plain, blocks = Path(folder) / "plain.onnx", Path(folder) / "blocks.onnx"
        torch.onnx.export(
            graph,
            (ids, (ids != 1).long()),
            str(plain),
            input_names=["ids", "mask"],
            output_names=list(HEADS),
            opset_version=17,
            dynamo=False,
            dynamic_axes=dynamic,
        )
        stored = onnx.load(str(plain))
        weights = {tensor.name for tensor in stored.graph.initializer}
        matrices = [n.name for n in stored.graph.node if n.op_type == "MatMul" and set(n.input) & weights]
        safe = [name for name in matrices if "/fo/" not in name]
        config = DefaultWeightOnlyQuantConfig(block_size=128, is_symmetric=True, accuracy_level=4, bits=8)
        quantiser = MatMulNBitsQuantizer(stored, nodes_to_exclude=safe, algo_config=config)
        quantiser.process()
        quantiser.model.save_model_to_file(str(blocks))
        quantize_dynamic(
            str(blocks), str(target), weight_type=QuantType.QInt8, per_channel=True, nodes_to_quantize=safe
        )
    print(f"{target.name}: {target.stat().st_size / 1e6:.1f} MB, {len(safe)} matrices a column")
