"""Typed results of reading a form about one pupil: every value with its literal quote and place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """Something that a form says. ``quote`` is ``blocks[block].text[start:end]``; ``text`` is how a reader says it."""

    text: str
    quote: str
    block: int
    start: int
    end: int
    page: int | None
    section: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A date with the place where it stands."""

    day: dt.date
    at: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A goal with what stands beside it in its row; None where the form has no such column or it is empty."""

    goal: Value
    approach: str | None = None
    who: str | None = None
    when: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a logbook."""

    day: dt.date
    what: Value


class Agreed(StrEnum):
    """What a form shows of consent."""

    GIVEN = "given"
    """With a date or signature."""
    UNDATED = "undated"
    """Ticked or told, without date or signature."""
    UNSIGNED = "unsigned"
    """The place to sign or tick is there and empty, or signed for having seen it."""
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    state: Agreed
    at: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFacts:
    """What every form about a pupil may say: its own day, and the fields by their id (``fields.yaml``)."""

    kind: str | None
    day: Day | None = None
    fields: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)

    def first(self, name: str) -> Value | None:
        """The first value of a field, None when it is open."""
        return next(iter(self.fields.get(name, ())), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OppFacts(FormFacts):
    """An ontwikkelingsperspectief."""

    established: Day | None = None
    first_plan: Day | None = None
    """The first plan, or since when there is extra support."""
    enrolled: Day | None = None
    evaluated: Day | None = None
    """When outcomes of goals were last written down."""
    goals: tuple[Goal, ...] = ()
    consent: Consent = Consent(state=Agreed.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbcFacts(FormFacts):
    """An ABC-formulier."""

    logbook: tuple[Entry, ...] = ()
    consent: Consent = Consent(state=Agreed.UNKNOWN)
    """To talk about the pupil with experts, not to a plan."""
