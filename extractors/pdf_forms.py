"""What was filled in on a PDF form: values become part of the page, boxes to tick become text."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

from extractors.normalise import CHECKED, UNCHECKED
from extractors.pdf_shapes import PageContent, Piece, Transform

_TICKED = (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON)
_OF_READERS = (
    pdfium.FPDF_ANNOT_HIGHLIGHT,
    pdfium.FPDF_ANNOT_UNDERLINE,
    pdfium.FPDF_ANNOT_SQUIGGLY,
    pdfium.FPDF_ANNOT_STRIKEOUT,
    pdfium.FPDF_ANNOT_TEXT,
    pdfium.FPDF_ANNOT_POPUP,
)

Tick = tuple[float, float, float, float, bool]
"""Left, bottom, right and top in the page's own coordinates, and whether it is ticked."""


def ticks(page: Any, form: Any) -> list[Tick]:
    """The boxes to tick of a page."""
    return list(_ticks(page, form))


def flatten(page: Any) -> None:
    """Makes the values of all fields part of the page's own text; the page must be opened again to see them.

    What readers put on a page, highlights and notes, stays off it: their colour would look like that of a table.
    """
    for index in reversed(range(pdfium.FPDFPage_GetAnnotCount(page.raw))):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, index)
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        pdfium.FPDFPage_CloseAnnot(annotation)
        if kind in _OF_READERS:
            pdfium.FPDFPage_RemoveAnnot(page.raw, index)
    pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)


def add_ticks(found: list[Tick], transform: Transform, content: PageContent) -> None:
    """Puts a checkbox in the place of each box to tick, instead of whatever mark is drawn there."""
    for left, bottom, right, top, checked in found:
        (ax, ay), (bx, by) = transform(left, bottom), transform(right, top)
        x0, x1, upper, lower = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
        content.pieces = [
            piece
            for piece in content.pieces
            if not (x0 <= (piece.x0 + piece.x1) / 2 <= x1 and upper <= piece.middle <= lower)
        ]
        beside = [piece for piece in content.pieces if abs(piece.middle - (upper + lower) / 2) < 0.6 * piece.size]
        nearest = min(beside, key=lambda piece: abs(piece.x0 - x1), default=None)
        size = nearest.size if nearest else max(8.0, lower - upper)
        base = nearest.base if nearest else (upper + lower) / 2 + 0.3 * size
        order = nearest.order if nearest else 0
        text = CHECKED if checked else UNCHECKED
        content.pieces.append(Piece(text=text, x0=x0, x1=x1, base=base, size=size, order=order))


def _ticks(page: Any, form: Any) -> Iterator[Tick]:
    for index in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        try:
            box = pdfium.FS_RECTF()
            if pdfium.FPDFAnnot_GetFormFieldType(form, annotation) in _TICKED and pdfium.FPDFAnnot_GetRect(
                annotation, ctypes.byref(box)
            ):
                checked = bool(pdfium.FPDFAnnot_IsChecked(form, annotation))
                yield box.left, box.bottom, box.right, box.top, checked
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
