"""The single way in: a file and its report to the file with remarks."""

from __future__ import annotations

import hashlib
from pathlib import Path

from extractors.detect import BROKEN_ARCHIVE, find_format
from extractors.document import Document, ReadError, SourceFile
from extractors.limits import DEFAULT, Limits
from pipeline.annotate.errors import AnnotateError
from pipeline.annotate.made import Annotated
from pipeline.annotate.remarks import remarks_of
from pipeline.result import NormText, Report

WORD_FORMATS = ("docx", "docm")


def format_for_remarks(data: bytes, name: str, limits: Limits = DEFAULT) -> str:
    """``docx``, ``docm`` or ``pdf``.

    Args:
        data: The file.
        name: For the message.
        limits: What the file may cost.

    Raises:
        AnnotateError: It is of another kind, which can be read but not written.
        RefusedError: It is nothing that can be read.
    """
    kind = find_format(data, name, limits)
    if kind not in (*WORD_FORMATS, "pdf"):
        raise AnnotateError("unsupported", name=name)
    return kind


def annotated(
    file: Path | bytes,
    report: Report,
    norm: NormText,
    *,
    document: Document | None = None,
    limits: Limits = DEFAULT,
) -> bytes:
    """The file as it was sent, with the report's remarks in it.

    Args:
        file: The document that the report is about, or its path.
        report: Of a check without error.
        norm: Texts of the norm that it was checked by.
        document: What was read of the file for the report; a scan takes seconds to read again.
        limits: What reading the file may cost.

    Raises:
        AnnotateError: The format holds no remarks, the report is about another file, or the file is locked.
        RefusedError: The file can't be read at all; its report has an error that says why.
    """
    return annotate(file, report, norm, document=document, limits=limits).data


def annotate(
    file: Path | bytes,
    report: Report,
    norm: NormText,
    *,
    document: Document | None = None,
    limits: Limits = DEFAULT,
) -> Annotated:
    """As ``annotated``, with how it went."""
    data = file if isinstance(file, bytes) else file.read_bytes()
    name, digest = report.document.path, hashlib.sha256(data).hexdigest()
    if digest != report.document.sha256:
        raise AnnotateError("other_report")
    kind = format_for_remarks(data, name, limits)
    source = SourceFile(name=name, sha256=digest, format=kind, size=len(data))
    remarks = remarks_of(report, norm)
    if kind in WORD_FORMATS:
        from lxml import etree  # noqa: PLC0415

        from pipeline.annotate.word import annotate_word  # noqa: PLC0415

        try:
            return annotate_word(data, remarks, source)
        except (*BROKEN_ARCHIVE, etree.XMLSyntaxError) as error:
            raise AnnotateError("not_written") from error
    from extractors.registry import read_bytes  # noqa: PLC0415
    from pipeline.annotate.pdf import annotate_pdf  # noqa: PLC0415

    read = document or read_bytes(data, name, limits=limits)
    if isinstance(read, ReadError):
        raise AnnotateError("not_written")
    return annotate_pdf(data, remarks, read)
