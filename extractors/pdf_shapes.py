"""What stands on a PDF page, in display coordinates: x from the left, y from the top, in points.

Text comes as *pieces*: characters that follow one another on one baseline without a gap, so that a piece never runs
over two table cells or two columns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Transform = Callable[[float, float], tuple[float, float]]
"""From the page's own coordinates to those on the screen."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A transform that turns and shifts: x = x_of_x * x + x_of_y * y + x_shift, and the same for y."""

    x_of_x: float
    x_of_y: float
    x_shift: float
    y_of_x: float
    y_of_y: float
    y_shift: float

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        """The place on the screen."""
        return (
            self.x_of_x * x + self.x_of_y * y + self.x_shift,
            self.y_of_x * x + self.y_of_y * y + self.y_shift,
        )


@dataclass(slots=True, kw_only=True)
class Piece:
    """Characters on one baseline without a wide gap; ``order`` is the place in the file's own stream."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    order: int
    letters: int = 0
    bold_letters: int = 0
    upright: bool = True
    invisible: bool = False
    white: bool = False
    note: int | None = None
    """The footnote that this mark refers to, as its place in ``PageContent.notes``."""
    gaps: list[tuple[int, float, float]] = field(default_factory=list)
    """Spaces: place in the text, right edge of the word before, left edge of the word behind."""

    @property
    def word_end(self) -> float:
        """Right edge of the first word."""
        return self.gaps[0][1] if self.gaps else self.x1

    @property
    def bold(self) -> bool:
        """Whether all letters are bold."""
        return 0 < self.letters == self.bold_letters

    @property
    def middle(self) -> float:
        """Height of the middle of the lower-case letters."""
        return self.base - 0.3 * self.size

    def split(self, gap: tuple[int, float, float]) -> tuple[Piece, Piece]:
        """The two parts before and behind a space; boldness is taken to be the same for both."""
        place, end, start = gap
        texts = self.text[:place], self.text[place + 1 :]
        gaps = (
            [other for other in self.gaps if other[0] < place],
            [(at - place - 1, x1, x0) for at, x1, x0 in self.gaps if at > place],
        )
        edges = (self.x0, end), (start, self.x1)
        letters = [sum(character.isalnum() for character in text) for text in texts]
        first, second = (
            replace(
                self,
                text=text,
                x0=x0,
                x1=x1,
                gaps=own,
                letters=count,
                bold_letters=count if self.bold else min(count - 1, self.bold_letters) if count else 0,
                order=self.order + after,
            )
            for after, (text, (x0, x1), own, count) in enumerate(zip(texts, edges, gaps, letters, strict=True))
        )
        return first, second


@dataclass(frozen=True, slots=True)
class Edge:
    """A horizontal or vertical line: ``at`` is its place on the other axis."""

    horizontal: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Fill:
    """A coloured rectangle."""

    x0: float
    top: float
    x1: float
    bottom: float
    colour: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A small drawn shape about as wide as high: a bullet, a box to tick, the mark inside one."""

    x0: float
    top: float
    x1: float
    bottom: float
    dark: bool
    """Filled with a colour that is a mark by itself, not with white or something pale."""
    stroked: bool
    is_box: bool
    """A square, a circle or something between."""

    @property
    def width(self) -> float:
        """In points."""
        return self.x1 - self.x0

    @property
    def middle(self) -> tuple[float, float]:
        """The centre."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2


@dataclass(slots=True)
class Footnote:
    """A note at the foot of a page: its mark and the pieces of its lines."""

    label: str
    lines: list[list[Piece]]


@dataclass(slots=True, kw_only=True)
class PageContent:
    """What stands on one page."""

    number: int
    width: float
    height: float
    pieces: list[Piece]
    edges: list[Edge] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    painted: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Where anything but white lies, as (x0, top, x1, bottom)."""
    grids: list[Any] | None = None
    """The tables, once they have been looked for."""
    notes: list[Footnote] = field(default_factory=list)
    has_image: bool = False
    scan: Literal["", "read", "picture"] = ""
    """What OCR made of a page without text: text, or nothing because it is no page of text."""
    strange: int = 0
    """Characters without a known meaning."""
    added: bool = False
    """A page that dekkend put behind the document with what it did not find: not the school's text."""
