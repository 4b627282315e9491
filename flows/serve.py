"""Stays running and does the nightly run every night, with a Prefect server of its own unless there is one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from flows.config import Nightly
from flows.discovery import STATE_FOLDER
from flows.errors import ServerError
from flows.health import comes_up
from flows.output import write_page
from flows.settings import prepare_environment

_ZONE = "Europe/Amsterdam"
_PATIENCE_S = 180


def serve(
    config: Nightly,
    *,
    file: Path | None,
    at: str,
    on: str,
    port: int,
    log: str,
    tell: Callable[[str], None],
) -> None:
    """Serve the nightly run until somebody stops it.

    Args:
        config: The settings, read already: what is wrong with them is told now, not at night.
        file: Where they came from; None when they came from the command line.
        at: Time of day, in the Netherlands.
        on: As for ``run_nightly``.
        port: For the pages of Prefect, on this machine alone.
        log: Form of the log.
        tell: Says where the pages are.

    Raises:
        ServerError: The Prefect server does not start.
    """
    prepare_environment(serving=True)
    settings = (file or _written(config)).absolute()
    os.environ["DEKKEND_LOG"] = log
    if config.store:
        os.environ.setdefault("DEKKEND_STORE", config.store)
    with _server(port) as address:
        from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy  # noqa: PLC0415
        from prefect.schedules import Cron  # noqa: PLC0415
        from prefect.types.entrypoint import EntrypointType  # noqa: PLC0415

        from flows.deployments import nightly  # noqa: PLC0415

        hour, minute = map(int, at.split(":"))
        tell(f"Elke nacht om {at}. Prefect: {address.removesuffix('/api')}. Stoppen met Ctrl-C.")
        nightly.serve(
            name="nachtrun",
            schedule=Cron(f"{minute} {hour} * * *", timezone=_ZONE),
            parameters={"settings": str(settings), "on": on},
            tags=["dekkend"],
            limit=1,
            # a run that is still going on is not joined by a second
            global_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
            entrypoint_type=EntrypointType.MODULE_PATH,
            pause_on_shutdown=False,
            print_starting_message=False,
        )


def _written(config: Nightly) -> Path:
    path = config.out / STATE_FOLDER / "nightly.yaml"
    write_page(path, yaml.safe_dump(config.model_dump(mode="json", exclude_none=True), allow_unicode=True))
    return path


@contextmanager
def _server(port: int) -> Iterator[str]:
    """The API of a Prefect server: the one that the environment names, else one of our own on the loopback address."""
    if address := os.environ.get("PREFECT_API_URL"):
        yield address
        return
    address = f"http://127.0.0.1:{port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    environment = os.environ | {
        "PREFECT_SERVER_UI_API_URL": address,
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    }
    nowhere = subprocess.DEVNULL
    server = subprocess.Popen(command, stdout=nowhere, stderr=nowhere, start_new_session=True, env=environment)  # noqa: S603
    try:
        if not comes_up(address, server, until=time.monotonic() + _PATIENCE_S):
            raise ServerError
        os.environ["PREFECT_API_URL"] = address
        yield address
    finally:
        server.terminate()
        server.wait(30)
