"""Counts over judged verdicts and lists: pure arithmetic, no texts and no files.

Numbers of documents and verdicts stay beside every share: "9 of 11" says more than a percentage.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.evaluate.compare import JudgedVerdict, Outcome, Overlap
from pipeline.result import Verdict

CLASSES = (Verdict.MET, Verdict.PARTIAL, Verdict.MISSING)
# Verdicts are seldom less sure than this; equal bins from 0 would put nearly all of them in the last two.
_BIN_EDGES = (0.0, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Verdicts by outcome; ``macro_f1`` is the mean F1 of met, partial and missing, 0..1."""

    verdicts: int
    right: int
    wrongly_met: int
    wrongly_missing: int
    other_wrong: int
    review: int
    macro_f1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassScore:
    """One verdict over all documents: how often labelled, said and both."""

    verdict: Verdict
    gold: int
    said: int
    right: int

    @property
    def f1(self) -> float:
        """0..1."""
        return f1(self.right, self.said, self.gold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Verdicts of which the confidence falls in [start, end) (the last with its end): how sure, and how many right."""

    start: float
    end: float
    verdicts: int
    mean_confidence: float
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceScore:
    """Verdicts with a quote at an accepted place, quotes at one, and quotes that are literal, each of how many."""

    verdicts: int
    verdicts_placed: int
    quotes: int
    quotes_placed: int
    all_quotes: int
    all_literal: int


def ratio(part: float, whole: float) -> float:
    """Part of whole, 0 for none of nothing."""
    return part / whole if whole else 0.0


def f1(right: int, said: int, gold: int) -> float:
    """Harmonic mean of precision and recall, 0..1."""
    return ratio(2 * right, said + gold)


def tally(verdicts: Sequence[JudgedVerdict]) -> Tally:
    """Count the outcomes."""
    counts = Counter(v.outcome for v in verdicts)
    present = [score.f1 for score in by_class(verdicts) if score.gold or score.said]
    return Tally(
        verdicts=len(verdicts),
        right=counts[Outcome.RIGHT],
        wrongly_met=counts[Outcome.WRONGLY_MET],
        wrongly_missing=counts[Outcome.WRONGLY_MISSING],
        other_wrong=counts[Outcome.OTHER],
        review=counts[Outcome.REVIEW],
        # a class that neither occurs nor is said has no F1: nought would punish a norm without partial
        macro_f1=ratio(sum(present), len(present)),
    )


def by_class(verdicts: Sequence[JudgedVerdict]) -> tuple[ClassScore, ...]:
    """Met, partial and missing apart."""
    gold = Counter(v.gold for v in verdicts)
    said = Counter(v.said for v in verdicts)
    right = Counter(v.gold for v in verdicts if v.gold is v.said)
    return tuple(ClassScore(verdict=c, gold=gold[c], said=said[c], right=right[c]) for c in CLASSES)


def confusion(verdicts: Iterable[JudgedVerdict]) -> Counter[tuple[Verdict, Verdict]]:
    """How often each (label, verdict) occurs."""
    return Counter((v.gold, v.said) for v in verdicts)


def by_requirement(verdicts: Iterable[JudgedVerdict]) -> dict[str, Tally]:
    """A tally for each requirement, in the order in which they come."""
    groups: dict[str, list[JudgedVerdict]] = {}
    for verdict in verdicts:
        groups.setdefault(verdict.requirement, []).append(verdict)
    return {name: tally(group) for name, group in groups.items()}


def evidence(verdicts: Sequence[JudgedVerdict]) -> EvidenceScore:
    """Where the quotes stand, for verdicts that are met or partial by label and by check; literalness for all."""
    both = [v for v in verdicts if v.placed is not None]
    return EvidenceScore(
        verdicts=len(both),
        verdicts_placed=sum(v.placed is True for v in both),
        quotes=sum(len(v.quotes) for v in both),
        quotes_placed=sum(v.in_place for v in both),
        all_quotes=sum(len(v.quotes) for v in verdicts),
        all_literal=sum(v.literal for v in verdicts),
    )


def reliability(verdicts: Sequence[JudgedVerdict]) -> tuple[Bin, ...]:
    """Said confidence against the share that is right; only verdicts that say something of the document."""
    counted = [v for v in verdicts if v.said in CLASSES]
    return tuple(_bin(start, end, counted) for start, end in pairwise(_BIN_EDGES))


def _bin(start: float, end: float, verdicts: Sequence[JudgedVerdict]) -> Bin:
    last = end == _BIN_EDGES[-1]
    own = [v for v in verdicts if start <= v.confidence < end or (last and v.confidence == end)]
    return Bin(
        start=start,
        end=end,
        verdicts=len(own),
        mean_confidence=ratio(sum(v.confidence for v in own), len(own)),
        right=sum(v.outcome is Outcome.RIGHT for v in own),
    )


def together(lists: Iterable[Overlap]) -> dict[str, Overlap]:
    """Add up the lists of the same name, in the order in which they come; without the texts."""
    sums: dict[str, Overlap] = {}
    for one in lists:
        so_far = sums.get(one.name, Overlap(name=one.name, said=0, right=0, gold=0, found=0))
        sums[one.name] = Overlap(
            name=one.name,
            said=so_far.said + one.said,
            right=so_far.right + one.right,
            gold=so_far.gold + one.gold,
            found=so_far.found + one.found,
        )
    return sums


def list_f1(one: Overlap) -> float:
    """F1 of a list from its precision and its recall, 0..1."""
    precision, recall = ratio(one.right, one.said), ratio(one.found, one.gold)
    return ratio(2 * precision * recall, precision + recall)
