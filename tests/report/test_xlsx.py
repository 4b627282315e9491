from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from pipeline.report.view import Entry
from pipeline.report.xlsx import write_overview
from pipeline.result import Reason, Verdict

from .factory import FORMULA, make_error, make_finding, make_hostile, make_norm, make_pupil_report, make_report

NORMS = {"anb": make_norm()}
SHEETS = [
    "Overzicht",
    "Bevindingen",
    "Expertise",
    "Partners",
    "Geboden",
    "Niet geboden",
    "Ambities",
    "Niet gelezen",
    "Leerlingdocumenten",
    "Uitleg",
]


def write(path: Path, *reports: object) -> Path:
    target = path / "overzicht.xlsx"
    write_overview([Entry(report, f"verslag-{n}.html") for n, report in enumerate(reports)], target, norm_texts=NORMS)  # type: ignore[arg-type]
    return target


def test_sheets_have_headers_filters_and_frozen_panes(tmp_path: Path) -> None:
    book = load_workbook(write(tmp_path, make_report()))
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet["A1"].value
        assert sheet["A1"].font.bold
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.freeze_panes == ("B2" if sheet.title == "Overzicht" else "A2")
        assert not sheet.merged_cells.ranges


def test_every_finding_has_one_row_and_one_cell(tmp_path: Path) -> None:
    book = load_workbook(write(tmp_path, make_report()))
    identifiers = Counter(row[5] for row in book["Bevindingen"].iter_rows(min_row=2, values_only=True))
    assert identifiers == Counter(finding.requirement for finding in make_report().findings)
    words = [cell.value for cell in book["Overzicht"][2][7:]]
    assert len(words) == len(make_report().findings)
    assert words[0] == "deels"
    assert words[8] == "niet gevonden"
    assert [cell.value for cell in book["Overzicht"][1][7:]] == [text.title for text in NORMS["anb"].requirements]


def test_document_links_to_its_report(tmp_path: Path) -> None:
    book = load_workbook(write(tmp_path, make_report()))
    assert book["Overzicht"]["G2"].hyperlink.target == "verslag-0.html"


def test_nothing_from_a_document_is_a_formula(tmp_path: Path) -> None:
    book = load_workbook(write(tmp_path, make_hostile()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    dangerous = [cell for cell in cells if str(cell.value).startswith(("=", "+", "-", "@", "\t"))]
    assert FORMULA in [cell.value for cell in dangerous]
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in dangerous)


def test_two_runs_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = write(tmp_path, make_report(), make_error()).read_bytes()
    later = time.time() + 90_000
    monkeypatch.setattr(time, "time", lambda: later)
    assert write(tmp_path, make_report(), make_error()).read_bytes() == first


def test_documents_about_pupils_are_only_counted(tmp_path: Path) -> None:
    path = write(tmp_path, make_report(), make_pupil_report())
    with ZipFile(path) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist()).lower()
    assert b"pietje" not in everything
    row = [cell.value for cell in load_workbook(path)["Leerlingdocumenten"][2]]
    assert row[:4] == ["Ontwikkelingsperspectief (OPP)", "01234567", "De Zonnewijzer", 1]


def test_unreadable_files_are_listed_with_advice(tmp_path: Path) -> None:
    book = load_workbook(write(tmp_path, make_error()))
    row = [cell.value for cell in book["Niet gelezen"][2]]
    assert row[:2] == ["scan.pdf", "Scan zonder tekst"]
    assert row[3]
    assert book["Overzicht"].max_row == 1


def test_rows_are_as_high_as_their_text(tmp_path: Path) -> None:
    long = make_finding("anb.beleid.niet-geboden", Verdict.MISSING, Reason.NOT_FOUND, message="Wij zochten lang. " * 20)
    short = make_finding("anb.structuur.zat", Verdict.MISSING, Reason.NOT_FOUND, message="Kort.", advice="Kort.")
    rows = load_workbook(write(tmp_path, make_report(findings=(long, short))))["Bevindingen"].row_dimensions
    assert rows[2].height > 5 * 15 > rows[3].height


def test_empty_batch(tmp_path: Path) -> None:
    assert load_workbook(write(tmp_path)).sheetnames == SHEETS


def test_without_norm_texts_requirements_go_by_their_id(tmp_path: Path) -> None:
    write_overview([Entry(make_report(), "x.html")], tmp_path / "o.xlsx")
    sheet = load_workbook(tmp_path / "o.xlsx")["Overzicht"]
    assert [cell.value for cell in sheet[1][7:]] == [finding.requirement for finding in make_report().findings]
