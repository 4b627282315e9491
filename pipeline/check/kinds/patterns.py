"""The type of a recognition's words: expressions that are compiled when the norm is loaded."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from pipeline.check.words import Words, regex


def _compiled(words: Words) -> Words:
    """Compile the expressions: a mistake is told with its field, and a check later finds them ready."""
    try:
        regex(words)
    except re.error as problem:
        raise ValueError(f"geen geldige expressie: {problem}") from problem
    return words


Patterns = Annotated[Words, AfterValidator(_compiled)]
"""Regular expressions, ignoring case."""
