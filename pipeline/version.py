"""Which dekkend this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """Version of dekkend, as installed."""
    try:
        return version("dekkend")
    except PackageNotFoundError:
        return "0+checkout"
