"""What is installed is complete: the wheel works without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("pipeline", "extractors", "flows", "templates")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(target)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    (path,) = target.glob("*.whl")
    return path


def test_every_file_of_the_packages_is_in(wheel: Path):
    found = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }

    assert expected - found == set()


@pytest.mark.parametrize(
    "name",
    [
        "pipeline/model/model.onnx",
        "pipeline/model/lexical.npz",
        "pipeline/model/LICENSES.md",
        "pipeline/norm/data/anb.yaml",
        "pipeline/norm/data/recognise/anb/beleid.yaml",
        "pipeline/norm/data/lexicons/partners.yaml",
        "pipeline/check/messages.yaml",
        "templates/report/labels.yaml",
        "templates/report/gap.html.j2",
        "templates/report/index.html.j2",
    ],
)
def test_data_is_in(wheel: Path, name: str):
    assert name in zipfile.ZipFile(wheel).namelist()


def test_licences_are_in(wheel: Path):
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/licenses/" in name]

    assert sorted(name.split("/licenses/")[1] for name in names) == ["LICENSE", "pipeline/model/LICENSES.md"]


def test_tests_and_samples_stay_out(wheel: Path):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_installed_files_can_check_a_document(wheel: Path, tmp_path: Path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    sample = ROOT / "sample_docs" / "sop-po-zevensteek" / "sop-po-zevensteek.docx"
    result = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "check", str(sample), "--format", "html"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )

    assert result.returncode == 1, result.stderr
    assert '<html lang="nl"' in result.stdout
