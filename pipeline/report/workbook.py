"""Sheets for people: a head that stays in sight, rows as high as their text, and text that never becomes a formula.

Row by row to the disk, since a workbook over hundreds of documents does not fit in memory twice. No clock in the file:
the same rows give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Self

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.worksheet import Worksheet

from pipeline.report.labels import read_labels
from pipeline.report.pages import safe_href

_EPOCH = dt.datetime(1980, 1, 1)  # noqa: DTZ001  (the workbook format has no zones)
_MAX_TEXT = 32_767  # what one cell can hold
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what no XML can hold
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_LINE_HEIGHT = 15  # points, of the default font
_MAX_HEIGHT = 409  # points, the most that a row can have
_ROOM = 1.15  # words do not fill their line to the last character
_FILLS = {"missing": "F9DAD6", "partial": "FBE7C2", "review": "E0DCF7", "met": "D8EEDF", "not_applicable": "E6E9EC"}
_TOP = {"valign": "top", "text_wrap": True}
A3, A4 = 8, 9
"""Paper sizes, as the workbook format numbers them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with a look of its own, and where it leads."""

    value: str | int
    look: Format
    href: str | None = None


Cells = Sequence[str | int | Cell]
"""What stands in a row."""


class Book:
    """A workbook with the few ways in which its cells look; to be used in a ``with``, which writes it."""

    def __init__(self, file: BinaryIO, title: str) -> None:
        self._file = Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        self._file.set_properties({"title": title, "author": "dekkend", "created": _EPOCH})
        self._plain = self._file.add_format(_TOP)
        # the mark that Excel gives a text that somebody typed after an apostrophe: it stays text when it is edited
        self._quoted = self._file.add_format({**_TOP, "num_format": "@", "quote_prefix": True})
        self._head = self._file.add_format({**_TOP, "bold": True, "font_color": "#FFFFFF", "bg_color": "#0B4F6C"})
        self.link = self._file.add_format({**_TOP, "font_color": "#0B4F6C", "underline": 1})
        """The look of a cell that leads somewhere."""
        self.verdicts = {v: self._file.add_format({**_TOP, "bg_color": f"#{colour}"}) for v, colour in _FILLS.items()}
        """The colour behind a verdict, beside its word."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self._file.close()

    def add_sheet(
        self,
        name: str,
        rows: Iterable[Cells],
        *,
        extra: Sequence[str] = (),
        extra_width: float = 0,
        frozen_columns: int = 0,
        paper: int = A4,
        choices: tuple[int, Sequence[str]] | None = None,
    ) -> None:
        """Add a sheet.

        Args:
            name: Under which its title, head and widths stand in ``labels.yaml``.
            rows: All as long as the head; a text without more looks plain.
            extra: Heads of columns behind those.
            extra_width: Of each of these, in characters.
            frozen_columns: That stay in sight, as the head does.
            paper: A3 or A4.
            choices: A column, from 0, and the answers that it offers.
        """
        words = read_labels()["sheets"][name]
        heads = (*words["columns"], *extra)
        widths = (*words["widths"], *(extra_width for _ in extra))
        sheet: Worksheet = self._file.add_worksheet(words["title"])
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, self._plain)
        sheet.freeze_panes(1, frozen_columns)
        sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        last = 0
        for last, row in enumerate(([Cell(head, self._head) for head in heads], *rows)):
            self._write_row(sheet, last, row, widths)
        sheet.autofilter(0, 0, last, len(heads) - 1)
        if choices is not None and last > 0:
            column, answers = choices
            sheet.data_validation(1, column, last, column, {"validate": "list", "source": list(answers)})

    def _write_row(self, sheet: Worksheet, number: int, row: Cells, widths: Sequence[float]) -> None:
        values = [cell.value if isinstance(cell, Cell) else cell for cell in row]
        # not every program makes a row as high as its wrapped text when it opens the file
        lines = max(_lines(str(value), width) for value, width in zip(values, widths, strict=True))
        sheet.set_row(number, min(lines * _LINE_HEIGHT + 3, _MAX_HEIGHT))
        for column, cell in enumerate(row):
            if isinstance(cell, Cell):
                self._write(sheet, (number, column), cell.value, cell.look, cell.href)
            else:
                self._write(sheet, (number, column), cell, self._plain)

    def _write(
        self, sheet: Worksheet, at: tuple[int, int], value: str | int, look: Format, href: str | None = None
    ) -> None:
        """Put a value in a cell; text stays text, also when it looks like a formula."""
        if isinstance(value, int):
            sheet.write_number(*at, value, look)
            return
        text = (value if value.isprintable() else _ILLEGAL.sub(" ", value))[:_MAX_TEXT]
        look = self._quoted if text.startswith(_FORMULA_START) else look
        if href is not None:
            sheet.write_url(*at, _Relative(safe_href(href)), look, text)
        elif text:
            sheet.write_string(*at, text, look)


class _Relative(Url):  # type: ignore[misc]  # the library has no types
    """An address beside the workbook, as it is: the library would write it with the backslashes of one system."""

    def __init__(self, href: str) -> None:
        super().__init__("external:" + href)
        self._relationship_link: Any = href
        self._link: Any = href

    def _target(self) -> str:
        return str(self._relationship_link)


def _lines(text: str, width: float) -> int:
    if len(text) * _ROOM <= width and "\n" not in text:  # most cells, and this is asked of every one
        return 1
    return sum(max(1, math.ceil(len(line) * _ROOM / width)) for line in text.split("\n"))
