"""From looks to a verdict: the whole algebra, without text, files or models.

Met when all criteria are seen; partial when some are, or when the subject is treated but stays general; otherwise
missing, with the reason that weighs most among what was refused. A criterion that could not be decided gives review,
and so does a passage of which model and words contradict each other.
Source: the verdict rule at the head of the ANB, OPP and ABC norm files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.check.sighting import Look, Refusal
from pipeline.result import Reason, Verdict


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with its reason; ``reason`` is None for met."""

    verdict: Verdict
    reason: Reason | None


def decide(looks: Mapping[str, Look], *, general_counts: bool = True) -> Decision:
    """Decide one requirement from its criteria.

    Args:
        looks: Criterion id to what was seen. Never empty.
        general_counts: The norm has a partial line for the requirement: treated in general terms is partial.

    Raises:
        ValueError: ``looks`` is empty.
    """
    if not looks:
        raise ValueError("a requirement without criteria can't be decided")
    seen = [look.seen for look in looks.values()]
    if all(seen):
        return Decision(Verdict.MET, None)
    unsure = next((look.why_unsure for look in looks.values() if look.seen is None), None)
    if None in seen:
        return Decision(Verdict.REVIEW, unsure or Reason.UNCLEAR)
    if any(seen):
        return Decision(Verdict.PARTIAL, Reason.INCOMPLETE)
    if general_counts and any(look.general for look in looks.values()):
        return Decision(Verdict.PARTIAL, Reason.GENERAL)
    why = _why_missing(r for look in looks.values() for r in look.refused)
    if why is Reason.NOT_FOUND and any(look.doubtful for look in looks.values()):
        return Decision(Verdict.REVIEW, Reason.UNCLEAR)
    return Decision(Verdict.MISSING, why)


# What is told first when a subject was found but refused for several reasons: what the school itself said of it.
_WEIGHT = (
    Reason.EXPLICITLY_ABSENT,
    Reason.PLANNED,
    Reason.REFERENCE_ONLY,
    Reason.DEFINITION_ONLY,
    Reason.TEMPLATE_TEXT,
    Reason.HEADING_ONLY,
)


def _why_missing(refused: Iterable[Refusal]) -> Reason:
    """The weightiest reason among refusals that were clearly on the subject."""
    reasons = {r.reason for r in refused if r.score >= 0.4}
    return next((r for r in _WEIGHT if r in reasons), Reason.NOT_FOUND)
