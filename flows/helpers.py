"""A batch divided over the process workers of a Prefect work pool, on as many machines as have one.

The run that divides puts each share in a file beside the reports and its number in the store; helpers take shares until
there are none. All of them see the folder of reports (a network disk) and the store (PostgreSQL). A helper that is
killed is noticed because nobody sees it any more, and another takes over what it had.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter
from sqlalchemy import Engine

from flows.discovery import STATE_FOLDER
from flows.output import write_page
from flows.pool import CheckPool, Lost, Manner, start_pool, worker_count
from flows.worker import Job, Outcome
from pipeline.store import shares
from pipeline.store.shares import Shared

BEAT_S = 5.0
PATIENCE = dt.timedelta(seconds=45)
_POLL_S = 1.0
_JOBS: TypeAdapter[tuple[Job, ...]] = TypeAdapter(tuple[Job, ...])
_RESULTS: TypeAdapter[tuple[Outcome | Lost, ...]] = TypeAdapter(tuple[Outcome | Lost, ...])


_MANNER: TypeAdapter[Manner] = TypeAdapter(Manner)
"""Laid beside the shares, since helpers are told numbers only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """How a batch is divided: over which pool, with which store and folder of reports."""

    pool: str
    store: Engine
    shared: Shared
    out: Path


def share_out(division: Division, chunks: Sequence[tuple[Job, ...]], manner: Manner) -> None:
    """Lay out all shares, files first: what the store offers is there."""
    folder = _folder(division.out, division.shared)
    shutil.rmtree(folder, ignore_errors=True)
    write_page(folder / "manner.json", _MANNER.dump_json(manner).decode())
    for number, jobs in enumerate(chunks):
        write_page(folder / f"{number}.json", _JOBS.dump_json(jobs).decode())
    shares.offer(division.store, division.shared, len(chunks))


def collect(
    division: Division,
    chunks: Sequence[tuple[Job, ...]],
    take_in: Callable[[Sequence[tuple[Job, Outcome | Lost]]], int],
    more_help: Callable[[], None],
) -> Iterator[int]:
    """Wait for the shares and take in each as it is done; yields how many documents that were.

    Args:
        division: Which shares, and where they are.
        chunks: What was shared out.
        take_in: Notes outcomes whose reports are on disk; returns how many.
        more_help: Called when nobody has been seen at work for a while.
    """
    store, shared, out = division.store, division.shared, division.out
    waiting, asked = set(range(len(chunks))), time.monotonic()
    while waiting:
        for number in waiting & set(shares.completed(store, shared)):
            results = _RESULTS.validate_json((_folder(out, shared) / f"{number}.done.json").read_bytes())
            waiting.discard(number)
            asked = time.monotonic()
            yield take_in(list(zip(chunks[number], results, strict=True)))
        seen = shares.last_seen(store, shared)
        is_quiet = seen is None or dt.datetime.now(dt.UTC) - seen > 2 * PATIENCE
        if waiting and is_quiet and time.monotonic() - asked > 2 * PATIENCE.total_seconds():
            more_help()
            asked = time.monotonic()
        time.sleep(_POLL_S)
    shares.withdraw(store, shared)
    shutil.rmtree(_folder(out, shared), ignore_errors=True)


def help_out(store: Engine, shared: Shared, out: Path, *, workers: int | None = None) -> int:
    """Check shares until there are none; returns how many."""
    folder = _folder(out, shared)
    if not (folder / "manner.json").is_file():
        return 0  # came too late: it is all done
    manner = _MANNER.validate_json((folder / "manner.json").read_bytes())
    holder = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    pool = start_pool(manner, workers=worker_count(workers))
    done = 0
    try:
        while (number := shares.claim(store, shared, holder, now=_now(), patience=PATIENCE)) is not None:
            with _beating(store, shared, number, holder):
                _check_share(pool, folder, number)
            shares.complete(store, shared, number, now=_now())
            done += 1
    finally:
        pool.stop()
    return done


def _check_share(pool: CheckPool, folder: Path, number: int) -> None:
    jobs = _JOBS.validate_json((folder / f"{number}.json").read_bytes())
    outcomes = pool.check_all(jobs)
    results = tuple(outcomes[job] for job in jobs)
    write_page(folder / f"{number}.done.json", _RESULTS.dump_json(results).decode())


@contextmanager
def _beating(store: Engine, shared: Shared, number: int, holder: str) -> Iterator[None]:
    """Show every few seconds that somebody works on a share."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(BEAT_S):
            with suppress(Exception):  # the next one may come through; if none does, another takes the share
                shares.still_there(store, shared, number, holder, now=_now())

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _folder(out: Path, shared: Shared) -> Path:
    return out / STATE_FOLDER / "shares" / str(shared.run)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
