"""How sure a verdict is, as a probability that a careful second reader agrees.

Told by what the verdict rests on. The shapes were read off 42 labelled profiles, the heights off the documents that
nobody had tuned to when they were measured: twelve profiles (met right 94%, partial 75%, missing 80%) and the sixteen
documents of ``tests/blind2`` (met 95%, partial 50%, missing 65%), weighed by their number. ``make reliability`` prints
said against right, so that they can be kept honest.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from pipeline.check.sighting import Look
from pipeline.check.verdict import Decision
from pipeline.result import Reason, Verdict

# best score of the weakest criterion -> share right
_MET = ((0.0, 0.6), (0.5, 0.7), (0.7, 0.77), (0.8, 0.84), (0.9, 0.9), (1.0, 0.95))
_SECOND_PASSAGE = 0.04
_PARTIAL = {Reason.GENERAL: 0.62, Reason.INCOMPLETE: 0.7}
_NOTHING_NEAR, _REFUSED, _SOMETHING_NEAR = 0.8, 0.78, 0.58


# Share of the verdicts that are the same on a scan as on the text that it was made of: of ten profiles drawn at 200 dpi
# with noise and a slight turn, 194 of 197 met, 82 of 88 partial and 91 of 92 missing. Real scans are worse than those.
_BY_OCR = {Verdict.MET: 0.95, Verdict.PARTIAL: 0.9, Verdict.MISSING: 0.95}


def confidence(decision: Decision, looks: Mapping[str, Look], *, doubtful_text: bool = False) -> float:
    """Confidence 0..1, two decimals.

    Args:
        decision: The verdict.
        looks: What it rests on.
        doubtful_text: Whether part of the document was read by OCR or from a broken encoding: what was not found may
            have been misread there.
    """
    match decision.verdict:
        case Verdict.MET:
            value = min((_of_met(look) for look in looks.values()), default=0.5)
        case Verdict.PARTIAL:
            value = _PARTIAL.get(decision.reason or Reason.GENERAL, 0.62)
        case Verdict.MISSING:
            value = _of_missing(decision, looks)
        case _:
            value = 0.5
    doubtful = doubtful_text if decision.verdict is Verdict.MISSING else _rests_on_doubtful(decision, looks)
    return round(value * (_BY_OCR.get(decision.verdict, 1.0) if doubtful else 1.0), 2)


def _rests_on_doubtful(decision: Decision, looks: Mapping[str, Look]) -> bool:
    """Whether something that the verdict needs is shown by text alone that may have been misread."""
    shown = [look.shows or look.general for look in looks.values()]
    every = [all(sighting.passage.uncertain for sighting in sightings) for sightings in shown if sightings]
    return any(every) if decision.verdict is Verdict.MET else bool(every) and all(every)


def _of_met(look: Look) -> float:
    best = max((s.score for s in look.shows), default=0.0)
    more = len({s.passage.index for s in look.shows}) > 1
    return min(0.99, _between(best) + (_SECOND_PASSAGE if more else 0.0))


def _between(score: float) -> float:
    for (low, at_low), (high, at_high) in pairwise(_MET):
        if score <= high:
            return at_low + (at_high - at_low) * (score - low) / (high - low)
    return _MET[-1][1]


def _of_missing(decision: Decision, looks: Mapping[str, Look]) -> float:
    if decision.reason is not Reason.NOT_FOUND:
        return _REFUSED
    return _SOMETHING_NEAR if any(look.nearest is not None for look in looks.values()) else _NOTHING_NEAR
