"""The zelfscan of a norm as a workbook: what the document shows filled in, what only the school can say left open."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from pipeline.report.labels import phrase, read_labels
from pipeline.report.pages import capitalise
from pipeline.report.shown import ShownFinding
from pipeline.report.view import norm_name, view_findings, view_report
from pipeline.report.workbook import Book, Cell, Cells
from pipeline.result import NormText, Report

_OWN_COLUMN = 9  # from 0: where the school chooses its own verdict
_OWN_COLUMNS = 3


def render_zelfscan(report: Report, norm_text: NormText) -> bytes:
    """Fill in the zelfscan, in the order of the norm; the same report gives the same bytes.

    Args:
        report: Of a document that was checked.
        norm_text: The texts of its norm.
    """
    name = report.school.name or report.document.path
    place = {text.id: number for number, text in enumerate(norm_text.requirements)}
    findings = sorted(view_findings(report, norm_text), key=lambda finding: place.get(finding.id, len(place)))
    profile = view_report(report, norm_text).profile
    answers = [capitalise(word) for word in read_labels()["zelfscan"]["own"]]
    made = BytesIO()
    with Book(made, phrase("zelfscan", school=name)) as book:
        book.add_sheet("zelfscan", (_row(book, finding) for finding in findings), choices=(_OWN_COLUMN, answers))
        if profile and profile.ambitions:
            book.add_sheet("zelfscan_ambitions", ((row.text, row.note) for row in profile.ambitions))
        book.add_sheet("zelfscan_about", _about(report, norm_text))
    return made.getvalue()


def _row(book: Book, finding: ShownFinding) -> Cells:
    known = (
        finding.group_title,
        finding.title,
        finding.asks,
        finding.level,
        Cell(finding.verdict.word, book.verdicts[finding.verdict.id]),
        finding.reason,
        "\n".join(quote.text for quote in finding.quotes),
        "\n".join(dict.fromkeys(quote.place for quote in finding.quotes if quote.place)),
        finding.advice if finding.verdict.id not in ("met", "not_applicable") else "",
    )
    return (*known, *("",) * _OWN_COLUMNS)


def _about(report: Report, norm_text: NormText) -> Iterator[Cells]:
    facts = {"document": report.document.path, "norm": norm_name(report, norm_text)}
    for line in read_labels()["zelfscan"]["about"]:
        yield line["what"], line["text"].format(**facts)
