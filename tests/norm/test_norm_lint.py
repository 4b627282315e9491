from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import BaseModel, ConfigDict, Field

from pipeline.norm.lint import lint_norm
from pipeline.norm.load import load_norm


class Named(BaseModel):
    model_config = ConfigDict(extra="forbid")

    lexicon: str
    at_least: int = Field(default=1, ge=1)


KINDS = {"named.v1": Named}
LAST_RECOGNITION = """\
- criterion: proef.rust/plek
  kind: named.v1
  lexicon: plekken
  not_applicable_when: geen gebouw
  examples:
    met: [In de gang staat een stille bank.]
    missing: [Rust is belangrijk., Er komt een stille plek., Zie plattegrond.]
"""

BAD = [
    # name, old text, new text, file, line, code, message
    ("id of another norm", "id: proef.rust", "id: ander.rust", "proef.yaml", 26, "id-form", "'proef.zorg.naam' of"),
    ("id with capitals", "id: proef.rust", "id: proef.Rust", "proef.yaml", 26, "id-form", "in kleine letters"),
    ("id of another group", "id: proef.rust", "id: proef.beleid.rust", "proef.yaml", 26, "id-form", "proef.zorg.naam"),
    ("criterion id", "- id: plek", "- id: Plek", "proef.yaml", 32, "id-form", "criterium 'Plek'"),
    ("title twice", "title: Rust", "title: partners", "proef.yaml", 27, "title-unique", "ook die van eis"),
    ("group without requirements", "group: zorg", "group: beleid", "proef.yaml", 9, "group-empty", "groep 'zorg'"),
    (
        "groups out of order",
        "  - {id: beleid, title: Beleid}\n  - {id: zorg, title: Zorg}",
        "  - {id: zorg, title: Zorg}\n  - {id: beleid, title: Beleid}",
        "proef.yaml",
        28,
        "group-order",
        "eis 'proef.rust' staat niet bij groep 'zorg'",
    ),
    ("no date", ", consulted: 2026-11-21", "", "proef.yaml", 25, "source-incomplete", "bron van eis"),
    ("no heading", ", heading: Partners", "", "proef.yaml", 25, "source-incomplete", "bron van eis"),
    ("no article", ', article: "3, eerste lid"', "", "proef.yaml", 37, "source-incomplete", "law en article"),
    ("long title", "title: Rust", f"title: {'R' * 61}", "proef.yaml", 27, "too-long", "61 tekens lang, hoogstens 60"),
    ("long advice", "Noem uw", f"Noem {'x' * 290} uw", "proef.yaml", 23, "too-long", "'advice'"),
    ("ambition obliges", "Er is een rustige", "Er moet een rustige", "proef.yaml", 30, "wording", "zegt 'moet'"),
    (
        "ambition obliges in means",
        "Er staat waar de",
        "Verplicht staat waar de",
        "proef.yaml",
        32,
        "wording",
        "'Verplicht'",
    ),
    (
        "advice obliges",
        "Noem uw partners",
        "Noem uw partners, dat is verplicht",
        "proef.yaml",
        23,
        "wording",
        "'advice'",
    ),
    ("duty is weakened", "moet haar", "zou kunnen haar", "proef.yaml", 18, "wording", "(met level 'wettelijk')"),
    ("no verb", "advice: Beschrijf", "advice: De", "proef.yaml", 35, "advice-verb", "begint met 'De'"),
    (
        "no recognition",
        LAST_RECOGNITION,
        "",
        "proef.yaml",
        32,
        "no-recognition",
        "criterium 'proef.rust/plek' heeft geen herkenning",
    ),
    ("too few misses", ", Zie plattegrond.", "", "proef.recognise.yaml", 18, "examples", "2 voorbeelden 'missing'"),
    ("no hit", "met: [In de gang staat een stille bank.]", "met: []", "proef.recognise.yaml", 18, "examples", "'met'"),
    (
        "example twice",
        "Zie plattegrond.",
        "Rust is belangrijk.",
        "proef.recognise.yaml",
        18,
        "examples-unique",
        "twee keer",
    ),
    ("unknown kind", "kind: named.v1", "kind: name.v1", "proef.recognise.yaml", 2, "kind-unknown", "'named.v1'?"),
    ("unknown param", "at_least: 2", "at_leest: 2", "proef.recognise.yaml", 4, "params", "bedoelde u 'at_least'?"),
    ("bad param", "at_least: 2", "at_least: twee", "proef.recognise.yaml", 4, "params", "geheel getal"),
    (
        "param out of range",
        "at_least: 2",
        "at_least: 0",
        "proef.recognise.yaml",
        4,
        "params",
        "veld 'at_least' klopt niet",
    ),
    ("missing param", "  lexicon: doelen\n", "", "proef.recognise.yaml", 8, "params", "veld 'lexicon' ontbreekt"),
]


@pytest.mark.parametrize(
    ("old", "new", "file", "line", "code", "message"), [b[1:] for b in BAD], ids=[b[0] for b in BAD]
)
def test_problem_is_named_with_place_and_code(write_norm, old, new, file, line, code, message):
    # a changed id leaves its recognition without criterion, which loading refuses
    path = write_norm(old, new, recognise="") if code == "id-form" else write_norm(old, new)
    loaded = load_norm(path)
    problems = [problem for problem in lint_norm(loaded, KINDS) if problem.code == code]
    assert [(problem.file, problem.line) for problem in problems] == [(file, line)]
    assert message in problems[0].message
    assert str(problems[0]).startswith(f"{file}:{line}: ")


def test_good_norm_has_no_problems(write_norm):
    assert lint_norm(load_norm(write_norm()), KINDS) == ()


@pytest.mark.parametrize("level", ["    level: basisnorm\n", ""])
def test_only_a_legal_duty_claims_the_law(write_norm, level):
    path = write_norm("    level: streefnorm\n", level)
    path.write_text(path.read_text(encoding="utf-8").replace("Er is een", "Verplicht is een"), encoding="utf-8")
    assert [problem.code for problem in lint_norm(load_norm(path), KINDS)] == ["wording"]


def test_an_agreement_may_say_must(write_norm):
    path = write_norm("    level: streefnorm\n", "    level: basisnorm\n")
    path.write_text(path.read_text(encoding="utf-8").replace("Er is een", "Er moet een"), encoding="utf-8")
    assert lint_norm(load_norm(path), KINDS) == ()


def test_examples_may_say_anything(write_norm):
    assert lint_norm(load_norm(write_norm("Op de gang is", "Wij moeten praten. Op de gang is")), KINDS) == ()


def test_kinds_are_not_judged_without_their_models(write_norm):
    assert lint_norm(load_norm(write_norm("kind: named.v1", "kind: name.v1"))) == ()


def test_unfinished_examples_and_unknown_verbs_are_warnings(write_norm):
    path = write_norm("met: [In de gang staat een stille bank.]", "met: []")
    path.write_text(path.read_text(encoding="utf-8").replace("advice: Noem", "advice: Knip"), encoding="utf-8")
    problems = lint_norm(load_norm(path), KINDS)
    assert {(problem.code, problem.severity) for problem in problems} == {
        ("advice-verb", "warning"),
        ("examples", "warning"),
    }


def test_recognition_without_criterion_is_named(write_norm):
    loaded = load_norm(write_norm())
    extra = loaded.recognitions["proef.rust/plek"].model_copy(update={"criterion": "proef.rust/plak"})
    loaded = replace(loaded, recognitions={**loaded.recognitions, "proef.rust/plak": extra}, places={})
    (problem,) = lint_norm(loaded, KINDS)
    assert (problem.file, problem.line, problem.code) == ("proef.yaml", 1, "no-criterion")
    assert "bedoelde u 'proef.rust/plek'?" in problem.message
