"""Whether a Prefect server answers. Imports nothing of Prefect."""

from __future__ import annotations

import subprocess
import time


def is_well(address: str) -> bool:
    """Whether the API at this address ("http://127.0.0.1:4200/api") answers that it is well."""
    import httpx  # noqa: PLC0415  (not for those who need no server)

    try:
        return httpx.get(f"{address.rstrip('/')}/health", timeout=5).is_success
    except httpx.HTTPError:
        return False


def comes_up(address: str, server: subprocess.Popen[bytes], *, until: float) -> bool:
    """Wait for a server that was just started; False when it ended, or when ``time.monotonic`` is past ``until``."""
    while time.monotonic() < until and server.poll() is None:
        if is_well(address):
            return True
        time.sleep(0.1)
    return False
