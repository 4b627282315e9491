"""The level of the ondersteuningskaart (niveau 1-4) that an offer speaks of, from for whom and where it takes place.

1 in the group for all, 2 a light intervention, 3 a group or person beside the group, 4 specialised.
Source: ANB 2024-08, "Handreiking Ondersteuning" (the four levels of the ondersteuningskaart).
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.check.lexicon import read_yaml
from pipeline.norm.data_dir import DATA_DIR


@lru_cache(maxsize=1)
def _levels() -> tuple[tuple[int, re.Pattern[str]], ...]:
    data = read_yaml(DATA_DIR / "lexicons" / "levels.yaml")
    return tuple((row["level"], re.compile("|".join(row["words"]), re.IGNORECASE)) for row in data)


def support_level(text: str, *, extra: bool) -> int:
    """The highest level whose words stand in the text; without any, 2 for extra support and 1 for what all get."""
    found = [level for level, words in _levels() if words.search(text)]
    return max(found) if found else (2 if extra else 1)
