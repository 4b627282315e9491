"""Reads PDF: PDFium for characters and lines, own geometry for tables, columns, paragraphs and headings."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from extractors.document import Block, Document, Note, ReadCode, SourceFile
from extractors.pdf_blocks import to_blocks
from extractors.pdf_footnotes import split_notes
from extractors.pdf_forms import flatten, ticks
from extractors.pdf_layout import Flow, page_flow
from extractors.pdf_page import read_page
from extractors.pdf_running import split_running
from extractors.pdf_shapes import PageContent
from extractors.sections import with_sections

# PDFium keeps global state: two threads in it at once crash the process
LOCK = threading.Lock()
"""Held by whoever uses PDFium."""
_DATE = re.compile(r"D?:?(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?")
_STRANGE_SHARE = 0.2


class PdfError(Exception):
    """A PDF file that can't be read, with the code of the contract."""

    def __init__(self, code: ReadCode, **facts: str) -> None:
        super().__init__(code.value)
        self.code = code
        self.facts = facts


def read_pdf(
    data: bytes, source: SourceFile, *, max_pages: int, scan: Callable[[Any, PageContent], None] | None = None
) -> Document:
    """The document; raises ``PdfError`` for a file that can't be read.

    Args:
        data: The file.
        source: Its identity.
        max_pages: A file with more pages is refused.
        scan: Reads a page that is a picture: is given every open page with what was read of it.
    """
    with LOCK:
        pages, properties = _read_pages(data, max_pages, scan)
    notes = tuple(note for page in pages if (note := _note(page)) is not None)
    broken = {note.page for note in notes if note.code in ("broken-encoding", "page-ocr")}
    running = split_running(pages)
    split_notes(pages)
    flow: Flow = [entry for page in pages for entry in page_flow(page)]
    blocks = to_blocks(flow)
    return Document(
        source=source,
        blocks=with_sections([*(_doubted(block, broken) for block in blocks), *running]),
        pages=len(pages),
        notes=notes,
        properties=properties,
    )


def _read_pages(
    data: bytes, max_pages: int, scan: Callable[[Any, PageContent], None] | None
) -> tuple[list[PageContent], dict[str, str]]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        code = (
            ReadCode.ENCRYPTED
            if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
            else ReadCode.CORRUPT
        )
        raise PdfError(code) from error
    try:
        count = len(document)
        if not count:
            raise PdfError(ReadCode.CORRUPT)
        if count > max_pages:
            raise PdfError(ReadCode.TOO_LARGE, pages=str(count), limit=str(max_pages))
        if document.get_formtype() != pdfium.FORMTYPE_NONE:
            document.init_forms()
        pages: list[PageContent | None] = [_read_one(document, index, scan) for index in range(count)]
        if all(page is None for page in pages):
            raise PdfError(ReadCode.CORRUPT)
        while len(pages) > 1 and pages[-1] is not None and pages[-1].added:
            pages.pop()
        return [page or _damaged(number) for number, page in enumerate(pages, start=1)], _properties(document)
    finally:
        document.close()


def _damaged(number: int) -> PageContent:
    """One damaged page does not spoil the others; it is reported as a page without text."""
    return PageContent(number=number, width=1.0, height=1.0, pieces=[], has_image=True)


def _read_one(document: Any, index: int, scan: Callable[[Any, PageContent], None] | None) -> PageContent | None:
    """A page, None when it can't be opened."""
    try:
        page = document[index]
        found = None
        if document.formenv is not None:
            found = ticks(page, document.formenv.raw)
            flatten(page)
            page.close()
            page = document[index]
    except pypdfium2.PdfiumError:
        return None
    try:
        content = read_page(page, index + 1, found)
        if scan is not None:
            scan(page, content)
        return content
    finally:
        page.close()


def _note(page: PageContent) -> Note | None:
    letters = sum(len(piece.text) for piece in page.pieces)
    if page.scan:
        return Note(code="page-ocr" if page.scan == "read" else "page-picture", page=page.number)
    if not letters:
        # an empty page has nothing to miss; a picture may be a scan
        return Note(code="page-without-text", page=page.number) if page.has_image else None
    return Note(code="broken-encoding", page=page.number) if page.strange > _STRANGE_SHARE * letters else None


def _doubted(block: Block, broken: set[int | None]) -> Block:
    if block.page not in broken:
        return block
    return Block(
        kind=block.kind,
        text=block.text,
        level=block.level,
        page=block.page,
        table=block.table,
        cells=block.cells,
        is_header_row=block.is_header_row,
        uncertain=True,
    )


def _properties(document: Any) -> dict[str, str]:
    stored = document.get_metadata_dict(skip_empty=True)
    found = {name.lower(): stored[name].strip() for name in ("Title", "Author") if stored.get(name, "").strip()}
    for key, name in (("created", "CreationDate"), ("modified", "ModDate")):
        match = _DATE.match(stored.get(name, ""))
        if match:
            year, month, day, hour, minute, second = match.groups()
            found[key] = f"{year}-{month}-{day}" + (f"T{hour}:{minute}:{second}" if hour else "")
    return dict(sorted(found.items()))
