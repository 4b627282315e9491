"""From a path or bytes to a document: finds the file type by content, guards the limits, turns failures into values."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from extractors.document import BlockKind, Document, ReadCode, ReadError, SourceFile

_MEGABYTE = 1024 * 1024
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
# what zipfile raises for damaged archives; RuntimeError is its word for a part that needs a password
_BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    KeyError,
)
_BODY_KINDS = frozenset(BlockKind) - {BlockKind.HEADER, BlockKind.FOOTER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may cost before it is read at all."""

    max_bytes: int = 50 * _MEGABYTE
    max_pages: int = 400
    max_expanded_bytes: int = 300 * _MEGABYTE
    max_ratio: int = 200
    """Expanded size against packed size, for archives that expand to more than ``ratio_from``."""
    ratio_from: int = 20 * _MEGABYTE


DEFAULT = Limits()


class _RefusedError(Exception):
    """Carries a code and its facts out of the checks below; never leaves this module."""

    def __init__(self, code: ReadCode, **facts: str) -> None:
        super().__init__(code.value)
        self.code = code
        self.facts = facts


def read_document(path: Path, *, name: str | None = None, limits: Limits = DEFAULT) -> Document | ReadError:
    """Reads a DOCX or PDF file; a file that can't be read is an error value, never an exception.

    Args:
        path: The file.
        name: Label for reports; the file's own name when left out.
        limits: What the file may cost.
    """
    label = path.name if name is None else name
    try:
        if not path.exists():
            return ReadError(source=None, name=label, code=ReadCode.NOT_FOUND)
        if not path.is_file():
            return ReadError(source=None, name=label, code=ReadCode.UNSUPPORTED_FORMAT, facts={"what": "folder"})
        size = path.stat().st_size
        if size > limits.max_bytes:
            return ReadError(source=None, name=label, code=ReadCode.TOO_LARGE, facts=_size_facts(size, limits))
        data = path.read_bytes()
    except (OSError, ValueError):
        # no permission, a name the file system refuses, a share that went away: it can't be found where it should be
        return ReadError(source=None, name=label, code=ReadCode.NOT_FOUND)
    return read_bytes(data, label, limits=limits)


def read_bytes(data: bytes, name: str, *, limits: Limits = DEFAULT) -> Document | ReadError:
    """As ``read_document``, for a file that is already in memory."""
    source = SourceFile(name=name, sha256=hashlib.sha256(data).hexdigest(), format="unknown", size=len(data))
    try:
        kind = _find_format(data, limits)
        source = SourceFile(name=name, sha256=source.sha256, format=kind, size=source.size)
        document = _read(data, source, limits)
    except _RefusedError as refused:
        return ReadError(source=source, name=name, code=refused.code, facts=refused.facts)
    except MemoryError:
        return ReadError(source=source, name=name, code=ReadCode.TOO_LARGE)
    except Exception as error:  # noqa: BLE001  a batch goes on whatever a damaged file does to a library
        # only the type: messages of libraries may hold text of the document
        return ReadError(source=source, name=name, code=ReadCode.INTERNAL, facts={"error": type(error).__name__})
    if not any(block.text and block.kind in _BODY_KINDS for block in document.blocks):
        pages = {} if document.pages is None else {"pages": str(document.pages)}
        return ReadError(source=source, name=name, code=ReadCode.NO_TEXT, facts=pages)
    return document


def _find_format(data: bytes, limits: Limits) -> str:
    """The format by the bytes themselves; raises ``_RefusedError`` for what can't be read."""
    if not data.strip(b"\x00 \t\r\n"):
        raise _RefusedError(ReadCode.EMPTY_FILE)
    if len(data) > limits.max_bytes:
        raise _RefusedError(ReadCode.TOO_LARGE, **_size_facts(len(data), limits))
    # readers accept a little rubbish before the header, so it is not a sign of damage
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_OLE_MAGIC):
        if _ENCRYPTED_STREAM in data:
            raise _RefusedError(ReadCode.ENCRYPTED)
        raise _RefusedError(ReadCode.UNSUPPORTED_FORMAT, found="ole")
    if data.startswith(b"PK"):
        return _find_archive_format(data, limits)
    raise _RefusedError(ReadCode.UNSUPPORTED_FORMAT)


def _find_archive_format(data: bytes, limits: Limits) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            types = archive.read("[Content_Types].xml")[:65536] if "[Content_Types].xml" in names else b""
    except _BROKEN_ARCHIVE as error:
        raise _RefusedError(ReadCode.CORRUPT) from error
    expanded = sum(entry.file_size for entry in entries)
    if expanded > limits.max_expanded_bytes:
        raise _RefusedError(ReadCode.TOO_LARGE, megabytes=str(expanded // _MEGABYTE))
    if expanded > limits.ratio_from and expanded > limits.max_ratio * len(data):
        raise _RefusedError(ReadCode.TOO_LARGE, megabytes=str(expanded // _MEGABYTE))
    if b"wordprocessingml" in types or "word/document.xml" in names:
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise _RefusedError(ReadCode.ENCRYPTED)
        return "docx"
    raise _RefusedError(ReadCode.UNSUPPORTED_FORMAT, found="zip")


def _read(data: bytes, source: SourceFile, limits: Limits) -> Document:
    return _read_word(data, source) if source.format == "docx" else _read_pdf(data, source, limits)


def _read_word(data: bytes, source: SourceFile) -> Document:
    # imported here so that a program that only reads PDF does not pay for lxml, and the other way round
    from lxml import etree  # noqa: PLC0415

    from extractors.word import read_word  # noqa: PLC0415

    try:
        return read_word(data, source)
    except (*_BROKEN_ARCHIVE, StopIteration, etree.XMLSyntaxError) as error:
        raise _RefusedError(ReadCode.CORRUPT) from error


def _read_pdf(data: bytes, source: SourceFile, limits: Limits) -> Document:
    from extractors.pdf import PdfError, read_pdf  # noqa: PLC0415

    try:
        return read_pdf(data, source, max_pages=limits.max_pages)
    except PdfError as error:
        raise _RefusedError(error.code, **error.facts) from error


def _size_facts(size: int, limits: Limits) -> dict[str, str]:
    return {"megabytes": str(-(-size // _MEGABYTE)), "limit": str(limits.max_bytes // _MEGABYTE)}
