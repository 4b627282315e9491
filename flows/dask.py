"""A batch on a Dask cluster that is there already: chunks travel there, reports come back.

The cluster needs dekkend of the same version, and the documents at the same address or path; no disk for the reports.
A document that crashes costs itself: each Dask worker checks in a pool of processes of its own, as one machine does.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from prefect import task
from prefect.futures import as_completed

from flows.embedded import is_ours
from flows.errors import ClusterError
from flows.flow import PLAIN, run_as_flow, shown_progress
from flows.output import bring_in, pages_of
from flows.pool import CheckPool, Lost, Manner, start_pool, worker_count
from flows.words import words
from flows.work import Work
from flows.worker import Job, Outcome

Results = Sequence[tuple[Job, Outcome | Lost]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A job with what came of it: its outcome, and its reports as they go on disk."""

    outcome: Outcome | Lost
    pages: tuple[tuple[str, bytes], ...] = ()


@task(name="check-chunk", task_run_name=words("chunk", "{number}", "{count}"), **PLAIN)
def check(number: int, count: int, jobs: tuple[Job, ...], manner: Manner) -> tuple[Parcel, ...]:  # noqa: ARG001
    """Check a chunk on a worker; the first two are for the name. At the top of a module, so that it can travel."""
    return check_elsewhere(jobs, manner)


def run_on_dask(
    work: Work, chunks: Sequence[tuple[Job, ...]], manner: Manner, address: str, take_in: Callable[[Results], int]
) -> int:
    """Run a batch as one flow run with its tasks on a Dask cluster.

    Args:
        work: Names and counts; its chunks are not used.
        chunks: What is to be checked.
        manner: How the workers check.
        address: Of the cluster, ``dask://machine:8786``.
        take_in: Notes the outcomes of a chunk whose reports are on disk; returns how many.

    Raises:
        ClusterError: prefect-dask is not installed, nobody answers at the address, or there is no Prefect server that
            the workers can reach.
    """
    server = os.environ.get("PREFECT_API_URL")
    if not server or is_ours(server):
        # each worker would start a server of its own, and a killed one would leave it behind
        raise ClusterError("Een Dask-cluster heeft een Prefect-server nodig die het kan bereiken: zet PREFECT_API_URL.")
    try:
        from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415
    except ImportError:
        raise ClusterError from None
    runner = DaskTaskRunner(address=address.replace("dask://", "tcp://", 1))

    def everything() -> int:
        count = len(chunks)
        started = {check.submit(number, count, jobs, manner): jobs for number, jobs in enumerate(chunks, 1)}
        done = 0
        with shown_progress(count) as advance:
            for future in as_completed(list(started)):
                done += take_in(list(_unpack(started[future], future.result())))
                advance()
        return done

    try:
        return run_as_flow(work, runner, everything)
    except OSError:
        raise ClusterError from None


def check_elsewhere(jobs: Sequence[Job], manner: Manner) -> tuple[Parcel, ...]:
    """Check a chunk on a worker of the cluster."""
    with tempfile.TemporaryDirectory(prefix="dekkend-") as folder, _may_have_children():
        here = {id(job): replace(job, out=Path(folder)) for job in jobs}
        outcomes = _pool(manner).check_all(here.values())
        return tuple(_pack(here[id(job)], outcomes[here[id(job)]]) for job in jobs)


def _pack(job: Job, outcome: Outcome | Lost) -> Parcel:
    if isinstance(outcome, Lost):
        return Parcel(outcome=outcome)
    pages = [page for target in job.targets for page in pages_of(job.out, target.folder)]
    return Parcel(outcome=outcome, pages=tuple(pages))


def _unpack(jobs: Sequence[Job], parcels: Sequence[Parcel]) -> Iterator[tuple[Job, Outcome | Lost]]:
    for job, parcel in zip(jobs, parcels, strict=True):
        bring_in(job.out, parcel.pages)
        yield job, parcel.outcome


@lru_cache(maxsize=1)
def _pool(manner: Manner) -> CheckPool:
    """The pool of this worker, kept for the next chunk."""
    return start_pool(manner, workers=_threads())


def _threads() -> int:
    """As many documents at once as this worker has been given threads."""
    from distributed import get_worker  # noqa: PLC0415

    try:
        return int(get_worker().state.nthreads)
    except ValueError:
        return worker_count(None)


@contextmanager
def _may_have_children() -> Iterator[None]:
    """Let this process start others.

    Dask's nanny starts its workers as daemons, and multiprocessing refuses those children (unless the cluster sets
    ``distributed.worker.daemon: false``). Ours end with the worker: they notice that the pipe to it is closed.
    """
    config: dict[str, Any] = multiprocessing.current_process()._config  # type: ignore[attr-defined]  # noqa: SLF001
    before = config.get("daemon")
    config["daemon"] = False
    try:
        yield
    finally:
        config["daemon"] = before
