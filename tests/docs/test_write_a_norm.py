"""The norm in docs/write-a-norm.md is complete: it loads, passes `dekkend norm check` and judges a profile."""

from __future__ import annotations

import re
from pathlib import Path

import docx
import pytest

from pipeline import steps
from pipeline.check.kinds import KINDS
from pipeline.cli import main
from pipeline.norm.load import load_norm
from pipeline.norm.schema import Requirement
from pipeline.result import Verdict

GUIDE = (Path(__file__).parents[2] / "docs" / "write-a-norm.md").read_text(encoding="utf-8")


@pytest.fixture
def norm(tmp_path: Path) -> Path:
    """The two files of the guide, under the names that their first lines give."""
    for block in re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL):
        name = block.splitlines()[0].removeprefix("# ")
        (tmp_path / name).write_text(block, encoding="utf-8")
    return tmp_path / "plassen.yaml"


def check(folder: Path, norm: Path, *paragraphs: str) -> dict[str, Verdict]:
    word = docx.Document()
    word.add_heading("Schoolondersteuningsprofiel basisschool De Otter", 1)
    word.add_heading("Samenwerken en nieuwe leerlingen", 2)
    for text in paragraphs:
        word.add_paragraph(text)
    word.save(str(folder / "sop.docx"))
    report = steps.check_file(folder / "sop.docx", norm=str(norm))
    assert report.error is None
    return {finding.requirement: finding.verdict for finding in report.findings}


def test_norm_check_has_nothing_to_say(norm: Path, capsys: pytest.CaptureFixture[str]):
    status = main(["norm", "check", str(norm)])

    assert (status, capsys.readouterr().out) == (0, "")


def test_norm_judges_a_profile(norm: Path, tmp_path: Path):
    verdicts = check(
        tmp_path,
        norm,
        "Wij werken samen met JGZ Almere en met de leerplichtambtenaar.",
        "Voor elke nieuwe kleuter bellen wij met de peuterspeelzaal.",
    )

    assert verdicts == {"plassen.team.partners": Verdict.MET, "plassen.start.warm": Verdict.MET}


def test_norm_misses_what_is_not_there(norm: Path, tmp_path: Path):
    verdicts = check(tmp_path, norm, "Onze school telt tweehonderd leerlingen en staat in een groene wijk.")

    assert verdicts == {"plassen.team.partners": Verdict.MISSING, "plassen.start.warm": Verdict.MISSING}


def test_guide_names_every_kind():
    assert set(re.findall(r"^\| `([a-z]+\.v\d+)` \|", GUIDE, re.MULTILINE)) == set(KINDS)


def test_guide_names_every_field_of_a_requirement(norm: Path):
    """A field is in the example or in the table."""
    shown = set(re.findall(r"`([a-z_]+)`", GUIDE)) | load_norm(norm).norm.requirements[0].model_fields_set

    assert set(Requirement.model_fields) - shown == set()
