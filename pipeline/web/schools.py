"""What the store knows of a school, as its page shows it: verdicts with quotes, and beside them what people decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.changes import Cause, Holding, Standing, Turn
from pipeline.report.labels import label, read_labels
from pipeline.report.shown import Word
from pipeline.report.view import ORDER, place_words, verdict_word
from pipeline.result import Verdict
from pipeline.store.decisions import Decision
from pipeline.store.read import Kept, Step

TitleOf = Callable[[str], str]
_TURNS = (Turn.SOLVED, Turn.BETTER, Turn.NEW, Turn.WORSE, Turn.CHANGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVerdict:
    """A requirement as it stands; ``decision`` is of a person, also one that lapsed since the passage changed."""

    requirement: str
    title: str
    verdict: Word
    reason: str
    passage: str
    quotes: tuple[tuple[str, str], ...]
    decision: Decision | None
    decided: Word | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDocument:
    kind: str
    kind_word: str
    place: str
    school_year: str
    norm: str
    error: str
    gaps: int
    verdicts: tuple[ShownVerdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A school in the list: one for each of its documents."""

    key: str
    name: str
    has_page: bool
    kind_word: str
    school_year: str
    error: str
    gaps: int
    counts: Mapping[str, int]


def list_schools(standing: Standing, *, only: frozenset[str] | None) -> list[Line]:
    """All documents that hold, by the name of the school.

    Args:
        standing: What holds now.
        only: Keys of the schools that may be seen; None for all.
    """
    lines = [
        Line(
            key=key,
            name=holding.school.name,
            has_page=not key.startswith("document:"),
            kind_word=label("kinds", kind or "unknown"),
            school_year=holding.school_year or "",
            error=_error(holding),
            gaps=holding.gaps,
            counts={v.value: sum(seen.verdict is v for seen in holding.findings.values()) for v in Verdict},
        )
        for (key, kind), holding in standing.items()
        if only is None or key in only
    ]
    return sorted(lines, key=lambda line: (line.name.casefold(), line.key, line.kind_word))


def show_documents(
    standing: Standing,
    quotes: Mapping[int, Mapping[str, tuple[Kept, ...]]],
    decisions: Sequence[Decision],
    title_of: TitleOf,
) -> list[ShownDocument]:
    """The documents of one school with their verdicts, gaps first.

    Args:
        standing: Of the school alone.
        quotes: By result and requirement.
        decisions: That were not withdrawn.
        title_of: Names requirements.
    """
    by_place = {(one.kind, one.requirement): one for one in decisions}
    return [
        ShownDocument(
            kind=kind,
            kind_word=label("kinds", kind or "unknown"),
            place=holding.place,
            school_year=holding.school_year or "",
            norm=holding.norm or "",
            error=_error(holding),
            gaps=holding.gaps,
            verdicts=tuple(_verdicts(kind, holding, quotes.get(holding.result, {}), by_place, title_of)),
        )
        for (_, kind), holding in sorted(standing.items())
    ]


def show_history(steps: Sequence[Step], title_of: TitleOf) -> list[dict[str, object]]:
    """What each run changed, the newest first; what a document lacked when it came in is counted only."""
    shown: list[dict[str, object]] = []
    for step in reversed(steps):
        later = [change for change in step.comparison.changes if change.cause is not Cause.ARRIVED]
        turns = {
            turn.value: [(title_of(c.requirement), c.before, c.after) for c in later if c.turn is turn]
            for turn in _TURNS
        }
        shown.append(
            {
                "run": step.run,
                "moment": step.moment,
                "turns": {turn: members for turn, members in turns.items() if members},
                "arrived": [label("kinds", holding.kind) for holding in step.comparison.arrived],
                "gone": [label("kinds", holding.kind) for holding in step.comparison.gone],
                "gaps": sum(holding.gaps for holding in step.standing.values()),
            }
        )
    return shown


def _verdicts(
    kind: str,
    holding: Holding,
    quotes: Mapping[str, tuple[Kept, ...]],
    decisions: Mapping[tuple[str, str], Decision],
    title_of: TitleOf,
) -> Iterator[ShownVerdict]:
    ordered = sorted(holding.findings.items(), key=lambda item: (ORDER.index(item[1].verdict), item[0]))
    for requirement, seen in ordered:
        decision = decisions.get((kind, requirement))
        yield ShownVerdict(
            requirement=requirement,
            title=title_of(requirement),
            verdict=verdict_word(seen.verdict),
            reason=label("reasons", seen.reason),
            passage=seen.passage,
            quotes=tuple((one.quote, place_words(one.section, one.page)) for one in quotes.get(requirement, ())),
            decision=decision,
            decided=verdict_word(decision.verdict) if decision else None,
        )


def _error(holding: Holding) -> str:
    if holding.error is None:
        return ""
    return str(read_labels()["errors"].get(holding.error, {"word": holding.error})["word"])
