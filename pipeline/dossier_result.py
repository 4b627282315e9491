"""A pupil's file as the contract gives it (``dekkend.dossier/1``): the only input of its renderers.

Opens no files. Field order is the order in the JSON. What renderers say beside it stands in ``DossierTexts``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA: Literal["dekkend.dossier/1"] = "dekkend.dossier/1"

Status = Literal["done", "not_done", "unknown"]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class DossierDocument(_Data):
    """A file of the folder; ``path`` is relative to it, ``error`` a code of the contract."""

    path: str
    kind: str
    date: str | None
    error: str | None


class DossierEvidence(_Data):
    path: str
    quote: str
    page: int | None
    block: int


class DossierCheck(_Data):
    """A rule on dates; ``holds`` is null when no document tells."""

    id: str
    holds: bool | None
    message: str


class DossierStep(_Data):
    """One step of a route, of one track where the route has tracks."""

    route: str
    step: int
    track: str | None
    status: Status
    evidence: tuple[DossierEvidence, ...] = ()


class Dossier(_Data):
    schema_: Literal["dekkend.dossier/1"] = Field(default=SCHEMA, alias="schema")
    decision: str | None
    documents: tuple[DossierDocument, ...]
    missing: tuple[str, ...]
    conditions: dict[str, bool | None]
    checks: tuple[DossierCheck, ...]
    steps: tuple[DossierStep, ...]


class StepText(_Data):
    """What a reader is told of a step: its title, and what it asks on each track."""

    step: int
    title: str
    means: Mapping[str, str]


class RouteText(_Data):
    id: str
    title: str
    source: str
    tracks: Mapping[str, str]
    steps: tuple[StepText, ...]


class DecisionText(_Data):
    id: str
    title: str
    documents: tuple[str, ...]
    source: str


class DossierTexts(_Data):
    """What renderers need beside the result: texts of the data, and what was found out on the way."""

    folder: str
    pupil: str | None
    day: str | None
    """The day against which dates are held, ISO."""
    day_from: str | None
    """The document that gave it; null when it was given."""
    asked_in: DossierEvidence | None
    """Where a document asks for the decision, when nobody named it."""
    decision: DecisionText | None
    decisions: tuple[DecisionText, ...]
    condition_evidence: Mapping[str, tuple[DossierEvidence, ...]]
    check_asks: Mapping[str, str]
    routes: tuple[RouteText, ...]
    errors: Mapping[str, str]
    """Message for each file that could not be read, by path."""
