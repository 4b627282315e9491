"""The published schemas are current, and what is printed keeps to them."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import jsonschema
import pytest

from pipeline import steps
from pipeline.cli import main
from pipeline.report.report_json import render_json

ROOT = Path(__file__).parents[2]
DOSSIERS = sorted(path.name for path in (ROOT / "sample_docs" / "dossiers").iterdir() if path.is_dir())


def validator(name: str) -> jsonschema.Draft202012Validator:
    text = (ROOT / "docs" / f"{name}.schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


@pytest.mark.parametrize("name", ["report", "dossier", "opp"])
def test_published_schema_is_current(name: str):
    """Else: `make docs`."""
    made = runpy.run_path(str(ROOT / "scripts" / "schemas.py"))["schema"](name)

    assert (ROOT / "docs" / f"{name}.schema.json").read_text(encoding="utf-8") == made


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

    validator("report").validate(report)


@pytest.mark.parametrize("command", ["dossier", "opp"])
@pytest.mark.parametrize("dossier", DOSSIERS)
def test_printed_dossier_and_plan_keep_to_their_schema(command: str, dossier: str, capsys: pytest.CaptureFixture[str]):
    main([command, str(ROOT / "sample_docs" / "dossiers" / dossier), "--format", "json"])

    validator(command).validate(json.loads(capsys.readouterr().out))


def test_left_out_key_breaks_the_schema():
    (report,) = json.loads(render_json([steps.check_file(ROOT / "nothing.docx")]))
    del report["profile"]["training"]

    assert not validator("report").is_valid(report)
