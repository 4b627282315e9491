"""The Prefect server of one batch, started before Prefect is imported, so that both get ready at the same time.

Left to itself Prefect imports its whole server (seconds of computing) into the process of the run too, only to start
another process with it. Imports nothing of Prefect.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from flows.errors import OrchestratorError
from flows.health import comes_up
from flows.watchdog import end_with_us

_NOTHING_ELSE = {"PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}  # as Prefect starts one for itself
_NOT_STARTED, _TRIES = 3, 3  # the exit code of uvicorn for a start that failed
_started: list[tuple[subprocess.Popen[bytes], str]] = []


def start_early() -> None:
    """Start a server and let Prefect, when it is imported, find it; nothing when Prefect is to look for one itself.

    Raises:
        OrchestratorError: Processes can't be started.
    """
    if "prefect" in sys.modules or not _is_left_to_us(os.environ, Path.cwd()):
        return
    address = f"http://127.0.0.1:{_free_port()}/api"
    try:
        _start(address)
    except OSError as problem:
        raise OrchestratorError from problem
    os.environ["PREFECT_API_URL"] = address


def is_ours(address: str) -> bool:
    """Whether the address is of a server that was started early: it ends with this process."""
    return any(address == ours for _, ours in _started)


def wait_until_ready() -> bool:
    """Wait for the server that was started early; False when there is none.

    Raises:
        OrchestratorError: It ended, or does not answer in time.
    """
    if not _started:
        return False
    server, address = _started[-1]
    until = time.monotonic() + float(os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"])
    while not comes_up(address, server, until=until):
        # its database may have been locked by another batch, its port just taken by something else
        if server.poll() != _NOT_STARTED or len(_started) >= _TRIES:
            raise OrchestratorError from RuntimeError(f"the server ended with {server.returncode}")
        server = _start(address)
    return True


def _is_left_to_us(environment: Mapping[str, str], folder: Path) -> bool:
    """Whether nobody named a server, in any of the places where Prefect looks for its settings."""
    if "PREFECT_API_URL" in environment or environment.get("PREFECT_SERVER_EPHEMERAL_ENABLED") != "true":
        return False
    home = Path(environment["PREFECT_HOME"])
    profiles = Path(environment.get("PREFECT_PROFILES_PATH", home / "profiles.toml"))
    places = ((profiles, "PREFECT_"), (folder / ".env", "PREFECT_"), (folder / "pyproject.toml", "[tool.prefect"))
    return not (folder / "prefect.toml").exists() and not any(mark in _text(path) for path, mark in places)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf8", errors="replace")
    except OSError:
        return ""


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _start(address: str) -> subprocess.Popen[bytes]:
    package = str(getattr(find_spec("prefect"), "origin", None))  # found without importing it
    port = address.removesuffix("/api").rpartition(":")[2]
    command = [sys.executable, "-m", "uvicorn", "--app-dir", str(Path(package).parents[1]), "--factory"]
    command += ["prefect.server.api.server:create_app", "--host", "127.0.0.1", "--port", port]
    command += ["--log-level", "error", "--lifespan", "on"]
    nowhere = subprocess.DEVNULL
    # a session of its own: Ctrl-C in a terminal is for the run, which then tells the server how it ended
    server = subprocess.Popen(  # noqa: S603
        command,
        env=os.environ | _NOTHING_ELSE,
        stdin=nowhere,
        stdout=nowhere,
        stderr=nowhere,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # the same on Windows
    )
    atexit.register(_end, server)
    _started.append((server, address))
    end_with_us(server.pid)  # a run that is killed would leave it behind for ever
    return server


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
