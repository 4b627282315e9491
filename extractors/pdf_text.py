"""Characters of a PDF page through PDFium, put together to pieces."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from extractors import pdf_native as native
from extractors.pdf_shapes import PageContent, Piece, Turn

_BOLD_NAME = re.compile(r"bold|black|heavy|demi|-bd|,bd", re.IGNORECASE)
_SYMBOL_NAME = re.compile(r"wingdings|webdings", re.IGNORECASE)
_FORCE_BOLD = 1 << 18
_DIRECTION_SAMPLES = 60
_SPACES = frozenset((0x20, 0xA0, 0x09, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F))
_BREAKS = frozenset((0x0A, 0x0D))
_LINE_END_HYPHENS = frozenset((0x02, 0xFFFE))
_UNKNOWN = frozenset((0, 0xFFFD))
_PLAIN = range(0x20, 0xD800)
"""Codes that are the character itself, in a font of letters."""


def read_text(text: Any, transform: Turn, rotation: int, content: PageContent) -> set[int]:
    """Adds the pieces of an open PDFium text page to the page's content.

    Returns:
        The addresses of the text objects that PDFium kept: what was drawn twice to look bold is kept once.
    """
    looks = _Looks(native.address(text), rotation, transform)
    seen: set[int] = set()
    box = pdfium.FS_RECTF()
    box_at = native.address_of(box)
    sides = memoryview(box).cast("B").cast("f")
    handle, get_object, get_box = native.address(text), native.char_object, native.char_box
    across, slanted, shift = transform.x_of_x, transform.x_of_y, transform.x_shift
    piece: Piece | None = None
    space = upright = False
    address = 0
    look = _Look()
    base = 0.0
    # everything that is asked of PDFium for each character counts: this loop is most of the time of a document
    for index, code in enumerate(_codes(text)):
        if code in _SPACES:
            space = True
            continue
        if code in _BREAKS:
            # the end of a line in the stream ends the piece: whatever comes next is put in place by its position
            piece = None
            continue
        own = get_object(handle, index)
        if not own or not get_box(handle, index, box_at):
            continue
        x0, top, x1, bottom = sides
        left = across * x0 + slanted * top + shift
        right = across * x1 + slanted * bottom + shift
        if left > right:
            left, right = right, left
        if own != address:
            # one text object has one baseline and one look: asking once is most of the speed
            address = own
            seen.add(own)
            look, base = looks.of(own, index, bottom, top)
            upright = look.upright
        elif not upright:
            base = looks.baseline(index)
        if code in _UNKNOWN:
            content.strange += 1
        if not (-2 < left < content.width + 2 and -2 < base < content.height + 2):
            piece = None
            continue
        if piece is None or not _follows(piece, look, base, left, space=space):
            piece = Piece(text="", x0=left, x1=right, base=base, size=look.size, order=index, upright=upright)
            piece.invisible, piece.white = look.invisible, look.white
            content.pieces.append(piece)
        elif space or left - piece.x1 > 0.22 * look.size:
            piece.gaps.append((len(piece.text), piece.x1, left))
            piece.text += " "
        space = False
        character = chr(code) if code in _PLAIN and not look.symbols else _character(code, look)
        _append(piece, character, look, left, right)
    return seen


def _append(piece: Piece, character: str, look: _Look, left: float, right: float) -> None:
    piece.text += character
    # comparing takes half the time of min and max, for every character of a document
    if left < piece.x0:  # noqa: PLR1730
        piece.x0 = left
    if right > piece.x1:  # noqa: PLR1730
        piece.x1 = right
    if look.size > piece.size:  # noqa: PLR1730
        piece.size = look.size
    if character.isalnum():
        piece.letters += 1
        piece.bold_letters += look.bold


def _codes(text: Any) -> Sequence[int]:
    """The code of every character; asked for all at once where PDFium gives as many as it counts."""
    count = pdfium.FPDFText_CountChars(text)
    buffer = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(text, 0, count, buffer) == count + 1:
        return list(buffer[:count])
    return [pdfium.FPDFText_GetUnicode(text, index) for index in range(count)]


def _follows(piece: Piece, look: _Look, base: float, left: float, *, space: bool) -> bool:
    """Whether a character goes on where the piece ends."""
    if look.upright != piece.upright or look.white != piece.white:
        return False
    size = look.size
    if not look.upright:
        # along the other axis: on the same vertical line
        return abs(left - piece.x0) < 0.8 * size
    # a ligature comes as letters that all have the box of the whole
    gap = left - piece.x1
    return abs(base - piece.base) < 0.35 * size and -1.2 * size < gap < (0.7 if space else 0.45) * size


def _character(code: int, look: _Look) -> str:
    if code in _LINE_END_HYPHENS:
        return "-"
    if look.symbols and code < 0x100:
        # a symbol font without a table of meanings: the code is the place in the font
        code |= 0xF000
    return chr(code) if not 0xD800 <= code < 0xE000 else "\ufffd"


def text_direction(text: Any, rotation: int) -> int:
    """How far the page must be turned to the right for most of its text to be upright: 0, 90, 180 or 270.

    Args:
        text: The open PDFium text page.
        rotation: What the page itself says, for a page without a clear direction.
    """
    count = pdfium.FPDFText_CountChars(text)
    turns: Counter[int] = Counter()
    for index in range(0, count, max(1, count // _DIRECTION_SAMPLES)):
        if pdfium.FPDFText_GetUnicode(text, index) > 0x20:
            turns[round(-math.degrees(pdfium.FPDFText_GetCharAngle(text, index)) / 90) % 4 * 90] += 1
    most, times = turns.most_common(1)[0] if turns else (rotation, 0)
    return most if times > 0.6 * turns.total() else rotation


@dataclass(frozen=True, slots=True)
class _Look:
    """How the characters of one text object look."""

    size: float = 0.0
    bold: bool = False
    upright: bool = True
    invisible: bool = False
    white: bool = False
    symbols: bool = False


_Key = tuple[float, float, float, float, float, int | None, int, bool]
"""Four numbers of the matrix, font size, font, mode, and whether it is white."""
_Stand = tuple[int | None, int, bool, float, float]
"""Font, mode, whether it is white, and the bottom and top of a character's box."""


class _Looks:
    """Size, weight, colour and direction of text objects; fonts are looked up once."""

    def __init__(self, text: int, rotation: int, transform: Turn) -> None:
        self._text = text
        self._rotation = rotation
        self._transform = transform
        self._fonts: dict[int, tuple[bool, bool]] = {}
        self._known: dict[_Key, _Look] = {}
        self._stands: dict[_Stand, tuple[_Look, float]] = {}
        # only where the height on the page is the height on the screen does a box tell the baseline
        self._is_flat = transform.y_of_x == 0
        # what PDFium fills: six numbers of a matrix, a size, a place, four parts of a colour
        matrix, size = (ctypes.c_float * 6)(), (ctypes.c_float * 1)()
        origin, colour = (ctypes.c_double * 2)(), (ctypes.c_uint * 4)()
        self._matrix, self._matrix_at = matrix, native.address_of(matrix)
        self._size, self._size_at = size, native.address_of(size)
        self._origin, first = origin, native.address_of(origin)
        self._origin_at = first, first + ctypes.sizeof(ctypes.c_double)
        self._colour, first = memoryview(colour).cast("B").cast("I"), native.address_of(colour)
        self._colour_at = tuple(first + place * ctypes.sizeof(ctypes.c_uint) for place in range(4))

    def baseline(self, index: int) -> float:
        """The height of a character's baseline."""
        native.char_origin(self._text, index, *self._origin_at)
        return self._transform(*self._origin)[1]

    def of(self, thing: int, index: int, bottom: float, top: float) -> tuple[_Look, float]:
        """The look of a text object and the height of its baseline.

        Some programs write an object for each letter. PDFium makes the box of a character of its font's ascent and
        descent, so that where font and box are those of before, so are size and baseline, which take longer to ask.

        Args:
            thing: The address of the object.
            index: One of its characters.
            bottom: Of that character's box, as ``top``.
            top: Upper side of the box.
        """
        font, mode = native.object_font(thing), native.object_mode(thing)
        white = mode == pdfium.FPDF_TEXTRENDERMODE_FILL and self._is_white(thing)
        stand = font, mode, white, bottom, top
        known = self._stands.get(stand)
        if known is None:
            native.char_matrix(self._text, index, self._matrix_at)
            native.object_font_size(thing, self._size_at)
            a, b, c, d, e, f = self._matrix
            key = a, b, c, d, self._size[0], font, mode, white
            look = self._known.get(key)
            if look is None:
                look = self._known[key] = self._look(key)
            # the matrix of a character puts the start of its object on the baseline
            known = look, self._transform(e, f)[1]
            if look.upright and self._is_flat:
                self._stands[stand] = known
        return known

    def _look(self, key: _Key) -> _Look:
        a, b, c, d, size, font, mode, white = key
        along, across = a, b
        for _ in range(self._rotation // 90):
            along, across = across, -along
        bold, symbols = self._font(font)
        # a font size of 1 under a scaled matrix is as common as the other way round
        scale = (c**2 + d**2) ** 0.5
        return _Look(
            size=round(abs(size * scale), 1) or 1.0,
            # letters that are filled and outlined are how programs without a bold font make one
            bold=bold or mode == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE,
            upright=along > 0 and abs(across) < 0.1 * along,
            invisible=mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE,
            white=white,
            symbols=symbols,
        )

    def _is_white(self, thing: int) -> bool:
        if not native.object_colour(thing, *self._colour_at):
            return False
        parts = self._colour
        return parts[3] < 10 or (parts[0] > 250 and parts[1] > 250 and parts[2] > 250)

    def _font(self, font: int | None) -> tuple[bool, bool]:
        """Whether a font is bold, and whether it holds symbols in the places of letters."""
        if not font:
            return False, False
        known = self._fonts.get(font)
        if known is None:
            buffer = ctypes.create_string_buffer(256)
            native.font_name(font, native.address_of(buffer), 256)
            name = buffer.value.decode("utf-8", "replace")
            # the weight that PDFium reports can't be compared between producers; the name can
            bold = bool(_BOLD_NAME.search(name)) or bool(native.font_flags(font) & _FORCE_BOLD)
            known = self._fonts[font] = bold, bool(_SYMBOL_NAME.search(name))
        return known
