"""Reads one PDF page through PDFium: its text as pieces, its lines and coloured areas."""

from __future__ import annotations

from typing import Any

from extractors.pdf_forms import Tick, add_ticks
from extractors.pdf_paths import read_paths
from extractors.pdf_shapes import PageContent, Transform
from extractors.pdf_text import read_text


def read_page(page: Any, number: int, found_ticks: list[Tick] | None = None) -> PageContent:
    """Reads one page; the page is an open ``pypdfium2.PdfPage``, the ticks are those of its form."""
    x0, y0, x1, y1 = page.get_bbox()
    rotation = page.get_rotation()
    transform = _display(rotation, x0, y0, x1, y1)
    width, height = (x1 - x0, y1 - y0) if rotation in (0, 180) else (y1 - y0, x1 - x0)
    content = PageContent(number=number, width=width, height=height, pieces=[])
    text_page = page.get_textpage()
    try:
        read_text(text_page.raw, transform, rotation, content)
    finally:
        text_page.close()
    read_paths(page, transform, content)
    if found_ticks:
        add_ticks(found_ticks, transform, content)
    return content


def _display(rotation: int, x0: float, y0: float, x1: float, y1: float) -> Transform:
    """The map from the page's own coordinates to those on the screen."""
    return {
        0: lambda x, y: (x - x0, y1 - y),
        90: lambda x, y: (y - y0, x - x0),
        180: lambda x, y: (x1 - x, y - y0),
        270: lambda x, y: (y1 - y, x1 - x),
    }[rotation]
