"""Runs the pages with uvicorn until somebody stops them."""

from __future__ import annotations

import logging
from collections.abc import Callable

import uvicorn
from sqlalchemy import Engine

from pipeline.errors import DekkendError
from pipeline.web.app import make_app
from pipeline.web.settings import Settings

_SHUTDOWN_S = 20


class PortError(DekkendError):
    code = "port"
    message = "Deze poort is niet vrij."
    hint = "Kies een andere met --port, of stop het programma dat hem gebruikt."


def serve(settings: Settings, engine: Engine, tell: Callable[[str], None]) -> None:
    """Serve the pages.

    Args:
        settings: Where to listen, and everything else.
        engine: The store; it is closed at the end.
        tell: Says where the pages are, and the code for the first account.

    Raises:
        KeyFileError: The secret can't be read or made.
        PortError: Nothing can listen there.
    """
    app = make_app(settings, engine)
    # what uvicorn logs of a request holds its address, and that can hold a key: `faults.Watch` logs instead
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
    config = uvicorn.Config(
        app, host=settings.host, port=settings.port, log_config=None, access_log=False, server_header=False,
        proxy_headers=False, timeout_graceful_shutdown=_SHUTDOWN_S,
    )  # fmt: skip
    server = uvicorn.Server(config)
    try:
        listener = config.bind_socket()
    except SystemExit:
        raise PortError(f"Poort {settings.port} op {settings.host} is niet vrij.") from None
    with listener:
        tell(f"dekkend staat op {settings.address} (stoppen: Ctrl-C)")
        if app.state.first_code.is_needed:
            tell(f"Maak het eerste account op {settings.address}/eerste-keer met de code {app.state.first_code.shown}")
        if not settings.is_local and not settings.secure_cookies:
            tell("Let op: zonder https kan iedereen op het netwerk meelezen. Zie docs/portal.md.")
        server.run(sockets=[listener])
