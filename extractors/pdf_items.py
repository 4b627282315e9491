"""Rows of pieces, tables and boxes as items with a place: what is still to be put in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.pdf_shapes import Piece


@dataclass(slots=True, kw_only=True)
class Item:
    """Something with a place on the page: a row of pieces, a table or a box with lines of its own."""

    x0: float
    x1: float
    top: float
    bottom: float
    order: int
    pieces: list[Piece] = field(default_factory=list)
    content: object = None


def merge_intervals(intervals: Sequence[tuple[float, float]], gap: float = 0.0) -> list[tuple[float, float]]:
    """The intervals with those put together that overlap, or lie less than ``gap`` apart."""
    merged: list[tuple[float, float]] = []
    for x0, x1 in sorted(intervals):
        if merged and x0 - merged[-1][1] <= gap:
            merged[-1] = (merged[-1][0], max(merged[-1][1], x1))
        else:
            merged.append((x0, x1))
    return merged
