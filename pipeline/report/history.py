"""Results over time as text for the terminal: the history of a school, two runs compared, the latest runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from pipeline.changes import Cause, Change, Comparison, SchoolRef, Turn, is_gap
from pipeline.report.runs import render_text

TitleOf = Callable[[str], str]
"""From the id of a requirement to what people call it."""

_TURNS = (Turn.SOLVED, Turn.BETTER, Turn.NEW, Turn.WORSE, Turn.CHANGED)


def render_history(school: SchoolRef, steps: Sequence[Any], decisions: Sequence[Any], title_of: TitleOf) -> str:
    """What each run changed for a school, what is open now, and what people decided.

    Args:
        school: The school.
        steps: Oldest first; with run, moment, comparison and standing.
        decisions: That were not withdrawn.
        title_of: Names requirements.
    """
    shown = [{"step": step, "groups": _by_turn(_later(step.comparison), _TURNS)} for step in steps]
    last = steps[-1].standing.values() if steps else ()
    open_now = [(h, [(r, s) for r, s in sorted(h.findings.items()) if is_gap(s.verdict)]) for h in last]
    return render_text(
        "history.txt.j2", school=school, shown=shown, open_now=open_now, decisions=decisions, title_of=title_of
    )


def render_diff(before: Any, after: Any, comparison: Comparison, title_of: TitleOf, *, everything: bool) -> str:
    """What changed between two runs, by school; ``everything`` shows the gaps that stayed too."""
    turns = (*_TURNS, Turn.UNCHANGED) if everything else _TURNS
    changes = [change for change in comparison.changes if change.turn in turns]
    ordered = sorted(changes, key=lambda c: (c.school.name.casefold(), c.school.key, c.kind))
    schools = [
        (members[0].school, members[0].kind, _by_turn(members, turns))
        for members in (list(group) for _, group in groupby(ordered, key=lambda c: (c.school.key, c.kind)))
    ]
    counts = {turn.value: len(comparison.with_turn(turn)) for turn in Turn}
    return render_text(
        "diff.txt.j2",
        before=before,
        after=after,
        comparison=comparison,
        schools=schools,
        counts=counts,
        title_of=title_of,
    )


def render_status(runs: Sequence[Any], documents: int, failures: Mapping[str, int]) -> str:
    """The latest runs, newest first, and what can't be read now."""
    return render_text("status.txt.j2", runs=runs, documents=documents, failures=failures)


def _later(comparison: Comparison) -> list[Change]:
    """Without what a document lacked when it came in: that is counted in one line, and what is open stands below."""
    return [change for change in comparison.changes if change.cause is not Cause.ARRIVED]


def _by_turn(changes: Iterable[Change], turns: Sequence[Turn]) -> list[tuple[str, list[Change]]]:
    found = [(turn.value, [change for change in changes if change.turn is turn]) for turn in turns]
    return [(turn, members) for turn, members in found if members]
