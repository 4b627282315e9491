"""More machines, for real: a Prefect server on PostgreSQL with two workers of which one is killed, and a Dask cluster.

Minutes, so only when asked for: DEKKEND_TEST_MACHINES=1.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from databases import running_postgres
from machines import ROOT, environment, free_port, kill_group, prefect_server, wait_until, worker
from sqlalchemy import func, select

from pipeline.store import tables as t
from pipeline.store.open import open_store

pytestmark = pytest.mark.skipif(
    "DEKKEND_TEST_MACHINES" not in os.environ, reason="duurt minuten: DEKKEND_TEST_MACHINES=1"
)

PREFECT = [sys.executable, "-m", "prefect", "--no-prompt"]
RUN = "from machine_runs import main; main()"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    home = tmp_path_factory.mktemp("server")
    with running_postgres() as postgres, prefect_server(home, postgres.new_database(), home / "server.log") as address:
        yield postgres, address


def documents(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.docx").write_text(f"SLOW {number}")
    (folder / "DIES.docx").write_text("DIES")


def outcomes(out: Path) -> dict[str, str | None]:
    found = {}
    for path in out.glob("*/report.json"):
        (report,) = json.loads(path.read_text())
        found[report["document"]["path"]] = report["error"] and report["error"]["code"]
    return found


def in_store(address: str) -> tuple[int, int]:
    """Documents, and results that hold."""
    store = open_store(address)
    with store.begin() as connection:
        held = select(func.count()).select_from(t.results).where(t.results.c.until_run.is_(None))
        return (
            connection.execute(select(func.count()).select_from(t.documents)).scalar_one(),
            connection.execute(held).scalar_one(),
        )


def test_two_workers_of_which_one_is_killed_half_way(server, tmp_path):
    postgres, api = server
    database = postgres.new_database()
    documents(tmp_path / "in", 40)
    how = {"PREFECT_API_URL": api, "DEKKEND_STORE": database, "DEKKEND_CONFIG": str(tmp_path / "nightly.yaml")}
    setting = environment(tmp_path, **how)
    for command in (["work-pool", "create", "dekkend", "--type", "process"], ["deploy", "--all"]):
        done = subprocess.run([*PREFECT, *command], env=setting, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    with (
        worker(tmp_path, "een", tmp_path / "een.log", **how) as first,
        worker(tmp_path, "twee", tmp_path / "twee.log", **how),
    ):
        wait_until(lambda: "started" in (tmp_path / "een.log").read_text().lower(), 90)
        wait_until(lambda: "started" in (tmp_path / "twee.log").read_text().lower(), 90)
        run = subprocess.Popen([sys.executable, "-c", RUN, tmp_path, "pool:dekkend"], env=setting)
        calls = tmp_path / "calls.txt"
        wait_until(lambda: calls.exists() and len(calls.read_text().splitlines()) >= 8, 240)
        kill_group(first)
        assert run.wait(400) == 0
    assert outcomes(tmp_path / "uit" / "in") == {**{f"{n}.docx": None for n in range(40)}, "DIES.docx": "internal"}
    assert in_store(database) == (41, 41)
    assert not list((tmp_path / "uit").rglob("*.part"))


def test_dask_cluster_of_which_a_worker_is_killed(server, tmp_path):
    postgres, api = server
    database = postgres.new_database()
    documents(tmp_path / "in", 40)
    port = free_port()
    setting = environment(tmp_path, PREFECT_API_URL=api, DEKKEND_STORE=database)
    commands = [["scheduler", "--port", str(port), "--no-dashboard"],
                *[["worker", f"tcp://127.0.0.1:{port}", "--nthreads", "1", "--no-dashboard"]] * 2]  # fmt: skip
    cluster = [
        subprocess.Popen(
            [sys.executable, "-m", "dask", *command],
            env=setting, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for command in commands
    ]  # fmt: skip
    try:
        run = subprocess.Popen([sys.executable, "-c", RUN, tmp_path, f"dask://127.0.0.1:{port}"], env=setting)
        calls = tmp_path / "calls.txt"
        wait_until(lambda: calls.exists() and len(calls.read_text().splitlines()) >= 8, 240)
        kill_group(cluster[1])
        assert run.wait(400) == 0
    finally:
        for process in cluster:
            kill_group(process)
    assert outcomes(tmp_path / "uit" / "in") == {**{f"{n}.docx": None for n in range(40)}, "DIES.docx": "internal"}
    assert in_store(database) == (41, 41)
