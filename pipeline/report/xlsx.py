"""An overview of many reports as a workbook, for filtering and sorting; it only counts documents about pupils."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from io import BytesIO
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.report.labels import is_about_pupil, label, phrase, read_labels
from pipeline.report.pages import capitalise, safe_href
from pipeline.report.shown import ShownProfile
from pipeline.report.view import ORDER, Entry, verdict_word, view_findings, view_report
from pipeline.result import NormText, Report

# No clock in the file: two runs over the same reports give the same bytes. The first moment that a zip file can hold.
_EPOCH = dt.datetime(1980, 1, 1)  # noqa: DTZ001  (the workbook format has no zones)
_MAX_TEXT = 32_767  # what one cell can hold
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_LINE_HEIGHT = 15  # points, of the default font
_MAX_HEIGHT = 409  # points, the most that a row can have
_ROOM = 1.15  # words do not fill their line to the last character
_VERDICT_WIDTH = 17
_FONT = "Calibri"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_FILLS = {"missing": "F9DAD6", "partial": "FBE7C2", "review": "E0DCF7", "met": "D8EEDF", "not_applicable": "E6E9EC"}
_FILL = {verdict: PatternFill("solid", fgColor=colour) for verdict, colour in _FILLS.items()}
_HEAD = PatternFill("solid", fgColor="0B4F6C")
_TOP = Alignment(vertical="top", wrap_text=True)
_STYLES: WeakKeyDictionary[Workbook, Any] = WeakKeyDictionary()

_Row = Sequence[str | int]


def write_overview(entries: Iterable[Entry], path: Path, *, norm_texts: Mapping[str, NormText] | None = None) -> None:
    """Write the workbook; the same entries give the same bytes.

    Args:
        entries: All documents of the overview, in the order in which they are shown.
        path: Where the workbook goes; an older one is replaced.
        norm_texts: The texts of the norms, by norm id. Requirements without a text are named by their id.
    """
    texts = norm_texts or {}
    everything = list(entries)
    school = [e for e in everything if not e.report.error and not is_about_pupil(e.report.document.kind)]
    pupil = [e for e in everything if is_about_pupil(e.report.document.kind)]
    unread = [e for e in everything if e.report.error and not is_about_pupil(e.report.document.kind)]
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = phrase("workbook")
    book.properties.creator = "dekkend"
    book.properties.language = "nl-NL"
    book.properties.created = _EPOCH
    _matrix(book, school, texts)
    _sheet(book, "findings", _findings(school, texts))
    profiles = [(entry.report, view_report(entry.report, None).profile) for entry in school]
    for name in ("expertise", "partners", "offered", "not_offered", "ambitions"):
        _sheet(book, name, _profile(profiles, name))
    _sheet(book, "unread", _unread(unread))
    _sheet(book, "pupils", _pupils(pupil))
    _sheet(book, "legend", ((capitalise(word["word"]), word["meaning"]) for word in _verdicts().values()))
    _save(book, path)


def _verdicts() -> Mapping[str, Mapping[str, str]]:
    verdicts: Mapping[str, Mapping[str, str]] = read_labels()["verdicts"]
    return verdicts


def _matrix(book: Workbook, entries: Sequence[Entry], texts: Mapping[str, NormText]) -> None:
    """One row a document, one column a requirement, the verdict in words in each cell."""
    titles = _titles([entry.report for entry in entries], texts)
    sheet = _sheet(book, "overview", (), extra=tuple(titles.values()))
    first = sheet.max_column - len(titles) + 1
    for number, entry in enumerate(entries, start=2):
        verdicts = {finding.requirement: finding.verdict for finding in entry.report.findings}
        for column, value in enumerate(_document(entry.report), start=1):
            _write(_cell(sheet, number, column), value)
        _link(_cell(sheet, number, first - 1), entry.href)
        for column, requirement in enumerate(titles, start=first):
            if requirement in verdicts:
                cell = _cell(sheet, number, column)
                _write(cell, verdict_word(verdicts[requirement]).word)
                cell.fill = _FILL[verdicts[requirement].value]
    _finish(sheet, freeze=sheet.cell(2, 2).coordinate)
    for column in range(first, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(column)].width = _VERDICT_WIDTH
    _fit_rows(sheet)
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3


def _titles(reports: Iterable[Report], texts: Mapping[str, NormText]) -> dict[str, str]:
    """Requirement id to its column title: norms in the order met, requirements in the order of their norm."""
    titles: dict[str, str] = {}
    for report in reports:
        norm = texts.get(report.norm.id) if report.norm else None
        found = [finding.requirement for finding in report.findings]
        known = {text.id: text.title for text in norm.requirements} if norm else {}
        titles |= known | {identifier: known.get(identifier, identifier) for identifier in found}
    return titles


def _document(report: Report) -> _Row:
    school, document = report.school, report.document
    return (
        school.name or document.path,
        school.brin or "",
        school.board or "",
        school.district or "",
        label("sectors", document.sector),
        document.school_year or "",
        document.path,
    )


def _school(report: Report) -> _Row:
    return tuple(_document(report)[:4])


def _findings(entries: Iterable[Entry], texts: Mapping[str, NormText]) -> Iterator[_Row]:
    """One row a finding; further quotes of the same finding stand under the first in the same cell."""
    for entry in entries:
        report = entry.report
        for finding in view_findings(report, texts.get(report.norm.id) if report.norm else None):
            original = next(f for f in report.findings if f.requirement == finding.id)
            first = original.evidence[0] if original.evidence else None
            yield (
                *_school(report),
                report.document.path,
                finding.id,
                finding.title,
                finding.verdict.word,
                finding.reason,
                finding.certainty,
                "\n".join(quote.text for quote in finding.quotes),
                (first.section if first else None) or "",
                first.page if first and first.page is not None else "",
                finding.message,
                finding.advice,
            )


def _profile(profiles: Iterable[tuple[Report, ShownProfile | None]], name: str) -> Iterator[_Row]:
    for report, profile in profiles:
        if profile is None:
            continue
        lists: Iterable[Any] = getattr(profile, name)
        pairs = lists if name == "offered" else [("", lists)]
        for theme, rows in pairs:
            for row in rows:
                tail = (row.quote,) if name in ("expertise", "partners") else (theme,) if theme else ()
                yield (*_school(report), row.text, row.note, *tail)


def _unread(entries: Iterable[Entry]) -> Iterator[_Row]:
    for entry in entries:
        error = view_report(entry.report, None).error
        if error:
            yield entry.report.document.path, error.word, error.message, error.advice


def _pupils(entries: Iterable[Entry]) -> Iterator[_Row]:
    """Documents about a pupil without anything that names the pupil: no file name, no quote."""
    for entry in entries:
        shown = view_report(entry.report, None)
        counts = {word.id: count for word, count in shown.counts}
        mark = (entry.report.document.sha256 or "")[:8]
        state = shown.error.word if shown.error else ""
        yield shown.kind, mark, entry.report.school.name or "", *(counts[v.value] for v in ORDER), state


def _sheet(book: Workbook, name: str, rows: Iterable[_Row], *, extra: Sequence[str] = ()) -> Worksheet:
    words = read_labels()["sheets"][name]
    sheet: Worksheet = book.create_sheet(words["title"])
    for column, head in enumerate((*words["columns"], *extra), start=1):
        cell = _cell(sheet, 1, column)
        _write(cell, head)
        cell.font = Font(name=_FONT, bold=True, color="FFFFFF")
        cell.fill = _HEAD
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            _write(_cell(sheet, number, column), value)
    _finish(sheet, freeze="A2")
    for column, width in enumerate(words["widths"], start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    _fit_rows(sheet)
    return sheet


def _finish(sheet: Worksheet, *, freeze: str) -> None:
    sheet.freeze_panes = freeze
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell), "no cells are merged here"
    return cell


def _fit_rows(sheet: Worksheet) -> None:
    """Make each row as high as its wrapped text: not every program does so itself when it opens the file."""
    widths = [sheet.column_dimensions[get_column_letter(n)].width for n in range(1, sheet.max_column + 1)]
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        lines = max(_lines(str(value or ""), width) for value, width in zip(row, widths, strict=True))
        sheet.row_dimensions[number].height = min(lines * _LINE_HEIGHT + 3, _MAX_HEIGHT)


def _lines(text: str, width: float) -> int:
    return sum(max(1, math.ceil(len(line) * _ROOM / width)) for line in text.split("\n"))


def _write(cell: Cell, value: str | int) -> None:
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


def _link(cell: Cell, href: str) -> None:
    cell.hyperlink = safe_href(href)
    cell.font = Font(name=_FONT, color="0B4F6C", underline="single")


def _save(book: Workbook, path: Path) -> None:
    """Save without the moment of saving, which the library puts in the properties and in each part of the zip file."""
    buffer = BytesIO()
    book.save(buffer)
    stamp = _EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with ZipFile(buffer) as source, ZipFile(path, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", source.read(name))
            info = ZipInfo(name, date_time=_EPOCH.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, content)
