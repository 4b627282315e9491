"""A run of the nightly work that somebody starts from the pages: a process of its own, one at a time."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ExitStatus

_DONE = (ExitStatus.OK, ExitStatus.GAPS, ExitStatus.UNREADABLE)


class BusyError(Exception):
    """A run is going on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A run that somebody started; ``went_well`` is None while it is going on."""

    by: str
    at: dt.datetime
    went_well: bool | None = None


class Nights:
    """Starts runs; what a run found is in the store, as after any night."""

    def __init__(self, command: Sequence[str] = (sys.executable, "-m", "pipeline.cli")) -> None:
        self._command = tuple(command)
        self._task: asyncio.Task[None] | None = None
        self.last: Started | None = None

    @property
    def is_running(self) -> bool:
        return self._task is not None and not self._task.done()

    async def start(self, config: Path, *, by: str, now: dt.datetime) -> None:
        """Start a run in the background.

        Args:
            config: The settings of the run.
            by: Who asked for it.
            now: When.

        Raises:
            BusyError: One is going on.
        """
        if self.is_running:
            raise BusyError
        self.last = Started(by=by, at=now)
        self._task = asyncio.create_task(self._run(config, self.last))

    async def stop(self) -> None:
        """Let go of a run that is going on: killed at any point, the next one goes on where it was."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self, config: Path, started: Started) -> None:
        process = await asyncio.create_subprocess_exec(
            *self._command, "nightly", "run", "--config", str(config), "--log", "json",
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=None,  # its log is a part of that of the server
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )  # fmt: skip
        try:
            status = await process.wait()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                process.terminate()
            raise
        self.last = Started(by=started.by, at=started.at, went_well=status in _DONE)
