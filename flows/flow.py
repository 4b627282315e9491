"""The Prefect flow of a batch. The only module that imports Prefect: import it after ``settings.prepare_environment``.

Prefect keeps parameters and messages of exceptions in its database, so it is given numbers only: no folder, no file
name, no text. The work itself reaches the tasks as a closure, which it does not keep.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
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

    return batch(run, documents, chunks)
