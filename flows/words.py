"""The Dutch that Prefect shows, from ``templates/runs/prefect.yaml``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


def words(name: str, *values: object) -> str:
    """A text with values filled in; where there are several, the first value chooses: for none, one and many."""
    text = _texts()[name]
    if isinstance(text, list):
        count = values[0]
        assert isinstance(count, int), f"{name} is chosen by a number"
        text = text[0 if len(text) == 2 and count == 1 else -1 if len(text) == 2 else min(count, 2)]
    return str(text).format(*values)


@cache
def _texts() -> dict[str, Any]:
    texts: dict[str, Any] = yaml.safe_load((files("templates") / "runs" / "prefect.yaml").read_text(encoding="utf-8"))
    return texts
