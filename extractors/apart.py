"""Reads documents in a process of its own: a file that crashes it, hangs it or eats its memory costs a code, no more.

The command line reads through this; a batch has a pool of such processes already (``flows.pool``). The process starts
while the language data is being loaded, so that it costs a user no time.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from extractors.document import Document, ReadCode, ReadError
from extractors.limits import DEFAULT, Limits
from extractors.programs import limit_memory

# Address space: a process that has read every sample has 0.3 GiB of it.
_MEMORY = 2 * 1024**3
_START = "from extractors.apart import serve; serve()"


class ReaderProcess:
    """A process that reads one document after the other; another one takes its place when it dies."""

    def __init__(self, limits: Limits = DEFAULT) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, path: Path, *, name: str, inside: tuple[int, ...] = ()) -> Document | ReadError:
        """As ``registry.read_document``; ``timeout`` for a reader that hung and ``internal`` for one that died."""
        process = self._started()
        if process is None:
            from extractors.registry import read_document  # noqa: PLC0415

            return read_document(path, name=name, limits=self._limits, inside=inside)
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._limits.seconds, end)
        timer.daemon = True
        timer.start()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            pickle.dump((path, name, self._limits, inside), process.stdin)
            process.stdin.flush()
            found: Document | ReadError = pickle.load(process.stdout)  # noqa: S301  what it sends is our own
        except (EOFError, OSError, pickle.UnpicklingError):
            self.close()
            code = ReadCode.TIMEOUT if late.is_set() else ReadCode.INTERNAL
            return ReadError(source=None, name=name, code=code, facts={"error": "reader died"})
        finally:
            timer.cancel()
        return found

    def close(self) -> None:
        """Ends the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        process.wait()

    def _started(self) -> subprocess.Popen[bytes] | None:
        """The process; None where none can be started, and reading then happens in this one."""
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        if not sys.executable:
            return None
        with suppress(OSError):
            self._process = subprocess.Popen(  # noqa: S603  Python itself, with our own module
                [sys.executable, "-c", _START],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                start_new_session=sys.platform != "win32",
            )
        return self._process


def serve() -> None:
    """What the process does: reads what it is asked to until nobody asks any more."""
    given, answers = sys.stdin.buffer, _own_stdout()
    limit_memory(_MEMORY)
    from extractors.registry import read_document  # noqa: PLC0415  (within the limit)

    while True:
        try:
            path, name, limits, inside = pickle.load(given)  # noqa: S301  from the process that started this one
        except EOFError:
            return
        found = read_document(path, name=name, limits=limits, inside=inside)
        pickle.dump(found, answers)
        answers.flush()


def _own_stdout() -> Any:
    """The way back; what libraries print goes nowhere, since it would stand among the answers."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers
