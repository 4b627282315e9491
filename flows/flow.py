"""The Prefect flow of a batch. Like all modules that import Prefect: import it after ``settings.prepare_environment``.

Prefect keeps parameters, names and messages of exceptions in its database, so it is given numbers only: no folder, no
file name, no text. The work itself reaches the tasks as a closure, which it does not keep.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from prefect import flow, tags, task
from prefect.artifacts import create_progress_artifact, create_table_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas import State
from prefect.futures import PrefectFuture, as_completed
from prefect.settings import PREFECT_API_URL, PREFECT_SERVER_EPHEMERAL_ENABLED
from prefect.states import Completed
from prefect.task_runners import ThreadPoolTaskRunner

from flows.embedded import wait_until_ready
from flows.underway import do_run, underway
from flows.watchdog import end_with_us
from flows.words import words
from flows.work import Work

# What fails here lies in a document or in this machine: trying again mends neither.
PLAIN: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False, "retries": 0}
_PROGRESS_STEPS = 50  # an update costs Prefect as much as a task


class FlowStoppedError(Exception):
    """All that Prefect learns of a problem; the problem itself is with the caller."""

    def __init__(self) -> None:
        super().__init__("stopped; the program that ran the batch says why")


def run_flow(work: Work) -> int:
    """Run a batch as one flow run: a task for each chunk, side by side, then one for what has to be done alone.

    Args:
        work: What is done. Its ``on_stop`` is called before an exception leaves the flow, since Prefect waits for its
            threads.

    Returns:
        How many documents were done.

    Raises:
        FlowStoppedError: From a task.
        KeyboardInterrupt: Passed on.
    """

    @task(name="check-chunk", task_run_name=words("chunk", "{number}", work.chunks), **PLAIN)
    def check(number: int) -> int:
        return work.check_chunk(number - 1)

    @task(name="retry-alone", task_run_name=words("alone"), **PLAIN)
    def retry() -> int:
        return work.finish()

    def everything() -> int:
        started: list[PrefectFuture[int]] = [check.submit(number) for number in range(1, work.chunks + 1)]
        with shown_progress(work.chunks) as done:
            for future in as_completed(started):
                future.result()
                done()
        return sum(future.result() for future in started) + retry()

    return run_as_flow(work, ThreadPoolTaskRunner(max_workers=work.threads), everything)


def run_as_flow(work: Work, runner: Any, everything: Callable[[], int]) -> int:
    """Run something as the flow of a batch: with its name, its artifacts and a last state that says how it went.

    Args:
        work: For the counts.
        runner: The task runner.
        everything: Submits the tasks, waits for them, and returns how many documents were done.
    """
    done: list[int] = []

    def do() -> State[int]:
        try:
            done.append(everything())
        except BaseException:
            work.on_stop()
            raise
        show_gaps(work.gaps())
        return Completed(message=words("done", work.unreadable()), data=done[0])

    this: Any = batch.with_options(flow_run_name=words("batch", work.documents), task_runner=runner)
    _start_server()
    with tags("dekkend"), underway(work.run, do):
        state: State[int] = this(work.run, work.documents, work.chunks, return_state=True)
        # the count is kept here: a state that Prefect reads back from a database that was locked has lost it (seen with
        # 3.8.8 on a busy machine, when everything had been checked)
        return done[0] if done and state.is_completed() else int(state.result())


@flow(name="dekkend-batch", persist_result=False, validate_parameters=False)
def batch(run: str, documents: int, chunks: int) -> Any:  # noqa: ARG001  (the history shows them)
    """Do a run; at the top of a module and without a reference to what is done, so that Dask can send it along."""
    return do_run(run)


@contextmanager
def shown_progress(total: int) -> Iterator[Callable[[], None]]:
    """An artifact that shows how far a run is; what is yielded is called after each chunk."""
    number: Any = create_progress_artifact(progress=0.0, key="dekkend-voortgang", description=words("progress"))
    step, done = max(1, total // _PROGRESS_STEPS), 0

    def advance() -> None:
        nonlocal done
        done += 1
        if done % step == 0 or done == total:
            update_progress_artifact(artifact_id=number, progress=100 * done / total)

    yield advance


def show_gaps(rows: list[dict[str, object]]) -> None:
    """An artifact with the gaps that were found, by requirement: ids and counts."""
    if rows:
        create_table_artifact(table=rows, key="dekkend-hiaten", description=words("gaps"))


def _start_server() -> None:
    """Wait for the embedded server, or start it now, unless the user has one, and keep Ctrl-C from it.

    A terminal sends Ctrl-C to the server too. Prefect then waits without end for the server to take note of the
    interruption (seen with 3.8.8). A blocked signal stays blocked in child processes, so the server is started from a
    thread of its own that blocks it; this thread still hears it.
    """
    if wait_until_ready() or PREFECT_API_URL.value() or not PREFECT_SERVER_EPHEMERAL_ENABLED.value():
        return
    thread = threading.Thread(target=_start_deaf, daemon=True)
    thread.start()
    thread.join()


def _start_deaf() -> None:
    if hasattr(signal, "pthread_sigmask"):  # not on Windows
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    with suppress(Exception):  # the flow tries again, and its exception says what is the matter
        from prefect.server.api.server import SubprocessASGIServer  # noqa: PLC0415  (takes seconds)

        server = SubprocessASGIServer()
        server.start()
        if server.server_process is not None:
            end_with_us(server.server_process.pid)  # a run that is killed would leave it behind for ever
