"""From criteria to a verdict: the whole truth table, and what must hold for any of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.check.passages import Passage, Unit
from pipeline.check.sighting import By, Look, Refusal, Sighting
from pipeline.check.verdict import Decision, decide
from pipeline.result import Evidence, Finding, Reason, Verdict

PASSAGE = Passage(index=0, block=0, start=0, end=3, text="Wij", unit=Unit.SENTENCE, heading=None, section=(), page=None)
SIGHTING = Sighting(passage=PASSAGE, score=0.9, by=By.MODEL)
SEEN = Look(seen=True, shows=(SIGHTING,))
UNSEEN = Look(seen=False)
GENERAL = Look(seen=False, general=(SIGHTING,))
UNSURE = Look(seen=None)

TABLE = [
    # looks, verdict, reason
    ([SEEN], Verdict.MET, None),
    ([UNSEEN], Verdict.MISSING, Reason.NOT_FOUND),
    ([GENERAL], Verdict.PARTIAL, Reason.GENERAL),
    ([UNSURE], Verdict.REVIEW, Reason.UNCLEAR),
    ([SEEN, SEEN], Verdict.MET, None),
    ([SEEN, UNSEEN], Verdict.PARTIAL, Reason.INCOMPLETE),
    ([SEEN, GENERAL], Verdict.PARTIAL, Reason.INCOMPLETE),
    ([SEEN, UNSURE], Verdict.REVIEW, Reason.UNCLEAR),
    ([UNSEEN, UNSEEN], Verdict.MISSING, Reason.NOT_FOUND),
    ([UNSEEN, GENERAL], Verdict.PARTIAL, Reason.GENERAL),
    ([UNSEEN, UNSURE], Verdict.REVIEW, Reason.UNCLEAR),
    ([GENERAL, GENERAL], Verdict.PARTIAL, Reason.GENERAL),
    ([GENERAL, UNSURE], Verdict.REVIEW, Reason.UNCLEAR),
    ([UNSURE, UNSURE], Verdict.REVIEW, Reason.UNCLEAR),
]


def named(looks: list[Look] | tuple[Look, ...]) -> dict[str, Look]:
    return {f"c{number}": look for number, look in enumerate(looks)}


@pytest.mark.parametrize(("looks", "verdict", "reason"), TABLE)
def test_criteria_make_the_verdict_in_any_order(looks: list[Look], verdict: Verdict, reason: Reason | None) -> None:
    for order in permutations(looks):
        assert decide(named(order)) == Decision(verdict, reason)


def test_the_table_is_complete() -> None:
    pairs = {frozenset((id(a), id(b))) for a, b in product([SEEN, UNSEEN, GENERAL, UNSURE], repeat=2)}

    assert {frozenset(map(id, looks)) for looks, *_ in TABLE} == pairs


def test_general_counts_for_nothing_where_the_norm_has_no_partial() -> None:
    assert decide(named([GENERAL]), general_counts=False).verdict is Verdict.MISSING


def test_requirement_without_criteria_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="criteria"):
        decide({})


REASONS = [
    # reasons of refusals, what is told
    ([], Reason.NOT_FOUND),
    ([Reason.DEFINITION_ONLY], Reason.DEFINITION_ONLY),
    ([Reason.HEADING_ONLY, Reason.TEMPLATE_TEXT], Reason.TEMPLATE_TEXT),
    ([Reason.TEMPLATE_TEXT, Reason.DEFINITION_ONLY], Reason.DEFINITION_ONLY),
    ([Reason.DEFINITION_ONLY, Reason.REFERENCE_ONLY], Reason.REFERENCE_ONLY),
    ([Reason.REFERENCE_ONLY, Reason.PLANNED], Reason.PLANNED),
    ([Reason.PLANNED, Reason.EXPLICITLY_ABSENT], Reason.EXPLICITLY_ABSENT),
]


@pytest.mark.parametrize(("reasons", "told"), REASONS)
def test_missing_tells_what_the_school_itself_said_of_it_first(reasons: list[Reason], told: Reason) -> None:
    refused = tuple(Refusal(passage=PASSAGE, reason=r, score=0.7) for r in reasons)

    for order in permutations(refused):
        assert decide({"c": Look(seen=False, refused=order)}) == Decision(Verdict.MISSING, told)


def test_refusal_that_was_hardly_on_the_subject_is_no_reason() -> None:
    faint = Refusal(passage=PASSAGE, reason=Reason.PLANNED, score=0.2)

    assert decide({"c": Look(seen=False, refused=(faint,))}).reason is Reason.NOT_FOUND


def test_what_a_criterion_says_of_its_doubt_is_the_reason_for_review() -> None:
    look = Look(seen=None, why_unsure=Reason.RECOGNISER_FAILED)

    assert decide(named([UNSEEN, look])) == Decision(Verdict.REVIEW, Reason.RECOGNISER_FAILED)


looks = st.lists(st.sampled_from([SEEN, UNSEEN, GENERAL, UNSURE]), min_size=1, max_size=5)
RANK = {Verdict.MISSING: 0, Verdict.PARTIAL: 1, Verdict.MET: 2}


@given(looks=looks, data=st.data())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_one_more_criterion_seen_never_lowers_a_verdict(looks: list[Look], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(looks) - 1))
    more = [*looks[:at], SEEN, *looks[at + 1 :]]
    before, after = decide(named(looks)).verdict, decide(named(more)).verdict

    assert RANK.get(after, 0) >= RANK.get(before, 0) or after is Verdict.REVIEW


@given(looks=looks)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_met_and_partial_always_have_something_to_show(looks: list[Look]) -> None:
    decision = decide(named(looks))
    shown = any(look.shows or look.general for look in looks)

    assert shown or decision.verdict not in (Verdict.MET, Verdict.PARTIAL)
    assert (decision.reason is None) == (decision.verdict is Verdict.MET)


@given(looks=looks)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_undecided_is_never_met_or_missing(looks: list[Look]) -> None:
    decision = decide(named([*looks, UNSURE]))

    assert decision.verdict is Verdict.REVIEW


FINDING = Finding(
    requirement="a.b",
    verdict=Verdict.MET,
    confidence=0.9,
    criteria={"c": True},
    evidence=(Evidence(quote="Wij", page=None, block=0, start=0, end=3, section=None),),
    reason=None,
    message="Gevonden.",
    advice="",
)


@pytest.mark.parametrize("verdict", [Verdict.MET, Verdict.PARTIAL])
def test_finding_that_claims_without_evidence_can_not_be_made(verdict: Verdict) -> None:
    with pytest.raises(ValidationError, match="without evidence"):
        Finding(**{**FINDING.model_dump(), "verdict": verdict, "evidence": ()})


@pytest.mark.parametrize("verdict", [Verdict.MET, Verdict.NOT_APPLICABLE])
def test_finding_that_lacks_nothing_has_no_reason(verdict: Verdict) -> None:
    with pytest.raises(ValidationError, match="with a reason"):
        Finding(**{**FINDING.model_dump(), "verdict": verdict, "reason": Reason.GENERAL})


def test_looks_can_not_be_changed() -> None:
    with pytest.raises(AttributeError):
        SEEN.seen = False  # type: ignore[misc]
    assert replace(SEEN, seen=False).seen is False
