"""``items.v1``: at least so many concrete things, in one enumeration or in several passages."""

from __future__ import annotations

from dataclasses import replace

from pipeline.check.kinds import statement
from pipeline.check.reading import Reading
from pipeline.check.sighting import Look, Sighting
from pipeline.check.words import surface


class Params(statement.Params):
    """As ``statement.v1``; ``at_least`` things must be counted."""

    at_least: int = 2


def look(reading: Reading, params: Params) -> Look:
    """Count what the passages that show the criterion hold."""
    base = statement.look(reading, params)
    if sum(_things(s) for s in base.shows) >= params.at_least:
        return base
    return replace(base, seen=False, shows=(), general=(*base.shows, *base.general))


def _things(sighting: Sighting) -> int:
    parts = [p for p in surface("item_parts").split(sighting.passage.text) if len(p.split()) >= 2]
    return max(1, len(parts))
