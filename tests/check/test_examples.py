"""`dekkend norm check`: rules about rules, and examples that must come out as they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.check.examples import norm_examples, norm_problems
from pipeline.errors import UnknownNormError
from pipeline.norm.load import load_norm
from pipeline.result import Verdict

NORM = """\
norm: proef
version: "1"
title: Proefnorm
publisher: Samenwerkingsverband Proefland
rights: Vrij te gebruiken.
kinds: [sop]
groups:
  - {id: rust, title: Rust}
requirements:
  - id: proef.rust
    title: Rustige plek
    group: rust
    level: basisnorm
    asks: De school heeft een rustige plek.
    criteria:
      - {id: plek, means: Er staat waar de plek is.}
    why: Rust helpt bij leren.
    advice: Beschrijf de rustige plek.
    example: Op de gang is een stille hoek.
    source: {law: Proefwet, article: "3"}
  - id: proef.tijd
    title: Tijd
    group: rust
    level: basisnorm
    asks: De school zegt hoe lang en voor wie.
    criteria:
      - {id: duur, means: Er staat hoe lang.}
      - {id: wie, means: Er staat voor wie.}
    why: Dan weet ieder wat kan.
    advice: Noem hoe lang.
    example: Een kwartier per dag, voor wie dat wil.
    source: {law: Proefwet, article: "4"}
"""

PLEK = """\
- criterion: proef.rust/plek
  kind: statement.v1
  signs: ['stille hoek']
  general: ['\\brust']
  examples:
    met: ["Op de gang is een stille hoek."]
    partial: ["Wij vinden rust belangrijk."]
    missing: ["Wij hebben een tuin.", "De school staat in een groene wijk.", "Wij zwemmen elke week."]
"""
TIJD = """\
- criterion: proef.tijd/duur
  kind: statement.v1
  signs: ['kwartier']
  examples:
    met: ["Leerlingen zitten daar een kwartier."]
    missing: ["Wij hebben een tuin.", "De school is groen.", "Wij zwemmen graag."]
- criterion: proef.tijd/wie
  kind: statement.v1
  signs: ['bovenbouw']
  examples:
    met: ["Het is er voor de bovenbouw."]
    missing: ["Leerlingen zitten daar een kwartier.", "De school is groen.", "Wij zwemmen graag."]
"""


@pytest.fixture
def check(tmp_path: Path):
    def problems(recognise: str = PLEK + TIJD, norm: str = NORM) -> list[str]:
        (tmp_path / "proef.recognise.yaml").write_text(recognise, encoding="utf-8")
        path = tmp_path / "proef.yaml"
        path.write_text(norm, encoding="utf-8")
        return norm_problems(str(path))

    return problems


def test_a_norm_in_order_has_no_problems(check) -> None:
    assert check() == []


def test_an_example_of_one_criterion_need_not_show_the_other(check) -> None:
    assert not any("proef.tijd" in problem for problem in check())


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "Op de gang is een stille hoek.",
            "Wij vinden rust belangrijk.",
            "voorbeeld 'met' van proef.rust/plek geeft 'partial'",
        ),
        (
            "Wij vinden rust belangrijk.",
            "Op de gang is een stille hoek.",
            "voorbeeld 'partial' van proef.rust/plek geeft 'met'",
        ),
        (
            "Wij hebben een tuin.",
            "Op het plein is een stille hoek.",
            "voorbeeld 'missing' van proef.rust/plek geeft 'met'",
        ),
    ],
)
def test_an_example_that_comes_out_otherwise_is_told_with_its_place(check, old: str, new: str, expected: str) -> None:
    assert f'proef.recognise.yaml:5: {expected}: "{new}"' in check(PLEK.replace(old, new) + TIJD)


def test_an_example_may_be_a_table_or_a_list(check) -> None:
    table = 'met: ["| Vraag | Antwoord |\\n|---|---|\\n| Waar? | In de bibliotheek is een stille hoek met kussens |"]'

    assert check(PLEK.replace('met: ["Op de gang is een stille hoek."]', table) + TIJD) == []


@pytest.mark.parametrize(
    ("recognise", "norm", "part"),
    [
        (PLEK, NORM, "proef.tijd/duur"),
        ((PLEK + TIJD).replace("statement.v1", "statment.v1", 1), NORM, "statment.v1"),
        ((PLEK + TIJD).replace("signs: ['stille hoek']", "sings: ['stille hoek']"), NORM, "sings"),
        (PLEK + TIJD, NORM.replace("title: Tijd", "titel: Tijd"), "onbekend veld 'titel'"),
        ((PLEK + TIJD).replace("  signs: ['kwartier']", "  needs_lexicon: [bestaatniet]"), NORM, "bestaatniet"),
    ],
    ids=["no recognition", "unknown kind", "unknown parameter", "misspelt field", "unknown lexicon"],
)
def test_what_cannot_run_is_told_as_a_problem(check, recognise: str, norm: str, part: str) -> None:
    assert any(part in problem for problem in check(recognise, norm))


def test_a_norm_that_is_not_there_is_wrong_use() -> None:
    with pytest.raises(UnknownNormError):
        norm_problems("bestaat-niet")


def test_examples_come_in_the_order_of_the_norm_with_what_they_say() -> None:
    examples = list(norm_examples(load_norm("anb")))
    keys = list(load_norm("anb").norm.criterion_keys())

    assert [keys.index(e.criterion) for e in examples] == sorted(keys.index(e.criterion) for e in examples)
    assert {e.expected for e in examples} == {Verdict.MET, Verdict.PARTIAL, Verdict.MISSING}


@pytest.mark.parametrize("norm", ["anb", "abc", "meierij", "opp", "opp-wet"])
def test_examples_of_shipped_norms_come_out_as_said(norm: str) -> None:
    problems = norm_problems(norm)

    assert not problems, "\n".join(["", *problems])
