"""Answers from the store: runs, what held at a run, the history of a school, what could not be read."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, func, or_, select

from pipeline.changes import Comparison, Holding, SchoolRef, Seen, Standing, compare
from pipeline.result import Reason, Verdict
from pipeline.store import tables as t
from pipeline.store.errors import UnknownRunError, UnknownSchoolError
from pipeline.store.record import COMPLETED, folded
from pipeline.store.retry import persistently

LAST, PREVIOUS = "laatste", "vorige"
_MOST_SHOWN = 8  # of the schools that a name may mean


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    id: int
    what: str
    status: str
    started: dt.datetime
    finished: dt.datetime | None
    told: dt.datetime | None
    inboxes: tuple[str, ...]
    documents: int | None
    checked: int | None
    removed: int | None
    unreadable: int | None
    seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A document that could not be read; ``place`` is None where it may be about a pupil."""

    inbox: str
    mark: str
    place: str | None
    school: str | None
    code: str
    since: int
    """The run that found it so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A quote as the store has it."""

    quote: str
    page: int | None
    section: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a run changed for a school."""

    run: int
    moment: dt.datetime
    comparison: Comparison
    standing: Standing


@persistently
def latest_runs(engine: Engine, count: int = 10) -> tuple[RunInfo, ...]:
    """The latest runs, newest first."""
    with engine.begin() as connection:
        rows = connection.execute(select(t.runs).order_by(t.runs.c.id.desc()).limit(count)).all()
        return tuple(_run_info(connection, row) for row in rows)


@persistently
def find_run(engine: Engine, word: str) -> RunInfo:
    """A run by its number, or ``laatste`` or ``vorige``: of the runs that were finished.

    Raises:
        UnknownRunError: There is none.
    """
    with engine.begin() as connection:
        query = select(t.runs)
        if word in (LAST, PREVIOUS):
            query = query.where(t.runs.c.status == COMPLETED).order_by(t.runs.c.id.desc())
            row = connection.execute(query.limit(1).offset(int(word == PREVIOUS))).first()
        else:
            row = connection.execute(query.where(t.runs.c.id == int(word))).first() if word.isdecimal() else None
        if row is None:
            raise UnknownRunError(f"Run {word} staat niet in de opslag.")
        return _run_info(connection, row)


@persistently
def last_told(engine: Engine, run: int) -> int | None:
    """The run before this one, over the same inboxes, of which the news was told."""
    with engine.begin() as connection:
        inboxes = _inboxes_of(connection, run)
        query = select(t.runs.c.id).where(t.runs.c.id < run, t.runs.c.told.is_not(None)).order_by(t.runs.c.id.desc())
        return next((row.id for row in connection.execute(query) if _inboxes_of(connection, row.id) == inboxes), None)


@persistently
def standing_at(
    engine: Engine,
    run: int,
    inboxes: Collection[str] | None = None,
    *,
    school: str | None = None,
    verdicts: bool = True,
) -> Standing:
    """What held when a run was done: the document that counts for each school and kind.

    Of several documents of one kind the one that can be read counts, then the one of the latest school year, then the
    one that came last. A document without a school stands for itself.

    Args:
        engine: The store.
        run: Number of the run.
        inboxes: Only what lies in these; default those of the run.
        school: Key of the only school to look at; then in all inboxes.
        verdicts: False for the documents alone; of ten thousand the verdicts take ten seconds.
    """
    with engine.begin() as connection:
        only = None
        if school is not None:
            only = t.schools.c.key == school
        elif inboxes is None:
            inboxes = _inboxes_of(connection, run)
        chosen = _chosen(connection, run, inboxes, only=only)
        return _with_verdicts(connection, chosen) if verdicts else _bare(chosen)


@persistently
def standing_now(engine: Engine, *, school: str | None = None) -> Standing:
    """What holds now, in all inboxes: as ``standing_at`` the last run.

    Args:
        engine: The store.
        school: Key of the only school to look at.
    """
    with engine.begin() as connection:
        last = connection.execute(select(func.coalesce(func.max(t.runs.c.id), 0))).scalar_one()
        return _standing(connection, last, None, only=None if school is None else t.schools.c.key == school)


@persistently
def quotes_of(engine: Engine, result: int) -> Mapping[str, tuple[Kept, ...]]:
    """The quotes of a result that are kept, by requirement: none from where personal data stands."""
    e = t.evidence.c
    found: dict[str, list[Kept]] = defaultdict(list)
    with engine.begin() as connection:
        query = select(e.requirement, e.quote, e.page, e.section).where(e.result_id == result)
        for row in connection.execute(query.order_by(e.requirement, e.number)):
            found[row.requirement].append(Kept(quote=row.quote, page=row.page, section=row.section))
    return {requirement: tuple(quotes) for requirement, quotes in found.items()}


@persistently
def school_with(engine: Engine, key: str) -> SchoolRef | None:
    """A school by its key; None when the store has none."""
    with engine.begin() as connection:
        row = connection.execute(select(t.schools).where(t.schools.c.key == key)).first()
        return _school(row) if row is not None else None


@persistently
def compare_runs(engine: Engine, before: int | None, after: int, *, same: bool = True) -> Comparison:
    """What changed between two runs, in the inboxes that both looked at.

    Args:
        engine: The store.
        before: None: since there was nothing.
        after: The later run.
        same: False leaves out documents with the same result at both moments, so the gaps that stayed in them: what
            it costs then depends on what changed, not on how much there is.
    """
    with engine.begin() as connection:
        inboxes = _inboxes_of(connection, after)
        if before is None:
            return compare({}, _standing(connection, after, inboxes))
        inboxes &= _inboxes_of(connection, before)
        then, now = (_chosen(connection, run, inboxes) for run in (before, after))
        if not same:
            stayed = [key for key, row in now.items() if key in then and then[key].id == row.id]
            for key in stayed:
                del then[key], now[key]
        return compare(_with_verdicts(connection, then), _with_verdicts(connection, now))


@persistently
def unread_at(engine: Engine, run: int) -> tuple[Unread, ...]:
    """What could not be read when a run was done, also of documents about pupils."""
    r, d = t.results.c, t.documents.c
    with engine.begin() as connection:
        query = (
            select(t.inboxes.c.name.label("inbox"), d.mark, d.place, t.schools.c.name, r.error, r.from_run)
            .join(t.documents, r.document_id == d.id)
            .join(t.inboxes, d.inbox_id == t.inboxes.c.id)
            .outerjoin(t.schools, r.school_id == t.schools.c.id)
            .where(r.error.is_not(None), _held_at(run), t.inboxes.c.name.in_(_inboxes_of(connection, run)))
            .order_by(t.inboxes.c.name, d.place, d.mark)
        )
        return tuple(
            Unread(inbox=row.inbox, mark=row.mark, place=row.place, school=row.name, code=row.error, since=row.from_run)
            for row in connection.execute(query)
        )


@persistently
def failures_now(engine: Engine) -> Mapping[str, int]:
    """How many documents can't be read now, by error code."""
    r = t.results.c
    query = select(r.error, func.count()).where(r.until_run.is_(None), r.error.is_not(None)).group_by(r.error)
    with engine.begin() as connection:
        return {code: count for code, count in connection.execute(query).tuples() if code is not None}


@persistently
def count_now(engine: Engine) -> int:
    """How many documents there are now."""
    with engine.begin() as connection:
        return connection.execute(
            select(func.count()).select_from(t.results).where(t.results.c.until_run.is_(None))
        ).scalar_one()


@persistently
def find_school(engine: Engine, word: str) -> SchoolRef:
    """A school by BRIN or by (a part of) its name.

    Raises:
        UnknownSchoolError: There is none, or there are several; then the message names them.
    """
    with engine.begin() as connection:
        rows = connection.execute(select(t.schools)).all()
    exact = [row for row in rows if word.upper() == row.brin or folded(word) == folded(row.name or "")]
    found = exact or [row for row in rows if folded(word) in folded(row.name or "")]
    if len(found) == 1:
        return _school(found[0])
    if not found:
        raise UnknownSchoolError(f"De school “{word}” staat niet in de opslag.")
    names = "; ".join(sorted(" ".join(filter(None, (row.name, row.brin))) for row in found)[:_MOST_SHOWN])
    raise UnknownSchoolError(f"“{word}” past bij {len(found)} scholen: {names}.", hint="Geef het BRIN-nummer op.")


@persistently
def history(engine: Engine, school: SchoolRef) -> tuple[Step, ...]:
    """What each run changed for a school, oldest first; runs that changed nothing are left out."""
    r = t.results.c
    with engine.begin() as connection:
        mine = t.schools.c.key == school.key
        query = select(r.from_run, r.until_run).join(t.schools, r.school_id == t.schools.c.id).where(mine)
        numbers = {number for row in connection.execute(query) for number in row if number is not None}
        steps: list[Step] = []
        before: Standing = {}
        for number in sorted(numbers):
            after = _standing(connection, number, None, only=mine)
            moment = connection.execute(select(t.runs.c.started).where(t.runs.c.id == number)).scalar_one()
            steps.append(Step(run=number, moment=moment, comparison=compare(before, after), standing=after))
            before = after
        return tuple(steps)


def _run_info(connection: Connection, row: Row[Any]) -> RunInfo:
    facts = {name: getattr(row, name) for name in RunInfo.__slots__ if name != "inboxes"}
    return RunInfo(**facts, inboxes=tuple(sorted(_inboxes_of(connection, row.id))))


def _inboxes_of(connection: Connection, run: int) -> frozenset[str]:
    query = (
        select(t.inboxes.c.name)
        .join(t.run_inboxes, t.run_inboxes.c.inbox_id == t.inboxes.c.id)
        .where(t.run_inboxes.c.run_id == run)
    )
    return frozenset(connection.scalars(query))


def _held_at(run: int) -> ColumnElement[bool]:
    r = t.results.c
    return (r.from_run <= run) & or_(r.until_run.is_(None), r.until_run > run)


_Chosen = dict[tuple[str, str], Any]
"""The row of the result that counts, by school (or document without one) and kind."""


def _standing(
    connection: Connection, run: int, inboxes: Collection[str] | None, *, only: ColumnElement[bool] | None = None
) -> Standing:
    return _with_verdicts(connection, _chosen(connection, run, inboxes, only=only))


def _chosen(
    connection: Connection, run: int, inboxes: Collection[str] | None, *, only: ColumnElement[bool] | None = None
) -> _Chosen:
    r, d, s = t.results.c, t.documents.c, t.schools.c
    query = (
        select(
            *(r.id, r.document_id, r.kind, r.school_year, r.sha256, r.norm_id, r.norm_version, r.error, r.from_run),
            *(d.place, d.mark, s.key, s.name, s.brin, s.board),
        )
        .join(t.documents, r.document_id == d.id)
        .join(t.inboxes, d.inbox_id == t.inboxes.c.id)
        .outerjoin(t.schools, r.school_id == s.id)
        .where(_held_at(run), d.place.is_not(None))  # of documents about pupils nothing is compared
    )
    if inboxes is not None:
        query = query.where(t.inboxes.c.name.in_(inboxes))
    if only is not None:
        query = query.where(only)
    rows: list[Any] = sorted(connection.execute(query), key=_precedence)
    return {(row.key or f"document:{row.mark}", row.kind or ""): row for row in rows}


def _with_verdicts(connection: Connection, chosen: _Chosen) -> Standing:
    seen = _seen(connection, [row.id for row in chosen.values()])
    return {key: _holding(row, key[0], seen[row.id]) for key, row in chosen.items()}


def _bare(chosen: _Chosen) -> Standing:
    return {key: _holding(row, key[0], {}) for key, row in chosen.items()}


def _precedence(row: Any) -> tuple[bool, str, int, str]:
    return (row.error is None, row.school_year or "", row.from_run, row.mark)


def _seen(connection: Connection, results: Sequence[int]) -> Mapping[int, Mapping[str, Seen]]:
    f = t.findings.c
    found: dict[int, dict[str, Seen]] = defaultdict(dict)
    for start in range(0, len(results), 1000):
        query = select(f.result_id, f.requirement, f.verdict, f.reason, f.passage)
        for row in connection.execute(query.where(f.result_id.in_(results[start : start + 1000]))):
            found[row.result_id][row.requirement] = Seen(
                verdict=Verdict(row.verdict), reason=Reason(row.reason) if row.reason else None, passage=row.passage
            )
    return found


def _holding(row: Row[Any], key: str, findings: Mapping[str, Seen]) -> Holding:
    return Holding(
        result=row.id,
        school=_school(row) if row.key else SchoolRef(key=key, name=row.place),
        kind=row.kind or "",
        place=row.place,
        school_year=row.school_year,
        sha256=row.sha256,
        norm=f"{row.norm_id} {row.norm_version}" if row.norm_id else None,
        error=row.error,
        findings=findings,
    )


def _school(row: Row[Any]) -> SchoolRef:
    return SchoolRef(key=row.key, name=row.name or row.brin or row.key, brin=row.brin, board=row.board)
