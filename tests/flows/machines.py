"""A Prefect server on PostgreSQL with process workers, as on several machines; for tests that ask for it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of this process without what it says of Prefect, with a home of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DEKKEND_"))}
    path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    return kept | {"PREFECT_HOME": str(home), "DEKKEND_HOME": str(home), "DO_NOT_TRACK": "1", "PYTHONPATH": path} | more


@contextmanager
def prefect_server(home: Path, database: str, log: Path):
    """A server; yields the address of its API."""
    port = free_port()
    how = environment(
        home,
        PREFECT_SERVER_DATABASE_CONNECTION_URL=database.replace("postgresql:", "postgresql+asyncpg:"),
        PREFECT_SERVER_ANALYTICS_ENABLED="false",
    )
    command = [
        sys.executable,
        "-m",
        "prefect",
        "server",
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-ui",
    ]
    with log.open("w") as stream:
        server = subprocess.Popen(command, env=how, stdout=stream, stderr=stream)
    try:
        address = f"http://127.0.0.1:{port}/api"
        wait_until(lambda: is_well(address), 180)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


@contextmanager
def worker(home: Path, name: str, log: Path, **more: str):
    """A process worker of the pool ``dekkend``, with all below it in a process group of its own."""
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", "dekkend", "--name", name]
    with log.open("w") as stream:
        process = subprocess.Popen(
            command, env=environment(home, **more), stdout=stream, stderr=stream, start_new_session=True, cwd=home
        )
    try:
        yield process
    finally:
        kill_group(process)


def kill_group(process: subprocess.Popen) -> None:
    """SIGKILL to a process and all that it started, as when a machine goes down."""
    for pid in [*below(process.pid), process.pid]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(30)


def below(pid: int) -> list[int]:
    table = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in table.splitlines()[1:]]
    family = {pid}
    for _ in range(8):
        family |= {child for child, parent in rows if parent in family}
    return sorted(family - {pid}, reverse=True)


def is_well(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", timeout=2).is_success
    except httpx.HTTPError:
        return False


def wait_until(is_so, patience_s: float) -> None:
    end = time.monotonic() + patience_s
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.3)
