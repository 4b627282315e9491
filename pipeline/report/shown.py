"""What a reader is shown, as plain values in Dutch: what templates and renderers have to work with."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.result import RequirementText


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A verdict as it is shown."""

    id: str
    word: str
    heading: str
    intro: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A literal quote and its place in words ("6. Externe partners, blz. 4"), "" where unknown."""

    text: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFinding:
    id: str
    title: str
    group_title: str
    core: bool
    level: str
    asks: str
    source: str
    why: str
    verdict: Word
    reason: str
    certainty: str
    message: str
    advice: str
    quotes: tuple[Quote, ...]
    criteria: tuple[tuple[str, bool | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """All findings with one verdict, in the order of the norm, as a whole and by group of the norm."""

    verdict: Word
    findings: tuple[ShownFinding, ...]
    groups: tuple[tuple[str, tuple[ShownFinding, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An item of the checklist: the findings behind it and the little that says most about each."""

    title: str
    findings: tuple[ShownFinding, ...]
    glance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a profile list: what, what kind of, and the passage it comes from."""

    text: str
    note: str
    quote: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProfile:
    expertise: tuple[Row, ...]
    partners: tuple[Row, ...]
    offered: tuple[tuple[str, tuple[Row, ...]], ...]
    not_offered: tuple[Row, ...]
    ambitions: tuple[Row, ...]
    training: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownError:
    word: str
    message: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReport:
    """A report as it is shown; `name` is the school's, or else the document's; `headline` says what it is in a line."""

    name: str
    kind: str
    path: str
    norm: str
    headline: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    counts: tuple[tuple[Word, int], ...]
    total: int
    cards: tuple[Card, ...]
    sections: tuple[Section, ...]
    not_checked: tuple[RequirementText, ...]
    profile: ShownProfile | None
    privacy: tuple[tuple[str, tuple[int, ...]], ...]
    about_pupil: bool
    notes: tuple[str, ...]
    """On the reading itself: pages read by OCR, pages that could not be read."""
    error: ShownError | None
