"""One report against the labels of its document: what is right, and what kind of wrong the rest is.

Pure; opens no files. Quotes are compared by place, and text modulo white space and hyphens, since a quote in the labels
is the source's while a file breaks lines and words where it likes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from extractors.document import Document
from pipeline.evaluate.labels import Gold, GoldProfile, GoldVerdict, LabelError
from pipeline.result import Finding, Profile, Reason, Report, Verdict

_BETWEEN = re.compile("[\\s\\-\u00ad\u2010\u2011\ufffe\ufeff\u0002]+")
_SHOWN = frozenset({Verdict.MET, Verdict.PARTIAL})


class Outcome(StrEnum):
    """How a verdict compares with its label.

    The two wrongs that matter most stand apart: WRONGLY_MET hides a gap, WRONGLY_MISSING costs trust.
    """

    RIGHT = "right"
    WRONGLY_MET = "wrongly_met"
    WRONGLY_MISSING = "wrongly_missing"
    OTHER = "other_wrong"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedVerdict:
    """A verdict beside its label.

    ``placed`` tells whether at least one quote overlaps an accepted one; None unless verdict and label are both met or
    partial. ``in_place`` counts the quotes that do, ``literal`` those that are the slice that they point to.
    """

    requirement: str
    gold: Verdict
    said: Verdict
    confidence: float
    reason: Reason | None
    message: str
    trap: str | None
    gold_quotes: tuple[str, ...]
    quotes: tuple[str, ...]
    placed: bool | None
    in_place: int
    literal: int

    @property
    def outcome(self) -> Outcome:
        """What kind of right or wrong this is."""
        return outcome(self.gold, self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedFact:
    """A single value beside its label; None where there is none."""

    name: str
    gold: str | None
    said: str | None

    @property
    def right(self) -> bool:
        """Equal but for case and white space; none and none are equal too."""
        return _same(self.gold) == _same(self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """A list beside its labels. What is found may differ from what is right: one passage can cover two labels."""

    name: str
    said: int
    right: int
    gold: int
    found: int
    extra: tuple[str, ...] = ()
    """Said, but not labelled."""
    missed: tuple[str, ...] = ()
    """Labelled, but not said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One file of a labelled document, judged."""

    slug: str
    format: str
    norm: str
    verdicts: tuple[JudgedVerdict, ...]
    facts: tuple[JudgedFact, ...]
    lists: tuple[Overlap, ...]
    levels: tuple[JudgedFact, ...]
    """The level of each theme that is both labelled and said."""
    profile_quotes: int
    profile_literal: int
    """Quotes of the profile, and those that stand in their block to the letter."""


def compare(slug: str, gold: Gold, document: Document, report: Report) -> Comparison:
    """Judge a report of a file that could be read.

    Raises:
        LabelError: The labels name a requirement that the norm does not have.
    """
    places = Places(document)
    findings = {finding.requirement: finding for finding in report.findings}
    unknown = [name for name in gold.verdicts if name not in findings]
    if unknown:
        raise LabelError(f"{slug}: norm {gold.norm} heeft deze eisen niet: {', '.join(unknown)}.")
    quotes = list(_profile_quotes(report.profile))
    return Comparison(
        slug=slug,
        format=document.source.format,
        norm=gold.norm,
        verdicts=tuple(_verdict(findings[name], label, places) for name, label in gold.verdicts.items()),
        facts=tuple(_facts(gold, report)),
        lists=tuple(_lists(gold, report, places)),
        levels=tuple(_levels(gold.profile, report.profile)) if gold.profile else (),
        profile_quotes=len(quotes),
        profile_literal=sum(quote in document.blocks[block].text for quote, block in quotes),
    )


def outcome(gold: Verdict, said: Verdict) -> Outcome:
    """Right, or which kind of wrong."""
    if gold is said:
        return Outcome.RIGHT
    if said is Verdict.REVIEW:
        return Outcome.REVIEW
    match gold, said:
        case Verdict.MISSING, Verdict.MET:
            return Outcome.WRONGLY_MET
        case Verdict.MET, Verdict.MISSING:
            return Outcome.WRONGLY_MISSING
        case _:
            return Outcome.OTHER


def tight(text: str) -> str:
    """Text without white space and hyphens: what is left of it however a file breaks lines and words."""
    return _BETWEEN.sub("", text)


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of a document in tight text, half-open, with that text."""

    start: int
    end: int
    text: str


class Places:
    """Where quotes stand in a document, in one coordinate for all its blocks."""

    def __init__(self, document: Document) -> None:
        self.document = document
        blocks = [tight(block.text) for block in document.blocks]
        self._starts = list(accumulate((len(block) for block in blocks), initial=0))
        self._all = "".join(blocks)

    def of_slice(self, block: int, start: int, end: int) -> Spot:
        """The spot of a slice of a block."""
        text = self.document.blocks[block].text
        first = self._starts[block] + len(tight(text[:start]))
        said = tight(text[start:end])
        return Spot(first, first + len(said), said)

    def of_text(self, quote: str) -> tuple[Spot, ...]:
        """Every spot of a quote; where it is nowhere in one piece (a page cut it), its text without a place."""
        sought = tight(quote)
        if not sought:
            return ()
        found = [m.start() for m in re.finditer(re.escape(sought), self._all)]
        return tuple(Spot(at, at + len(sought), sought) for at in found) or (Spot(-1, -1, sought),)

    def in_block(self, text: str, block: int) -> Spot:
        """The spot of a text that stands in a block; the whole block when it does not."""
        whole = self.document.blocks[block].text
        start = max(whole.find(text), 0)
        return self.of_slice(block, start, start + len(text) if text in whole else len(whole))


def overlap(one: Spot, other: Spot) -> bool:
    """Whether two spots share text; without a place, whether one's text holds the other's."""
    if one.start < 0 or other.start < 0:
        return bool(one.text and other.text) and (one.text in other.text or other.text in one.text)
    return one.start < other.end and other.start < one.end


def _verdict(finding: Finding, label: GoldVerdict, places: Places) -> JudgedVerdict:
    accepted = [spot for quote in label.evidence for spot in places.of_text(quote)]
    own = [places.of_slice(e.block, e.start, e.end) for e in finding.evidence]
    in_place = sum(any(overlap(spot, gold) for gold in accepted) for spot in own)
    both = finding.verdict in _SHOWN and label.verdict in _SHOWN
    text_at = places.document.text_at
    return JudgedVerdict(
        requirement=finding.requirement,
        gold=label.verdict,
        said=finding.verdict,
        confidence=finding.confidence,
        reason=finding.reason,
        message=finding.message,
        trap=label.trap,
        gold_quotes=label.evidence,
        quotes=tuple(e.quote for e in finding.evidence),
        placed=in_place > 0 if both and accepted else None,
        in_place=in_place,
        literal=sum(bool(e.quote) and text_at(e.block, e.start, e.end) == e.quote for e in finding.evidence),
    )


def _facts(gold: Gold, report: Report) -> Iterator[JudgedFact]:
    for name in ("kind", "sector", "school_year"):
        yield JudgedFact(name=name, gold=getattr(gold, name), said=getattr(report.document, name))
    for name in ("name", "brin", "board", "district"):
        yield JudgedFact(name=name, gold=getattr(gold.school, name), said=getattr(report.school, name))


def _lists(gold: Gold, report: Report, places: Places) -> Iterator[Overlap]:
    profile, label = report.profile, gold.profile
    if label is not None:
        scoped = [f"{e.name} ({e.scope})" for e in profile.expertise]
        yield _names("expertise", [f"{e.name} ({e.scope})" for e in label.expertise], scoped)
        yield _names("expertise_name", [e.name for e in label.expertise], [e.name for e in profile.expertise])
        yield _names("partners", label.partners, [p.name for p in profile.partners])
        yield _passages("not_offered", label.not_offered, [(x.text, x.block) for x in profile.not_offered], places)
        yield _passages("ambitions", label.ambitions, [(x.text, x.block) for x in profile.ambitions], places)
        yield _names("themes", label.offered_themes, [x.theme for x in profile.offered if x.theme])
    yield _names("privacy", gold.privacy, [mark.category for mark in report.privacy])


def _names(name: str, gold: Iterable[str], said: Iterable[str]) -> Overlap:
    """Each name once, whatever its case."""
    known = {_same(x): x for x in gold}
    own = {_same(x): x for x in said}
    right = known.keys() & own.keys()
    return Overlap(
        name=name,
        said=len(own),
        right=len(right),
        gold=len(known),
        found=len(right),
        extra=tuple(own[x] for x in own if x not in known),
        missed=tuple(known[x] for x in known if x not in own),
    )


def _passages(name: str, gold: Sequence[str], said: Sequence[tuple[str, int]], places: Places) -> Overlap:
    own = [(text, places.in_block(text, block)) for text, block in said]
    known = [(quote, places.of_text(quote)) for quote in gold]
    extra = [text for text, spot in own if not any(overlap(spot, g) for _, spots in known for g in spots)]
    missed = [quote for quote, spots in known if not any(overlap(spot, g) for _, spot in own for g in spots)]
    return Overlap(
        name=name,
        said=len(own),
        right=len(own) - len(extra),
        gold=len(known),
        found=len(known) - len(missed),
        extra=tuple(extra),
        missed=tuple(missed),
    )


def _levels(label: GoldProfile, profile: Profile) -> Iterator[JudgedFact]:
    said = _highest_levels(profile)
    for theme, level in label.offered_themes.items():
        if theme in said:
            yield JudgedFact(name=theme, gold=str(level), said=str(said[theme]))


def _highest_levels(profile: Profile) -> Mapping[str, int]:
    highest: dict[str, int] = {}
    for offer in profile.offered:
        if offer.theme is not None:
            highest[offer.theme] = max(offer.level or 0, highest.get(offer.theme, 0))
    return highest


def _profile_quotes(profile: Profile) -> Iterator[tuple[str, int]]:
    yield from ((x.quote, x.block) for x in profile.expertise)
    yield from ((x.quote, x.block) for x in profile.partners)
    yield from ((x.text, x.block) for x in profile.offered)
    yield from ((x.text, x.block) for x in profile.not_offered)
    yield from ((x.text, x.block) for x in profile.ambitions)
    yield from ((x.text, x.block) for x in profile.training)


def _same(value: str | None) -> str | None:
    return None if value is None else " ".join(value.split()).casefold()
