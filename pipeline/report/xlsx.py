"""An overview of many reports as a workbook, for filtering and sorting; it only counts documents about pupils."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.report.labels import is_about_pupil, label, phrase, read_labels
from pipeline.report.pages import capitalise
from pipeline.report.shown import ShownProfile
from pipeline.report.view import ORDER, Entry, verdict_word, view_findings, view_profile, view_report
from pipeline.report.workbook import A3, Book, Cell, Cells
from pipeline.result import NormText, Report

_VERDICT_WIDTH = 17


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
    with path.open("wb") as file, Book(file, phrase("workbook")) as book:
        _matrix(book, school, texts)
        book.add_sheet("findings", _findings(school, texts))
        profiles = [(entry.report, view_profile(entry.report)) for entry in school]
        for name in ("expertise", "partners", "offered", "not_offered", "ambitions"):
            book.add_sheet(name, _profile(profiles, name))
        book.add_sheet("unread", _unread(unread))
        book.add_sheet("pupils", _pupils(pupil))
        book.add_sheet("legend", ((capitalise(word["word"]), word["meaning"]) for word in _verdicts().values()))


def _verdicts() -> Mapping[str, Mapping[str, str]]:
    verdicts: Mapping[str, Mapping[str, str]] = read_labels()["verdicts"]
    return verdicts


def _matrix(book: Book, entries: Sequence[Entry], texts: Mapping[str, NormText]) -> None:
    """One row a document, one column a requirement, the verdict in words in each cell."""
    titles = _titles([entry.report for entry in entries], texts)
    rows = (_verdict_row(book, entry, list(titles)) for entry in entries)
    book.add_sheet(
        "overview", rows, extra=tuple(titles.values()), extra_width=_VERDICT_WIDTH, frozen_columns=1, paper=A3
    )


def _verdict_row(book: Book, entry: Entry, requirements: Sequence[str]) -> Cells:
    verdicts = {finding.requirement: finding.verdict for finding in entry.report.findings}
    *school, document = _document(entry.report)
    return (
        *school,
        Cell(document, book.link, entry.href),
        *(
            Cell(verdict_word(verdicts[one]).word, book.verdicts[verdicts[one].value]) if one in verdicts else ""
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
