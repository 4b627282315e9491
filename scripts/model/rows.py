"""Labelled passages as training rows: those in ``passages/`` and those cut from labelled documents.

A row of a labelled document says yes where one of its accepted quotes is, and no only for a requirement that the whole
document is missing: what stands beside an accepted quote may be evidence too, so there the column is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from extractors.markdown import read_markdown
from pipeline.check.passages import passages
from pipeline.check.shorthand import in_full

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "pipeline" / "model"
PASSAGES = Path(__file__).parent / "passages"
HEADS: Mapping[str, list[str]] = json.loads((MODEL / "labels.json").read_text(encoding="utf8"))["heads"]
LABELS = HEADS["labels"]
SCHOOL = [n for n, name in enumerate(LABELS) if name.startswith("anb.")]
# folders of labelled documents whose passages are trained on, and those among them that are kept for measuring
DOCUMENTS = ("tests/gold", "sample_docs", "tests/held_out", "tests/blind")
MEASURED = ("tests/blind/c-",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A passage. ``labels`` and ``touch`` by name; ``known`` the columns of ``LABELS`` that the row says something of.

    ``weight`` is what the row counts for in its labels; a head that is None is left out of the loss.
    """

    writer: str
    heading: str
    text: str
    labels: frozenset[str]
    touch: frozenset[str]
    known: tuple[int, ...]
    weight: float = 1.0
    stance: str | None = None
    actor: str | None = None
    trap: str | None = None
    theme: str | None = None
    level: str | None = None

    @property
    def joined(self) -> str:
        return f"{self.heading}: {self.text}" if self.heading else self.text


def written() -> Iterator[Row]:
    """The passages that writers made for this, a file a writer."""
    for file in sorted(PASSAGES.glob("*.jsonl")):
        for line in file.read_text(encoding="utf8").splitlines():
            yield _row(file.stem, json.loads(line))


def _row(writer: str, raw: Mapping[str, Any]) -> Row:
    pupil, whole = "pupil" in writer, writer != "sentences"
    labels = frozenset(raw.get("labels") or ()) & set(LABELS)
    return Row(
        writer=writer,
        heading=(raw.get("heading") or "").strip(),
        text=raw["text"].strip(),
        labels=labels,
        touch=labels | (frozenset(raw.get("vague") or ()) & set(LABELS)),
        # a form about a pupil is labelled by other norms than a profile
        known=tuple(n for n in range(len(LABELS)) if (n in SCHOOL) != pupil),
        # the first set takes vague for evidence: it counts half
        weight=1.0 if whole else 0.5,
        stance=_of("stance", raw.get("stance")),
        actor=_of("actor", raw.get("actor")),
        trap=_of("trap", raw.get("trap") or "none") if whole else None,
        theme=_of("theme", raw.get("theme") or "none"),
        level=_of("level", str(raw.get("level"))),
    )


def _of(head: str, value: str | None) -> str | None:
    return value if value in HEADS[head] else None


def from_documents(folders: Sequence[str] = DOCUMENTS) -> Iterator[Row]:
    """Passages of labelled profiles, one writer a folder."""
    for folder in folders:
        for source in sorted((ROOT / folder).glob("*/source.md")):
            gold = yaml.safe_load((source.parent / "gold.yaml").read_text(encoding="utf8"))
            writer = f"{folder}/{source.parent.name}"
            if gold["norm"] == "anb" and not writer.startswith(MEASURED):
                yield from _document(writer, source, gold["verdicts"])


def _document(writer: str, source: Path, verdicts: Mapping[str, Any]) -> Iterator[Row]:
    document = read_markdown(source.read_text(encoding="utf8"))
    absent = {r for r, v in verdicts.items() if v["verdict"] == "missing"}
    for p in passages(document):
        block = document.blocks[p.block].text
        hit = {
            r
            for r, v in verdicts.items()
            if any((at := block.find(q)) >= 0 and p.start < at + len(q) and at < p.end for q in v.get("evidence", ()))
        }
        met = frozenset(r for r in hit if verdicts[r]["verdict"] == "met")
        yield Row(
            writer=writer,
            heading=in_full((p.heading or "").strip()),
            text=in_full(p.reads or p.text),
            labels=met & set(LABELS),
            touch=frozenset(hit) & set(LABELS),
            known=tuple(n for n in SCHOOL if LABELS[n] in hit | absent),
            weight=0.7,
        )


def multihot(rows: Sequence[Row], head: str) -> np.ndarray:
    """Shape: rows x labels, float32."""
    y = np.zeros((len(rows), len(LABELS)), np.float32)
    for i, row in enumerate(rows):
        for name in row.labels if head == "labels" else row.touch:
            y[i, LABELS.index(name)] = 1
    return y


def known(rows: Sequence[Row]) -> np.ndarray:
    """Weight of each label column for each row, 0 where the row says nothing of it. Shape: rows x labels, float32."""
    k = np.zeros((len(rows), len(LABELS)), np.float32)
    for i, row in enumerate(rows):
        k[i, list(row.known)] = row.weight
    return k


def classes(rows: Sequence[Row], head: str) -> np.ndarray:
    """Class numbers, -100 where a row gives none. Shape: rows, int64."""
    return np.array([HEADS[head].index(v) if (v := getattr(r, head)) else -100 for r in rows], np.int64)
