"""What the picture of a page tells beside its words: the lines of tables, and which words are bold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from extractors.pdf_shapes import Edge

_DARK = 140  # of 255
_WHOLE = 0.95  # share of a stretch that is dark: scans have specks
_THICKEST = 3.5  # points; what is thicker is a bar or part of a photograph
_LEAST_ACROSS, _LEAST_DOWN = 30.0, 11.0  # points: longer than an underlined word, higher than a letter
_TOUCH = 4.0  # points between a vertical line and the horizontal one where it ends
_MOST_LINES = 600


@dataclass(frozen=True, slots=True)
class Picture:
    """A page in grey, eight bits a pixel, row by row; ``scale`` is pixels to the point."""

    pixels: Any
    scale: float

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return int(self.pixels.shape[0])

    def as_pgm(self) -> bytes:
        """The picture as a file in the simplest format that Tesseract takes."""
        return b"P5 %d %d 255\n" % (self.width, self.height) + bytes(self.pixels.tobytes())

    def turned(self, quarters: int) -> Picture:
        """The picture turned clockwise."""
        return Picture(np.rot90(self.pixels, -quarters), self.scale)

    def darkness(self, x0: int, top: int, x1: int, bottom: int) -> float:
        """Share of a rectangle that is dark."""
        part = self.pixels[top:bottom, x0:x1]
        return float((part < _DARK).mean()) if part.size else 0.0


def rulings(picture: Picture) -> list[Edge]:
    """The straight lines of tables and forms, in points."""
    dark = picture.pixels < _DARK
    across = list(_lines(dark, picture.scale, _LEAST_ACROSS))
    if not across:
        return []
    down = list(_lines(dark.T, picture.scale, _LEAST_DOWN))
    if len(across) + len(down) > _MOST_LINES:
        return []
    found = [Edge(True, at, start, end) for at, start, end in across]
    # the stem of a large letter is as long as a short line, but no line begins or ends there
    found += [Edge(False, at, start, end) for at, start, end in down if _meets(at, start, end, across)]
    return found


def _lines(dark: Any, scale: float, least: float) -> Iterator[tuple[float, float, float]]:
    """Lines from left to right as (height, start, end) in points."""
    window = max(2, round(least * scale))
    if dark.shape[1] <= window:
        return
    # a line that is not quite level goes on one pixel higher or lower
    thick = dark.copy()
    thick[1:] |= dark[:-1]
    sums = np.cumsum(thick, axis=1, dtype=np.int32)
    full = (sums[:, window:] - sums[:, :-window]) >= _WHOLE * window
    open_lines: list[list[int]] = []  # first row, last row, start, end
    for row in map(int, np.flatnonzero(full.any(axis=1))):
        steps = np.diff(full[row].astype(np.int8), prepend=0, append=0)
        for start, last in zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True):
            end = last + window
            for line in reversed(open_lines):
                if line[1] < row - 3:
                    continue
                if line[2] < end and start < line[3]:
                    line[1], line[2], line[3] = row, min(line[2], start), max(line[3], end)
                    break
            else:
                open_lines.append([row, row, start, end])
    for first, final, start, end in open_lines:
        if (final - first) / scale <= _THICKEST:
            yield (first + final) / 2 / scale, start / scale, end / scale


def _meets(at: float, start: float, end: float, across: Sequence[tuple[float, float, float]]) -> bool:
    """Whether a line downwards ends on a line across at both sides."""
    ends = [height for height, left, right in across if left - _TOUCH < at < right + _TOUCH]
    return any(abs(height - start) < _TOUCH for height in ends) and any(abs(height - end) < _TOUCH for height in ends)
