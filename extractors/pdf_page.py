"""Reads one PDF page through PDFium: its text as pieces, its lines and coloured areas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from extractors import pdf_native as native
from extractors.pdf_forms import Tick, add_ticks
from extractors.pdf_paths import drawn_again, read_paths
from extractors.pdf_shapes import PageContent, Piece, Turn
from extractors.pdf_text import read_text, text_direction

MARK = "dekkend"
"""The marked content that a page of dekkend's own is, in a PDF with remarks."""


def read_page(page: Any, number: int, found_ticks: list[Tick] | None = None) -> PageContent:
    """Reads one page; the page is an open ``pypdfium2.PdfPage``, the ticks are those of its form."""
    x0, y0, x1, y1 = page.get_bbox()
    text_page = page.get_textpage()
    try:
        # a page that lies on its side, or is marked so by mistake, is read in the direction of its text
        rotation = text_direction(text_page.raw, page.get_rotation())
        transform = _display(rotation, x0, y0, x1, y1)
        width, height = (x1 - x0, y1 - y0) if rotation in (0, 180) else (y1 - y0, x1 - x0)
        content = PageContent(
            number=number, width=width, height=height, pieces=[], added=native.first_mark(page) == MARK
        )
        seen = read_text(text_page.raw, transform, rotation, content)
    finally:
        text_page.close()
    read_paths(page, transform, content)
    _settle_looks(page, seen, transform, content)
    if found_ticks:
        add_ticks(found_ticks, transform, content)
    return content


def _display(rotation: int, x0: float, y0: float, x1: float, y1: float) -> Turn:
    """The map from the page's own coordinates to those of a person who reads it, for a turn to the right."""
    return {
        0: Turn(1, 0, -x0, 0, -1, y1),
        90: Turn(0, 1, -y0, 1, 0, -x0),
        180: Turn(-1, 0, x1, 0, 1, -y0),
        270: Turn(0, -1, y1, -1, 0, x1),
    }[rotation]


def _settle_looks(page: Any, seen: set[int], transform: Turn, content: PageContent) -> None:
    """What only shows against the rest of the page: letters drawn twice are bold, white ones on white not there."""
    for box in drawn_again(page, seen, transform):
        for piece in content.pieces:
            if box[0] - 1 <= piece.x0 and piece.x1 <= box[2] + 1 and box[1] <= piece.middle <= box[3]:
                piece.bold_letters = piece.letters
    content.pieces = [piece for piece in content.pieces if not piece.white or _on_colour(piece, content.painted)]


def _on_colour(piece: Piece, painted: Sequence[tuple[float, float, float, float]]) -> bool:
    x, y = (piece.x0 + piece.x1) / 2, piece.middle
    return any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in painted)
