"""The hashed half: words, word pairs and character n-grams in buckets, with a logistic regression a label.

Features are those of ``pipeline/check/classifier.py``, which runs it with numpy alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rows as data
from rows import HEADS, Row
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from pipeline.check.classifier import HALF, hashed_counts, unit_halves

TRAINED = ("labels", "stance")


def matrix(texts: Sequence[str], idf: np.ndarray | None = None) -> tuple[csr_matrix, np.ndarray]:
    """Texts as rows of weighted buckets, and the weights of the buckets (made of these texts when not given)."""
    counts = [hashed_counts(text) for text in texts]
    if idf is None:
        seen = np.bincount(np.concatenate([i for i, _ in counts]), minlength=2 * HALF)
        idf = (np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float32)
        idf[seen < 2] = 0  # seen once: no weight can be learnt
    values = [unit_halves(index, value * idf[index]) for index, value in counts]
    starts = np.cumsum([0, *(len(i) for i, _ in counts)])
    shape = (len(texts), 2 * HALF)
    return csr_matrix((np.concatenate(values), np.concatenate([i for i, _ in counts]), starts), shape=shape), idf


def train(rows: Sequence[Row]) -> dict[str, np.ndarray]:
    """The arrays of ``lexical.npz``: int8 weights with a scale a column."""
    warnings.filterwarnings("ignore", module="sklearn")
    x, idf = matrix([r.joined for r in rows])
    stored: dict[str, np.ndarray] = {"idf": idf.astype(np.float16)}
    for head in TRAINED:
        w, b = _head(x, rows, head)
        scale = np.abs(w).max(0) / 127 + 1e-9
        stored |= {
            f"{head}_w": np.round(w / scale).astype(np.int8),
            f"{head}_s": scale.astype(np.float32),
            f"{head}_b": b,
        }
    return stored


def _head(x: csr_matrix, rows: Sequence[Row], head: str) -> tuple[np.ndarray, np.ndarray]:
    count = len(HEADS[head])
    w, b = np.zeros((2 * HALF, count), np.float32), np.full(count, -9.0, np.float32)
    many = head == "labels"
    y = data.multihot(rows, head) if many else data.classes(rows, head)
    weights = data.known(rows) if many else None
    for column in range(count):
        used = weights[:, column] > 0 if many else y >= 0
        target = (y[:, column] if many else y == column)[used].astype(int)
        if target.sum() < 2:
            continue
        model = LogisticRegression(
            C=10, class_weight="balanced", solver="liblinear", max_iter=50, tol=1e-3, random_state=1
        )
        model.fit(x[used], target, sample_weight=weights[used, column] if many else None)
        w[:, column], b[column] = model.coef_[0], model.intercept_[0]
    return w, b


def save(stored: dict[str, np.ndarray], folder: Path) -> Path:
    path = folder / "lexical.npz"
    np.savez(path, **stored)  # not packed: unpacking takes longer than reading
    return path
