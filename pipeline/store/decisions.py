"""What people decided on findings: a verdict confirmed or overruled, with a reason and a name.

A decision goes with the passage that the verdict rests on. It stays while that passage is the same, and lapses when the
school writes something else there: then somebody has to look again. A verdict without a quote rests on the document as
a whole.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select, update

from pipeline.changes import Holding
from pipeline.result import Verdict
from pipeline.store import tables as t
from pipeline.store.errors import DecisionError
from pipeline.store.read import standing_at
from pipeline.store.retry import persistently


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """``holds`` tells whether the passage is still the one that the person saw."""

    id: int
    kind: str
    requirement: str
    seen: Verdict
    verdict: Verdict
    reason: str
    author: str
    made: dt.datetime
    holds: bool

    @property
    def confirms(self) -> bool:
        return self.seen is self.verdict


def decide(
    engine: Engine,
    *,
    school: str,
    kind: str,
    requirement: str,
    verdict: Verdict,
    reason: str,
    author: str,
    now: dt.datetime,
    passage: str | None = None,
) -> Decision:
    """Lay down what a person decided; an earlier decision on the same requirement is withdrawn by it.

    Args:
        engine: The store.
        school: Key of the school.
        kind: Kind of document.
        requirement: Id of the requirement.
        verdict: Of the person; the same as that of the program to confirm it. Not REVIEW: that is no decision.
        reason: Why, in the person's words.
        author: Who.
        now: When.
        passage: What the person saw, from ``Seen``; default what holds now.

    Raises:
        DecisionError: There is no such finding, it changed since the person saw it, or name or reason is empty.
    """
    if not reason.strip() or not author.strip():
        raise DecisionError("Een besluit heeft een reden en een naam nodig.")
    if verdict is Verdict.REVIEW:
        raise DecisionError("“Zelf nagaan” is geen besluit: kies een ander oordeel.")
    holding = _holding(engine, school, kind)
    seen = holding.findings.get(requirement) if holding else None
    if seen is None:
        raise DecisionError("Over deze eis is er geen oordeel om over te besluiten.")
    if passage not in (None, seen.passage):
        raise DecisionError("Het document is intussen veranderd: bekijk het oordeel opnieuw.")
    number = _write(
        engine,
        school,
        {
            "kind": kind,
            "requirement": requirement,
            "passage": seen.passage,
            "seen": seen.verdict.value,
            "verdict": verdict.value,
            "reason": reason.strip(),
            "author": author.strip(),
            "made": now,
        },
    )
    return next(one for one in decisions_on(engine, school) if one.id == number)


@persistently
def withdraw(engine: Engine, decision: int, *, author: str, now: dt.datetime) -> bool:
    """Withdraw a decision; it stays in the store. Returns whether it stood."""
    with engine.begin() as connection:
        return _withdraw(connection, t.decisions.c.id == decision, author, now) > 0


def decisions_on(engine: Engine, school: str) -> tuple[Decision, ...]:
    """The decisions on a school that were not withdrawn, also those whose passage changed."""
    rows = _rows(engine, school)
    holdings = {kind: _holding(engine, school, kind) for kind in {row.kind for row in rows}}
    return tuple(_decision(row, holdings[row.kind]) for row in rows)


@persistently
def _rows(engine: Engine, school: str) -> list[Row[Any]]:
    d = t.decisions
    query = (
        select(d)
        .join(t.schools, d.c.school_id == t.schools.c.id)
        .where(t.schools.c.key == school, d.c.withdrawn.is_(None))
        .order_by(d.c.kind, d.c.requirement)
    )
    with engine.begin() as connection:
        return list(connection.execute(query))


def _decision(row: Row[Any], holding: Holding | None) -> Decision:
    now = holding.findings.get(row.requirement) if holding else None
    return Decision(
        id=row.id,
        kind=row.kind,
        requirement=row.requirement,
        seen=Verdict(row.seen),
        verdict=Verdict(row.verdict),
        reason=row.reason,
        author=row.author,
        made=row.made,
        holds=now is not None and now.passage == row.passage and now.verdict == row.seen,
    )


def _holding(engine: Engine, school: str, kind: str) -> Holding | None:
    """What stands for a school now, in whatever inbox."""
    return standing_at(engine, _last_number(engine), school=school).get((school, kind))


@persistently
def _last_number(engine: Engine) -> int:
    with engine.begin() as connection:
        return int(connection.execute(select(func.coalesce(func.max(t.runs.c.id), 0))).scalar_one())


@persistently
def _write(engine: Engine, school: str, values: dict[str, Any]) -> int:
    with engine.begin() as connection:
        number = connection.execute(select(t.schools.c.id).where(t.schools.c.key == school)).scalar_one()
        d = t.decisions.c
        same = (d.school_id == number) & (d.kind == values["kind"]) & (d.requirement == values["requirement"])
        _withdraw(connection, same, values["author"], values["made"])
        query = insert(t.decisions).values(school_id=number, **values).returning(d.id)
        return int(connection.execute(query).scalar_one())


def _withdraw(connection: Connection, which: Any, author: str, now: dt.datetime) -> int:
    query = update(t.decisions).where(which, t.decisions.c.withdrawn.is_(None))
    return connection.execute(query.values(withdrawn=now, withdrawn_by=author)).rowcount
