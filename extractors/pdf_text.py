"""Characters of a PDF page through PDFium, put together to pieces."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from extractors.pdf_paths import referenced
from extractors.pdf_shapes import PageContent, Piece, Transform

_BOLD_NAME = re.compile(r"bold|black|heavy|demi|-bd|,bd", re.IGNORECASE)
_FORCE_BOLD = 1 << 18
_SPACES = frozenset((0x20, 0xA0, 0x09, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F))
_BREAKS = frozenset((0x0A, 0x0D))
_LINE_END_HYPHENS = frozenset((0x02, 0xFFFE))
_UNKNOWN = frozenset((0, 0xFFFD))


def read_text(text: Any, transform: Transform, rotation: int, content: PageContent) -> None:
    """Adds the pieces of an open PDFium text page to the page's content."""
    collector = _Collector(text, transform, rotation, content)
    for index in range(pdfium.FPDFText_CountChars(text)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if code in _SPACES:
            collector.space = True
        elif code in _BREAKS:
            # the end of a line in the stream ends the piece: whatever comes next is put in place by its position
            collector.current = None
        else:
            collector.add(index, code)


@dataclass(slots=True)
class _Look:
    """How the characters of one text object look."""

    size: float = 0.0
    bold: bool = False
    upright: bool = True
    invisible: bool = False


class _Collector:
    """Adds one character after the other to the piece that is open, or opens the next."""

    def __init__(self, text: Any, transform: Transform, rotation: int, content: PageContent) -> None:
        self.current: Piece | None = None
        self.space = False
        self._text = text
        self._transform = transform
        self._content = content
        self._looks = _Looks(text, rotation)
        self._look = _Look()
        self._address = 0
        self._base = 0.0
        self._box, self._box_ref = referenced(pdfium.FS_RECTF())
        self._x, self._x_ref = referenced(ctypes.c_double())
        self._y, self._y_ref = referenced(ctypes.c_double())

    def add(self, index: int, code: int) -> None:
        """Adds the visible character at this place in the stream."""
        pointer = pdfium.FPDFText_GetTextObject(self._text, index)
        if not pointer or not pdfium.FPDFText_GetLooseCharBox(self._text, index, self._box_ref):
            return
        left, _ = self._transform(self._box.left, self._box.top)
        right, _ = self._transform(self._box.right, self._box.bottom)
        left, right = min(left, right), max(left, right)
        address = ctypes.addressof(pointer.contents)
        if address != self._address:
            # one text object has one baseline and one look: asking once is most of the speed
            self._address = address
            self._look = self._looks.of(pointer, index)
            self._base = self._baseline(index)
        elif not self._look.upright:
            self._base = self._baseline(index)
        if code in _UNKNOWN:
            self._content.strange += 1
        if not (-2 < left < self._content.width + 2 and -2 < self._base < self._content.height + 2):
            self.current = None
            return
        piece = self.current
        if piece is None or not self._follows(piece, left):
            piece = self._open(left, right, index)
        elif self.space or left - piece.x1 > 0.22 * self._look.size:
            piece.gaps.append((len(piece.text), piece.x1, left))
            piece.text += " "
        self.space = False
        self._append(piece, code, left, right)

    def _baseline(self, index: int) -> float:
        pdfium.FPDFText_GetCharOrigin(self._text, index, self._x_ref, self._y_ref)
        return self._transform(self._x.value, self._y.value)[1]

    def _follows(self, piece: Piece, left: float) -> bool:
        """Whether the character goes on where the piece ends."""
        look = self._look
        if look.upright != piece.upright:
            return False
        if not look.upright:
            # along the other axis: on the same vertical line
            return abs(left - piece.x0) < 0.8 * look.size
        # a ligature comes as letters that all have the box of the whole
        gap = left - piece.x1
        widest = 0.7 if self.space else 0.45
        return abs(self._base - piece.base) < 0.35 * look.size and -1.2 * look.size < gap < widest * look.size

    def _open(self, left: float, right: float, index: int) -> Piece:
        look = self._look
        piece = Piece(text="", x0=left, x1=right, base=self._base, size=look.size, order=index, upright=look.upright)
        piece.invisible = look.invisible
        self.current = piece
        self._content.pieces.append(piece)
        return piece

    def _append(self, piece: Piece, code: int, left: float, right: float) -> None:
        if code in _LINE_END_HYPHENS:
            code = 0x2D
        character = chr(code) if not 0xD800 <= code < 0xE000 else "\ufffd"
        piece.text += character
        piece.x0 = min(piece.x0, left)
        piece.x1 = max(piece.x1, right)
        piece.size = max(piece.size, self._look.size)
        if character.isalnum():
            piece.letters += 1
            piece.bold_letters += self._look.bold


class _Looks:
    """Size, weight and direction of text objects; fonts are looked up once."""

    def __init__(self, text: Any, rotation: int) -> None:
        self._text = text
        self._rotation = rotation
        self._fonts: dict[int, bool] = {}
        self._matrix, self._matrix_ref = referenced(pdfium.FS_MATRIX())
        self._size, self._size_ref = referenced(ctypes.c_float())

    def of(self, pointer: Any, index: int) -> _Look:
        """The look of the text object that the character belongs to."""
        pdfium.FPDFText_GetMatrix(self._text, index, self._matrix_ref)
        pdfium.FPDFTextObj_GetFontSize(pointer, self._size_ref)
        matrix = self._matrix
        # a font size of 1 under a scaled matrix is as common as the other way round
        scale = (matrix.c**2 + matrix.d**2) ** 0.5
        along, across = matrix.a, matrix.b
        for _ in range(self._rotation // 90):
            along, across = across, -along
        return _Look(
            size=round(abs(self._size.value * scale), 1) or 1.0,
            bold=self._is_bold(pdfium.FPDFTextObj_GetFont(pointer)),
            upright=along > 0 and abs(across) < 0.1 * along,
            invisible=pdfium.FPDFTextObj_GetTextRenderMode(pointer) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE,
        )

    def _is_bold(self, font: Any) -> bool:
        if not font:
            return False
        address = ctypes.addressof(font.contents)
        known = self._fonts.get(address)
        if known is None:
            buffer = ctypes.create_string_buffer(256)
            pdfium.FPDFFont_GetBaseFontName(font, buffer, 256)
            name = buffer.value.decode("utf-8", "replace")
            # the weight that PDFium reports can't be compared between producers; the name can
            known = bool(_BOLD_NAME.search(name)) or bool(pdfium.FPDFFont_GetFlags(font) & _FORCE_BOLD)
            self._fonts[address] = known
        return known
