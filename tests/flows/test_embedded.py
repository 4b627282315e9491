"""A batch brings its own Prefect server along, unless somebody named one."""

import subprocess
import sys
import time

import pytest
from machines import environment

from flows import embedded
from flows.errors import OrchestratorError
from flows.settings import prepare_environment

OURS = {"PREFECT_SERVER_EPHEMERAL_ENABLED": "true"}


@pytest.mark.parametrize(
    ("environment", "files", "left"),
    [
        ({}, {}, True),
        ({"PREFECT_API_URL": "http://prefect.voorbeeld/api"}, {}, False),
        ({"PREFECT_SERVER_EPHEMERAL_ENABLED": "false"}, {}, False),
        ({}, {"map/.env": "PREFECT_API_URL=http://prefect.voorbeeld/api"}, False),
        ({}, {"map/.env": "NIETS=1"}, True),
        ({}, {"map/prefect.toml": "[api]"}, False),
        ({}, {"map/pyproject.toml": '[tool.prefect.api]\nurl = "http://prefect.voorbeeld/api"'}, False),
        ({}, {"map/pyproject.toml": 'dependencies = ["prefect"]'}, True),
        ({}, {"thuis/profiles.toml": '[profiles.werk]\nPREFECT_API_URL = "http://prefect.voorbeeld/api"'}, False),
    ],
)
def test_server_that_somebody_named_anywhere_goes_first(tmp_path, environment, files, left):
    for folder in ("map", "thuis"):
        (tmp_path / folder).mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    given = {**OURS, "PREFECT_HOME": str(tmp_path / "thuis"), **environment}
    assert embedded._is_left_to_us(given, tmp_path / "map") is left


def test_server_that_ended_is_told_as_such(monkeypatch):
    prepare_environment()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    monkeypatch.setattr(embedded, "_started", [(ended, "http://127.0.0.1:9/api")])

    with pytest.raises(OrchestratorError):
        embedded.wait_until_ready()


def test_server_answers_and_ends_with_the_program(tmp_path):
    """Also when the program is killed: nothing may stay behind on a machine that checks every night."""
    program = (
        "import os, signal\n"
        "from flows import embedded\n"
        "from flows.settings import prepare_environment\n"
        "prepare_environment()\n"
        "embedded.start_early()\n"
        "assert embedded.wait_until_ready()\n"
        "print(embedded._started[0][0].pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=180,
        env=environment(tmp_path),
        cwd=tmp_path,
        check=False,
    )
    server = int(killed.stdout)

    assert _is_gone_within(server, seconds=20)


def _is_gone_within(pid: int, *, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout
        if not state or state.startswith("Z"):  # ended, and at most waiting for somebody to take note of it
            return True
        time.sleep(0.1)
    return False
