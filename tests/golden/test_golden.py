"""The findings of every sample document, one a line: ``file:block:requirement:verdict:first quote``.

A changed verdict shows as a changed line. To write the files anew:

    DEKKEND_REGENERATE=1 .venv/bin/python -m pytest tests/golden
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.result import Finding, Report
from pipeline.steps import check_file

ROOT = Path(__file__).parents[2]
EXPECTED = Path(__file__).parent / "expected"
SAMPLES = sorted(p for p in (ROOT / "sample_docs").glob("*/*") if p.suffix in (".docx", ".pdf"))
REGENERATE = bool(os.environ.get("DEKKEND_REGENERATE"))
QUOTE_LENGTH = 60


def golden_lines(report: Report) -> str:
    lines = (_line(report.document.path, finding) for finding in report.findings)
    return "".join(f"{line}\n" for line in sorted(lines))


def _line(name: str, finding: Finding) -> str:
    first = finding.evidence[0] if finding.evidence else None
    quote = " ".join(first.quote.split())[:QUOTE_LENGTH] if first else ""
    return f"{name}:{first.block if first else '-'}:{finding.requirement}:{finding.verdict}:{quote}"


@pytest.mark.parametrize("path", SAMPLES, ids=[p.name for p in SAMPLES])
def test_findings_are_those_on_file(model, path: Path) -> None:
    lines = golden_lines(check_file(path, name=path.name))
    expected = EXPECTED / f"{path.name}.txt"
    if REGENERATE:
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(lines, encoding="utf-8")

    assert lines == expected.read_text(encoding="utf-8")


def test_every_file_belongs_to_a_sample_document() -> None:
    assert {p.name for p in EXPECTED.iterdir()} == {f"{p.name}.txt" for p in SAMPLES}


def test_the_switch_is_off_where_nobody_looks_at_the_difference() -> None:
    assert not (REGENERATE and os.environ.get("CI")), "DEKKEND_REGENERATE is set in CI"


def test_two_runs_give_the_same_bytes() -> None:
    """Two processes with another order of sets and dicts, so that nothing is left of the first run."""
    path = ROOT / "sample_docs" / "sop-vo-wissellast" / "sop-vo-wissellast.docx"
    runs = [
        subprocess.run(
            [sys.executable, "-m", "pipeline.cli", "check", str(path), "--format", "json"],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=False,
        )
        for seed in ("1", "2")
    ]

    assert runs[0].stdout.startswith(b"[")
    assert runs[0].stdout == runs[1].stdout
