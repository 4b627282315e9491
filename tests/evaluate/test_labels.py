"""Reading labels: what is there, what is left out, what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.evaluate.labels import (
    GoldExpertise,
    LabelError,
    files_to_check,
    labelled_folders,
    read_gold,
    read_sentences,
)
from pipeline.result import Verdict

GOLD = """\
kind: sop
sector: po
school: {name: De Wilg, brin: 12AB, board: null, district: null}
school_year: 2025-2026
norm: anb
verdicts:
  anb.beleid.ketenpartners: {verdict: met, evidence: ["Wij werken samen met de GGD."], trap: one name}
  anb.beleid.expertise: {verdict: missing}
profile:
  expertise: [{name: gedragsspecialist, scope: school}]
  partners:
  not_offered: []
  offered_themes: {rekenen: 2}
privacy: []
render: {docx: styles, pdf: none}
notes: short
"""


@pytest.fixture
def wilg(tmp_path: Path) -> Path:
    folder = tmp_path / "documents" / "wilg"
    folder.mkdir(parents=True)
    (folder / "gold.yaml").write_text(GOLD, encoding="utf-8")
    (folder / "source.md").write_text("# De Wilg\n", encoding="utf-8")
    return folder


def test_labels_are_typed_and_what_is_left_empty_is_empty(wilg: Path) -> None:
    gold = read_gold(wilg)

    assert (gold.kind, gold.sector, gold.norm, gold.school_year) == ("sop", "po", "anb", "2025-2026")
    assert (gold.school.name, gold.school.board) == ("De Wilg", None)
    assert gold.verdicts["anb.beleid.ketenpartners"].verdict is Verdict.MET
    assert gold.verdicts["anb.beleid.ketenpartners"].evidence == ("Wij werken samen met de GGD.",)
    assert gold.verdicts["anb.beleid.expertise"].evidence == ()
    assert gold.profile is not None
    assert gold.profile.expertise == (GoldExpertise(name="gedragsspecialist", scope="school"),)
    assert gold.profile.partners == gold.profile.ambitions == ()
    assert gold.profile.offered_themes == {"rekenen": 2}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: sop\n", "", "kind"),
        ("verdict: missing", "verdict: absent", "verdicts.anb.beleid.expertise.verdict"),
        ("scope: school", "scope: thuis", "profile.expertise.0.scope"),
        ("privacy: []", "privacy: [", "geen geldige YAML"),
    ],
)
def test_wrong_labels_are_told_with_file_and_field(wilg: Path, old: str, new: str, message: str) -> None:
    (wilg / "gold.yaml").write_text(GOLD.replace(old, new), encoding="utf-8")

    with pytest.raises(LabelError, match=r"wilg/gold\.yaml") as problem:
        read_gold(wilg)
    assert message in problem.value.message


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ((), ["source.md"]),
        (("wilg.docx",), ["wilg.docx"]),
        (("wilg.pdf", "wilg.docx"), ["wilg.docx", "wilg.pdf"]),
        (("ander.docx",), ["source.md"]),
    ],
)
def test_rendered_files_go_before_the_source(wilg: Path, files: tuple[str, ...], expected: list[str]) -> None:
    for name in files:
        (wilg / name).touch()

    assert [path.name for path in files_to_check(wilg)] == expected


def test_folders_are_found_at_any_depth_in_order(wilg: Path, tmp_path: Path) -> None:
    other = tmp_path / "documents" / "berk"
    other.mkdir()
    (other / "gold.yaml").write_text(GOLD, encoding="utf-8")

    assert [folder.name for folder in labelled_folders(tmp_path)] == ["berk", "wilg"]


def test_a_folder_without_labels_or_document_is_wrong_use(wilg: Path, tmp_path: Path) -> None:
    (wilg / "source.md").unlink()

    with pytest.raises(LabelError):
        files_to_check(wilg)
    with pytest.raises(LabelError):
        labelled_folders(tmp_path / "weg")


def test_sentences_are_optional_and_checked(tmp_path: Path) -> None:
    assert list(read_sentences(tmp_path)) == []

    (tmp_path / "sentences.jsonl").write_text('{"text": "a", "labels": [], "stance": "neutral"}\n', encoding="utf-8")

    with pytest.raises(LabelError, match=r"sentences\.jsonl:1.*split"):
        list(read_sentences(tmp_path))
