"""The import contract of pyproject.toml holds, and would notice if it did not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LINT, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_contract_holds():
    result = lint(ROOT)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "line"),
    [
        pytest.param("extractors/markdown.py", "import pipeline.norm.load", id="extractor knows a norm"),
        pytest.param("pipeline/report/text.py", "import pipeline.check.verdict", id="report knows the checks"),
        pytest.param("pipeline/steps.py", "import prefect", id="step knows the orchestrator"),
        pytest.param("pipeline/check/verdict.py", "import docx", id="check reads files"),
        pytest.param("extractors/pdf.py", "import extractors.word", id="format knows another format"),
    ],
)
def test_breach_is_noticed(tmp_path: Path, module: str, line: str):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in ("pipeline", "extractors", "flows"):
        skip = shutil.ignore_patterns("__pycache__", "model", "data")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=skip)
    path = tmp_path / module
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")

    assert lint(tmp_path).returncode == 1
