"""Work of a run that several machines divide among them, as numbers: who has which share, and which are done.

A share whose holder was not seen for a while is given to another. So it may be done twice, with the same reports.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, delete, func, insert, or_, select, update

from pipeline.store import tables as t
from pipeline.store.retry import persistently

_S = t.shares.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Which shares: those of one inbox in one run."""

    run: int
    inbox: str


@persistently
def offer(engine: Engine, shared: Shared, count: int) -> None:
    """Offer shares, numbered from 0; those of a run that was broken off are forgotten."""
    with engine.begin() as connection:
        connection.execute(delete(t.shares).where(_of(shared)))
        rows = [{"run_id": shared.run, "inbox": shared.inbox, "number": number} for number in range(count)]
        connection.execute(insert(t.shares), rows)


@persistently
def claim(engine: Engine, shared: Shared, holder: str, *, now: dt.datetime, patience: dt.timedelta) -> int | None:
    """Take a share that is nobody's, or whose holder was not seen for ``patience``; None when there is none."""
    free = or_(_S.holder.is_(None), _S.seen < now - patience)
    query = select(_S.number).where(_of(shared), _S.done.is_(None), free).order_by(_S.tries, _S.number).limit(1)
    with engine.begin() as connection:
        number = connection.execute(query.with_for_update(skip_locked=True)).scalar()  # SQLite has one writer anyway
        if number is None:
            return None
        mine = update(t.shares).where(_of(shared), _S.number == number)
        connection.execute(mine.values(holder=holder, seen=now, tries=_S.tries + 1))
        return int(number)


@persistently
def still_there(engine: Engine, shared: Shared, number: int, holder: str, *, now: dt.datetime) -> bool:
    """Tell that the holder is alive; returns whether the share is still its own."""
    mine = update(t.shares).where(_of(shared), _S.number == number, _S.holder == holder)
    with engine.begin() as connection:
        return connection.execute(mine.values(seen=now)).rowcount > 0


@persistently
def complete(engine: Engine, shared: Shared, number: int, *, now: dt.datetime) -> None:
    """Note that a share is done, whoever did it."""
    with engine.begin() as connection:
        this = update(t.shares).where(_of(shared), _S.number == number, _S.done.is_(None))
        connection.execute(this.values(done=now))


@persistently
def completed(engine: Engine, shared: Shared) -> Sequence[int]:
    """The shares that are done."""
    with engine.begin() as connection:
        return connection.scalars(select(_S.number).where(_of(shared), _S.done.is_not(None)).order_by(_S.number)).all()


@persistently
def last_seen(engine: Engine, shared: Shared) -> dt.datetime | None:
    """When anybody was last seen at work."""
    with engine.begin() as connection:
        return connection.execute(select(func.max(_S.seen)).where(_of(shared))).scalar()


@persistently
def withdraw(engine: Engine, shared: Shared) -> None:
    """Take all shares away: helpers find nothing more to do."""
    with engine.begin() as connection:
        connection.execute(delete(t.shares).where(_of(shared)))


def _of(shared: Shared) -> ColumnElement[bool]:
    return (_S.run_id == shared.run) & (_S.inbox == shared.inbox)
