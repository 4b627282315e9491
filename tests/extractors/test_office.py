"""ODT, DOC and RTF: the same blocks as the DOCX they were made from; LibreOffice kept in hand."""

from __future__ import annotations

import os
import stat
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from making import FIXTURES, kinds

from extractors import office
from extractors.document import Document, ReadCode, ReadError
from extractors.limits import DEFAULT
from extractors.registry import read_bytes, read_document

LONE_LAPTOP = replace(DEFAULT, office=False)
needs_office = pytest.mark.skipif(office.find_office() is None, reason="LibreOffice is not installed")
posix = pytest.mark.skipif(sys.platform == "win32", reason="a shell script takes the place of LibreOffice")


@needs_office
@pytest.mark.parametrize("kind", ["odt", "doc", "rtf"])
def test_the_same_blocks_as_the_docx(kind: str):
    original, found = read_document(FIXTURES / "old-format.docx"), read_document(FIXTURES / f"old-format.{kind}")
    assert isinstance(original, Document)
    assert isinstance(found, Document), found
    assert found.source.format == kind
    assert kinds(found) == kinds(original)
    assert [b.section for b in found.blocks] == [b.section for b in original.blocks]
    assert [b.cells for b in found.blocks] == [b.cells for b in original.blocks]


@pytest.mark.parametrize("kind", ["odt", "doc", "rtf"])
def test_without_libreoffice_the_code_says_what_is_needed(kind: str):
    found = read_document(FIXTURES / f"old-format.{kind}", limits=LONE_LAPTOP)
    assert isinstance(found, ReadError)
    assert (found.code, found.facts) == (ReadCode.UNSUPPORTED_FORMAT, {"found": "office", "format": kind})
    assert found.source is not None
    assert found.source.format == kind


def test_a_locked_doc_is_known_before_anything_is_started():
    data = bytearray((FIXTURES / "old-format.doc").read_bytes())
    header = data.find(b"\xec\xa5", 512)
    data[header + 11] |= 0x01
    found = read_bytes(bytes(data), "x.doc", limits=LONE_LAPTOP)
    assert isinstance(found, ReadError)
    assert found.code is ReadCode.ENCRYPTED


@needs_office
def test_what_libreoffice_can_make_nothing_of_is_corrupt():
    data = (FIXTURES / "old-format.odt").read_bytes()
    damaged = data.replace(b"PK\x03\x04", b"PK\x03\x05", 3)
    found = read_bytes(damaged, "x.odt")
    assert isinstance(found, ReadError)
    assert found.code is ReadCode.CORRUPT


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A shell script in the place of LibreOffice; $out is where the result belongs."""

    def write(script: str) -> None:
        path = tmp_path / "soffice"
        path.write_text(f'#!/bin/sh\nfor a; do last=$a; done\nout=$(dirname "$last")/out\n{script}\n')
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(office, "find_office", lambda: path)

    return write


@posix
def test_a_program_that_hangs_is_ended_with_its_children(tmp_path: Path, stand_in):
    pid_file = tmp_path / "pid"
    stand_in(f'sleep 60 & echo $! > "{pid_file}"\nwait')
    started = time.monotonic()
    found = read_document(FIXTURES / "old-format.rtf", limits=replace(DEFAULT, office_seconds=0.5))
    assert isinstance(found, ReadError)
    assert found.code is ReadCode.TIMEOUT
    assert time.monotonic() - started < 10
    assert not _runs(int(pid_file.read_text()))


def _runs(pid: int) -> bool:
    """Whether a process is still at work; one that nobody waits for any more counts as ended."""
    for _ in range(50):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return False
        except OSError:
            return False
        time.sleep(0.05)
    return True


@posix
@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("exit 1", ReadCode.CORRUPT),
        ("kill -9 $$", ReadCode.CORRUPT),
        ('mkdir "$out"; echo rommel > "$out/document.docx"', ReadCode.UNSUPPORTED_FORMAT),
        ('mkdir "$out"; ln -s /etc/passwd "$out/document.docx"', ReadCode.CORRUPT),
    ],
)
def test_whatever_the_program_does_there_is_a_code(script: str, code: ReadCode, stand_in):
    stand_in(script)
    found = read_document(FIXTURES / "old-format.rtf")
    assert isinstance(found, ReadError)
    assert found.code is code


@posix
def test_the_program_gets_a_name_and_profile_of_our_own(tmp_path: Path, stand_in):
    stand_in(f'echo "$@" > "{tmp_path}/arguments"; env > "{tmp_path}/environment"')
    path = tmp_path / "-o $(touch x) \\ 'naam'.rtf"
    path.write_bytes((FIXTURES / "old-format.rtf").read_bytes())
    read_document(path)
    arguments = (tmp_path / "arguments").read_text()
    assert "touch" not in arguments
    assert "--headless" in arguments
    assert "-env:UserInstallation=file://" in arguments
    assert f"HOME={Path.home()}\n" not in (tmp_path / "environment").read_text()


@needs_office
def test_nothing_is_fetched_and_no_file_is_taken_in(tmp_path: Path):
    secret = tmp_path / "geheim.rtf"
    secret.write_text(r"{\rtf1 geheime tekst\par}")
    field = r"{\field{\*\fldinst INCLUDETEXT" + f' "{secret}"' + r"}{\fldrslt oud}}"
    found = read_bytes((r"{\rtf1 Gewone tekst. " + field + r"\par}").encode(), "x.rtf")
    assert isinstance(found, Document)
    assert "geheime" not in repr(found)
    assert "Gewone tekst." in found.blocks[0].text
