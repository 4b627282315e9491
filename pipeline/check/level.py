"""The level of the ondersteuningskaart (niveau 1-4) that an offer speaks of, from for whom and where it takes place.

1 in the group for all, 2 a light intervention, 3 a group or person beside the group, 4 specialised.
Source: ANB 2024-08, "Handreiking Ondersteuning" (the four levels of the ondersteuningskaart).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.check.lexicon import read_yaml
from pipeline.norm.data_dir import DATA_DIR


@dataclass(frozen=True, slots=True)
class _Levels:
    named: re.Pattern[str]
    named_not: re.Pattern[str]
    for_all: re.Pattern[str]
    words: tuple[tuple[int, re.Pattern[str]], ...]


@lru_cache(maxsize=1)
def _levels() -> _Levels:
    data = read_yaml(DATA_DIR / "lexicons" / "levels.yaml")
    named, named_not, for_all = (re.compile(data[name], re.IGNORECASE) for name in ("named", "named_not", "all"))
    words = tuple((row["level"], re.compile("|".join(row["words"]), re.IGNORECASE)) for row in data["levels"])
    return _Levels(named, named_not, for_all, words)


def support_level(text: str, *, extra: bool, column: str = "") -> int:
    """The highest level that the text names or whose words stand in it.

    Args:
        text: What is offered, and to whom.
        extra: It is extra support: 2 when no word tells more.
        column: Header of its column or its label, which may be the name of the level.
    """
    levels = _levels()
    if above := levels.named.search(column):
        return int(above[1])
    said = [int(m[1]) for m in levels.named.finditer(text) if not levels.named_not.match(text[m.end() :])]
    if said:
        return max(said)
    if levels.for_all.search(text):
        return 1
    found = [level for level, words in levels.words if words.search(text)]
    return max(found) if found else (2 if extra else 1)
