"""Where dekkend keeps things on a user's machine; touches no disk."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """What can be made again: DEKKEND_HOME, or a folder in the user's cache."""
    return _folder(environment, "XDG_CACHE_HOME", ".cache")


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """What can't be made again: DEKKEND_HOME, or a folder among the user's data."""
    return _folder(environment, "XDG_DATA_HOME", ".local/share")


def _folder(environment: Mapping[str, str], setting: str, usual: str) -> Path:
    if chosen := environment.get("DEKKEND_HOME"):
        return Path(chosen).expanduser().absolute()
    if base := environment.get(setting):
        return Path(base) / "dekkend"
    if sys.platform == "win32" and (local := environment.get("LOCALAPPDATA")):
        return Path(local) / "dekkend"
    return Path.home() / usual / "dekkend"
