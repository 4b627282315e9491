"""The published schema of a report is current, and what is printed keeps to it."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import jsonschema
import pytest

from pipeline import steps
from pipeline.report.report_json import render_json

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))


def test_published_schema_is_current():
    """Else: `make docs`."""
    made = runpy.run_path(str(ROOT / "scripts" / "report_schema.py"))["schema"]()

    assert (ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8") == made


@pytest.mark.parametrize(
    "file",
    [
        "sop-po-vuurdoornhof/sop-po-vuurdoornhof.pdf",
        "opp-po-silvan/opp-po-silvan.docx",
        "there-is-no-such-file.docx",
    ],
)
def test_printed_report_keeps_to_the_schema(file: str):
    (report,) = json.loads(render_json([steps.check_file(ROOT / "sample_docs" / file)]))

    jsonschema.Draft202012Validator(SCHEMA).validate(report)


def test_left_out_key_breaks_the_schema():
    (report,) = json.loads(render_json([steps.check_file(ROOT / "nothing.docx")]))
    del report["profile"]["training"]

    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(report)
