"""`make` in a folder with spaces and without git: help costs nothing, and a missing Python is told in words."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    folder = tmp_path / "een map"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, folder)
    return folder


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_help_makes_nothing(bare: Path):
    before = sorted(bare.iterdir())
    result = make(bare)

    assert result.returncode == 0
    assert "make demo" in result.stdout
    assert sorted(bare.iterdir()) == before


@pytest.mark.parametrize("target", ["setup", "demo", "test"])
def test_missing_python_is_told(bare: Path, target: str):
    result = make(bare, target, "PYTHON=/there/is/no/python")

    assert result.returncode == 2
    assert "Geen geschikte Python gevonden" in result.stderr
    assert not (bare / ".venv").exists()


def test_clean_leaves_the_sources(bare: Path):
    (bare / "demo-out").mkdir()
    (bare / "build" / "demo").mkdir(parents=True)
    before = {path.name for path in bare.iterdir() if path.is_file()}

    assert make(bare, "clean").returncode == 0
    assert {path.name for path in bare.iterdir()} == before
