"""Shorthand of forms is written out before a passage is scored; anything else stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.check.shorthand import in_full


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("verl. instr. gr. 3-5", "verlengde instructie groep 3-5"),
        ("6x p/j", "6x per jaar"),
        ("toetsen okt/mrt", "toetsen oktober/maart"),
        ("o.l.v. de IB'er, i.s.m. ouders", "onder leiding van de IB'er, in samenwerking met ouders"),
        ("max. 5 lln", "maximaal 5 leerlingen"),
        ("www.school.example/gr", "www.school.example/groep"),
        ("De groep leest elke dag.", "De groep leest elke dag."),
        ("Jan komt in maart.", "Jan komt in maart."),
        ("OPP, SMW en JGZ", "OPP, SMW en JGZ"),
    ],
)
def test_shorthand_is_written_out(text: str, full: str) -> None:
    assert in_full(text) == full


@given(st.text(alphabet="abcdefgh .,/", max_size=40))
def test_written_out_text_stays_as_it_is(text: str) -> None:
    once = in_full(text)

    assert in_full(once) == once
