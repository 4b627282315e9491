"""Shorthand of school forms written out ("verl. instr. gr. 3" is "verlengde instructie groep 3").

Telegram style is the hardest register for a model that learnt from sentences. Passages are scored and matched in full;
quotes stay as they stand in the document.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.check.lexicon import read_yaml
from pipeline.norm.data_dir import DATA_DIR


@lru_cache(maxsize=1)
def _forms() -> tuple[re.Pattern[str], dict[str, str]]:
    forms: dict[str, str] = read_yaml(DATA_DIR / "lexicons" / "shorthand.yaml")["forms"]
    longest_first = sorted(forms, key=len, reverse=True)
    pattern = rf"(?<![\w.@-])({'|'.join(map(re.escape, longest_first))})(?:\.(?=\W|$)|(?![\w@-]))"
    return re.compile(pattern, re.IGNORECASE), forms


@lru_cache(maxsize=8192)
def in_full(text: str) -> str:
    """The text with its shorthand written out; most texts come back as they are."""
    pattern, forms = _forms()
    return pattern.sub(lambda match: forms[match[1].lower()], text)
