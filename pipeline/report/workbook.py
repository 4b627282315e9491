"""Sheets for people: a head that stays in sight, rows as high as their text, and text that never becomes a formula."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from copy import copy
from io import BytesIO
from typing import Any
from weakref import WeakKeyDictionary
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.report.labels import read_labels
from pipeline.report.pages import safe_href

# No clock in the file: two runs over the same reports give the same bytes. The first moment that a zip file can hold.
_EPOCH = dt.datetime(1980, 1, 1)  # noqa: DTZ001  (the workbook format has no zones)
_MAX_TEXT = 32_767  # what one cell can hold
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_LINE_HEIGHT = 15  # points, of the default font
_MAX_HEIGHT = 409  # points, the most that a row can have
_ROOM = 1.15  # words do not fill their line to the last character
_FONT = "Calibri"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_FILLS = {"missing": "F9DAD6", "partial": "FBE7C2", "review": "E0DCF7", "met": "D8EEDF", "not_applicable": "E6E9EC"}
FILL = {verdict: PatternFill("solid", fgColor=colour) for verdict, colour in _FILLS.items()}
"""The colour behind a verdict, beside its word."""
_HEAD = PatternFill("solid", fgColor="0B4F6C")
_TOP = Alignment(vertical="top", wrap_text=True)
_STYLES: WeakKeyDictionary[Workbook, Any] = WeakKeyDictionary()

Cells = Sequence[str | int]
"""What stands in a row."""


def new_book(title: str) -> Workbook:
    """A workbook without sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = title
    book.properties.creator = "dekkend"
    book.properties.language = "nl-NL"
    book.properties.created = _EPOCH
    return book


def add_sheet(book: Workbook, name: str, rows: Iterable[Cells], *, extra: Sequence[str] = ()) -> Worksheet:
    """Add a sheet; its title, head and widths stand under its name in ``labels.yaml``, ``extra`` adds columns."""
    words = read_labels()["sheets"][name]
    sheet: Worksheet = book.create_sheet(words["title"])
    for column, head in enumerate((*words["columns"], *extra), start=1):
        cell = cell_at(sheet, 1, column)
        put(cell, head)
        cell.font = Font(name=_FONT, bold=True, color="FFFFFF")
        cell.fill = _HEAD
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            put(cell_at(sheet, number, column), value)
    finish_sheet(sheet, freeze="A2")
    for column, width in enumerate(words["widths"], start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    fit_rows(sheet)
    return sheet


def finish_sheet(sheet: Worksheet, *, freeze: str) -> None:
    """Freeze above and left of a cell, filter, print on A4."""
    sheet.freeze_panes = freeze
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """A cell by row and column, from 1."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell), "no cells are merged here"
    return cell


def fit_rows(sheet: Worksheet) -> None:
    """Make each row as high as its wrapped text: not every program does so itself when it opens the file."""
    widths = [sheet.column_dimensions[get_column_letter(n)].width for n in range(1, sheet.max_column + 1)]
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        lines = max(_lines(str(value or ""), width) for value, width in zip(row, widths, strict=True))
        sheet.row_dimensions[number].height = min(lines * _LINE_HEIGHT + 3, _MAX_HEIGHT)


def _lines(text: str, width: float) -> int:
    return sum(max(1, math.ceil(len(line) * _ROOM / width)) for line in text.split("\n"))


def put(cell: Cell, value: str | int) -> None:
    """Put a value in a cell; text stays text, also when it looks like a formula."""
    book: Any = cell.parent.parent
    cell._style = copy(_style_at_top(book))  # type: ignore[attr-defined]  # noqa: SLF001  (half the time, cell by cell)
    if isinstance(value, int):
        cell.value = value
        return
    text = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:_MAX_TEXT]
    cell.value = text or None
    if text.startswith(_FORMULA_START):
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = True


def _style_at_top(book: Workbook) -> Any:
    """The style of a cell whose text starts at the top, as this workbook numbers it."""
    if book not in _STYLES:
        cell = Cell(book.worksheets[0], row=1, column=1)
        cell.alignment = _TOP
        _STYLES[book] = cell._style  # type: ignore[attr-defined]  # noqa: SLF001
    return _STYLES[book]


def put_link(cell: Cell, href: str) -> None:
    """Make a cell lead somewhere."""
    cell.hyperlink = safe_href(href)
    cell.font = Font(name=_FONT, color="0B4F6C", underline="single")


def to_bytes(book: Workbook) -> bytes:
    """The file, without the moment of saving, which the library puts in the properties and in each part of the zip."""
    buffer, made = BytesIO(), BytesIO()
    book.save(buffer)
    stamp = _EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with ZipFile(buffer) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", source.read(name))
            info = ZipInfo(name, date_time=_EPOCH.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, content)
    return made.getvalue()
