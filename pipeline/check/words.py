"""Words on the surface of a document, as compiled patterns by name: ``lexicons/surface.yaml``."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.check.lexicon import read_yaml
from pipeline.norm.load import DATA_DIR


@lru_cache(maxsize=1)
def _surface() -> dict[str, str]:
    data: dict[str, str] = read_yaml(DATA_DIR / "lexicons" / "surface.yaml")
    return data


@lru_cache(maxsize=64)
def surface(name: str) -> re.Pattern[str]:
    """The pattern of this name, ignoring case.

    Raises:
        KeyError: there is no such pattern.
    """
    return re.compile(_surface()[name], re.IGNORECASE)
