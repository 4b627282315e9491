from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import FIXTURES, docx_bytes, par

from extractors.document import Document, ReadCode, ReadError
from extractors.limits import Limits
from extractors.registry import read_bytes, read_document

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


GOOD = docx_bytes(par("Tekst."))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", ReadCode.EMPTY_FILE),
        (b"\0\0 \n", ReadCode.EMPTY_FILE),
        (b"gewone tekst", ReadCode.UNSUPPORTED_FORMAT),
        (b"\x89PNG\r\n\x1a\n....", ReadCode.UNSUPPORTED_FORMAT),
        (OLE, ReadCode.UNSUPPORTED_FORMAT),
        (OLE + "EncryptedPackage".encode("utf-16-le"), ReadCode.ENCRYPTED),
        (archive(a=b"x"), ReadCode.UNSUPPORTED_FORMAT),
        (archive(**{"[Content_Types].xml": b"spreadsheetml"}), ReadCode.UNSUPPORTED_FORMAT),
        (archive(**{"[Content_Types].xml": b"wordprocessingml"}), ReadCode.CORRUPT),
        (GOOD[:-40], ReadCode.CORRUPT),
        (b"%PDF-1.7\nrommel", ReadCode.CORRUPT),
        (docx_bytes(""), ReadCode.NO_TEXT),
        (docx_bytes("<w:p>"), ReadCode.CORRUPT),
        ((FIXTURES / "password.pdf").read_bytes(), ReadCode.ENCRYPTED),
        ((FIXTURES / "scan.pdf").read_bytes(), ReadCode.NO_TEXT),
    ],
)
def test_a_file_that_cannot_be_read_is_a_value_with_its_code(data: bytes, code: ReadCode) -> None:
    found = read_bytes(data, "bestand")
    assert isinstance(found, ReadError)
    assert found.code is code
    assert found.name == "bestand"


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_format_follows_from_the_content_not_the_name(kind: str, tmp_path: Path) -> None:
    data = GOOD if kind == "docx" else (FIXTURES / "lists.pdf").read_bytes()
    path = tmp_path / "verkeerd.txt"
    path.write_bytes(data)
    found = read_document(path, name="label")
    assert isinstance(found, Document)
    assert (found.source.format, found.source.name, found.source.size) == (kind, "label", len(data))
    assert len(found.source.sha256) == 64


@pytest.mark.parametrize("prefix", [b"\r\n", b"HTTP header\n"])
def test_rubbish_before_a_pdf_header_is_no_damage(prefix: bytes) -> None:
    assert isinstance(read_bytes(prefix + (FIXTURES / "lists.pdf").read_bytes(), "x"), Document)


def test_a_missing_file_and_a_folder_have_codes_too(tmp_path: Path) -> None:
    missing, folder = read_document(tmp_path / "weg.docx"), read_document(tmp_path)
    assert isinstance(missing, ReadError)
    assert missing.code is ReadCode.NOT_FOUND
    assert missing.name == "weg.docx"
    assert isinstance(folder, ReadError)
    assert folder.code is ReadCode.UNSUPPORTED_FORMAT


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (GOOD, Limits(max_bytes=100)),
        (GOOD, Limits(max_expanded_bytes=100)),
        (archive(word__document=b"0" * 5_000_000), Limits(ratio_from=1_000_000, max_ratio=50)),
        ((FIXTURES / "long-table.pdf").read_bytes(), Limits(max_pages=2)),
    ],
)
def test_limits_are_kept_before_the_file_is_read(data: bytes, limits: Limits, tmp_path: Path) -> None:
    path = tmp_path / "groot"
    path.write_bytes(data)
    for found in (read_document(path, limits=limits), read_bytes(data, "groot", limits=limits)):
        assert isinstance(found, ReadError)
        assert found.code is ReadCode.TOO_LARGE


@settings(max_examples=40, deadline=None)
@given(data=st.data(), name=st.sampled_from(["lists.pdf", "form.docx", "turned-header.pdf"]))
def test_damage_never_raises(data: st.DataObject, name: str) -> None:
    content = bytearray((FIXTURES / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = read_bytes(bytes(content[: data.draw(st.integers(1, len(content)))]), name)
    assert isinstance(found, Document | ReadError)
    assert not isinstance(found, ReadError) or found.code is not ReadCode.INTERNAL


def test_facts_hold_no_text_of_the_document() -> None:
    found = read_bytes(docx_bytes("<w:p>geheime naam"), "x")
    assert isinstance(found, ReadError)
    assert "geheim" not in str(found.facts)
