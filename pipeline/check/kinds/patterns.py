"""The type of a recognition's words: expressions that are read when the norm is loaded."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from pipeline.check.words import Words, regex


def _read(words: Words) -> Words:
    """Read the expressions: a mistake is told with its field."""
    try:
        regex(words)
    except re.error as problem:
        raise ValueError(f"geen geldige expressie: {problem}") from problem
    return words


Patterns = Annotated[Words, AfterValidator(_read)]
"""Regular expressions, ignoring case."""
