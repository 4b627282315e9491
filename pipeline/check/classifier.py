"""The learned part: what a passage is about, what it says and who says it, as probabilities.

Two models that were trained together: a small Dutch encoder (``model.onnx``) and hashed n-grams with logistic
regression (``lexical.npz``). Origin, measurements and licence duties: ``pipeline/model/README.md``.
Reads only the files of its own folder; needs no network.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.errors import DekkendError

Floats = npt.NDArray[np.floating[Any]]

_WORD = re.compile(r"\w\w+")
HALF = 1 << 16  # buckets for words, and as many for character n-grams: the shape the weights were trained in


class ModelError(DekkendError):
    """A model file is missing or damaged."""

    code = "model"


@dataclass(frozen=True, slots=True)
class Scores:
    """Probabilities of one passage, by head and name.

    ``labels``: evidence for a requirement (mean of both models); ``encoder_labels``: the encoder alone, which is the
    better of the two at refusing definitions, law and template text; ``touch``: treats the subject in general terms.
    """

    labels: Mapping[str, float]
    encoder_labels: Mapping[str, float]
    touch: Mapping[str, float]
    stance: Mapping[str, float]
    actor: Mapping[str, float]
    trap: Mapping[str, float]
    theme: Mapping[str, float]


class Scorer(Protocol):
    """What a check needs of the learned model: ``PassageClassifier``, or one in another process."""

    def score(self, passages: Sequence[tuple[str | None, str]], *, norm: str | None = None) -> list[Scores]: ...

    def hashed_labels(self, passages: Sequence[tuple[str | None, str]]) -> list[dict[str, float]]: ...


def _joined(heading: str | None, text: str) -> str:
    return f"{heading}: {text}" if heading else text


def _model_file(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise ModelError(f"Het taalmodel is niet compleet: {name} ontbreekt. Installeer dekkend opnieuw.")
    return path


@lru_cache(maxsize=8_000)  # about 5 MB; the same words stand in every document
def _parts_of(word: str) -> tuple[int, ...]:
    """The buckets of a word's runs of three, four and five characters, its edges included."""
    w = f" {word} "
    return tuple(
        HALF + zlib.crc32(w[i : i + k].encode()) % HALF for k in (3, 4, 5) for i in range(max(1, len(w) - k + 1))
    )


def hashed_counts(text: str) -> tuple[npt.NDArray[np.int64], Floats]:
    """Buckets of the words, word pairs and character n-grams of a text, each with its sublinear count."""
    text = text.lower()
    words = _WORD.findall(text)
    buckets = [zlib.crc32(w.encode()) % HALF for w in words]
    buckets += [zlib.crc32(f"{a} {b}".encode()) % HALF for a, b in pairwise(words)]
    for word in text.split():
        buckets += _parts_of(word)
    seen = Counter(buckets)
    return np.fromiter(seen, np.int64), 1 + np.log(np.fromiter(seen.values(), np.float32))


def unit_halves(index: npt.NDArray[np.int64], value: Floats) -> Floats:
    """The weights with length 1 over the words and length 1 over the characters."""
    for part in (index < HALF, index >= HALF):
        value[part] /= max(float(np.sqrt((value[part] ** 2).sum())), 1e-6)
    return value


class _Lexical:
    """Hashed words, word pairs and character n-grams with logistic regression."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as stored:
            self._idf: Floats = stored["idf"].astype(np.float32)
            self._heads = {h: (stored[h + "_w"], stored[h + "_s"], stored[h + "_b"]) for h in ("labels", "stance")}

    def predict(self, text: str) -> dict[str, Floats]:
        index, count = hashed_counts(text)
        value = unit_halves(index, count * self._idf[index])
        out: dict[str, Floats] = {}
        for head, (weights, scale, bias) in self._heads.items():
            raw = (value @ weights[index].astype(np.float32)) * scale + bias
            out[head] = 1 / (1 + np.exp(-np.clip(raw, -30, 30)))
        out["stance"] = out["stance"] / out["stance"].sum()
        return out


class PassageClassifier:
    """Scores passages; equal passages are scored once for as long as the classifier lives (bounded).

    Args:
        folder: Of the model; default the one that is shipped.
        side_by_side: How many passages are read at once. One in a batch, which runs a process for each core.

    Raises:
        ModelError: a file of the model is missing, damaged or of another version.
    """

    _CACHE_SIZE = 4_000  # about 10 MB; a hundred documents hold some 2,000 passages that others share

    def __init__(self, folder: Path | None = None, *, side_by_side: int = 1) -> None:
        folder = folder or Path(str(files("pipeline") / "model"))
        try:
            meta = json.loads(_model_file(folder, "labels.json").read_text(encoding="utf8"))
            self._heads: dict[str, list[str]] = meta["heads"]
            self._lexical = _Lexical(_model_file(folder, "lexical.npz"))
            self._open_encoder(folder, int(meta["max_tokens"]))
        except ModelError:
            raise
        except Exception as problem:  # onnxruntime and tokenizers raise types of their own
            raise ModelError(
                f"Het taalmodel in {folder.name} is beschadigd ({type(problem).__name__}). Installeer dekkend opnieuw."
            ) from problem
        self.side_by_side = side_by_side
        self._quick: dict[str, dict[str, Floats]] = {}
        self._read: dict[str, dict[str, Floats]] = {}

    def _open_encoder(self, folder: Path, max_tokens: int) -> None:
        import onnxruntime as ort  # noqa: PLC0415  (0.1 s that `norm list` and `--help` need not pay)
        from tokenizers import Tokenizer  # noqa: PLC0415

        self._tokenizer = Tokenizer.from_file(str(_model_file(folder, "tokenizer.json")))
        self._tokenizer.enable_truncation(max_tokens)
        options = ort.SessionOptions()
        # a passage is too short to share out between threads; passages go side by side
        options.intra_op_num_threads, options.inter_op_num_threads = 1, 1
        # the file holds the graph as onnxruntime fuses it: looking for more costs time and finds nothing
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
        self._session = ort.InferenceSession(
            str(_model_file(folder, "model.onnx")), options, providers=["CPUExecutionProvider"]
        )

    def score(self, passages: Sequence[tuple[str | None, str]], *, norm: str | None = None) -> list[Scores]:
        """Score (heading or None, text) pairs, one by one so that a passage never depends on its neighbours.

        Args:
            passages: In any order; equal ones are scored once.
            norm: Start of the labels that matter ("anb"). The hashed half, sixty times as fast, then reads everything
                first, and the encoder only what could still become evidence for one of them; None: read everything.
        """
        joined = [_joined(*passage) for passage in passages]
        if len(self._quick) + len(joined) > self._CACHE_SIZE:
            self._quick.clear()
            self._read.clear()
        quick = {text: self._hashed(text) for text in dict.fromkeys(joined)}
        chosen = self._promising(quick, norm) if norm else set(quick)
        self._encode_all([text for text in quick if text in chosen])
        scores = {
            text: self._scores(quick[text], self._encode(text) if text in chosen else self._nothing) for text in quick
        }
        return [scores[text] for text in joined]

    def hashed_labels(self, passages: Sequence[tuple[str | None, str]]) -> list[dict[str, float]]:
        """What the hashed half alone says of each (heading or None, text): label to probability."""
        return [self._named("labels", self._hashed(_joined(*passage))["labels"]) for passage in passages]

    def _hashed(self, text: str) -> dict[str, Floats]:
        # the two halves are kept apart: what the encoder skipped in one document it may have to read in the next
        if text not in self._quick:
            self._quick[text] = self._lexical.predict(text)
        return self._quick[text]

    # Read off 42 labelled profiles: with these the verdicts are the same as when the encoder reads everything, but for
    # 3 of 1,596. What counts is the best evidence for each requirement, so the longer a document, the less is read.
    _PROMISING_FROM = 0.12
    _MOST_OF_EACH = 10
    _LEAST_OF_EACH = 3

    def _promising(self, quick: Mapping[str, Mapping[str, Floats]], norm: str) -> set[str]:
        """The passages that the hashed half ranks highest for each label of the norm."""
        columns = [i for i, name in enumerate(self._heads["labels"]) if name.startswith(f"{norm}.")]
        if not quick or not columns:
            return set(quick)
        texts = list(quick)
        values = np.array([quick[t]["labels"][columns] for t in texts])
        chosen: set[str] = set()
        for column in values.T:
            order = np.argsort(-column, kind="stable")[: self._MOST_OF_EACH]
            chosen |= {
                texts[i] for n, i in enumerate(order) if n < self._LEAST_OF_EACH or column[i] >= self._PROMISING_FROM
            }
        return chosen

    @cached_property
    def _nothing(self) -> dict[str, Floats]:
        """The encoder's outputs for a passage that it does not read: nothing in it."""
        empty = {head: np.zeros(len(names), np.float32) for head, names in self._heads.items()}
        for head, name in (("actor", "school"), ("trap", "none"), ("theme", "none")):
            empty[head][self._heads[head].index(name)] = 1.0
        return empty

    def _encode_all(self, texts: Sequence[str]) -> None:
        if self.side_by_side > 1:
            from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  (a batch goes without)

            with ThreadPoolExecutor(self.side_by_side) as pool:
                list(pool.map(self._encode, texts))

    def _encode(self, text: str) -> dict[str, Floats]:
        if text not in self._read:
            ids = np.array([self._tokenizer.encode(text).ids], np.int64)
            values = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})
            self._read[text] = {head: value[0] for head, value in zip(self._heads, values, strict=True)}
        return self._read[text]

    def _scores(self, lexical: Mapping[str, Floats], encoder: Mapping[str, Floats]) -> Scores:
        stance = (encoder["stance"] + lexical["stance"]) / 2 if encoder["stance"].any() else lexical["stance"]
        return Scores(
            labels=self._named("labels", (encoder["labels"] + lexical["labels"]) / 2),
            encoder_labels=self._named("labels", encoder["labels"]),
            touch=self._named("touch", encoder["touch"]),
            stance=self._named("stance", stance),
            actor=self._named("actor", encoder["actor"]),
            trap=self._named("trap", encoder["trap"]),
            theme=self._named("theme", encoder["theme"]),
        )

    def _named(self, head: str, values: Floats) -> dict[str, float]:
        # three decimals: another processor may round differently, a report must not
        return dict(zip(self._heads[head], np.round(values.astype(np.float64), 3).tolist(), strict=True))


def model_digest(folder: Path | None = None) -> str:
    """SHA-256 over names, sizes and labels of the model: tells one model from another without reading 20 MB.

    Raises:
        ModelError: a file of the model is missing.
    """
    folder = folder or Path(str(files("pipeline") / "model"))
    digest = hashlib.sha256()
    for name in ("labels.json", "tokenizer.json", "lexical.npz", "model.onnx"):
        path = _model_file(folder, name)
        digest.update(f"{name} {path.stat().st_size}\n".encode())
    digest.update(_model_file(folder, "labels.json").read_bytes())
    with _model_file(folder, "model.onnx").open("rb") as stream:
        stream.seek(-65536, 2)
        digest.update(stream.read())
    return digest.hexdigest()
