"""How sure a verdict is: a probability, higher where more agrees."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.check.confidence import confidence
from pipeline.check.passages import Passage, Unit
from pipeline.check.sighting import By, Look, Refusal, Sighting
from pipeline.check.verdict import Decision, decide
from pipeline.result import Reason, Verdict

PASSAGE = Passage(index=0, block=0, start=0, end=3, text="Wij", unit=Unit.SENTENCE, heading=None, section=(), page=None)
scores = st.floats(0, 1)
sightings = st.builds(Sighting, passage=st.just(PASSAGE), score=scores, by=st.sampled_from(By))
refusals = st.builds(Refusal, passage=st.just(PASSAGE), reason=st.sampled_from(Reason), score=scores)
many = st.lists(sightings, max_size=3).map(tuple)
looks = st.builds(
    Look,
    seen=st.sampled_from([True, False, None]),
    shows=many,
    general=many,
    refused=st.lists(refusals, max_size=3).map(tuple),
    nearest=st.sampled_from([None, PASSAGE]),
)


@given(looks=st.dictionaries(st.sampled_from("abc"), looks, min_size=1), verdict=st.sampled_from(Verdict))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_confidence_is_a_probability_with_two_decimals(looks: dict[str, Look], verdict: Verdict) -> None:
    for decision in (decide(looks), Decision(verdict, None)):
        value = confidence(decision, looks)

        assert 0 <= value <= 1
        assert value == round(value, 2)


def met(*found: Sighting) -> float:
    return confidence(Decision(Verdict.MET, None), {"c": Look(seen=True, shows=found)})


def test_met_is_surer_with_a_better_score_and_with_a_second_passage() -> None:
    weak = Sighting(passage=PASSAGE, score=0.5, by=By.MODEL)
    elsewhere = replace(weak, passage=replace(PASSAGE, index=1))

    assert met(weak) < met(replace(weak, score=0.9))
    assert met(weak) < met(weak, elsewhere)


def test_met_is_as_sure_as_its_weakest_criterion() -> None:
    weak, strong = (Look(seen=True, shows=(Sighting(passage=PASSAGE, score=s, by=By.MODEL),)) for s in (0.5, 0.95))
    decision = Decision(Verdict.MET, None)

    assert confidence(decision, {"a": weak, "b": strong}) == confidence(decision, {"a": weak})


def missing(look: Look) -> float:
    return confidence(Decision(Verdict.MISSING, Reason.NOT_FOUND), {"c": look})


def test_missing_is_surest_where_nothing_came_near() -> None:
    assert missing(Look(seen=False, nearest=PASSAGE)) < missing(Look(seen=False))


@pytest.mark.parametrize("verdict", [Verdict.REVIEW, Verdict.PARTIAL])
def test_what_is_between_is_never_as_sure_as_what_is_plain(verdict: Verdict) -> None:
    assert confidence(Decision(verdict, Reason.UNCLEAR), {"c": Look(seen=None)}) < missing(Look(seen=False))
