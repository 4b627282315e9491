"""What changed between two moments: what got solved, what is new, what stayed, by school. Pure; reads no store.

A finding is known across runs by school (BRIN, else name), kind of document and requirement (contract, "Report").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipeline.result import Reason, Verdict

# How much is asked of a school; `review` is a question to a person and neither better nor worse than `partial`.
_DISTANCE: Mapping[Verdict, int] = {
    Verdict.MET: 0,
    Verdict.NOT_APPLICABLE: 0,
    Verdict.REVIEW: 1,
    Verdict.PARTIAL: 1,
    Verdict.MISSING: 2,
}


class Turn(StrEnum):
    """How a requirement fared; UNCHANGED is a gap that stayed, what stayed in order is no change at all."""

    SOLVED = "solved"
    BETTER = "better"
    NEW = "new"
    WORSE = "worse"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Cause(StrEnum):
    """Where a change came from: only DOCUMENT and ARRIVED are about what a school did."""

    ARRIVED = "arrived"
    DOCUMENT = "document"
    NORM = "norm"
    RECOGNITION = "recognition"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolRef:
    """A school as its documents name it; ``key`` is what it is known by."""

    key: str
    name: str
    brin: str | None = None
    board: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A verdict at one moment; ``passage`` changes when what it rests on changes."""

    verdict: Verdict
    reason: Reason | None
    passage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The document that stands for a school and a kind at one moment."""

    result: int
    """Number of the result in the store."""
    school: SchoolRef
    kind: str
    place: str
    school_year: str | None
    sha256: str | None
    norm: str | None
    """Id and version."""
    error: str | None
    findings: Mapping[str, Seen]

    @property
    def gaps(self) -> int:
        """How many requirements ask something of somebody."""
        return sum(is_gap(seen.verdict) for seen in self.findings.values())


Standing = Mapping[tuple[str, str], Holding]
"""By school key and kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    school: SchoolRef
    kind: str
    requirement: str
    turn: Turn
    cause: Cause
    before: Verdict | None
    after: Verdict
    reason: Reason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    changes: tuple[Change, ...]
    """Of documents that are there at both moments or arrived; unchanged gaps included."""
    arrived: tuple[Holding, ...]
    gone: tuple[Holding, ...]
    """No longer there: what was asked of them is not solved."""
    unread: tuple[Holding, ...]
    """Could be read before and can't be now."""

    def with_turn(self, *turns: Turn) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.turn in turns)


def is_gap(verdict: Verdict) -> bool:
    """Whether a verdict asks something of somebody, in the sense of the exit status."""
    return _DISTANCE[verdict] > 0


def compare(before: Standing, after: Standing) -> Comparison:
    """Compare two moments, by school, kind and requirement; the order is that of names and ids."""
    keys = sorted(after, key=lambda key: (after[key].school.name.casefold(), key))
    changes: list[Change] = []
    for key in keys:
        changes.extend(_changes(before.get(key), after[key]))
    return Comparison(
        changes=tuple(changes),
        arrived=tuple(after[key] for key in keys if key not in before),
        gone=tuple(before[key] for key in sorted(before) if key not in after),
        unread=tuple(after[key] for key in keys if after[key].error and key in before and not before[key].error),
    )


def _changes(before: Holding | None, after: Holding) -> Iterator[Change]:
    for requirement, now in sorted(after.findings.items()):
        then = before.findings.get(requirement) if before else None
        turn = _turn(then.verdict if then else None, now.verdict)
        if turn is not None:
            yield Change(
                school=after.school,
                kind=after.kind,
                requirement=requirement,
                turn=turn,
                cause=_cause(before, after, known=then is not None),
                before=then.verdict if then else None,
                after=now.verdict,
                reason=now.reason,
            )


def _turn(before: Verdict | None, after: Verdict) -> Turn | None:
    if before is None:
        return Turn.NEW if is_gap(after) else None
    if not is_gap(after):
        return Turn.SOLVED if is_gap(before) else None
    if not is_gap(before):
        return Turn.NEW
    if before is after:
        return Turn.UNCHANGED
    step = _DISTANCE[after] - _DISTANCE[before]
    # from or to `review` a person has to look; that says nothing on the school yet
    if step == 0 or Verdict.REVIEW in (before, after):
        return Turn.CHANGED
    return Turn.BETTER if step < 0 else Turn.WORSE


def _cause(before: Holding | None, after: Holding, *, known: bool) -> Cause:
    if before is None or before.error:
        return Cause.ARRIVED
    if before.norm != after.norm or not known:
        return Cause.NORM
    return Cause.DOCUMENT if before.sha256 != after.sha256 else Cause.RECOGNITION
