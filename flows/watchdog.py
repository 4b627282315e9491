"""Ends a process when this one is gone, however that went: also after SIGKILL, when nothing of ours runs any more."""

from __future__ import annotations

import subprocess
import sys

# Reads until the other end of the pipe is closed, which the system does when this process ends.
_WATCH = """
import os, signal, sys
sys.stdin.read()
try:
    os.kill(int(sys.argv[1]), signal.SIGTERM)
except OSError:
    pass
"""

_pipes: list[subprocess.Popen[bytes]] = []


def end_with_us(pid: int) -> None:
    """Let a process get SIGTERM as soon as this one has ended."""
    command = [sys.executable, "-S", "-E", "-c", _WATCH, str(pid)]
    # kept: a pipe that is collected is closed
    _pipes.append(subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True))  # noqa: S603
