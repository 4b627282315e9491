"""An overview of many reports as a workbook, for filtering and sorting; it only counts documents about pupils."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from pipeline.report.labels import is_about_pupil, label, phrase, read_labels
from pipeline.report.pages import capitalise
from pipeline.report.shown import ShownProfile
from pipeline.report.view import ORDER, Entry, verdict_word, view_findings, view_report
from pipeline.report.workbook import (
    FILL,
    Cells,
    add_sheet,
    cell_at,
    finish_sheet,
    fit_rows,
    new_book,
    put,
    put_link,
    to_bytes,
)
from pipeline.result import NormText, Report

_VERDICT_WIDTH = 17


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
    book = new_book(phrase("workbook"))
    _matrix(book, school, texts)
    add_sheet(book, "findings", _findings(school, texts))
    profiles = [(entry.report, view_report(entry.report, None).profile) for entry in school]
    for name in ("expertise", "partners", "offered", "not_offered", "ambitions"):
        add_sheet(book, name, _profile(profiles, name))
    add_sheet(book, "unread", _unread(unread))
    add_sheet(book, "pupils", _pupils(pupil))
    add_sheet(book, "legend", ((capitalise(word["word"]), word["meaning"]) for word in _verdicts().values()))
    path.write_bytes(to_bytes(book))


def _verdicts() -> Mapping[str, Mapping[str, str]]:
    verdicts: Mapping[str, Mapping[str, str]] = read_labels()["verdicts"]
    return verdicts


def _matrix(book: Workbook, entries: Sequence[Entry], texts: Mapping[str, NormText]) -> None:
    """One row a document, one column a requirement, the verdict in words in each cell."""
    titles = _titles([entry.report for entry in entries], texts)
    sheet = add_sheet(book, "overview", (), extra=tuple(titles.values()))
    first = sheet.max_column - len(titles) + 1
    for number, entry in enumerate(entries, start=2):
        verdicts = {finding.requirement: finding.verdict for finding in entry.report.findings}
        for column, value in enumerate(_document(entry.report), start=1):
            put(cell_at(sheet, number, column), value)
        put_link(cell_at(sheet, number, first - 1), entry.href)
        for column, requirement in enumerate(titles, start=first):
            if requirement in verdicts:
                cell = cell_at(sheet, number, column)
                put(cell, verdict_word(verdicts[requirement]).word)
                cell.fill = FILL[verdicts[requirement].value]
    finish_sheet(sheet, freeze=sheet.cell(2, 2).coordinate)
    for column in range(first, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(column)].width = _VERDICT_WIDTH
    fit_rows(sheet)
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


def _document(report: Report) -> Cells:
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


def _school(report: Report) -> Cells:
    return tuple(_document(report)[:4])


def _findings(entries: Iterable[Entry], texts: Mapping[str, NormText]) -> Iterator[Cells]:
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


def _profile(profiles: Iterable[tuple[Report, ShownProfile | None]], name: str) -> Iterator[Cells]:
    for report, profile in profiles:
        if profile is None:
            continue
        lists: Iterable[Any] = getattr(profile, name)
        pairs = lists if name == "offered" else [("", lists)]
        for theme, rows in pairs:
            for row in rows:
                tail = (row.quote,) if name in ("expertise", "partners") else (theme,) if theme else ()
                yield (*_school(report), row.text, row.note, *tail)


def _unread(entries: Iterable[Entry]) -> Iterator[Cells]:
    for entry in entries:
        error = view_report(entry.report, None).error
        if error:
            yield entry.report.document.path, error.word, error.message, error.advice


def _pupils(entries: Iterable[Entry]) -> Iterator[Cells]:
    """Documents about a pupil without anything that names the pupil: no file name, no quote."""
    for entry in entries:
        shown = view_report(entry.report, None)
        counts = {word.id: count for word, count in shown.counts}
        mark = (entry.report.document.sha256 or "")[:8]
        state = shown.error.word if shown.error else ""
        yield shown.kind, mark, entry.report.school.name or "", *(counts[v.value] for v in ORDER), state
