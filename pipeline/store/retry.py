"""A connection that falls away costs a transaction, which is done again; nothing else is tried twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from pipeline.store.errors import StoreUnreachableError

P = ParamSpec("P")
R = TypeVar("R")

# A PostgreSQL that is restarted is back in seconds; a busy SQLite was waited for already.
_PAUSES_S = (0.2, 1, 3, 8)


def persistently(work: Callable[Concatenate[Engine, P], R]) -> Callable[Concatenate[Engine, P], R]:
    """Let a function that does one transaction be done again when the connection to the database is lost.

    Raises (the function that comes back):
        StoreUnreachableError: It stays lost.
    """

    @wraps(work)
    def again(engine: Engine, /, *args: P.args, **named: P.kwargs) -> R:
        for pause in _PAUSES_S:
            try:
                return work(engine, *args, **named)
            except DBAPIError as problem:
                if not _is_lost(problem):
                    raise
            time.sleep(pause)
        try:
            return work(engine, *args, **named)
        except DBAPIError as problem:
            if not _is_lost(problem):
                raise
            raise StoreUnreachableError from None

    return again


def _is_lost(problem: DBAPIError) -> bool:
    return problem.connection_invalidated or isinstance(problem, OperationalError | InterfaceError)
