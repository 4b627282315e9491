"""Primary or secondary education, from the name of the school, the title and the words of the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from extractors.document import BlockKind, Document
from pipeline.check.facts.fields import Line
from pipeline.check.facts.lexicon import forms


def sector_of(document: Document, name: str | None, lines: Sequence[Line]) -> Literal["po", "vo"] | None:
    """Primary or secondary education, from the name of the school, the title and the words of the text."""
    known = forms()
    text = "\n".join(b.text for b in document.blocks if b.kind is not BlockKind.TOC)
    title = "\n".join([x.text for x in lines if x.running or x.weight >= 30])
    scores = {"po": 0.0, "vo": 0.0}
    for sector, words in known.sector.items():
        for pattern, weight in words:
            # a word that stands everywhere says no more than one that stands twenty times
            scores[sector] += weight * min(20, sum(1 for _ in pattern.finditer(text)))
        if name and known.sector_names[sector].search(name):
            scores[sector] += 15
        if known.sector_titles[sector].search(title):
            scores[sector] += 10
    po, vo = scores["po"], scores["vo"]
    if max(po, vo) < 3 or max(po, vo) < 1.5 * min(po, vo):
        return None
    return "po" if po > vo else "vo"
