"""Reading in a process of its own: the same document, and a code when the process hangs or dies."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from making import FIXTURES, docx_bytes, par

from extractors import apart
from extractors.apart import ReaderProcess
from extractors.document import Document, ReadCode, ReadError
from extractors.limits import DEFAULT
from extractors.registry import read_document

LIMITS = replace(DEFAULT, ocr=False)


def test_the_same_documents_as_without():
    names = ["form.docx", "lists.pdf", "schoolgids-page.html", "password.pdf", "there-is-none.docx"]
    with ReaderProcess(LIMITS) as reader:
        found = [reader.read(FIXTURES / name, name=name) for name in names]
    assert found == [read_document(FIXTURES / name, name=name, limits=LIMITS) for name in names]


@pytest.mark.parametrize(
    ("does", "code"),
    [
        ("import time; time.sleep(60)", ReadCode.TIMEOUT),
        ("import os; os.kill(os.getpid(), 9)", ReadCode.INTERNAL),
        ("import os; os._exit(0)", ReadCode.INTERNAL),
    ],
)
def test_a_process_that_hangs_or_dies_costs_one_document(does: str, code: ReadCode, tmp_path: Path, monkeypatch):
    path = tmp_path / "a.docx"
    path.write_bytes(docx_bytes(par("Tekst.")))
    with ReaderProcess(replace(LIMITS, seconds=3.0)) as reader:
        monkeypatch.setattr(apart, "_START", does)
        lost = reader.read(path, name="a.docx")
        monkeypatch.undo()
        reader.close()
        again = reader.read(path, name="a.docx")
    assert isinstance(lost, ReadError)
    assert lost.code is code
    assert isinstance(again, Document)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space of a process")
def test_memory_over_the_limit_is_too_large(tmp_path: Path, monkeypatch):
    eats = (
        "from extractors import apart, registry; registry.read_bytes = lambda *a, **k: bytearray(64 * 1024**3); "
        "from extractors.document import *; r = registry.read_document\n"
        "def safe(*a, **k):\n"
        "    try: return r(*a, **k)\n"
        "    except MemoryError: return ReadError(source=None, name='x', code=ReadCode.TOO_LARGE)\n"
        "registry.read_document = safe; apart.serve()"
    )
    monkeypatch.setattr(apart, "_START", eats)
    path = tmp_path / "a.docx"
    path.write_bytes(docx_bytes(par("Tekst.")))
    with ReaderProcess(LIMITS) as reader:
        found = reader.read(path, name="x")
    assert isinstance(found, ReadError)
    assert found.code is ReadCode.TOO_LARGE


def test_where_no_process_can_be_started_reading_goes_on_here(monkeypatch):
    monkeypatch.setattr(sys, "executable", "")
    with ReaderProcess(LIMITS) as reader:
        assert isinstance(reader.read(FIXTURES / "form.docx", name="x"), Document)
