"""Worker processes that may die: each document comes back with its outcome, or with the reason why it did not.

A document that crashes its worker, or runs out of time, costs that worker and nothing else.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pebble import ProcessPool

from extractors.document import ReadCode
from flows.errors import WorkersError
from flows.worker import Job, Outcome, run_job, start_worker
from pipeline.errors import DekkendError

# Libraries for PDF let go of less than they take, so a worker is replaced in time; a new one costs about 2 s.
_MAX_TASKS = 250
_LOOK_S = 0.5  # how often a waiting thread looks whether the pool is still there
_MAX_BROKEN = 3  # pools in a row that broke before any document came through


class StoppedError(Exception):
    """The batch is being stopped; what was not done stays undone."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Why a document has no outcome; ``may_retry`` when the cause may lie outside the document."""

    code: ReadCode
    may_retry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How documents are checked, wherever that is."""

    checker: str
    timeout_s: float
    norm: str | None


def start_pool(manner: Manner, *, workers: int) -> CheckPool:
    """A pool that checks in this manner."""
    return CheckPool(workers=workers, timeout_s=manner.timeout_s, checker=manner.checker, norm=manner.norm)


class CheckPool:
    """A pool of worker processes that is made anew when it breaks; to be used by several threads at once."""

    def __init__(
        self, *, workers: int, timeout_s: float, checker: str, norm: str | None, max_tasks: int = _MAX_TASKS
    ) -> None:
        self._workers = workers
        self._timeout_s = timeout_s
        self._checker = checker
        self._norm = norm
        self._max_tasks = max_tasks
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._broken_in_a_row = 0
        self._deaths = 0
        self._pool = self._start()

    def check(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Outcome | Lost]]:
        """Check documents, side by side with what other threads ask for; yields each as it is done.

        Raises:
            StoppedError: ``stop`` was called.
            WorkersError: Workers do not even start.
            DekkendError: What a worker says is not in order with norm, model or output folder.
        """
        pool, deaths = self._healthy_pool(), self._deaths
        waiting = {self._schedule(pool, job): job for job in jobs}
        while waiting:
            done, _ = wait(waiting, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
            self._raise_if_stopped()
            for future in done:
                yield waiting.pop(future), self._result(future, deaths)
            if not done and not pool.active:
                # what was still in its queue will never be done, and nobody tells the futures
                yield from ((job, Lost(ReadCode.INTERNAL, may_retry=True)) for job in waiting.values())
                return

    def check_all(self, jobs: Iterable[Job]) -> dict[Job, Outcome | Lost]:
        """Check documents; what was lost beside others is checked once more, alone. Raises as ``check``."""
        results = dict(self.check(jobs))
        for job in [job for job, result in results.items() if isinstance(result, Lost) and result.may_retry]:
            results.update(self.check([job]))
        return results

    def stop(self) -> None:
        """End the workers at once; every thread in ``check`` gets StoppedError."""
        self._stopped.set()
        with self._lock:
            end_pool(self._pool)

    def _healthy_pool(self) -> Any:
        with self._lock:
            self._raise_if_stopped()
            if not self._pool.active:
                self._broken_in_a_row += 1
                if self._broken_in_a_row >= _MAX_BROKEN:
                    raise WorkersError
                end_pool(self._pool)
                self._pool = self._start()
            return self._pool

    def _start(self) -> Any:
        pool = ProcessPool(
            max_workers=self._workers,
            max_tasks=self._max_tasks,
            initializer=start_worker,
            initargs=(self._norm,),
            context=process_context(),
        )
        assert pool.active, "asking starts the workers, which then warm up while others get ready too"
        return pool

    def _schedule(self, pool: Any, job: Job) -> Future[Outcome]:
        try:
            future: Future[Outcome] = pool.schedule(run_job, args=(self._checker, job), timeout=self._timeout_s)
        except RuntimeError as problem:  # broke just now
            self._raise_if_stopped()
            future = Future()
            future.set_exception(problem)
        return future

    def _result(self, future: Future[Outcome], deaths: int) -> Outcome | Lost:
        """What came of a job that was asked for when so many workers had died."""
        try:
            outcome = future.result()
        except DekkendError:
            raise
        except TimeoutError:
            # what ran beside a worker that was killed has been seen to wait for ever for a lock which that one held
            return Lost(ReadCode.TIMEOUT, may_retry=self._deaths > deaths)
        except CancelledError:
            raise StoppedError from None
        except Exception:  # noqa: BLE001  the worker died: run_job itself lets no other exception through
            self._deaths += 1
            return Lost(ReadCode.INTERNAL, may_retry=True)
        self._broken_in_a_row = 0
        return outcome

    def _raise_if_stopped(self) -> None:
        if self._stopped.is_set():
            raise StoppedError


def worker_count(wanted: int | None) -> int:
    """As many as asked for, else one for each core that this process may use."""
    if wanted is not None:
        return max(1, wanted)
    if sys.platform != "win32" and hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def process_context() -> Any:
    """How processes are started: never by a fork of this one.

    Prefect's threads hold locks that a forked child would wait for for ever.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    # imports are paid once, and not again for each worker that takes the place of one that died
    context.set_forkserver_preload(["flows.worker"])
    return context


def end_pool(pool: Any) -> None:
    """End the workers of a pool at once.

    Pebble would take the locks of the workers away before it ends them, and one that was still starting would then
    fail on them with a traceback. So the workers go first, as soon as no new ones can come.
    """
    pool.stop()
    with suppress(Exception):  # a broken pool fails in ways of its own, and there is nothing left to save
        pool._pool_manager_loop.join()  # noqa: SLF001
        pool._pool_manager.worker_manager.force_stop_workers()  # noqa: SLF001
    with suppress(Exception):
        pool.join()
