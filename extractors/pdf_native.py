"""PDFium's functions that are asked for each character, called with plain addresses.

pypdfium2 declares them with typed pointers, and checking those takes longer than the call itself: measured on a page of
4,000 characters, 2.2 against 0.8 microseconds for a character's box. Addresses are those of objects that the caller
keeps alive.
"""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdfium

_ADDRESS = ctypes.c_void_p
_NUMBER = ctypes.c_int


def _plain(function: Any, result: Any, *arguments: Any) -> Any:
    return ctypes.CFUNCTYPE(result, *arguments)(ctypes.cast(function, _ADDRESS).value or 0)


address_of = ctypes.addressof
char_box = _plain(pdfium.FPDFText_GetLooseCharBox, _NUMBER, _ADDRESS, _NUMBER, _ADDRESS)
char_object = _plain(pdfium.FPDFText_GetTextObject, _ADDRESS, _ADDRESS, _NUMBER)
char_matrix = _plain(pdfium.FPDFText_GetMatrix, _NUMBER, _ADDRESS, _NUMBER, _ADDRESS)
char_origin = _plain(pdfium.FPDFText_GetCharOrigin, _NUMBER, _ADDRESS, _NUMBER, _ADDRESS, _ADDRESS)
object_colour = _plain(pdfium.FPDFPageObj_GetFillColor, _NUMBER, _ADDRESS, *[_ADDRESS] * 4)
object_bounds = _plain(pdfium.FPDFPageObj_GetBounds, _NUMBER, _ADDRESS, *[_ADDRESS] * 4)
object_font = _plain(pdfium.FPDFTextObj_GetFont, _ADDRESS, _ADDRESS)
object_font_size = _plain(pdfium.FPDFTextObj_GetFontSize, _NUMBER, _ADDRESS, _ADDRESS)
object_mode = _plain(pdfium.FPDFTextObj_GetTextRenderMode, _NUMBER, _ADDRESS)
page_object = _plain(pdfium.FPDFPage_GetObject, _ADDRESS, _ADDRESS, _NUMBER)
object_type = _plain(pdfium.FPDFPageObj_GetType, _NUMBER, _ADDRESS)
font_name = _plain(pdfium.FPDFFont_GetBaseFontName, ctypes.c_size_t, _ADDRESS, _ADDRESS, ctypes.c_size_t)
font_flags = _plain(pdfium.FPDFFont_GetFlags, _NUMBER, _ADDRESS)


def address(handle: Any) -> int:
    """The address that a handle of pypdfium2 stands for."""
    return ctypes.cast(handle, _ADDRESS).value or 0


def first_mark(page: Any) -> str:
    """The name of the marked content that a page begins with, "" where it begins with none."""
    thing = pdfium.FPDFPage_GetObject(page.raw, 0) if pdfium.FPDFPage_CountObjects(page.raw) else None
    if not thing or pdfium.FPDFPageObj_CountMarks(thing) < 1:
        return ""
    buffer = (ctypes.c_ushort * 32)()
    length = ctypes.c_ulong()
    mark = pdfium.FPDFPageObj_GetMark(thing, 0)
    if not pdfium.FPDFPageObjMark_GetName(mark, buffer, ctypes.sizeof(buffer), ctypes.byref(length)):
        return ""
    return bytes(buffer).decode("utf-16-le", "replace").partition("\0")[0]
