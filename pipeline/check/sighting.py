"""What a kind of recognition returns: sightings of a criterion, refusals with their reason, the nearest miss.

Knows no verdict: seeing and deciding are tested, measured and changed apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from pipeline.check.passages import Passage
from pipeline.check.reading import Reading
from pipeline.result import Reason


class By(StrEnum):
    """What made the sighting: the learned model, words of the norm's recognition, or both."""

    MODEL = "model"
    WORDS = "words"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A place that shows a criterion, or treats it in general terms. ``start``, ``end`` narrow the quote when given."""

    passage: Passage
    score: float
    by: By
    start: int | None = None
    end: int | None = None
    item: str | None = None
    """What was counted, for criteria that count distinct things."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A passage on the subject that is no evidence, and why."""

    passage: Passage
    reason: Reason
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The outcome of looking for one criterion. ``seen``: True, False, or None when it could not be decided."""

    seen: bool | None
    shows: tuple[Sighting, ...] = ()
    general: tuple[Sighting, ...] = ()
    refused: tuple[Refusal, ...] = ()
    nearest: Passage | None = None
    why_unsure: Reason | None = None
    doubtful: tuple[Sighting, ...] = ()
    """Passages of which the model is sure and in which the words that the criterion needs are lacking."""
    applies: bool = True
    """False: the document itself shows that the requirement does not count for it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A way of seeing: a parameter model and a pure function from reading and parameters to a look."""

    params: type[BaseModel]
    look: Callable[[Reading, Any], Look]
