from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from pipeline.report.report_json import parse_report, render_json
from pipeline.result import Report

from .factory import make_error, make_hostile, make_pupil_report, make_report

REPORTS = (make_report(), make_hostile(), make_error(), make_pupil_report())


@pytest.mark.parametrize("report", REPORTS)
def test_reading_what_was_written_gives_the_same_report(report: Report) -> None:
    data = json.loads(render_json([report]))
    assert parse_report(data[0]) == report
    assert parse_report(json.dumps(data[0])) == report


def test_array_has_one_report_a_file_in_the_order_given() -> None:
    data = json.loads(render_json(REPORTS))
    assert [one["document"]["path"] for one in data] == [report.document.path for report in REPORTS]
    assert json.loads(render_json([])) == []


def test_keys_are_those_of_the_contract_and_never_left_out() -> None:
    data = json.loads(render_json([make_error()]))[0]
    assert list(data) == [
        "schema",
        "document",
        "school",
        "norm",
        "summary",
        "findings",
        "profile",
        "privacy",
        "error",
    ]
    assert data["schema"] == "dekkend.report/1"
    assert data["norm"] is None
    assert data["school"] == dict.fromkeys(("name", "brin", "board", "district", "municipality"))
    assert data["summary"] == {"met": 0, "partial": 0, "missing": 0, "review": 0, "not_applicable": 0}
    assert set(data["profile"]) == {"expertise", "partners", "offered", "not_offered", "ambitions", "training"}


def test_every_finding_is_there_once() -> None:
    data = json.loads(render_json([make_report()]))[0]
    expected = [finding.requirement for finding in make_report().findings]
    assert [finding["requirement"] for finding in data["findings"]] == expected


def test_text_is_readable_and_stable() -> None:
    text = render_json([make_report()])
    assert text == render_json([make_report()])
    assert '\n    "document": {' in text
    assert "ë" in render_json([make_error(path="België.pdf")])


@pytest.mark.parametrize("change", [{"extra": 1}, {"schema": "dekkend.report/2"}, {"findings": "geen"}])
def test_another_form_is_refused(change: dict[str, object]) -> None:
    data = json.loads(render_json([make_report()]))[0]
    with pytest.raises(ValidationError):
        parse_report(data | change)
