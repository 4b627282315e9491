"""A pre-filled ontwikkelingsperspectief as the contract gives it (``dekkend.opp/1``). Opens no files."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA: Literal["dekkend.opp/1"] = "dekkend.opp/1"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class PlanValue(_Data):
    """What a document says for a field, with the literal quote and its place."""

    value: str
    quote: str
    path: str
    page: int | None
    block: int


class PlanConflict(_Data):
    """Documents that disagree: all values, the oldest first, and which was taken."""

    field: str
    values: tuple[str, ...]
    chosen: str
    why: str


class Plan(_Data):
    """The fields with what the documents say; a field without a value is among ``open``."""

    schema_: Literal["dekkend.opp/1"] = Field(default=SCHEMA, alias="schema")
    fields: dict[str, tuple[PlanValue, ...]]
    open: tuple[str, ...]
    conflicts: tuple[PlanConflict, ...]
