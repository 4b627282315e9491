"""What a batch asks of a flow: plain functions and counts, so that the flow knows no document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One run of a batch."""

    check_chunk: Callable[[int], int]
    """Checks the documents of a chunk and returns how many; raises FlowStoppedError, nothing else."""
    finish: Callable[[], int]
    """Does what is left when all chunks are done; as ``check_chunk``."""
    on_stop: Callable[[], None]
    """Ends the work that the tasks are waiting for."""
    run: str
    documents: int
    chunks: int
    """How many; they are numbered from 0."""
    threads: int
    """How many chunks at once."""
    gaps: Callable[[], list[dict[str, object]]]
    """The table of gaps, a row for each requirement; asked when all is done."""
    unreadable: Callable[[], int]
    """How many documents could not be read; asked when all is done."""
