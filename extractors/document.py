"""The types that everything else stands on: a file as it was read, block by block, each with its place.

Opens no files and knows no norm. All types are frozen; a block's index is its position in ``Document.blocks``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block is on the page. ``HEADER``, ``FOOTER`` and ``TOC`` are kinds so that checks can refuse them."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    HEADER = "header"
    FOOTER = "footer"
    FOOTNOTE = "footnote"
    TOC = "toc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table row; ``start`` and ``end`` are half-open offsets in the row block's text (code points)."""

    column: int
    start: int
    end: int
    header: str | None = None
    """Text of the column's header cell; None in the header row itself and in tables without a header row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A heading, paragraph, list item, table row, running header or footer, footnote or line of a table of contents.

    A row's text is its cells' texts joined with ``" | "``; merged cells appear once. Checkboxes stand in the text as
    ☒ (checked) or ☐ (not checked), whatever the file used.
    """

    kind: BlockKind
    text: str
    level: int | None = None
    """Headings: 1 is outermost. Items: nesting depth from 1. Else None."""
    page: int | None = None
    """Page from 1; None where the file does not tell (DOCX without rendered page breaks)."""
    section: tuple[str, ...] = ()
    """The headings above the block, outermost first; a heading's own text is not part of its section."""
    table: int | None = None
    """Rows: number of the table in the document, from 0."""
    cells: tuple[Cell, ...] = ()
    is_header_row: bool = False
    uncertain: bool = False
    """Read by OCR or from a broken encoding: the text may differ from what the page shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something about the reading itself that a person should know, for example one page without text."""

    code: str
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """Identity of the bytes; the name is a label only."""

    name: str
    sha256: str
    format: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that was read: blocks in reading order."""

    source: SourceFile
    blocks: tuple[Block, ...]
    pages: int | None = None
    notes: tuple[Note, ...] = ()
    properties: dict[str, str] = field(default_factory=dict)
    """Document properties as stored in the file: ``title``, ``author``, ``created``, ``modified`` (ISO dates) ..."""

    def text_at(self, block: int, start: int, end: int) -> str:
        """The slice that a place points to; IndexError for a block that is not there."""
        return self.blocks[block].text[start:end]


class ReadCode(StrEnum):
    """Why a file can't be checked: the codes of the contract."""

    NOT_FOUND = "not-found"
    EMPTY_FILE = "empty-file"
    UNSUPPORTED_FORMAT = "unsupported-format"
    ENCRYPTED = "encrypted"
    CORRUPT = "corrupt"
    NO_TEXT = "no-text"
    TOO_LARGE = "too-large"
    TIMEOUT = "timeout"
    UNKNOWN_KIND = "unknown-kind"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadError:
    """A file that could not be read: a value, not an exception, so that a batch goes on.

    ``facts`` fill the Dutch message (for example ``{"megabytes": "81"}``); they never hold text of the document.
    """

    source: SourceFile | None
    name: str
    code: ReadCode
    facts: dict[str, str] = field(default_factory=dict)
