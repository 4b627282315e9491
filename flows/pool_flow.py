"""The flow run that divides a batch over a Prefect work pool, and starts the helpers there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled
from prefect.task_runners import ThreadPoolTaskRunner

from flows.errors import PoolError
from flows.flow import run_as_flow, shown_progress
from flows.helpers import Division, collect, share_out
from flows.pool import Lost, Manner
from flows.words import words
from flows.work import Work
from flows.worker import Job, Outcome

HELPER = "dekkend-helper"
_MOST_HELP = 5  # times that nobody was seen at work, before it is given up


def run_on_pool(
    work: Work,
    chunks: Sequence[tuple[Job, ...]],
    division: Division,
    manner: Manner,
    take_in: Callable[[Sequence[tuple[Job, Outcome | Lost]]], int],
) -> int:
    """Run a batch as one flow run that others help with.

    Raises:
        PoolError: There is no deployment of helpers for the pool, or nobody comes to help.
    """
    started: list[UUID] = []
    asked = 0

    def more_help() -> None:
        nonlocal asked
        asked += 1
        if asked > _MOST_HELP:
            raise PoolError("Niemand in de work pool pakt het werk op.")
        started.extend(_start_helper(division) for _ in range(_helpers(division.pool, len(chunks))))

    def everything() -> int:
        share_out(division, chunks, manner)
        more_help()
        done = 0
        with shown_progress(len(chunks)) as advance:
            for count in collect(division, chunks, take_in, more_help):
                done += count
                advance()
        return done

    try:
        return run_as_flow(work, ThreadPoolTaskRunner(max_workers=1), everything)
    finally:
        _call_off(started)


def _start_helper(division: Division) -> UUID:
    parameters = {"out": str(division.out), "run": division.shared.run, "inbox": division.shared.inbox}
    name = words("helper", division.shared.run)
    try:
        run: Any = run_deployment(
            f"{HELPER}/{division.pool}", parameters=parameters, flow_run_name=name, timeout=0, tags=["dekkend"]
        )
    except ObjectNotFound:
        raise PoolError from None
    return UUID(str(run.id))


def _helpers(pool: str, shares: int) -> int:
    """One for each worker that is there, and no more than there are shares; one when none is there yet."""
    with get_client(sync_client=True) as client:
        path = {"work_pool_name": pool}
        answer = client.request("POST", "/work_pools/{work_pool_name}/workers/filter", path_params=path, json={})
    workers: list[dict[str, Any]] = answer.json()
    online = sum(1 for worker in workers if worker["status"] == "ONLINE")
    return max(1, min(online, shares))


def _call_off(started: Sequence[UUID]) -> None:
    """Helpers that were killed would stay "running" for ever, and those that never started would come for nothing."""
    with get_client(sync_client=True) as client:
        for number in started:
            state = client.read_flow_run(number).state
            if state is not None and not state.is_final():
                client.set_flow_run_state(number, Cancelled(message=words("called_off")), force=True)
