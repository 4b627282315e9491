"""`dekkend explain`: a requirement in words, and why a verdict came out as it did."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from pipeline import explain
from pipeline.check.kinds import KINDS
from pipeline.check.sighting import By
from pipeline.errors import DekkendError, ExitStatus
from pipeline.norm.load import available_norms, load_norm

ALL = [(norm, r.id) for norm in available_norms() for r in load_norm(norm).norm.requirements]


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (r"\b(?:is|zijn) geaudit\w*", ["is/zijn geaudit…"]),
        (r"\b(?:voldoende|goed)\b", ["voldoende", "goed"]),
        (r"\b(?:pest|veilig)\w*", ["pest…", "veilig…"]),
        (r"staat (?:beschreven |uitgewerkt )?in", ["staat (beschreven/uitgewerkt) in"]),
        (r"(?:school)?bestuur", ["(school)bestuur"]),
        (r"\bstructuur\b.{0,60}\bvastgelegd\b", ["structuur … vastgelegd"]),
        (r"(?<!niet )in dienst", ["in dienst"]),
        (r"één[ -]?keer", ["één keer"]),
        (r"a(?:b|c|d|e|f)g", ["ab/c/d/…g"]),
        (r"\(i\.o\.\)", ["(i.o.)"]),
        (r"\w+", []),
        (r"(onaf", ["onaf"]),
    ],
)
def test_expression_reads_as_words(expression: str, words: list[str]) -> None:
    assert explain.readable_words([expression]) == words


@pytest.mark.parametrize(("norm", "requirement"), ALL)
def test_every_requirement_is_explained_in_full_and_fits(norm: str, requirement: str) -> None:
    text = explain.requirement(norm, requirement, width=100)
    flat = " ".join(text.split())
    asked = load_norm(norm).norm.requirement(requirement)

    for said in (asked.title, asked.id, asked.asks, asked.why, asked.advice, *(c.means for c in asked.criteria)):
        assert " ".join(said.split()) in flat
    assert f"Voorbeeld (verzonnen) {' '.join(asked.example.split())}" in flat
    assert max(map(len, text.splitlines())) <= 100
    assert "\\b" not in text


def test_examples_stand_by_what_they_must_come_out_as() -> None:
    text = explain.requirement("anb", "anb.beleid.ketenpartners", width=100)

    assert "aangetroffen  “Wij werken samen met" in text
    assert "deels         “" in text
    assert "telt niet     “" in text


def test_a_lexicon_is_told_by_its_size_and_some_names() -> None:
    text = " ".join(explain.requirement("anb", "anb.beleid.ketenpartners", width=100).split())

    assert "Lijst ‘partners’ met " in text
    assert "zoals JGZ" in text


def test_every_kind_and_every_cue_has_its_dutch_words() -> None:
    words = explain._words()

    assert set(KINDS) <= set(words["kinds"])
    assert {str(by) for by in By} == set(words["by"])
    assert {"box", "heading", "column", "words", "model", "sentence before", "rule"} == set(words["cues"])


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("anb.beleid.ketenpartner", "; bedoelde u 'anb.beleid.ketenpartners'?"), ("anb.xyz.qqqq", "anb'.")],
)
def test_unknown_requirement_names_the_one_that_was_meant(asked: str, meant: str) -> None:
    with pytest.raises(explain.UnknownRequirementError) as problem:
        explain.requirement("anb", asked)

    assert problem.value.message.endswith(meant)
    assert "dekkend norm list anb" in problem.value.hint
    assert problem.value.exit_status is ExitStatus.USAGE


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    document = docx.Document()
    document.add_heading("Schoolondersteuningsprofiel basisschool De Wilg", 1)
    document.add_heading("Onze partners", 2)
    document.add_paragraph("Wij werken samen met JGZ Almere en met de leerplichtambtenaar.")
    document.add_heading("Wat wij niet bieden", 2)
    document.add_paragraph("Beschrijf hier welke ondersteuning de school niet kan bieden.")
    path = tmp_path_factory.mktemp("profiel") / "wilg.docx"
    document.save(str(path))
    return path


def test_a_verdict_shows_its_quotes_with_place_strength_and_what_decided(profile: Path) -> None:
    text = " ".join(explain.verdict("anb", "anb.beleid.ketenpartners", profile, width=100).split())

    assert "wilg.docx, getoetst aan Almeerse Norm Basisondersteuning" in text
    assert "✓ gezien: Er staan ten minste twee partners" in text
    assert "“Wij werken samen met JGZ Almere en met de leerplichtambtenaar.” Onze partners" in text
    assert " signaal, door " in text
    assert "geteld: JGZ" in text


def test_a_refused_passage_is_told_with_the_reason_and_the_cue(profile: Path) -> None:
    text = explain.verdict("anb", "anb.beleid.niet-geboden", profile, width=100)

    assert "○ niet gezien" in text
    assert "Gaat erover, maar telt niet mee" in text
    assert "alleen voorgedrukte tekst van het formulier; te zien aan de woorden" in text


@pytest.mark.parametrize("width", [50, 80, 100])
def test_a_verdict_fits_the_terminal(profile: Path, width: int) -> None:
    text = explain.verdict("anb", "anb.beleid.niet-geboden", profile, width=width)

    assert max(map(len, text.splitlines())) <= width


def test_a_file_that_cannot_be_read_ends_with_its_own_status(tmp_path: Path) -> None:
    empty = tmp_path / "leeg.docx"
    empty.write_bytes(b"")

    with pytest.raises(DekkendError, match=r"leeg\.docx: Het bestand is leeg") as problem:
        explain.verdict("anb", "anb.beleid.ketenpartners", empty)
    assert problem.value.exit_status is ExitStatus.UNREADABLE


def test_a_wrong_id_is_told_before_the_file_is_read(tmp_path: Path) -> None:
    with pytest.raises(explain.UnknownRequirementError):
        explain.verdict("anb", "anb.bestaat.niet", tmp_path / "weg.docx")
