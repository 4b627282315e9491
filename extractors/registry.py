"""From a path or bytes to a document: finds the file type by content, guards the limits, turns failures into values."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.detect import BROKEN_ARCHIVE, find_format
from extractors.document import BlockKind, Document, ReadCode, ReadError, SourceFile
from extractors.limits import DEFAULT, Limits, RefusedError, size_facts

if TYPE_CHECKING:
    from extractors.ocr import ScanReader
    from extractors.pdf_shapes import PageContent

_BODY_KINDS = frozenset(BlockKind) - {BlockKind.HEADER, BlockKind.FOOTER}


def read_document(
    path: Path, *, name: str | None = None, limits: Limits = DEFAULT, inside: tuple[int, ...] = ()
) -> Document | ReadError:
    """Reads a file of any format that we know; one that can't be read is an error value, never an exception.

    Args:
        path: The file.
        name: Label for reports; the file's own name when left out.
        limits: What the file may cost.
        inside: Which file of an archive, as ``archive.each_file`` gives it; empty for the file itself.
    """
    label = path.name if name is None else name
    try:
        if not path.exists():
            return ReadError(source=None, name=label, code=ReadCode.NOT_FOUND)
        if not path.is_file():
            return ReadError(source=None, name=label, code=ReadCode.UNSUPPORTED_FORMAT, facts={"found": "folder"})
        if inside:
            return _read_inside(path, inside, label, limits)
        size = path.stat().st_size
        if size > limits.max_bytes:
            return ReadError(source=None, name=label, code=ReadCode.TOO_LARGE, facts=size_facts(size, limits))
        data = path.read_bytes()
    except (OSError, ValueError):
        # no permission, a name the file system refuses, a share that went away: it can't be found where it should be
        return ReadError(source=None, name=label, code=ReadCode.NOT_FOUND)
    return read_bytes(data, label, limits=limits)


def read_bytes(data: bytes, name: str, *, limits: Limits = DEFAULT) -> Document | ReadError:
    """As ``read_document``, for a file that is already in memory."""
    source = SourceFile(name=name, sha256=hashlib.sha256(data).hexdigest(), format="unknown", size=len(data))
    try:
        kind = find_format(data, name, limits)
        source = SourceFile(name=name, sha256=source.sha256, format=kind, size=source.size)
        document = _read(data, source, limits)
    except RefusedError as refused:
        return ReadError(source=source, name=name, code=refused.code, facts=refused.facts)
    except MemoryError:
        return ReadError(source=source, name=name, code=ReadCode.TOO_LARGE)
    except Exception as error:  # noqa: BLE001  a batch goes on whatever a damaged file does to a library
        # only the type: messages of libraries may hold text of the document
        return ReadError(source=source, name=name, code=ReadCode.INTERNAL, facts={"error": type(error).__name__})
    if not any(block.text and block.kind in _BODY_KINDS for block in document.blocks):
        return ReadError(source=source, name=name, code=ReadCode.NO_TEXT, facts=_why_no_text(document, limits))
    return document


def _read_inside(path: Path, inside: tuple[int, ...], label: str, limits: Limits) -> Document | ReadError:
    from extractors.archive import read_member  # noqa: PLC0415

    try:
        data = read_member(path, inside, limits)
    except RefusedError as refused:
        return ReadError(source=None, name=label, code=refused.code, facts=refused.facts)
    found = read_bytes(data, label, limits=limits)
    if isinstance(found, ReadError) and found.facts.get("found") == "zip":
        return replace(found, facts={**found.facts, "found": "nested"})
    return found


def _read(data: bytes, source: SourceFile, limits: Limits) -> Document:
    match source.format:
        case "pdf":
            return _read_pdf(data, source, limits)
        case "docx" | "docm":
            return _read_word(data, source)
        case "html":
            from extractors.html import read_html  # noqa: PLC0415

            return read_html(data, source)
        case "markdown":
            from extractors.markdown_page import read_markdown_page  # noqa: PLC0415

            return read_markdown_page(data, source)
        case _:
            return _read_office(data, source, limits)


def _read_word(data: bytes, source: SourceFile) -> Document:
    # imported here so that a program that only reads PDF does not pay for lxml, and the other way round
    from lxml import etree  # noqa: PLC0415

    from extractors.word import read_word  # noqa: PLC0415

    try:
        return read_word(data, source)
    except (*BROKEN_ARCHIVE, StopIteration, etree.XMLSyntaxError) as error:
        raise RefusedError(ReadCode.CORRUPT) from error


def _read_office(data: bytes, source: SourceFile, limits: Limits) -> Document:
    from extractors.office import to_docx  # noqa: PLC0415

    made = to_docx(data, source.format, limits)
    find_format(made, "", limits)  # what LibreOffice makes is kept to the same limits
    return _read_word(made, source)


def _read_pdf(data: bytes, source: SourceFile, limits: Limits) -> Document:
    from extractors.pdf import PdfError, read_pdf  # noqa: PLC0415

    try:
        return read_pdf(data, source, max_pages=limits.max_pages, scan=_scan_reader(limits))
    except PdfError as error:
        raise RefusedError(error.code, **error.facts) from error


def _scan_reader(limits: Limits) -> Callable[[Any, PageContent], None] | None:
    """What reads a page that is a picture; it looks for Tesseract when the first one comes."""
    if not limits.ocr:
        return None
    reader: ScanReader | None = None

    def read(page: Any, content: PageContent) -> None:
        nonlocal reader
        if not content.has_image:
            return
        from extractors import ocr  # noqa: PLC0415  (few documents have scans)

        program = ocr.find_tesseract() if reader is None else None
        if program is not None:
            reader = ocr.ScanReader(program, limits)
        if reader is not None:
            reader.read(page, content)

    return read


def _why_no_text(document: Document, limits: Limits) -> dict[str, str]:
    """Facts for the message on a file without text: is it a scan, and was OCR tried?"""
    if document.pages is None or not document.notes:
        return {"found": "empty"}
    if any(note.code == "page-picture" for note in document.notes):
        found = "ocr"
    else:
        found = "no-ocr" if limits.ocr else "ocr-off"
    return {"found": found, "pages": str(document.pages)}


def reading_key(limits: Limits) -> str:
    """Changes whenever the same bytes could be read otherwise: limits, programs for scans and for old formats."""
    from extractors.ocr import find_tesseract  # noqa: PLC0415
    from extractors.office import find_office  # noqa: PLC0415

    programs = (find_tesseract() if limits.ocr else None, find_office() if limits.office else None)
    return "|".join([repr(limits), *(_stamp(program) for program in programs)])


def _stamp(program: Path | None) -> str:
    try:
        return "" if program is None else f"{program} {program.resolve().stat().st_mtime_ns}"
    except OSError:
        return str(program)
