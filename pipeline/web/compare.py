"""Two versions of one document held against each other: what is solved, what is new, what stayed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.changes import Change, Holding, SchoolRef, Seen, Turn, compare
from pipeline.result import NormText, Report
from pipeline.store.record import passage_of

_SHOWN = (Turn.SOLVED, Turn.BETTER, Turn.NEW, Turn.WORSE, Turn.CHANGED, Turn.UNCHANGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A requirement that fared in some way; verdicts as the contract names them."""

    requirement: str
    title: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """``turns`` by the word of ``pipeline.changes``, only those that happened; ``other``: they can't be compared."""

    turns: Mapping[str, tuple[Turned, ...]]
    other: bool = False

    @property
    def is_any(self) -> bool:
        return any(self.turns.values())


def compare_versions(before: Report, after: Report, text: NormText) -> Versions:
    """Compare two reports of what somebody says is one document.

    Args:
        before: The report on the version before.
        after: The report on this one.
        text: Of the norm of the later one.
    """
    if before.norm is None or after.norm is None or before.norm.id != after.norm.id:
        return Versions(turns={}, other=True)
    key = ("versions", after.document.kind or "")
    changes = compare({key: _holding(before)}, {key: _holding(after)}).changes
    titles = {one.id: one.title for one in text.requirements}
    turns = {turn.value: tuple(_turned(c, titles) for c in changes if c.turn is turn) for turn in _SHOWN}
    return Versions(turns={turn: members for turn, members in turns.items() if members})


def _turned(change: Change, titles: Mapping[str, str]) -> Turned:
    return Turned(
        requirement=change.requirement,
        title=titles.get(change.requirement, change.requirement),
        before=change.before.value if change.before else None,
        after=change.after.value,
    )


def _holding(report: Report) -> Holding:
    document, norm = report.document, report.norm
    return Holding(
        result=0,
        school=SchoolRef(key="versions", name=document.path),
        kind=document.kind or "",
        place=document.path,
        school_year=document.school_year,
        sha256=document.sha256,
        norm=f"{norm.id} {norm.version}" if norm else None,
        error=None,
        findings={
            finding.requirement: Seen(
                verdict=finding.verdict, reason=finding.reason, passage=passage_of(finding, document.sha256)
            )
            for finding in report.findings
        },
    )
