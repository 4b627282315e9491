"""Files made to cost more than they are: each ends soon, as a document or with a code, and takes nothing in."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import replace

import pytest
from making import docx_bytes, par

from extractors.document import Document, ReadCode, ReadError
from extractors.limits import DEFAULT
from extractors.registry import read_bytes

LAUGHS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
PROSE = b"# kop\n\nDit is een zin van meer dan vijf woorden.\n\n"
SECONDS = 20  # generous: on a quiet machine each takes less than one


def with_part(name: str, content: bytes) -> bytes:
    """A DOCX with one part replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx_bytes(par("Tekst.")))) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, content if entry.filename == name else old.read(entry))
    return buffer.getvalue()


def nested_pdf(depth: int) -> bytes:
    """A PDF whose page tree never ends, or is nested very deep."""
    kids = "".join(f"{n} 0 obj<</Type/Pages/Count 1/Kids[{n + 1} 0 R]>>endobj\n" for n in range(2, depth))
    return (
        f"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n{kids}{depth} 0 obj<</Type/Pages/Count 1/Kids[2 0 R]>>\
endobj\ntrailer<</Root 1 0 R>>".encode()
    )


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OPEN = f'<w:document xmlns:w="{WORD}"><w:body>'


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        pytest.param(
            docx_bytes(par("x"), doctype=f'<!DOCTYPE d [<!ENTITY e0 "ha">{LAUGHS}<!ENTITY e "&e11;"><!ENTITY f "">]>'),
            {ReadCode.CORRUPT, None},
            id="billion laughs",
        ),
        pytest.param(
            docx_bytes(
                par("x"), doctype='<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY f SYSTEM "http://x/">]>'
            ),
            {ReadCode.CORRUPT, None},
            id="outside entities",
        ),
        pytest.param(
            with_part("word/document.xml", (OPEN + "<w:p>" * 100_000).encode()), {ReadCode.CORRUPT}, id="deep XML"
        ),
        pytest.param(
            with_part("word/document.xml", OPEN.encode() + b" " * 70_000_000), {ReadCode.TOO_LARGE}, id="zip bomb"
        ),
        pytest.param(
            with_part(
                "word/_rels/document.xml.rels",
                b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
                b'Id="a" Type="x/styles" Target="../../../../etc/passwd"/></Relationships>',
            ),
            {None, ReadCode.CORRUPT},
            id="part outside the archive",
        ),
        pytest.param(nested_pdf(5000), {ReadCode.CORRUPT}, id="page tree in a circle"),
        pytest.param(b"%PDF-1.7\n" + b"[" * 1_000_000, {ReadCode.CORRUPT}, id="open brackets"),
        pytest.param(b"{\\rtf1 " + b"{" * 500_000, {ReadCode.UNSUPPORTED_FORMAT}, id="RTF without LibreOffice"),
        pytest.param(PROSE + b"> " * 200_000 + b"x", {None, ReadCode.TOO_LARGE}, id="quotes in quotes"),
        pytest.param(PROSE + b"![[](" * 5_000, {None}, id="links in links"),
        pytest.param(
            b"<html><table>" + b"<tr><td colspan=1000 rowspan=65534>x" * 1500, {None}, id="cells over all others"
        ),
        pytest.param(b"<html>" + b"<ul><li>" * 120 + b"x", {None, ReadCode.TOO_LARGE}, id="lists in lists"),
        pytest.param(b"<html>" + b"&#x1F4A9;" * 200_000, {None}, id="many characters"),
        pytest.param(b"<html><p " + b'a="' * 300_000, {None, ReadCode.NO_TEXT, ReadCode.CORRUPT}, id="open attributes"),
    ],
)
def test_ends_soon_with_a_code_or_a_document(data: bytes, codes: set[ReadCode | None]):
    started = time.process_time()
    found = read_bytes(data, "x", limits=replace(DEFAULT, office=False, ocr=False))
    assert time.process_time() - started < SECONDS
    assert (found.code if isinstance(found, ReadError) else None) in codes
    if isinstance(found, Document):
        text = "".join(block.text for block in found.blocks)
        assert "root:" not in text
        assert len(text) < 2_000_000
