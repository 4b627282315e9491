"""Which school a document is of, its sector and its school year, as far as the text says so.

A labelled field goes before a title page, a title page before a running header, and that before running text. What no
place tells stays None: a missing value costs one question, a wrong one joins two schools in the overview.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from extractors.document import Document
from pipeline.check.facts.board import brin, school_board
from pipeline.check.facts.fields import fields_of, lines_of
from pipeline.check.facts.name import school_name
from pipeline.check.facts.place import district_of, municipality_of
from pipeline.check.facts.sector import sector_of
from pipeline.check.facts.year import document_date, school_year
from pipeline.result import School

PUPIL_KINDS = frozenset(
    {"opp", "abc", "okr", "onderwijskundig-rapport", "deskundigenrapportage", "toestemming", "oudervragenlijst"}
    | {"aanvraag-tlv", "aanvraag-ab", "aanmelding-cvl"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a document besides the verdicts; None and empty fields are unknown."""

    kind: str | None = None
    school: School = field(default_factory=School)
    sector: Literal["po", "vo"] | None = None
    school_year: str | None = None
    date: str | None = None
    """Of this version, as the document gives it: "2025-11-26", or "2025-11" without a day."""


def school_facts(document: Document, kind: str | None) -> Facts:
    """School, sector and school year of a document.

    Args:
        document: What was read.
        kind: Kind of document as ``document_kind`` gives it: in a pupil's form a place name may be a home address.
    """
    fields = fields_of(document)
    about_pupil = kind in PUPIL_KINDS
    lines = tuple(lines_of(document, about_pupil=about_pupil))
    name, own_lines = school_name(fields, lines)
    about = own_lines if about_pupil else tuple(line.text for line in lines if not line.inside)
    district = district_of(fields, about, lines, about_pupil=about_pupil)
    school = School(
        name=name,
        brin=brin(fields, document, about),
        board=school_board(fields, lines),
        district=district,
        municipality=municipality_of(fields, district, about),
    )
    date = document_date(document, fields)
    return Facts(
        kind=kind,
        school=school,
        sector=sector_of(document, name, lines),
        school_year=school_year(document, fields),
        date=None if date is None else "-".join(f"{part:02d}" for part in date if part is not None),
    )
