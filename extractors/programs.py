"""Runs a program of others under limits: on time, processor, memory and files; ended with all its children."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":
    import resource

_LARGEST_FILE = 300 * 1024**2

# Measured: a process that has read and checked every sample document has 0.66 GiB of address space (0.22 GiB resident),
# so this leaves 1.3 GiB for one document. A limit on the resident part does not exist on Linux.
MAX_ADDRESS_SPACE = 2 * 1024**3
"""Bytes for a process that reads documents."""


class ProgramTimeoutError(Exception):
    """The time was over; program and children are gone."""


def run(
    command: Sequence[str],
    *,
    seconds: float,
    memory: int,
    folder: Path,
    given: bytes | None = None,
    environment: dict[str, str] | None = None,
) -> bytes:
    """What the program wrote on stdout; how it ended is for the caller to see from what it made.

    Args:
        command: The program with its arguments; never goes through a shell.
        seconds: After which it is ended.
        memory: Bytes of address space, where the system can limit that.
        folder: Where it works.
        given: For its stdin.
        environment: Beside what this process has.

    Raises:
        ProgramTimeoutError: It took too long.
        OSError: It can't be started.
    """
    process = subprocess.Popen(  # noqa: S603  the programs are found by us, the arguments are ours
        command,
        stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        start_new_session=sys.platform != "win32",
        preexec_fn=_bound(seconds, memory),  # noqa: PLW1509  only sets limits
    )
    try:
        output, _ = process.communicate(given, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise ProgramTimeoutError from None
    finally:
        _end(process)
    return output


def _bound(seconds: float, memory: int) -> Callable[[], None] | None:
    """Limits that hold also when nobody is left to end the program."""
    if sys.platform == "win32":
        return None

    def bound() -> None:
        _limit(resource.RLIMIT_CPU, int(seconds) * 2 + 2)
        _limit(resource.RLIMIT_FSIZE, _LARGEST_FILE)
        limit_memory(memory)

    return bound


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the program with its children, also those that outlived it."""
    if sys.platform == "win32":
        if process.poll() is None:
            subprocess.run(  # noqa: S603
                ["taskkill", "/F", "/T", "/PID", str(process.pid)],  # noqa: S607
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def limit_memory(max_bytes: int) -> None:
    """Turn a document that eats all memory into a MemoryError in this process; where the system can do that."""
    if sys.platform == "win32":
        return
    _limit(resource.RLIMIT_AS, max_bytes)


def _limit(kind: int, wanted: int) -> None:
    """Lower one limit of this process, as far as the system lets it."""
    if sys.platform == "win32":
        return
    # macOS refuses a limit on memory; the time limit and the limits on files remain
    with suppress(OSError, ValueError):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def silence(*descriptors: int) -> None:
    """Send what is written to these file descriptors nowhere: what libraries print may quote a document."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in descriptors:
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
