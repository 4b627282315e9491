"""What kind of file some bytes are: by their content, with the name only where plain text leaves it open."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import IO

from extractors.document import ReadCode
from extractors.limits import MEGABYTE, Limits, RefusedError, size_facts

# what zipfile raises for damaged archives; RuntimeError is its word for a part that needs a password
BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    KeyError,
)
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_WORD_STREAM = "WordDocument".encode("utf-16-le")
_FIB = b"\xec\xa5"  # first bytes of the stream of a Word 97 document
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF8", b"BM", b"RIFF")
_ODT = b"application/vnd.oasis.opendocument.text"
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_FRAGMENT = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:h[1-6]|p|div|table|article|main|section|body|ul|ol)[\s>]", re.IGNORECASE | re.DOTALL
)
_XML_OF_OTHERS = re.compile(r"\s*<\?xml", re.IGNORECASE)


def find_format(data: bytes, name: str, limits: Limits) -> str:
    """``pdf``, ``docx``, ``docm``, ``odt``, ``doc``, ``rtf``, ``html`` or ``markdown``.

    Raises:
        RefusedError: It is nothing that can be read: empty, too large, locked, damaged or of another kind.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise RefusedError(ReadCode.EMPTY_FILE)
    if len(data) > limits.max_bytes:
        raise RefusedError(ReadCode.TOO_LARGE, **size_facts(len(data), limits))
    # readers accept a little rubbish before the header, so it is not a sign of damage
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_OLE_MAGIC):
        return _old_office(data)
    if data.startswith(b"PK"):
        return _archive_format(io.BytesIO(data), len(data), limits)
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(_IMAGES):
        raise RefusedError(ReadCode.UNSUPPORTED_FORMAT, found="image")
    return _text_format(data, name)


def is_archive(stream: IO[bytes], size: int, limits: Limits) -> bool:
    """Whether an open file is an archive of files, and not a document that is packed as one."""
    try:
        _archive_format(stream, size, limits)
    except RefusedError as refused:
        return refused.facts.get("found") == "zip"
    return False


def _old_office(data: bytes) -> str:
    if _ENCRYPTED_STREAM in data:
        raise RefusedError(ReadCode.ENCRYPTED)
    if _WORD_STREAM not in data:
        raise RefusedError(ReadCode.UNSUPPORTED_FORMAT, found="ole")
    if _is_locked_word(data):
        raise RefusedError(ReadCode.ENCRYPTED)
    return "doc"


def _is_locked_word(data: bytes) -> bool:
    """Whether a Word 97 document is encrypted: bit 8 of the flags at offset 10 of its header ([MS-DOC] 2.5.2)."""
    at = data.find(_FIB, 512)
    while at != -1 and at % 512:
        at = data.find(_FIB, at + 1)
    return at != -1 and len(data) > at + 12 and bool(int.from_bytes(data[at + 10 : at + 12], "little") & 0x0100)


def _archive_format(stream: IO[bytes], size: int, limits: Limits) -> str:
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            types = _head(archive, "[Content_Types].xml", names)
            mimetype = _head(archive, "mimetype", names)
            manifest = _head(archive, "META-INF/manifest.xml", names)
    except BROKEN_ARCHIVE as error:
        raise RefusedError(ReadCode.CORRUPT) from error
    is_word = b"wordprocessingml" in types or b"ms-word" in types or "word/document.xml" in names
    is_odt = mimetype.startswith(_ODT)
    check_expansion(entries, size, limits, whole=is_word or is_odt)
    if is_word:
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise RefusedError(ReadCode.ENCRYPTED)
        return "docm" if b"macroEnabled" in types else "docx"
    if is_odt:
        if b"encryption-data" in manifest:
            raise RefusedError(ReadCode.ENCRYPTED)
        return "odt"
    if types or mimetype or "Index/Document.iwa" in names:
        # a workbook, slides, a book, Apple's Pages: one document, and none that we read
        raise RefusedError(ReadCode.UNSUPPORTED_FORMAT, found="package")
    raise RefusedError(ReadCode.UNSUPPORTED_FORMAT, found="zip")


def check_expansion(entries: list[zipfile.ZipInfo], packed: int, limits: Limits, *, whole: bool) -> None:
    """Refuses an archive that expands to far more than it is.

    Args:
        entries: What the archive says that it holds; ``zipfile`` never reads more of a member than it says.
        packed: Bytes of the archive.
        limits: What it may be.
        whole: Whether all of it is one document; else each file in it is read by itself.

    Raises:
        RefusedError: ``too-large``.
    """
    expanded = sum(entry.file_size for entry in entries)
    too_much = whole and expanded > limits.max_expanded_bytes
    too_dense = expanded > limits.ratio_from and expanded > limits.max_ratio * packed
    xml = (entry.file_size for entry in entries if entry.filename.lower().endswith((".xml", ".rels")))
    if too_much or too_dense or (whole and max(xml, default=0) > limits.max_part_bytes):
        raise RefusedError(ReadCode.TOO_LARGE, megabytes=str(expanded // MEGABYTE))


def _head(archive: zipfile.ZipFile, name: str, names: set[str]) -> bytes:
    if name not in names:
        return b""
    with archive.open(name) as part:
        return part.read(65536)


def _text_format(data: bytes, name: str) -> str:
    # imported here so that a program that only reads Word and PDF does not pay for it
    from extractors.plain_text import decode, looks_like_text  # noqa: PLC0415

    head = decode(data[:8192]) if looks_like_text(data) else ""
    if _HTML.search(head) or (not _XML_OF_OTHERS.match(head) and _FRAGMENT.match(head)):
        return "html"
    if head and not head.lstrip().startswith("<"):
        from extractors.markdown_page import looks_like_markdown  # noqa: PLC0415

        if looks_like_markdown(data, name):
            return "markdown"
    raise RefusedError(ReadCode.UNSUPPORTED_FORMAT)
