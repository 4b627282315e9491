"""What Prefect and the worker processes find in their environment; never over what the user has set.

To be called before Prefect is imported: it reads its settings at import. Imports nothing of Prefect itself.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from flows.errors import OrchestratorError
from pipeline.folders import cache_folder

_PREFECT: Mapping[str, str] = {
    # nothing leaves this computer
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    # no text in its database and none on the terminal: at ERROR it prints tracebacks after Ctrl-C, and every real
    # problem reaches the caller as an exception
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    "PREFECT_LOGGING_LOG_PRINTS": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    # the default of 20 s was exceeded on a busy machine of two cores; measured starts: 12-40 s
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}

# What a server with one flow run and no deployments has no use for.
_NO_SERVICES: Mapping[str, str] = {
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_FOREMAN_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
}

# One document a process and a process a core: threads of the number libraries would only wait for each other. They
# read these names when they are imported, so setting them in the worker itself is too late.
_WORKERS: Mapping[str, str] = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def prepare_environment(environment: MutableMapping[str, str] = os.environ, *, serving: bool = False) -> None:
    """Fill in what the user left open; ``serving`` for a server with pages and a schedule.

    Raises:
        OrchestratorError: The folder of Prefect can't be made.
    """
    if "PREFECT_HOME" not in environment:
        environment["PREFECT_HOME"] = str(_make_private(cache_folder(environment) / "prefect"))
    services = {} if serving else _NO_SERVICES
    for name, value in (*_PREFECT.items(), *services.items(), *_WORKERS.items()):
        environment.setdefault(name, value)


def _make_private(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise OrchestratorError(f"De werkmap van Prefect kan niet worden gemaakt: {folder}.") from problem
    return folder
