"""What flow runs of this process do, by the id of the run.

Prefect sends a flow along with its tasks to a Dask cluster, with all that it refers to. So the flow refers to a number,
and what it does stays here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_DOING: dict[str, Callable[[], Any]] = {}


@contextmanager
def underway(run: str, do: Callable[[], Any]) -> Iterator[None]:
    """Keep what a run does for as long as it takes."""
    _DOING[run] = do
    try:
        yield
    finally:
        del _DOING[run]


def do_run(run: str) -> Any:
    """Do what a run does."""
    return _DOING[run]()
