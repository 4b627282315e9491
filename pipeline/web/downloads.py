"""Files for people to keep: always as an attachment, never for the browser to show."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import quote

from fastapi.responses import Response

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORD_MACROS = "application/vnd.ms-word.document.macroEnabled.12"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"


def attachment(data: bytes, name: str, media_type: str) -> Response:
    """A file to download; the name may hold anything (RFC 6266)."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(data, media_type=media_type, headers={"Content-Disposition": disposition})


def named_after(name: str, what: str, suffix: str) -> str:
    """The name of what was made from a file: "sop.pdf" and "zelfscan" give "sop, zelfscan.xlsx"."""
    return f"{PurePosixPath(name).stem}, {what}{suffix}"
