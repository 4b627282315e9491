"""A document as the checks see it: passages with scores, voice and the lexicon entries that stand in them.

Made once for a document and a norm; kinds of recognition only look things up here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from extractors.document import Document
from pipeline.check.classifier import Scores
from pipeline.check.finder import Shelf
from pipeline.check.lexicon import Hit
from pipeline.check.passages import Passage, Unit, listed
from pipeline.check.shorthand import in_full
from pipeline.check.voice import Voice
from pipeline.result import Evidence


@dataclass(frozen=True)
class Reading:
    """Shape: ``scores``, ``voices`` and ``hits`` run parallel to ``passages``; ``scores`` is None without the model."""

    document: Document
    passages: tuple[Passage, ...]
    scores: tuple[Scores | None, ...]
    voices: tuple[Voice, ...]
    block_hits: Mapping[int, tuple[Hit, ...]] = field(default_factory=dict)
    own_name: re.Pattern[str] | None = None
    """The school's name as the text uses it."""

    def label(self, passage: Passage, name: str | None) -> float:
        """Probability that the passage is evidence for a requirement; 0 for a label that the model does not know."""
        scores = self.scores[passage.index]
        return scores.labels.get(name, 0.0) if scores and name else 0.0

    def encoder_label(self, passage: Passage, name: str | None) -> float:
        """The same by the encoder alone, which refuses boilerplate best."""
        scores = self.scores[passage.index]
        return scores.encoder_labels.get(name, 0.0) if scores and name else 0.0

    def touch(self, passage: Passage, name: str | None) -> float:
        """Probability that the passage treats the subject in general terms (or better)."""
        scores = self.scores[passage.index]
        return scores.touch.get(name, 0.0) if scores and name else 0.0

    def voice(self, passage: Passage) -> Voice:
        """Whose statement the passage is and what it says."""
        return self.voices[passage.index]

    def hits(self, passage: Passage, lexicon: str) -> tuple[Hit, ...]:
        """Entries of a lexicon inside the passage; offsets are in the block's text."""
        return tuple(
            h
            for h in self.block_hits.get(passage.block, ())
            if h.entry.lexicon == lexicon and passage.start <= h.start and h.end <= passage.end
        )

    @cached_property
    def spoken(self) -> Shelf:
        """What each passage says in full, to be asked for many words at once."""
        return Shelf([spoken(p) for p in self.passages])

    @cached_property
    def by_block(self) -> dict[int, tuple[Passage, ...]]:
        """Passages of each block, in order."""
        found: dict[int, list[Passage]] = {}
        for passage in self.passages:
            found.setdefault(passage.block, []).append(passage)
        return {b: tuple(ps) for b, ps in found.items()}

    def around(self, passage: Passage, reach: int = 2) -> Sequence[Passage]:
        """The passage with its neighbours in the same block (at most ``reach`` sentences away)."""
        mates = self.by_block[passage.block]
        at = mates.index(passage)
        return mates[max(0, at - reach) : at + reach + 1]

    def listed(self, passage: Passage) -> tuple[Passage, ...]:
        """What a list adds to its introduction, or to the sentence that goes on after it; empty for any other."""
        return tuple(self.passages[i] for i in listed(self.passages, passage.index))

    def evidence(self, passage: Passage, start: int | None = None, end: int | None = None) -> Evidence:
        """The passage, or a part of it, as evidence: a literal slice of its block."""
        start, end = passage.start if start is None else start, passage.end if end is None else end
        return Evidence(
            quote=self.document.text_at(passage.block, start, end),
            page=passage.page,
            block=passage.block,
            start=start,
            end=end,
            section=" > ".join(passage.section) or None,
        )


def spoken(passage: Passage) -> str:
    """What a passage says, in full: an answer with its label, a row as read aloud, else its text."""
    if passage.unit is Unit.ANSWER and passage.label:
        return in_full(f"{passage.label}: {passage.text}")
    return in_full((passage.reads if passage.unit is Unit.ROW else None) or passage.text)
