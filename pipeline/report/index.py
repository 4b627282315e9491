"""The overview of a batch as a self-contained HTML page: schools by requirements, each cell a link to its finding.

Everything is on the page without JavaScript; the script only filters. No names or file names of documents about pupils.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from urllib.parse import quote

from pipeline.report.labels import is_about_pupil, label, phrase, read_labels
from pipeline.report.pages import page_environment, safe_href
from pipeline.report.shown import ShownError, Word
from pipeline.report.view import ORDER, Entry, shorten, verdict_word, view_report
from pipeline.result import Finding, NormText, Report, RequirementText

_TIP_LENGTH = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    number: int
    text: RequirementText
    counts: tuple[tuple[Word, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    verdict: str
    word: str
    href: str
    tip: str
    core: bool
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _MatrixRow:
    name: str
    note: str
    search: str
    board: str
    district: str
    sector: str
    href: str
    cells: tuple[_Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """A document that is not in the matrix."""

    name: str
    school: str
    href: str
    counts: str
    error: ShownError | None


def render_index(entries: Iterable[Entry], norm_text: NormText, *, title: str, generated: str) -> str:
    """Render the overview.

    Args:
        entries: All documents of the batch; they are shown by name, so their order does not matter.
        norm_text: The norm of the matrix. Documents checked by another norm are listed below it.
        title: Heading of the page.
        generated: The date as people read it; the page asks no clock.

    Returns:
        A whole HTML page. Each cell links to ``<href>#<requirement id>``.
    """
    ordered = sorted(entries, key=lambda e: (_name(e.report).casefold(), e.report.document.path, e.href))
    pupils = [entry for entry in ordered if is_about_pupil(entry.report.document.kind)]
    rest = [entry for entry in ordered if not is_about_pupil(entry.report.document.kind)]
    checked = [entry for entry in rest if not entry.report.error]
    schools = [entry for entry in checked if _is_by(entry, norm_text)]
    columns = _columns([entry.report for entry in schools], norm_text)
    rows = [_matrix_row(entry, columns) for entry in schools]
    environment = page_environment()
    return environment.get_template("index.html.j2").render(
        title=title,
        generated=generated,
        norm=norm_text,
        script_hash=_script_hash(environment.get_template("index.js").render()),
        verdicts=[verdict_word(verdict) for verdict in ORDER],
        groups=[(name, list(members)) for name, members in groupby(columns, key=attrgetter("text.group_title"))],
        choices=_choices([entry.report for entry in schools]),
        rows=rows,
        any_core=any(column.text.core for column in columns),
        any_unchecked=any(not cell.href for row in rows for cell in row.cells),
        others=[_listed(entry, _name(entry.report)) for entry in checked if not _is_by(entry, norm_text)],
        pupils=[_listed(entry, _pupil_name(entry.report)) for entry in pupils],
        unread=[_listed(entry, entry.report.document.path) for entry in rest if entry.report.error],
    )


def _is_by(entry: Entry, norm_text: NormText) -> bool:
    return entry.report.norm is not None and entry.report.norm.id == norm_text.id


def _columns(reports: Sequence[Report], norm_text: NormText) -> list[_Column]:
    counts = Counter((finding.requirement, finding.verdict) for report in reports for finding in report.findings)
    return [
        _Column(
            number=number,
            text=text,
            counts=tuple((verdict_word(verdict), counts[text.id, verdict]) for verdict in ORDER),
        )
        for number, text in enumerate(norm_text.requirements)
    ]


def _matrix_row(entry: Entry, columns: Sequence[_Column]) -> _MatrixRow:
    report, school = entry.report, entry.report.school
    findings = {finding.requirement: finding for finding in report.findings}
    href = safe_href(entry.href)
    group, cells = None, []
    for column in columns:
        cells.append(_cell(findings.get(column.text.id), column.text, href, first=column.text.group_title != group))
        group = column.text.group_title
    parts = (school.district, report.document.sector, report.document.school_year, school.board)
    note = " · ".join(part for part in parts if part)
    return _MatrixRow(
        name=_name(report),
        note=note,
        search=" ".join((_name(report), report.document.path, school.brin or "", note)).lower(),
        board=school.board or "",
        district=school.district or "",
        sector=report.document.sector or "",
        href=href,
        cells=tuple(cells),
    )


def _cell(finding: Finding | None, text: RequirementText, href: str, *, first: bool) -> _Cell:
    if finding is None:
        return _Cell(verdict="not_checked", word="", href="", tip="", core=text.core, first=first)
    word = verdict_word(finding.verdict)
    said = f"“{finding.evidence[0].quote}”" if finding.evidence else label("reasons", finding.reason)
    tip = f"{text.title}: {word.word}" + (f". {said}" if said else "")
    return _Cell(
        verdict=word.id,
        word=word.word,
        href=f"{href}#{quote(text.id)}",
        tip=shorten(tip, _TIP_LENGTH),
        core=text.core,
        first=first,
    )


def _choices(reports: Sequence[Report]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The filters that have something to choose: name, label, values with what is shown of them."""
    boards = {report.school.board: report.school.board for report in reports if report.school.board}
    districts = {report.school.district: report.school.district for report in reports if report.school.district}
    sectors = {s: label("sectors", s) for s in (report.document.sector for report in reports) if s}
    facts = read_labels()["facts"]
    named = (
        ("bestuur", facts["board"], boards),
        ("wijk", facts["district"], districts),
        ("sector", facts["sector"], sectors),
    )
    return [(name, word, sorted(values.items())) for name, word, values in named if len(values) > 1]


def _listed(entry: Entry, name: str) -> _Listed:
    shown = view_report(entry.report, None)
    counts = ", ".join(f"{count} {word.word}" for word, count in shown.counts if count)
    return _Listed(
        name=name,
        school=entry.report.school.name or "",
        href=safe_href(entry.href),
        counts=shown.error.word if shown.error else counts,
        error=shown.error,
    )


def _name(report: Report) -> str:
    return report.school.name or report.document.path


def _pupil_name(report: Report) -> str:
    """What a document about a pupil is called where others read along: its kind and the start of its hash."""
    return phrase("pupil_document", kind=label("kinds", report.document.kind), mark=(report.document.sha256 or "?")[:8])


def _script_hash(script: str) -> str:
    """The page allows this script and no other (Content-Security-Policy)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
