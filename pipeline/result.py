"""The result of a check, as the contract gives it (``dekkend.report/1``): the only input of renderers and comparisons.

Opens no files. Field order is the order in the JSON; unknown values are None, empty lists stay lists.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

SCHEMA: Literal["dekkend.report/1"] = "dekkend.report/1"


class Verdict(StrEnum):
    """What the document shows of a requirement; MISSING is a claim about the document, not about the school."""

    MET = "met"
    PARTIAL = "partial"
    MISSING = "missing"
    REVIEW = "review"
    NOT_APPLICABLE = "not_applicable"


class Reason(StrEnum):
    """Why a verdict is not MET."""

    NOT_FOUND = "not-found"
    HEADING_ONLY = "heading-only"
    REFERENCE_ONLY = "reference-only"
    DEFINITION_ONLY = "definition-only"
    TEMPLATE_TEXT = "template-text"
    GENERAL = "general"
    PLANNED = "planned"
    EXPLICITLY_ABSENT = "explicitly-absent"
    INCOMPLETE = "incomplete"
    CONTRADICTION = "contradiction"
    UNCLEAR = "unclear"
    UNREADABLE = "unreadable"
    RECOGNISER_FAILED = "recogniser-failed"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(_Data):
    """A literal quote with its place: ``quote`` is ``blocks[block].text[start:end]``."""

    quote: str
    page: int | None
    block: int
    start: int
    end: int
    section: str | None


class Finding(_Data):
    """The verdict on one requirement. MET and PARTIAL never come without evidence."""

    requirement: str
    verdict: Verdict
    confidence: float
    criteria: dict[str, bool | None]
    evidence: tuple[Evidence, ...]
    reason: Reason | None
    message: str
    advice: str

    @model_validator(mode="after")
    def _has_evidence(self) -> Finding:
        if self.verdict in (Verdict.MET, Verdict.PARTIAL) and not self.evidence:
            raise ValueError(f"{self.requirement}: {self.verdict} without evidence")
        if self.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE) and self.reason is not None:
            raise ValueError(f"{self.requirement}: {self.verdict} with a reason")
        return self


class Expertise(_Data):
    name: str
    scope: Literal["school", "external"]
    quote: str
    block: int


class Partner(_Data):
    name: str
    category: str
    quote: str
    block: int


class Offer(_Data):
    text: str
    theme: str | None
    level: int | None
    block: int


class NotOffered(_Data):
    text: str
    status: Literal["not", "not_yet", "conditional"]
    theme: str | None
    block: int


class Ambition(_Data):
    text: str
    layer: Literal["basis", "extra"] | None
    horizon: str | None
    block: int


class Training(_Data):
    text: str
    block: int


class Profile(_Data):
    """What the document says about the school, in lists; empty for documents that are no profile."""

    expertise: tuple[Expertise, ...] = ()
    partners: tuple[Partner, ...] = ()
    offered: tuple[Offer, ...] = ()
    not_offered: tuple[NotOffered, ...] = ()
    ambitions: tuple[Ambition, ...] = ()
    training: tuple[Training, ...] = ()


class DocumentInfo(_Data):
    path: str
    sha256: str | None
    format: str | None
    pages: int | None
    kind: str | None
    sector: Literal["po", "vo"] | None
    school_year: str | None


class School(_Data):
    name: str | None = None
    brin: str | None = None
    board: str | None = None
    district: str | None = None
    municipality: str | None = None


class NormInfo(_Data):
    id: str
    version: str


class Summary(_Data):
    met: int = 0
    partial: int = 0
    missing: int = 0
    review: int = 0
    not_applicable: int = 0


class PrivacyMark(_Data):
    """Personal data of a pupil or parent stands here: category and block, never the value."""

    category: str
    block: int


class ReadingNote(_Data):
    """What a person should know of the reading itself: pages that were read by OCR, or not at all."""

    code: str
    pages: tuple[int, ...]
    message: str


class ErrorInfo(_Data):
    code: str
    message: str


class Report(_Data):
    """One document checked by one norm, or the reason why it could not be."""

    schema_: Literal["dekkend.report/1"] = Field(default=SCHEMA, alias="schema")
    document: DocumentInfo
    school: School
    norm: NormInfo | None
    summary: Summary
    findings: tuple[Finding, ...]
    profile: Profile
    privacy: tuple[PrivacyMark, ...]
    error: ErrorInfo | None
    notes: tuple[ReadingNote, ...] = ()
    """Beside the contract, and in the JSON only where there is something to say."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class RequirementText(_Data):
    """What renderers say about a requirement: texts of the norm, so that reports need no norm machinery."""

    id: str
    title: str
    group: str
    group_title: str
    core: bool
    level: str | None
    asks: str
    why: str
    advice: str
    source: str
    example: str = ""
    """A model passage of an invented school: always shown as an example, to be replaced."""


class NormText(_Data):
    id: str
    version: str
    title: str
    requirements: tuple[RequirementText, ...]
