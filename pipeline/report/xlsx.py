"""An overview of many reports as a workbook, for filtering and sorting; it only counts documents about pupils."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.worksheet import Worksheet

from pipeline.report.labels import is_about_pupil, label, phrase, read_labels
from pipeline.report.pages import capitalise, safe_href
from pipeline.report.shown import ShownProfile
from pipeline.report.view import ORDER, Entry, verdict_word, view_findings, view_report
from pipeline.result import NormText, Report

# No clock in the file: two runs over the same reports give the same bytes. The first moment that a zip file can hold.
_EPOCH = dt.datetime(1980, 1, 1)  # noqa: DTZ001  (the workbook format has no zones)
_MAX_TEXT = 32_767  # what one cell can hold
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what no XML can hold
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_LINE_HEIGHT = 15  # points, of the default font
_MAX_HEIGHT = 409  # points, the most that a row can have
_ROOM = 1.15  # words do not fill their line to the last character
_VERDICT_WIDTH = 17
_A3, _A4 = 8, 9  # paper sizes, as the workbook format numbers them
_FILLS = {"missing": "F9DAD6", "partial": "FBE7C2", "review": "E0DCF7", "met": "D8EEDF", "not_applicable": "E6E9EC"}
_TOP = {"valign": "top", "text_wrap": True}


def write_overview(entries: Iterable[Entry], path: Path, *, norm_texts: Mapping[str, NormText] | None = None) -> None:
    """Write the workbook; the same entries give the same bytes.

    Args:
        entries: All documents of the overview, in the order in which they are shown.
        path: Where the workbook goes; an older one is replaced.
        norm_texts: The texts of the norms, by norm id. Requirements without a text are named by their id.

    Raises:
        OSError: There is no room or no permission.
    """
    texts = norm_texts or {}
    everything = list(entries)
    school = [e for e in everything if not e.report.error and not is_about_pupil(e.report.document.kind)]
    pupil = [e for e in everything if is_about_pupil(e.report.document.kind)]
    unread = [e for e in everything if e.report.error and not is_about_pupil(e.report.document.kind)]
    with path.open("wb") as file:
        # row by row to the disk: a workbook over hundreds of documents does not fit in memory twice
        book = _Book(Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}))
        book.file.set_properties({"title": phrase("workbook"), "author": "dekkend", "created": _EPOCH})
        _matrix(book, school, texts)
        _sheet(book, "findings", _findings(school, texts))
        profiles = [(entry.report, view_report(entry.report, None).profile) for entry in school]
        for name in ("expertise", "partners", "offered", "not_offered", "ambitions"):
            _sheet(book, name, _profile(profiles, name))
        _sheet(book, "unread", _unread(unread))
        _sheet(book, "pupils", _pupils(pupil))
        _sheet(book, "legend", ((capitalise(word["word"]), word["meaning"]) for word in _verdicts().values()))
        book.file.close()


class _Book:
    """A workbook with the few ways in which its cells look."""

    def __init__(self, file: Workbook) -> None:
        self.file = file
        self.plain = file.add_format(_TOP)
        # the mark that Excel gives a text that somebody typed after an apostrophe: it stays text when it is edited
        self.quoted = file.add_format({**_TOP, "num_format": "@", "quote_prefix": True})
        self.head = file.add_format({**_TOP, "bold": True, "font_color": "#FFFFFF", "bg_color": "#0B4F6C"})
        self.link = file.add_format({**_TOP, "font_color": "#0B4F6C", "underline": 1})
        self.verdicts = {v: file.add_format({**_TOP, "bg_color": f"#{colour}"}) for v, colour in _FILLS.items()}


class _Relative(Url):  # type: ignore[misc]  # the library has no types
    """An address beside the workbook, as it is: the library would write it with the backslashes of one system."""

    def __init__(self, href: str) -> None:
        super().__init__("external:" + href)
        self._relationship_link = self._link = href

    def _target(self) -> str:
        return str(self._relationship_link)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A value with a look of its own."""

    value: str | int
    look: Format
    href: str | None = None


_Row = Sequence[str | int | _Cell]


def _verdicts() -> Mapping[str, Mapping[str, str]]:
    verdicts: Mapping[str, Mapping[str, str]] = read_labels()["verdicts"]
    return verdicts


def _matrix(book: _Book, entries: Sequence[Entry], texts: Mapping[str, NormText]) -> None:
    """One row a document, one column a requirement, the verdict in words in each cell."""
    titles = _titles([entry.report for entry in entries], texts)
    rows = (_verdict_row(book, entry, list(titles)) for entry in entries)
    _sheet(book, "overview", rows, extra=tuple(titles.values()), frozen_columns=1, paper=_A3)


def _verdict_row(book: _Book, entry: Entry, requirements: Sequence[str]) -> _Row:
    verdicts = {finding.requirement: finding.verdict for finding in entry.report.findings}
    *school, document = _document(entry.report)
    return (
        *school,
        _Cell(document, book.link, safe_href(entry.href)),
        *(
            _Cell(verdict_word(verdicts[one]).word, book.verdicts[verdicts[one].value]) if one in verdicts else ""
            for one in requirements
        ),
    )


def _titles(reports: Iterable[Report], texts: Mapping[str, NormText]) -> dict[str, str]:
    """Requirement id to its column title: norms in the order met, requirements in the order of their norm."""
    titles: dict[str, str] = {}
    for report in reports:
        norm = texts.get(report.norm.id) if report.norm else None
        found = [finding.requirement for finding in report.findings]
        known = {text.id: text.title for text in norm.requirements} if norm else {}
        titles |= known | {identifier: known.get(identifier, identifier) for identifier in found}
    return titles


def _document(report: Report) -> tuple[str, ...]:
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


def _school(report: Report) -> tuple[str, ...]:
    return _document(report)[:4]


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


def _sheet(
    book: _Book,
    name: str,
    rows: Iterable[_Row],
    *,
    extra: Sequence[str] = (),
    frozen_columns: int = 0,
    paper: int = _A4,
) -> None:
    words = read_labels()["sheets"][name]
    heads = (*words["columns"], *extra)
    widths = (*words["widths"], *(_VERDICT_WIDTH for _ in extra))
    sheet: Worksheet = book.file.add_worksheet(words["title"])
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, book.plain)
    sheet.freeze_panes(1, frozen_columns)
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    last = 0
    for last, row in enumerate(([_Cell(head, book.head) for head in heads], *rows)):
        _write_row(book, sheet, last, row, widths)
    sheet.autofilter(0, 0, last, len(heads) - 1)


def _write_row(book: _Book, sheet: Worksheet, number: int, row: _Row, widths: Sequence[float]) -> None:
    cells = [cell if isinstance(cell, _Cell) else _Cell(cell, book.plain) for cell in row]
    # not every program makes a row as high as its wrapped text when it opens the file
    lines = max(_lines(str(cell.value), width) for cell, width in zip(cells, widths, strict=True))
    sheet.set_row(number, min(lines * _LINE_HEIGHT + 3, _MAX_HEIGHT))
    for column, cell in enumerate(cells):
        _write(book, sheet, number, column, cell)


def _lines(text: str, width: float) -> int:
    if len(text) * _ROOM <= width and "\n" not in text:  # most cells, and this is asked of every one
        return 1
    return sum(max(1, math.ceil(len(line) * _ROOM / width)) for line in text.split("\n"))


def _write(book: _Book, sheet: Worksheet, row: int, column: int, cell: _Cell) -> None:
    """Put a value in a cell; text stays text, also when it looks like a formula."""
    if isinstance(cell.value, int):
        sheet.write_number(row, column, cell.value, cell.look)
        return
    text = _ILLEGAL.sub(" ", cell.value)[:_MAX_TEXT]
    look = book.quoted if text.startswith(_FORMULA_START) else cell.look
    if cell.href is not None:
        sheet.write_url(row, column, _Relative(cell.href), look, text)
    elif text:
        sheet.write_string(row, column, text, look)
