from __future__ import annotations

import re

import pytest

from pipeline.report.text import render_text

from .factory import READING_ORDER, make_error, make_hostile, make_norm, make_pupil_report, make_report

NORMS = {"anb": make_norm()}


def test_gaps_come_first_and_in_full() -> None:
    text = render_text([make_report()], NORMS)
    titles = {requirement.id: requirement.title for requirement in make_norm().requirements}
    body = text[text.index("NIET GEVONDEN (2)") :]
    marks = [(body.index(f" {titles[identifier]}"), identifier) for identifier in READING_ORDER]
    assert [identifier for _, identifier in sorted(marks)] == list(READING_ORDER)


def test_every_finding_is_there_once() -> None:
    text = render_text([make_report()], NORMS)
    for requirement in make_norm().requirements:
        assert len(re.findall(rf"^[○◐?✓–] {re.escape(requirement.title)}", text, re.MULTILINE)) == 1


def test_count_line() -> None:
    last = render_text([make_report()], NORMS).splitlines()[-1]
    assert last == "10 eisen: 2 niet gevonden, 2 deels, 1 zelf nagaan, 4 aangetroffen, 1 niet van toepassing"


@pytest.mark.parametrize("width", [1, 40, 60, 80, 100, 140])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    text = render_text([make_report(), make_pupil_report(), make_error()], NORMS, width=width)
    assert max(map(len, text.splitlines())) <= max(width, 40)


def test_quote_and_page_number_stay_together() -> None:
    for width in range(40, 121):
        text = render_text([make_report()], NORMS, width=width)
        assert not re.search(r"[(,] ?blz\.$", text, re.MULTILINE)
        assert "\xa0" not in text


def test_colour_is_only_added_to_the_words() -> None:
    plain = render_text([make_report()], NORMS)
    coloured = render_text([make_report()], NORMS, colour=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_document_cannot_steer_the_terminal() -> None:
    text = render_text([make_hostile()], NORMS)
    assert "rood" in text
    assert all(char.isprintable() or char == "\n" for char in text)


def test_unreadable_file() -> None:
    text = render_text([make_report(), make_error()], NORMS)
    assert "NIET TE LEZEN: Scan zonder tekst" in text
    assert text.endswith("2 documenten: 1 gelezen, 1 niet te lezen\n")


def test_requirements_that_were_not_checked_are_named() -> None:
    report = make_report(findings=make_report().findings[1:])
    assert "NIET GETOETST (1)\n· Oordeel van de inspectie" in render_text([report], NORMS)


def test_no_reports_no_text() -> None:
    assert render_text([], NORMS) == ""
