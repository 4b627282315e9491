"""How sure a verdict is, as a probability that a careful second reader agrees.

The numbers are shares of right verdicts on the labelled profiles, by what the verdict rests on; ``dekkend evaluate``
prints the same shares again, so that they can be kept honest.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.check.sighting import By, Look
from pipeline.check.verdict import Decision
from pipeline.result import Verdict


def confidence(decision: Decision, looks: Mapping[str, Look]) -> float:
    """Confidence 0..1, two decimals."""
    match decision.verdict:
        case Verdict.MET:
            return round(min((_of_met(look) for look in looks.values()), default=0.5), 2)
        case Verdict.PARTIAL:
            return 0.75
        case Verdict.MISSING:
            return round(0.98 - 0.45 * max((_near(look) for look in looks.values()), default=0.0), 2)
        case _:
            return 0.5


def _of_met(look: Look) -> float:
    best = max((s.score for s in look.shows), default=0.0)
    agree = any(s.by is By.BOTH for s in look.shows) or len(look.shows) > 1
    return min(0.99, 0.6 + 0.35 * best + (0.04 if agree else 0.0))


def _near(look: Look) -> float:
    return max([r.score for r in look.refused] + [0.25 if look.nearest else 0.0], default=0.0)
