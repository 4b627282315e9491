"""Words on the surface of forms, as compiled patterns: from ``lexicons/forms.yaml`` by name."""

from __future__ import annotations

import re

from pipeline.check.words import named_pattern


def form_word(name: str) -> re.Pattern[str]:
    """The pattern of this name, ignoring case unless the lexicon has it under ``case_sensitive``.

    Raises:
        KeyError: there is no such pattern.
    """
    return named_pattern("forms", name)
