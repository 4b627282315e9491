"""ZIP archives as folders: every file with a name that is safe, nothing unpacked, bombs refused."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import docx_bytes, par

from extractors.archive import each_file, read_member
from extractors.document import Document, ReadCode, ReadError
from extractors.limits import DEFAULT, RefusedError
from extractors.registry import read_document

GOOD = docx_bytes(par("Tekst."))


def packed(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def written(folder: Path, data: bytes, name: str = "map.zip") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def labels(folder: Path, data: bytes) -> list[str]:
    return [label for _, label in each_file(written(folder, data), "map.zip")]


def test_every_file_has_a_label_and_can_be_read(tmp_path: Path):
    path = written(tmp_path, packed(("SOP één.docx", GOOD), ("sub/b.docx", GOOD), ("foto.jpg", b"\xff\xd8\xff")))
    found = {label: read_document(path, name=label, inside=inside) for inside, label in each_file(path, "map.zip")}
    assert list(found) == ["map.zip/SOP één.docx", "map.zip/sub/b.docx", "map.zip/foto.jpg"]
    assert isinstance(found["map.zip/sub/b.docx"], Document)
    assert found["map.zip/sub/b.docx"].source.name == "map.zip/sub/b.docx"
    photo = found["map.zip/foto.jpg"]
    assert isinstance(photo, ReadError)
    assert photo.code is ReadCode.UNSUPPORTED_FORMAT


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Users\\x\\sop.docx", "Users/x/sop.docx"),
        ("a/../../b.docx", "a/b.docx"),
        ("a//./b.docx", "a/b.docx"),
        ("a\nb\x1b[31m.docx", "a_b_[31m.docx"),
        ("rechts\u202exslx.docx", "rechts_xslx.docx"),
    ],
)
def test_names_never_lead_anywhere(tmp_path: Path, name: str, label: str):
    assert labels(tmp_path, packed((name, GOOD))) == [f"map.zip/{label}"]


@given(st.text(min_size=1, max_size=40))
def test_no_name_leads_upwards(name: str):
    from extractors.archive import _safe_name  # noqa: PLC0415

    made = zipfile.ZipInfo("x")
    made.filename, made.flag_bits = name, 0x800
    safe = PurePosixPath(_safe_name(made))
    assert not safe.is_absolute()
    assert ".." not in safe.parts
    assert str(safe).isprintable()


def test_names_without_the_mark_for_utf8_are_read_all_the_same(tmp_path: Path):
    data = packed(("xx.docx", GOOD)).replace(b"xx.docx", "é.docx".encode())
    assert labels(tmp_path, data) == ["map.zip/é.docx"]


def test_two_files_of_one_name_stay_two(tmp_path: Path):
    with pytest.warns(UserWarning, match="Duplicate"):
        data = packed(("a.docx", GOOD), ("a.docx", docx_bytes(par("Anders."))))
    path = written(tmp_path, data)
    found = [read_document(path, name=label, inside=inside) for inside, label in each_file(path, "z")]
    assert [document.source.name for document in found] == ["z/a.docx", "z/a.docx (2)"]
    assert found[0].blocks != found[1].blocks


@pytest.mark.parametrize("noise", ["__MACOSX/._a.docx", ".DS_Store", "~$a.docx", "x/Thumbs.db", "map/"])
def test_what_systems_put_in_is_left_out(tmp_path: Path, noise: str):
    assert labels(tmp_path, packed(("a.docx", GOOD), (noise, b"x" if noise[-1] != "/" else b""))) == ["map.zip/a.docx"]


def test_archives_in_archives_are_folders_once(tmp_path: Path):
    inner = packed(("diep.docx", GOOD))
    middle = packed(("b.docx", GOOD), ("in.zip", inner))
    path = written(tmp_path, packed(("mid.zip", middle)))
    found = list(each_file(path, "z"))
    assert [label for _, label in found] == ["z/mid.zip/b.docx", "z/mid.zip/in.zip"]
    assert isinstance(read_document(path, name="x", inside=found[0][0]), Document)
    deep = read_document(path, name="x", inside=found[1][0])
    assert isinstance(deep, ReadError)
    assert (deep.code, deep.facts["found"]) == (ReadCode.UNSUPPORTED_FORMAT, "nested")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(packed(("a.txt", b"0" * 30_000_000)), ReadCode.TOO_LARGE, id="bomb"),
        pytest.param(packed(*((f"{n}.txt", b"x") for n in range(12))), ReadCode.UNSUPPORTED_FORMAT, id="too many"),
        pytest.param(packed(("a.docx", GOOD))[:-30], ReadCode.CORRUPT, id="cut off"),
        pytest.param(packed(), ReadCode.UNSUPPORTED_FORMAT, id="empty"),
    ],
)
def test_an_archive_that_is_no_folder_is_one_file_that_says_why(tmp_path: Path, data: bytes, code: ReadCode):
    limits = replace(DEFAULT, max_members=10)
    path = written(tmp_path, data)
    assert list(each_file(path, "map.zip", limits)) == [((), "map.zip")]
    found = read_document(path, limits=limits)
    assert isinstance(found, ReadError)
    assert found.code is code


def test_a_member_that_is_locked_large_or_gone_has_its_code(tmp_path: Path):
    data = bytearray(packed(("a.docx", GOOD), ("groot.txt", b"0" * 5000)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    path = written(tmp_path, bytes(data))
    for inside, limits, code in (
        ((0,), DEFAULT, ReadCode.ENCRYPTED),
        ((1,), replace(DEFAULT, max_bytes=100), ReadCode.TOO_LARGE),
        ((9,), DEFAULT, ReadCode.NOT_FOUND),
    ):
        with pytest.raises(RefusedError) as refused:
            read_member(path, inside, limits)
        assert refused.value.code is code


def test_documents_that_are_packed_are_no_folders(tmp_path: Path):
    for data in (
        GOOD,
        packed(("[Content_Types].xml", b"spreadsheetml")),
        packed(("mimetype", b"application/epub+zip")),
    ):
        assert len(list(each_file(written(tmp_path, data), "x"))) == 1
