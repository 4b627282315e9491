"""Fine-tuning: the embedding and the lowest layers stay as they came, their output is computed once.

On one core that is the difference between hours and a quarter of an hour. The heads are trained first, on frozen
states; then the upper layers with them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

import numpy as np
import rows as data
import torch
import torch.nn.functional as nnf
from encoder import Classifier, attention_bias, pool
from rows import HEADS, MODEL, Row
from tokenizers import Tokenizer
from torch import Tensor

FROZEN = 6
MAX_TOKENS = 128
WEIGHT = {"labels": 1.0, "touch": 0.5, "stance": 0.3, "actor": 0.03, "trap": 0.03, "theme": 0.03, "level": 0.1}
MANY = ("labels", "touch")


def seed(number: int) -> None:
    random.seed(number)
    np.random.seed(number)  # noqa: NPY002  (torch and the batches below draw from the global state)
    torch.manual_seed(number)


def batches(lengths: Sequence[int], size: int, *, shuffle: bool) -> list[np.ndarray]:
    """Numbers in batches of about equal length."""
    noise = np.random.rand(len(lengths)) * 4 if shuffle else 0  # noqa: NPY002
    order = np.argsort(np.array(lengths) + noise, kind="stable")
    found = [order[i : i + size] for i in range(0, len(order), size)]
    if shuffle:
        random.shuffle(found)
    return found


@torch.no_grad()
def lower(model: Classifier, texts: Sequence[str]) -> list[Tensor]:
    """States after the frozen layers, one tensor (length x hidden, bfloat16) a text."""
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    coded = [e.ids for e in tokenizer.encode_batch(list(texts))]
    coded = [ids[: MAX_TOKENS - 1] + ids[-1:] if len(ids) > MAX_TOKENS else ids for ids in coded]
    model.eval()
    states: list[Tensor] = [torch.empty(0)] * len(coded)
    for batch in batches([len(ids) for ids in coded], 64, shuffle=False):
        length = max(len(coded[i]) for i in batch)
        ids, mask = torch.ones(len(batch), length, dtype=torch.long), torch.zeros(len(batch), length)
        for row, i in enumerate(batch):
            ids[row, : len(coded[i])] = torch.tensor(coded[i])
            mask[row, : len(coded[i])] = 1
        with torch.autocast("cpu", dtype=torch.bfloat16):
            x, bias = model.enc.embed(ids), attention_bias(mask).to(torch.bfloat16)
            for layer in model.enc.layers[:FROZEN]:
                x = layer(x, bias)
        for row, i in enumerate(batch):
            states[i] = x[row, : len(coded[i])].to(torch.bfloat16).clone()
    return states


def upper(model: Classifier, states: Sequence[Tensor]) -> Tensor:
    """Pooled output of the upper layers."""
    length = max(len(s) for s in states)
    x = torch.zeros(len(states), length, states[0].shape[1])
    mask = torch.zeros(len(states), length)
    for row, state in enumerate(states):
        x[row, : len(state)] = state.float()
        mask[row, : len(state)] = 1
    with torch.autocast("cpu", dtype=torch.bfloat16):
        bias = attention_bias(mask).to(torch.bfloat16)
        for layer in model.enc.layers[FROZEN:]:
            x = layer(x, bias)
    return pool(x, mask)


class Targets:
    """What each row should give, as tensors."""

    def __init__(self, rows: Sequence[Row]) -> None:
        weight = torch.from_numpy(data.known(rows))
        self.many = {head: (torch.from_numpy(data.multihot(rows, head)), weight) for head in MANY}
        self.one: dict[str, tuple[Tensor, Tensor]] = {}
        for head in set(HEADS) - set(MANY):
            y = data.classes(rows, head)
            count = np.bincount(y[y >= 0], minlength=len(HEADS[head])) + 5.0
            rare = (count.sum() / count) ** 0.5
            self.one[head] = torch.from_numpy(y), torch.tensor(rare / rare.mean(), dtype=torch.float32)

    def loss(self, out: dict[str, Tensor], at: Tensor) -> Tensor:
        total = torch.zeros(())
        for head, (y, weight) in self.many.items():
            each = nnf.binary_cross_entropy_with_logits(
                out[head], y[at], reduction="none", pos_weight=torch.tensor(3.0)
            )
            total = total + WEIGHT[head] * (each * weight[at]).sum(1).mean() / 4
        for head, (y, rare) in self.one.items():
            if (y[at] >= 0).any():
                each = nnf.cross_entropy(out[head], y[at], weight=rare, label_smoothing=0.05)
                total = total + 3 * WEIGHT[head] * each
        return total


def fit(model: Classifier, rows: Sequence[Row], *, epochs: int, rate: float = 5e-4, size: int = 32) -> None:
    """Train the heads, then the upper layers with them; a passage is seen without its heading in three of ten times."""
    for part in (model.enc.word, model.enc.pos, model.enc.ln, *model.enc.layers[:FROZEN]):
        part.requires_grad_(requires_grad=False)
    start = time.time()
    plain, headed = lower(model, [r.text for r in rows]), lower(model, [r.joined for r in rows])
    print(f"  lower states of {len(rows)} passages in {time.time() - start:.0f} s", flush=True)
    targets = Targets(rows)
    _warm_up(model, headed, targets)
    above = [p for layer in model.enc.layers[FROZEN:] for p in layer.parameters()]
    groups = [{"params": above, "lr": rate}, {"params": list(model.heads.parameters()), "lr": 5 * rate}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = max(1, epochs * -(-len(rows) // size))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / (0.1 * steps), (steps - s) / (0.9 * steps))
    )
    for epoch in range(epochs):
        model.train()
        picked = [h if random.random() < 0.7 else p for p, h in zip(plain, headed, strict=True)]
        total = 0.0
        for batch in batches([len(s) for s in picked], size, shuffle=True):
            loss = targets.loss(model.read_off(upper(model, [picked[i] for i in batch])), torch.from_numpy(batch))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += float(loss.detach()) * len(batch)
        print(f"  epoch {epoch + 1} loss {total / len(rows):.3f} after {time.time() - start:.0f} s", flush=True)


def _warm_up(model: Classifier, states: Sequence[Tensor], targets: Targets, steps: int = 250) -> None:
    with torch.no_grad():
        model.eval()
        x = torch.zeros(len(states), states[0].shape[1])
        for batch in batches([len(s) for s in states], 64, shuffle=False):
            x[torch.from_numpy(batch)] = upper(model, [states[i] for i in batch])
    model.mu.copy_(x.mean(0))
    model.sd.copy_(x.std(0) + 1e-4)
    model.train()
    optimiser = torch.optim.AdamW(model.heads.parameters(), lr=0.02, weight_decay=0.05)
    everything = torch.arange(len(states))
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = 0.02 * (1 - step / steps)
        loss = targets.loss(model.read_off(x), everything)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    print(f"  heads alone: loss {float(loss.detach()):.3f}", flush=True)
