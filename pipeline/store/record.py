"""Writes runs and results. Everything may be done again: what is there already is left as it is.

Of documents about pupils, and of those that nobody could place, only kind, counts and error code are kept: no place, no
hash of the document, no school, no verdicts, no quotes; and nothing at all once the document is gone. Quotes of school
documents are kept, except from blocks in which somebody's personal data stands.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.report.labels import is_about_pupil
from pipeline.result import Finding, Report, School
from pipeline.store import tables as t
from pipeline.store.retry import persistently

RUNNING, COMPLETED = "running", "completed"
_AT_ONCE = 500  # parameters in one statement: SQLite takes 32,766, PostgreSQL 65,535


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run that is going on; ``resumed`` when it was begun by a process that did not get to the end."""

    id: int
    resumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A report for the store; ``label`` is the document's path below its inbox, ``digest`` of the report's JSON."""

    label: str
    digest: str
    report: Report


@persistently
def begin_run(engine: Engine, *, what: str, inboxes: Sequence[str], program: str, now: dt.datetime) -> Run:
    """Begin a run over some inboxes, or go on with the one that was never finished.

    The caller sees to it that no other run is going on over the same inboxes.
    """
    with engine.begin() as connection:
        ids = [_inbox(connection, name) for name in inboxes]
        for row in connection.execute(select(t.runs.c.id).where(t.runs.c.status == RUNNING, t.runs.c.what == what)):
            covered = select(t.run_inboxes.c.inbox_id).where(t.run_inboxes.c.run_id == row.id)
            if set(connection.scalars(covered)) == set(ids):
                return Run(id=row.id, resumed=True)
        run = connection.execute(
            insert(t.runs).values(what=what, program=program, status=RUNNING, started=now).returning(t.runs.c.id)
        ).scalar_one()
        connection.execute(insert(t.run_inboxes), [{"run_id": run, "inbox_id": inbox} for inbox in ids])
        return Run(id=run, resumed=False)


@persistently
def reports_held(engine: Engine, inbox: str) -> Mapping[str, str]:
    """What the store has of an inbox: ``mark`` of each document to the digest of its report."""
    with engine.begin() as connection:
        return {row.mark: row.report for row in connection.execute(_current(inbox))}


@persistently
def keep_reports(engine: Engine, run: int, inbox: str, reports: Sequence[Kept]) -> int:
    """Write the results of documents, all or none; returns how many were new to the store."""
    with engine.begin() as connection:
        inbox_id = _inbox(connection, inbox)
        marked = [(mark_of(inbox, one.label), one) for one in reports]
        rows = {row.mark: row for row in _among(connection, inbox, [mark for mark, _ in marked])}
        new = [(mark, one) for mark, one in marked if _digest(rows.get(mark)) != one.digest]
        for mark, one in new:
            _keep(connection, run, (inbox_id, mark), one, rows.get(mark))
        return len(new)


@persistently
def end_missing(engine: Engine, run: int, inbox: str, present: Collection[str]) -> int:
    """End the results of documents that are no longer in the inbox; returns how many."""
    marks = {mark_of(inbox, label) for label in present}
    with engine.begin() as connection:
        gone = [row for row in connection.execute(_current(inbox)) if row.mark not in marks]
        for row in gone:
            if row.place is None:
                _forget(connection, row.document_id)
            else:
                _end(connection, run, row)
        return len(gone)


@persistently
def finish_run(
    engine: Engine, run: int, *, now: dt.datetime, documents: int, checked: int, removed: int, unreadable: int
) -> None:
    """Write what a run came to; its seconds are those since it was begun, also when it was resumed."""
    with engine.begin() as connection:
        started = connection.execute(select(t.runs.c.started).where(t.runs.c.id == run)).scalar_one()
        connection.execute(
            update(t.runs)
            .where(t.runs.c.id == run)
            .values(
                status=COMPLETED,
                finished=now,
                documents=documents,
                checked=checked,
                removed=removed,
                unreadable=unreadable,
                seconds=(now - started).total_seconds(),
            )
        )


@persistently
def mark_told(engine: Engine, run: int, now: dt.datetime) -> None:
    """Note that what a run found was told, or that there was nothing to tell."""
    with engine.begin() as connection:
        connection.execute(update(t.runs).where(t.runs.c.id == run).values(told=now))


def mark_of(inbox: str, label: str) -> str:
    """What a document is known by, also where its name may not be kept."""
    return hashlib.sha256(f"{inbox}\0{label}".encode()).hexdigest()


def school_key(school: School) -> str | None:
    """What a school is known by (contract): BRIN, else name, here without case, accents and double spaces."""
    if school.brin:
        return school.brin.upper()
    return f"naam:{folded(school.name)}" if school.name else None


def folded(name: str) -> str:
    """A name without case, accents and double spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())[:190]


def passage_of(finding: Finding, sha256: str | None) -> str:
    """Changes when what a verdict rests on changes: its quotes; without quotes the whole document."""
    quotes = [" ".join(one.quote.split()) for one in finding.evidence]
    return hashlib.sha256("\0".join(quotes or ["", sha256 or ""]).encode()).hexdigest()


def _digest(row: Row[Any] | None) -> str | None:
    return row.report if row is not None else None


def _inbox(connection: Connection, name: str) -> int:
    _insert_if_new(connection, t.inboxes, {"name": name})
    return int(connection.execute(select(t.inboxes.c.id).where(t.inboxes.c.name == name)).scalar_one())


def _insert_if_new(connection: Connection, table: Any, values: Mapping[str, Any]) -> None:
    """Two runs may meet the same school at the same moment."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(table).values(**values).on_conflict_do_nothing())


def _current(inbox: str) -> Any:
    """Documents of an inbox with the result that holds."""
    r, d = t.results.c, t.documents.c
    return (
        select(r.id, r.document_id, d.mark, d.place, r.report, r.from_run, r.kind, r.school_id, r.error)
        .join(t.documents, r.document_id == d.id)
        .join(t.inboxes, d.inbox_id == t.inboxes.c.id)
        .where(t.inboxes.c.name == inbox, r.until_run.is_(None))
    )


def _among(connection: Connection, inbox: str, marks: Iterable[str]) -> list[Row[Any]]:
    rest = iter(marks)
    rows: list[Row[Any]] = []
    while some := list(islice(rest, _AT_ONCE)):
        rows.extend(connection.execute(_current(inbox).where(t.documents.c.mark.in_(some))))
    return rows


def _keep(connection: Connection, run: int, place: tuple[int, str], kept: Kept, held: Row[Any] | None) -> None:
    report = kept.report
    about_school = is_about_school(report.document.kind)
    # a document that can't be read any more is still the one that was known by this place
    known = held if held is not None and held.place is not None and report.error else None
    document = _document(connection, *place, kept.label if about_school else None, keep=known is not None)
    if held is not None:
        _end(connection, run, held)
    counts = report.summary.model_dump()
    result = connection.execute(
        insert(t.results)
        .values(
            document_id=document,
            from_run=run,
            sha256=report.document.sha256 if about_school or known is not None else None,
            report=kept.digest,
            norm_id=report.norm.id if report.norm else None,
            norm_version=report.norm.version if report.norm else None,
            kind=known.kind if known is not None else report.document.kind,
            sector=report.document.sector,
            school_id=known.school_id if known is not None else _school(connection, report) if about_school else None,
            school_year=report.document.school_year,
            format=report.document.format,
            pages=report.document.pages,
            error=report.error.code if report.error else None,
            **counts,
        )
        .returning(t.results.c.id)
    ).scalar_one()
    if about_school:
        _details(connection, result, report)


def is_about_school(kind: str | None) -> bool:
    """Whether documents of this kind are a school's own: only then may anything of their text be kept."""
    return kind not in (None, "unknown") and not is_about_pupil(kind)


def _document(connection: Connection, inbox_id: int, mark: str, place: str | None, *, keep: bool) -> int:
    _insert_if_new(connection, t.documents, {"inbox_id": inbox_id, "mark": mark, "place": place})
    this = (t.documents.c.inbox_id == inbox_id) & (t.documents.c.mark == mark)
    row = connection.execute(select(t.documents.c.id, t.documents.c.place).where(this)).one()
    if row.place != place and not keep:  # turned out to be about a pupil, or not to be
        connection.execute(update(t.documents).where(this).values(place=place))
        if place is None:
            _forget_results(connection, row.id)
    return int(row.id)


def _end(connection: Connection, run: int, row: Row[Any]) -> None:
    """End a result; one of this same run is taken back, since no run ends with it."""
    this = t.results.c.id == row.id
    if row.from_run == run:
        connection.execute(delete(t.results).where(this))
    else:
        connection.execute(update(t.results).where(this).values(until_run=run))


def _forget(connection: Connection, document: int) -> None:
    _forget_results(connection, document)
    connection.execute(delete(t.documents).where(t.documents.c.id == document))


def _forget_results(connection: Connection, document: int) -> None:
    connection.execute(delete(t.results).where(t.results.c.document_id == document))


def _school(connection: Connection, report: Report) -> int | None:
    school = School(**_storable(report.school.model_dump()))
    key = school_key(school)
    if key is None:
        return None
    row = _known_school(connection, school, key)
    facts = school.model_dump()
    if row is None:
        _insert_if_new(connection, t.schools, {"key": key, **facts})
        return int(connection.execute(select(t.schools.c.id).where(t.schools.c.key == key)).scalar_one())
    news = {name: value for name, value in facts.items() if value and value != getattr(row, name)}
    if school.brin and row.key != key:
        news["key"] = key
    if news:
        connection.execute(update(t.schools).where(t.schools.c.id == row.id).values(**news))
    return int(row.id)


def _known_school(connection: Connection, school: School, key: str) -> Row[Any] | None:
    """The school of this key; else the only one of its name, when one of the two has no BRIN."""
    if (row := connection.execute(select(t.schools).where(t.schools.c.key == key)).first()) is not None:
        return row
    if not school.name:
        return None
    named = connection.execute(select(t.schools).where(func.lower(t.schools.c.name) == school.name.lower())).all()
    return named[0] if len(named) == 1 and not (school.brin and named[0].brin) else None


def _details(connection: Connection, result: int, report: Report) -> None:
    private = {mark.block for mark in report.privacy}
    findings = [
        {
            "result_id": result,
            "requirement": finding.requirement,
            "verdict": finding.verdict.value,
            "reason": finding.reason.value if finding.reason else None,
            "confidence": finding.confidence,
            "passage": passage_of(finding, report.document.sha256),
        }
        for finding in report.findings
    ]
    quotes = [
        {"result_id": result, "requirement": finding.requirement, "number": number, **_storable(one.model_dump())}
        for finding in report.findings
        for number, one in enumerate(finding.evidence)
        if one.block not in private
    ]
    items = [
        {"result_id": result, "list": name, "number": number, **_item(entry)}
        for name, entries in report.profile
        for number, entry in enumerate(entries)
        if entry.block not in private
    ]
    for table, rows in ((t.findings, findings), (t.evidence, quotes), (t.profile_items, items)):
        if rows:
            connection.execute(insert(table), rows)


_ITEM = ("quote", "block", "category", "scope", "status", "theme", "level", "layer", "horizon")


def _item(entry: Any) -> dict[str, Any]:
    facts = entry.model_dump()
    return _storable({"text": facts.get("name") or facts.get("text"), **{name: facts.get(name) for name in _ITEM}})


def _storable(facts: dict[str, Any]) -> dict[str, Any]:
    """PostgreSQL takes no zero characters, and a PDF may hold them."""
    clean = {name: value.replace("\0", "\ufffd") for name, value in facts.items() if isinstance(value, str)}
    return facts | clean
