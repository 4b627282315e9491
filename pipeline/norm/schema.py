"""What a norm is: requirements with their criteria, texts and sources, and how each criterion is recognised.

Types only; opens no files. A norm is what is asked (written by a samenwerkingsverband); a recognition is how it is seen
(written by engineers). Both are data: see ``load``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Sector = Literal["po", "vo"]
DocumentKind = Literal[
    "sop",
    "schoolgids",
    "opp",
    "abc",
    "wop",
    "zelfscan",
    "onderwijskundig-rapport",
    "deskundigenrapportage",
    "toestemming",
    "oudervragenlijst",
    "aanvraag-tlv",
    "aanvraag-ab",
    "aanmelding-cvl",
    "okr",
]


class Level(StrEnum):
    """How much a requirement weighs: by law, agreed for every school, or an ambition beyond that."""

    WETTELIJK = "wettelijk"
    BASISNORM = "basisnorm"
    STREEFNORM = "streefnorm"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Data):
    """Where a requirement comes from: a heading in a text (``seed``, ``heading``) or an article of a law."""

    seed: Text | None = None
    """Id of one of the norm's ``documents``: the file name of the source text."""
    heading: Text | None = None
    """The heading as it stands in that text, to the letter."""
    law: Text | None = None
    """Short title of the law, such as ``WVO 2020``."""
    article: Text | None = None
    """Article and paragraph, without the word ``artikel``: ``2.44, tweede lid``."""
    note: Text | None = None
    """What a reader should know of this source, such as the article for another sector."""
    consulted: dt.date | None = None

    @property
    def is_complete(self) -> bool:
        """Whether somebody else can find the place again."""
        from_text = self.seed is not None and self.heading is not None and self.consulted is not None
        return from_text or (self.law is not None and self.article is not None)


class SourceDocument(_Data):
    """A text that requirements are taken from, with the words to cite it by."""

    id: Text
    title: Text
    url: Text | None = None


class Group(_Data):
    """A chapter of the norm. Reports show requirements by group, in the order of the norm."""

    id: Text
    title: Text


class Criterion(_Data):
    """A part of a requirement that can be seen by itself; ``means`` says when it counts as seen."""

    id: Text
    means: Text


class Requirement(_Data):
    """One thing that a document must show. The id never changes meaning; the texts may be polished."""

    id: Text
    title: Text
    group: Text
    level: Level | None = None
    """None where the source does not tell legal duties and agreements apart."""
    sectors: tuple[Sector, ...] = Field(default=("po", "vo"), min_length=1)
    asks: Text
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    partial: Text | None = None
    """When the subject is treated, but not so that a criterion is shown. None: only by the criteria themselves."""
    not_applicable: Text | None = None
    valid_from: dt.date | None = None
    """The requirement counts for documents established on or after this day."""
    core: bool = False
    """Belongs to the short list that readers look for first."""
    why: Text
    advice: Text
    example: Text
    """A model passage of an invented school; always shown as an example, never filled in."""
    source: Source
    see_also: tuple[Source, ...] = ()


class Norm(_Data):
    """A set of requirements with a version and a source."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: Text = Field(alias="norm")
    version: Text
    title: Text
    publisher: Text
    rights: Text
    """Whose text this is, and on which terms it may be used."""
    kinds: tuple[DocumentKind, ...] = Field(min_length=1)
    documents: tuple[SourceDocument, ...] = ()
    groups: tuple[Group, ...] = Field(min_length=1)
    requirements: tuple[Requirement, ...] = Field(min_length=1)

    def requirement(self, requirement_id: str) -> Requirement:
        """Give the requirement with this id.

        Raises:
            KeyError: The norm has no such requirement.
        """
        for requirement in self.requirements:
            if requirement.id == requirement_id:
                return requirement
        raise KeyError(requirement_id)

    def criterion_keys(self) -> Iterator[str]:
        """Give every criterion as ``<requirement id>/<criterion id>``, in the order of the norm."""
        for requirement in self.requirements:
            for criterion in requirement.criteria:
                yield f"{requirement.id}/{criterion.id}"


class Examples(_Data):
    """Fragments that a recognition must call met, partial or missing; run as tests."""

    met: tuple[Text, ...] = ()
    partial: tuple[Text, ...] = ()
    missing: tuple[Text, ...] = ()


class Recognition(_Data):
    """How one criterion is seen: a kind of looking with its parameters, and examples that prove it."""

    criterion: Text
    """``<requirement id>/<criterion id>``"""
    kind: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*\.v[1-9][0-9]*$")]
    """Versioned name; a kind that changes meaning gets a new version, so old reports stay reproducible."""
    params: dict[str, object] = Field(default_factory=dict)
    not_applicable_when: object = None
    """When the requirement does not count for a document; meaning and form belong to the check."""
    examples: Examples = Examples()

    @model_validator(mode="before")
    @classmethod
    def _gather_params(cls, data: object) -> object:
        if not isinstance(data, Mapping) or "params" in data:
            return data
        own = {name: value for name, value in data.items() if name in cls.model_fields}
        return own | {"params": {name: value for name, value in data.items() if name not in cls.model_fields}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A line in a norm file; ``file`` is relative to the folder of the norm, ``line`` counts from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedNorm:
    """A norm with its recognitions, as read from files."""

    norm: Norm
    recognitions: Mapping[str, Recognition]
    """By criterion key (``anb.beleid.ketenpartners/partners``)."""
    digest: str
    """SHA-256 over all files used, lexicons included: changes whenever a verdict could."""
    places: Mapping[tuple[str, ...], Place] = field(default_factory=dict)
    """``(requirement id,)``, ``(requirement id, field)``, ``("recognise", criterion key)``, and so on, for messages."""
    lexicon_dirs: tuple[Path, ...] = ()
    """Folders to look for lexicons in, nearest first: beside the norm, then the shipped ones."""
