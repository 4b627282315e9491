"""The encoder in torch: a BERT of the lowest layers with mean pooling and a linear head for each output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
import torch.nn.functional as nnf
from base import Base
from torch import Tensor, nn

POSITIONS = 160


class Layer(nn.Module):
    def __init__(self, hidden: int, ffn: int, heads: int, eps: float) -> None:
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.o = (nn.Linear(hidden, hidden) for _ in range(4))
        self.fi, self.fo = nn.Linear(hidden, ffn), nn.Linear(ffn, hidden)
        self.ln1, self.ln2 = nn.LayerNorm(hidden, eps), nn.LayerNorm(hidden, eps)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        many, length, hidden = x.shape
        q, k, v = (f(x).view(many, length, self.heads, -1).transpose(1, 2) for f in (self.q, self.k, self.v))
        seen = nnf.scaled_dot_product_attention(q, k, v, attn_mask=bias).transpose(1, 2).reshape(many, length, hidden)
        x = self.ln1(x + self.drop(self.o(seen)))
        return self.ln2(x + self.drop(self.fo(nnf.gelu(self.fi(x)))))


class Encoder(nn.Module):
    def __init__(self, base: Base, layers: int) -> None:
        super().__init__()
        size = base.sizes
        self.word = nn.Embedding(len(base.rows), size["hidden"])
        self.pos = nn.Embedding(POSITIONS, size["hidden"])
        self.ln = nn.LayerNorm(size["hidden"], size["eps"])
        self.layers = nn.ModuleList(
            Layer(size["hidden"], size["ffn"], size["heads"], size["eps"]) for _ in range(layers)
        )
        self._fill(base)

    def _fill(self, base: Base) -> None:
        def weights(name: str) -> Tensor:
            return torch.from_numpy(np.array(base.tensors[name]))

        self.word.weight.data = weights("word")
        # type 0 is added everywhere: folded into the positions
        self.pos.weight.data = weights("position")[:POSITIONS] + weights("type")[0]
        self.ln.weight.data, self.ln.bias.data = weights("ln.w"), weights("ln.b")
        for number, layer in enumerate(self.layers):
            for part in ("q", "k", "v", "o", "fi", "fo", "ln1", "ln2"):
                getattr(layer, part).weight.data = weights(f"{number}.{part}.w")
                getattr(layer, part).bias.data = weights(f"{number}.{part}.b")

    def embed(self, ids: Tensor) -> Tensor:
        return self.ln(self.word(ids) + self.pos.weight[: ids.shape[1]])


class Classifier(nn.Module):
    """A linear layer a head on the standardised mean of the states.

    e5's states lie in a narrow cone (all cosines above 0.7): without ``mu`` and ``sd`` of the training set the heads
    learn nothing in a few epochs.
    """

    def __init__(self, encoder: Encoder, heads: Mapping[str, Sequence[str]], drop: float = 0.1) -> None:
        super().__init__()
        self.enc, self.drop = encoder, nn.Dropout(drop)
        hidden = encoder.word.weight.shape[1]
        self.register_buffer("mu", torch.zeros(hidden))
        self.register_buffer("sd", torch.ones(hidden))
        self.heads = nn.ModuleDict({name: nn.Linear(hidden, len(of)) for name, of in heads.items()})

    def read_off(self, pooled: Tensor) -> dict[str, Tensor]:
        p = self.drop((pooled - self.mu) / self.sd)
        return {name: head(p) for name, head in self.heads.items()}


def pool(x: Tensor, mask: Tensor) -> Tensor:
    m = mask[:, :, None].float()
    return (x.float() * m).sum(1) / m.sum(1)


def attention_bias(mask: Tensor) -> Tensor:
    return ((1.0 - mask) * -1e4)[:, None, None, :]
