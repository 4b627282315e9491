"""Words on the surface of forms, as compiled patterns: from ``lexicons/forms.yaml`` by name, or of a norm."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.check.lexicon import read_yaml
from pipeline.norm.load import DATA_DIR


@lru_cache(maxsize=1)
def _form_words() -> dict[str, str | dict[str, str]]:
    data: dict[str, str | dict[str, str]] = read_yaml(DATA_DIR / "lexicons" / "forms.yaml")
    return data


@lru_cache(maxsize=64)
def form_word(name: str) -> re.Pattern[str]:
    """The pattern of this name, ignoring case unless the lexicon has it under ``case_sensitive``.

    Raises:
        KeyError: there is no such pattern.
    """
    pattern = _form_words()[name]
    if isinstance(pattern, str):
        return re.compile(pattern, re.IGNORECASE)
    return re.compile(pattern["case_sensitive"])
