"""How the learned model does on labelled passages by themselves.

The shipped model was trained with sentences of this set, so these numbers say whether it still works, not how good it
is on new schools.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.check.classifier import Scores
from pipeline.evaluate.labels import GoldSentence
from pipeline.evaluate.tally import f1, ratio

_FROM = 0.5  # the threshold of the checks, see check/kinds/statement.py
_SPLIT = "dev"


class Scorer(Protocol):
    """The classifier, as far as it is needed here."""

    def score(self, passages: Sequence[tuple[str | None, str]]) -> Sequence[Scores]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceScore:
    """Micro-F1 is over all labels together, macro-F1 the mean over labels that occur; 0..1."""

    sentences: int
    labels: int
    micro_f1: float
    macro_f1: float
    stance_right: int


def score_sentences(sentences: Sequence[GoldSentence], scorer: Scorer) -> SentenceScore | None:
    """Score the held-back part of the sentences; None when there is none."""
    held_back = [s for s in sentences if s.split == _SPLIT]
    if not held_back:
        return None
    scores = scorer.score([(None, s.text) for s in held_back])
    right: Counter[str] = Counter()
    said: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    known = {label for s in sentences for label in s.labels}
    for sentence, score in zip(held_back, scores, strict=True):
        own = {label for label in known if score.labels.get(label, 0.0) >= _FROM}
        said.update(own)
        gold.update(sentence.labels)
        right.update(own & set(sentence.labels))
    each = [f1(right[label], said[label], gold[label]) for label in sorted(gold)]
    return SentenceScore(
        sentences=len(held_back),
        labels=len(each),
        micro_f1=f1(right.total(), said.total(), gold.total()),
        macro_f1=ratio(sum(each), len(each)),
        stance_right=sum(
            max(score.stance, key=lambda name: score.stance[name]) == sentence.stance
            for sentence, score in zip(held_back, scores, strict=True)
        ),
    )
