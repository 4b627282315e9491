"""How a batch tells how far it is: on stderr, a bar on a terminal and plain lines elsewhere.

Not through logging: file names may hold the name of a pupil, and log records end up where nobody expects them.
"""

from __future__ import annotations

import os
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

READ, PARTLY, UNCHANGED = "read", "partly", "unchanged"
"""Outcomes beside the contract's error codes."""

_STEPS = 10  # plain lines in all, so that a log of a nightly run stays short
_NAME_WIDTH = 40


class ProgressSink(Protocol):
    """What a batch reports to; ``advance`` comes from several threads, one at a time."""

    def start(self, total: int) -> None:
        """Work on ``total`` documents begins."""

    def advance(self, name: str, outcome: str) -> None:
        """A document is done: READ, PARTLY, UNCHANGED or an error code."""

    def finish(self) -> None:
        """Nothing more will come; also after an interruption."""


def progress_for(stream: TextIO) -> ProgressSink:
    """A bar for people who watch, lines for a file or a pipe."""
    if stream.isatty() and os.environ.get("TERM") != "dumb":
        return BarProgress(stream)
    return LineProgress(stream)


class NoProgress:
    """For callers that show nothing."""

    def start(self, total: int) -> None: ...

    def advance(self, name: str, outcome: str) -> None: ...

    def finish(self) -> None: ...


class LineProgress:
    """Every document that could not be read at once, and ten times how far it is."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._total = self._done = 0

    def start(self, total: int) -> None:
        self._total = total
        self._print(f"{total} documenten")

    def advance(self, name: str, outcome: str) -> None:
        self._done += 1
        if is_unreadable(outcome):
            self._print(unreadable_line(name, outcome))
        if self._done * _STEPS // self._total > (self._done - 1) * _STEPS // self._total:
            self._print(f"{self._done} van {self._total}")

    def finish(self) -> None:
        self._stream.flush()

    def _print(self, line: str) -> None:
        # a name may hold letters that the stream's encoding lacks
        encoding = self._stream.encoding or "utf-8"
        self._stream.write(line.encode(encoding, "replace").decode(encoding) + "\n")
        self._stream.flush()


class BarProgress:
    """One bar with the document that was done last; what could not be read stands above it at once."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream)
        self._bar = Progress(
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[name]}", markup=False),
            console=self._console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task: TaskID | None = None

    def start(self, total: int) -> None:
        self._task = self._bar.add_task("", total=total, name="bezig met starten")
        self._bar.start()

    def advance(self, name: str, outcome: str) -> None:
        assert self._task is not None, "start comes first"
        if is_unreadable(outcome):
            self._console.print(Text(unreadable_line(name, outcome)))
        shown = clean(name)
        shown = shown if len(shown) <= _NAME_WIDTH else "…" + shown[1 - _NAME_WIDTH :]
        self._bar.update(self._task, advance=1, name=shown)

    def finish(self) -> None:
        self._bar.stop()


def is_unreadable(outcome: str) -> bool:
    """Whether an outcome is an error code."""
    return outcome not in (READ, PARTLY, UNCHANGED)


def unreadable_line(name: str, code: str) -> str:
    """The line on a document that could not be read."""
    return f"niet te lezen: {clean(name)} ({code})"


def clean(text: str) -> str:
    """Put a name on one line, without characters that could steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)
