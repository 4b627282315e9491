"""The zelfscan of a norm as a workbook: what the document shows filled in, what only the school can say left open."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.report.labels import phrase, read_labels
from pipeline.report.pages import capitalise
from pipeline.report.shown import ShownFinding
from pipeline.report.view import norm_name, view_findings, view_report
from pipeline.report.workbook import FILL, Cells, add_sheet, cell_at, new_book, to_bytes
from pipeline.result import NormText, Report

_VERDICT_COLUMN = 5
_OWN_COLUMN = 10
_OWN_COLUMNS = 3


def render_zelfscan(report: Report, norm_text: NormText) -> bytes:
    """Fill in the zelfscan, in the order of the norm; the same report gives the same bytes.

    Args:
        report: Of a document that was checked.
        norm_text: The texts of its norm.
    """
    name = report.school.name or report.document.path
    book = new_book(phrase("zelfscan", school=name))
    place = {text.id: number for number, text in enumerate(norm_text.requirements)}
    findings = sorted(view_findings(report, norm_text), key=lambda finding: place.get(finding.id, len(place)))
    sheet = add_sheet(book, "zelfscan", (_row(finding) for finding in findings))
    for number, finding in enumerate(findings, start=2):
        cell_at(sheet, number, _VERDICT_COLUMN).fill = FILL[finding.verdict.id]
    _offer_answers(sheet, len(findings))
    profile = view_report(report, norm_text).profile
    if profile and profile.ambitions:
        add_sheet(book, "zelfscan_ambitions", ((row.text, row.note) for row in profile.ambitions))
    add_sheet(book, "zelfscan_about", _about(report, norm_text))
    return to_bytes(book)


def _row(finding: ShownFinding) -> Cells:
    known = (
        finding.group_title,
        finding.title,
        finding.asks,
        finding.level,
        finding.verdict.word,
        finding.reason,
        "\n".join(quote.text for quote in finding.quotes),
        "\n".join(dict.fromkeys(quote.place for quote in finding.quotes if quote.place)),
        finding.advice if finding.verdict.id not in ("met", "not_applicable") else "",
    )
    return (*known, *("",) * _OWN_COLUMNS)


def _offer_answers(sheet: Worksheet, count: int) -> None:
    """Let the school choose its own verdict from a list."""
    answers = ",".join(capitalise(word) for word in read_labels()["zelfscan"]["own"])
    choice = DataValidation(type="list", formula1=f'"{answers}"', allow_blank=True)
    column = get_column_letter(_OWN_COLUMN)
    choice.add(f"{column}2:{column}{count + 1}")
    sheet.add_data_validation(choice)


def _about(report: Report, norm_text: NormText) -> Iterator[Cells]:
    facts = {"document": report.document.path, "norm": norm_name(report, norm_text)}
    for line in read_labels()["zelfscan"]["about"]:
        yield line["what"], line["text"].format(**facts)
