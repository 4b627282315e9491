"""The fragments of this folder, each in a neutral profile, come out as the lines under them say."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from markdown_cases import Case, CaseError, Expected, cases_in, read_cases

from extractors.markdown import read_markdown
from pipeline.check.run import Examined
from pipeline.norm.load import load_norm
from pipeline.steps import examine_document

HERE = Path(__file__).parent
CASES = list(cases_in(HERE))
TITLES = {"sop": "Schoolondersteuningsprofiel", "schoolgids": "Schoolgids"}
PROFILE = "# {title} De Proefschool 2025-2026\n\n{text}\n"


@lru_cache(maxsize=1)
def examined(case: Case) -> Examined:
    document = read_markdown(PROFILE.format(title=TITLES[case.kind], text=case.text))
    result = examine_document(document, norm="anb", sector=case.sector)
    assert isinstance(result, Examined)
    return result


def lines():
    for case in CASES:
        for expected in case.expected:
            miss = [pytest.mark.xfail(strict=True, reason="known miss")] if expected.known_miss else []
            yield pytest.param(case, expected, marks=miss, id=f"{case.file}: {case.name}: {expected.requirement}")


@pytest.mark.parametrize(("case", "expected"), lines())
def test_fragment_comes_out_as_it_says(model, case: Case, expected: Expected) -> None:
    finding = next(f for f in examined(case).report.findings if f.requirement == expected.requirement)
    quotes = [e.quote for e in finding.evidence]

    assert str(finding.verdict) == expected.verdict, f"{finding.reason}: {quotes}"
    for part in expected.quotes:
        assert any(part in quote for quote in quotes), quotes


def test_every_requirement_of_the_norm_has_a_case() -> None:
    asked = {r.id for r in load_norm("anb").norm.requirements}

    assert asked == {expected.requirement for case in CASES for expected in case.expected}


def test_no_two_cases_have_one_name() -> None:
    names = [(case.file, case.name) for case in CASES]

    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "text",
    [
        "## Leeg\n- anb.x: met\n",
        "## Geen verwachting\n```document kind=sop sector=po\nTekst.\n```\n",
        "## Onbekend oordeel\n```document kind=sop sector=po\nTekst.\n```\n- anb.x: wellicht\n",
    ],
)
def test_case_that_can_not_be_read_is_an_error(text: str) -> None:
    with pytest.raises(CaseError):
        list(read_cases(text, "proef"))
