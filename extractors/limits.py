"""What a file may cost, and how a reader says that it refuses one."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.document import ReadCode

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may cost before and while it is read."""

    max_bytes: int = 50 * MEGABYTE
    max_pages: int = 400
    max_expanded_bytes: int = 300 * MEGABYTE
    max_ratio: int = 200
    """Expanded size against packed size, for archives that expand to more than ``ratio_from``."""
    ratio_from: int = 20 * MEGABYTE
    max_part_bytes: int = 60 * MEGABYTE
    """Of one part of XML: as a tree it takes up to ten times that. The longest real profile has 1 MB."""
    seconds: float = 300
    """For all of one document, OCR and conversion included."""
    max_members: int = 2000
    """Files in one ZIP archive that is read as a folder, those of archives inside it included."""
    max_depth: int = 2
    """Archives inside archives: 1 is an archive without others in it."""
    office: bool = True
    """Whether LibreOffice may be started for ODT, DOC and RTF."""
    office_seconds: float = 60
    ocr: bool = True
    """Whether Tesseract may be started for pages without text."""
    ocr_pages: int = 60
    """Pages of one document that are read by OCR at most: a number, not a time, so that two runs are alike."""
    ocr_page_seconds: float = 40


DEFAULT = Limits()


class RefusedError(Exception):
    """Carries a code of the contract and its facts to ``registry``; never holds text of the document."""

    def __init__(self, code: ReadCode, **facts: str) -> None:
        super().__init__(code.value)
        self.code = code
        self.facts = facts


def size_facts(size: int, limits: Limits) -> dict[str, str]:
    """The facts of a file that is too large, in whole megabytes."""
    return {"megabytes": str(-(-size // MEGABYTE)), "limit": str(limits.max_bytes // MEGABYTE)}
