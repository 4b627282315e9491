"""The Prefect flow of a batch. The only module that imports Prefect: import it after ``settings.prepare_environment``.

Prefect keeps parameters and messages of exceptions in its database, so it is given numbers only: no folder, no file
name, no text. The work itself reaches the tasks as a closure, which it does not keep.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.server.api.server import SubprocessASGIServer
from prefect.settings import PREFECT_API_URL, PREFECT_SERVER_EPHEMERAL_ENABLED
from prefect.task_runners import ThreadPoolTaskRunner


class FlowStoppedError(Exception):
    """All that Prefect learns of a problem; the problem itself is with the caller."""

    def __init__(self) -> None:
        super().__init__("stopped; the program that ran the batch says why")


def run_flow(
    check_chunk: Callable[[int], int],
    finish: Callable[[], int],
    *,
    run: str,
    documents: int,
    chunks: int,
    threads: int,
    on_stop: Callable[[], None],
) -> int:
    """Run a batch as one flow run: a task for each chunk, side by side, then one for what has to be done alone.

    Args:
        check_chunk: Checks the documents of a chunk and returns how many; raises FlowStoppedError, nothing else.
        finish: Does what is left, when all chunks are done; as ``check_chunk``.
        run: Id of the run.
        documents: How many there are, for whoever reads the history.
        chunks: How many chunks; they are numbered from 0.
        threads: How many chunks at once.
        on_stop: Ends the work that the tasks are waiting for. Called before an exception leaves the flow, since Prefect
            waits for its threads.

    Returns:
        How many documents were done.

    Raises:
        FlowStoppedError: From a task.
        KeyboardInterrupt: Passed on.
    """
    runner: Any = ThreadPoolTaskRunner(max_workers=threads)  # Prefect's own types do not fit each other

    @task(name="check-chunk", cache_policy=NO_CACHE, persist_result=False, retries=0)
    def check(number: int) -> int:
        return check_chunk(number)

    @task(name="retry-alone", cache_policy=NO_CACHE, persist_result=False, retries=0)
    def retry() -> int:
        return finish()

    @flow(name="dekkend-batch", persist_result=False, validate_parameters=False, task_runner=runner)
    def batch(run: str, documents: int, chunks: int) -> int:  # noqa: ARG001  (the history shows them)
        try:
            started: list[PrefectFuture[int]] = [check.submit(number) for number in range(chunks)]
            return sum(future.result() for future in started) + retry()
        except BaseException:
            on_stop()
            raise

    _start_server()
    return batch(run, documents, chunks)


def _start_server() -> None:
    """Start the embedded server, unless the user has one, and keep Ctrl-C from it.

    A terminal sends Ctrl-C to the server too. Prefect then waits without end for the server to take note of the
    interruption (seen with 3.8.8). A blocked signal stays blocked in child processes, so the server is started from a
    thread of its own that blocks it; this thread still hears it.
    """
    if PREFECT_API_URL.value() or not PREFECT_SERVER_EPHEMERAL_ENABLED.value():
        return
    thread = threading.Thread(target=_start_deaf, daemon=True)
    thread.start()
    thread.join()


def _start_deaf() -> None:
    if hasattr(signal, "pthread_sigmask"):  # not on Windows
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    with suppress(Exception):  # the flow tries again, and its exception says what is the matter
        SubprocessASGIServer().start()
