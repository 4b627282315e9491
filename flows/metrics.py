"""What Prometheus can read of a run: a file for the node exporter's textfile collector, or for any web server.

Counts and codes only. A run is over before anybody can ask it something, so a file and no port.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import generate_latest

from flows.output import write_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The latest run; ``finished`` in seconds since 1970, ``codes`` how often each error code came up."""

    documents: int
    checked: int
    removed: int
    unreadable: int
    seconds: float
    finished: float
    codes: Mapping[str, int]
    unreachable: int


METRICS = "metrics.prom"
_HELP = {
    "documents": "Documents in all inboxes",
    "checked": "Documents that were checked in the latest run",
    "removed": "Documents that were gone in the latest run",
    "unreadable": "Documents that can not be read",
    "seconds": "Duration of the latest run",
    "finished": "When the latest run was done (Unix time)",
    "unreachable": "Inboxes that could not be reached in the latest run",
}
_UNITS = {"seconds": "dekkend_run_seconds", "finished": "dekkend_run_finished_timestamp_seconds"}


def write_metrics(path: Path, measured: Measured) -> None:
    """Replace the file.

    Raises:
        OutUnwritableError: There is no room or no permission.
    """
    registry = CollectorRegistry()
    for name, text in _HELP.items():
        Gauge(_UNITS.get(name, f"dekkend_{name}"), text, registry=registry).set(getattr(measured, name))
    failures = Gauge("dekkend_failures", "Documents that can not be read, by code", ["code"], registry=registry)
    for code, count in sorted(measured.codes.items()):
        failures.labels(code=code).set(count)
    write_page(path, generate_latest(registry).decode())
