"""Scans: only pages without text are read by OCR, marked as such; without Tesseract the code says what is needed."""

from __future__ import annotations

import stat
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from making import FIXTURES

from extractors import ocr
from extractors.document import Document, Note, ReadCode, ReadError
from extractors.limits import DEFAULT
from extractors.ocr import is_text, parse_tsv
from extractors.ocr_picture import Picture, rulings
from extractors.registry import read_document

needs_tesseract = pytest.mark.skipif(ocr.find_tesseract() is None, reason="Tesseract with Dutch is not installed")
posix = pytest.mark.skipif(sys.platform == "win32", reason="a shell script takes the place of Tesseract")
HEAD = "level page_num block_num par_num line_num word_num left top width height conf text".replace(" ", "\t")


def tsv(*words: tuple[str, int, int, float], line: int = 1) -> bytes:
    """Tesseract's table: words as (text, left, top, confidence), each 60 pixels wide and 40 high."""
    rows = [f"5\t1\t1\t1\t{line}\t{n}\t{x}\t{y}\t60\t40\t{c}\t{text}" for n, (text, x, y, c) in enumerate(words)]
    return "\n".join([HEAD, *rows]).encode()


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A shell script in the place of Tesseract."""

    def write(script: str) -> None:
        path = tmp_path / "tesseract"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(ocr, "find_tesseract", lambda: path)

    return write


@needs_tesseract
def test_a_scanned_page_among_others_is_read_and_marked():
    document = read_document(FIXTURES / "mixed-scan.pdf")
    assert isinstance(document, Document)
    assert document.notes == (Note(code="page-ocr", page=2),)
    by_page = {n: [b for b in document.blocks if b.page == n] for n in (1, 2)}
    assert not any(block.uncertain for block in by_page[1])
    assert all(block.uncertain for block in by_page[2])
    assert [(b.kind.value, b.text) for b in by_page[2]] == [
        ("heading", "Ondersteuning in de klas"),
        ("paragraph", "De leerkracht geeft elke dag extra instructie aan een kleine groep leerlingen."),
        ("row", "Wie | Wanneer"),
        ("row", "Intern begeleider | maandag"),
        ("row", "Logopedist | vrijdag"),
    ]


@needs_tesseract
def test_a_page_on_its_side_is_turned():
    document = read_document(FIXTURES / "scan-on-its-side.pdf")
    assert isinstance(document, Document)
    assert "De leerkracht geeft elke dag extra instructie" in " ".join(block.text for block in document.blocks)


@pytest.mark.parametrize(
    ("name", "limits", "found"),
    [
        ("scan-on-its-side.pdf", replace(DEFAULT, ocr=False), "ocr-off"),
        ("scan-on-its-side.pdf", DEFAULT, "no-ocr"),
    ],
)
def test_without_ocr_a_scan_has_no_text_and_the_facts_say_why(name, limits, found, monkeypatch):
    monkeypatch.setattr(ocr, "find_tesseract", lambda: None)
    error = read_document(FIXTURES / name, limits=limits)
    assert isinstance(error, ReadError)
    assert (error.code, error.facts) == (ReadCode.NO_TEXT, {"found": found, "pages": "1"})


def test_without_ocr_the_other_pages_of_a_mixed_file_are_read(monkeypatch):
    monkeypatch.setattr(ocr, "find_tesseract", lambda: None)
    document = read_document(FIXTURES / "mixed-scan.pdf")
    assert isinstance(document, Document)
    assert document.notes == (Note(code="page-without-text", page=2),)


@posix
def test_a_page_that_takes_too_long_is_a_page_that_was_not_read(stand_in):
    stand_in("sleep 30")
    document = read_document(FIXTURES / "mixed-scan.pdf", limits=replace(DEFAULT, ocr_page_seconds=0.3))
    assert isinstance(document, Document)
    assert document.notes == (Note(code="page-without-text", page=2),)


@posix
def test_pages_over_the_limit_are_not_read(stand_in):
    stand_in(f"cat > /dev/null; printf '{tsv(('Wij', 0, 0, 95.0)).decode()}'")
    document = read_document(FIXTURES / "mixed-scan.pdf", limits=replace(DEFAULT, ocr_pages=0))
    assert isinstance(document, Document)
    assert document.notes == (Note(code="page-without-text", page=2),)


@posix
@pytest.mark.parametrize(
    "script", ["exit 3", "printf rommel", "head -c 2000 /dev/urandom", "printf '\\377\\376\\t\\t'"]
)
def test_whatever_comes_back_is_a_page_without_words(stand_in, script: str):
    stand_in(f"cat > /dev/null; {script}")
    document = read_document(FIXTURES / "mixed-scan.pdf")
    assert isinstance(document, Document)
    assert document.notes == (Note(code="page-picture", page=2),)


@posix
def test_a_list_sign_that_was_read_as_a_letter_is_a_list_sign(stand_in):
    words = [
        ("e", 100, 100, 90.0),
        ("extra", 180, 100, 95.0),
        ("instructie", 260, 100, 95.0),
        ("dagelijks", 340, 100, 95),
    ]
    rows = tsv(*words).decode().replace("\n", "\\n").replace("\t", "\\t")
    stand_in(f"cat > /dev/null; printf '{rows}'")
    document = read_document(FIXTURES / "scan-on-its-side.pdf")
    assert isinstance(document, Document)
    assert [(b.kind.value, b.text) for b in document.blocks] == [("item", "extra instructie dagelijks")]


def test_words_that_are_hardly_seen_are_no_words():
    found = parse_tsv(tsv(("Rekenen", 0, 0, 91.5), ("vlek", 0, 0, 12.0), (" ", 0, 0, 95.0)))
    assert [word.text for word in found] == ["Rekenen"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([("De", 0, 0, 95.0), ("school", 0, 0, 95.0), ("rekent", 0, 0, 95.0)], True),
        ([("De", 0, 0, 95.0)], False),
        ([("|", 0, 0, 95.0), ("—", 0, 0, 95.0), ("x", 0, 0, 90.0)], False),
        ([("De", 0, 0, 40.0), ("school", 0, 0, 40.0), ("rekent", 0, 0, 40.0)], False),
    ],
)
def test_what_is_seen_in_a_photograph_is_no_text(words, expected: bool):
    assert is_text(parse_tsv(tsv(*words))) is expected


def test_lines_of_a_table_are_found_and_letters_are_not():
    pixels = np.full((400, 600), 255, dtype=np.uint8)
    for y in (50, 150, 250):
        pixels[y : y + 3, 50:550] = 0
    for x in (50, 300, 547):
        pixels[50:253, x : x + 3] = 0
    pixels[300:380, 100:104] = 0  # the stem of a large letter
    pixels[320:390, 400:520] = 0  # a photograph
    found = rulings(Picture(pixels, 2.0))
    assert sorted(round(e.at) for e in found if e.horizontal) == [26, 76, 126]
    assert sorted(round(e.at) for e in found if not e.horizontal) == [26, 151, 274]
