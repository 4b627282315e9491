"""One batch at a time in an output folder."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.errors import BatchBusyError, OutUnwritableError

_BUSY = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of an output folder.

    The system itself keeps the lock and drops it with the process that held it, however that ended; so a file that a
    dead process left behind stops nobody, and two that find it can't both take it. The pid in it is for people.

    Raises:
        BatchBusyError: Another process holds it.
        OutUnwritableError: No permission to make the file.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as problem:
        raise OutUnwritableError from problem
    try:
        _take(handle, path)
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _take(handle: int, path: Path) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415

            # a byte far behind the pid, which others may then still read
            os.lseek(handle, 1 << 20, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        if problem.errno in _BUSY:
            raise BatchBusyError(_message(path)) from None
        # some network disks know no locks: then a second batch can't be refused, and the first must not be


def _message(path: Path) -> str:
    try:
        pid = path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        pid = ""
    return f"{BatchBusyError.message.rstrip('.')} (proces {pid})." if pid.isdigit() else BatchBusyError.message
