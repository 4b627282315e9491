"""Reads pages that are pictures: PDFium draws the page, Tesseract (Dutch) reads it, words come back with their places.

The picture goes to Tesseract through a pipe: no page of a pupil's file is written to disk.
"""

from __future__ import annotations

import itertools
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pypdfium2.raw as pdfium

from extractors.limits import MEGABYTE, Limits
from extractors.ocr_picture import Picture, rulings
from extractors.pdf_shapes import PageContent, Piece
from extractors.programs import ProgramTimeoutError, run

LANGUAGE = "nld"
_DPI = 300  # what Tesseract was trained for
_MOST_PIXELS = 25_000_000  # a little over A3; a larger page is drawn coarser
_MEMORY = 2 * 1024 * MEGABYTE
_PLACES = (r"C:\Program Files\Tesseract-OCR\tesseract.exe", "/opt/homebrew/bin/tesseract", "/usr/local/bin/tesseract")
# Words below are drawings, stains and signatures; measured on scanned samples: real words score 80-97
_LEAST_WORD = 35.0
_LEAST_PAGE = 50.0
_LEAST_WORDS = 3
_SURE_PAGE = 65.0  # below this the page may lie on its side
_FEW_LETTERS = 150  # a running header and a page number over a scan
_MOST_OF_PAGE = 0.5
_COLUMN_GAP = 1.3  # of the size of the letters; as pdf_lines tells words from columns
_ROTATE = re.compile(rb"Rotate: (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word on the picture; places in pixels from the top left corner."""

    text: str
    line: tuple[int, int, int]
    x0: int
    top: int
    x1: int
    bottom: int
    confidence: float


@lru_cache(maxsize=1)
def find_tesseract() -> Path | None:
    """The program, None where it or its Dutch is not installed."""
    found = shutil.which("tesseract") or next((place for place in _PLACES if Path(place).is_file()), None)
    if found is None:
        return None
    try:
        languages = _run([found, "--list-langs"], 20)
    except (OSError, ProgramTimeoutError):
        return None
    return Path(found) if LANGUAGE.encode() in languages.split() else None


class ScanReader:
    """Reads the scanned pages of one document, as many as its limits allow."""

    def __init__(self, program: Path, limits: Limits) -> None:
        self._program = program
        self._left = limits.ocr_pages
        self._seconds = limits.ocr_page_seconds
        self._turns = 0

    def read(self, page: Any, content: PageContent) -> None:
        """Adds what is read to the content of a page that is a picture; others stay as they are.

        Args:
            page: The open ``pypdfium2.PdfPage``.
            content: What stands on it as text; its ``scan`` says afterwards what came of it.
        """
        if not is_scan(page, content) or not self._left:
            return
        self._left -= 1
        picture = _draw(page)
        try:
            words, picture = self._words(picture)
        except (OSError, ProgramTimeoutError):
            return
        found = [*_pieces(words, picture, len(content.pieces))] if is_text(words) else []
        content.scan = "read" if found else "picture"
        if not content.pieces:
            content.width, content.height = picture.width / picture.scale, picture.height / picture.scale
        content.pieces.extend(piece for piece in found if not _is_covered(piece, content.pieces))
        if found:
            content.edges.extend(rulings(picture))

    def _words(self, picture: Picture) -> tuple[list[Word], Picture]:
        """The words, on the picture as a person would hold it."""
        held = picture.turned(self._turns) if self._turns else picture
        words = parse_tsv(self._tesseract(held, "3", "tsv"))
        if _mean(words) >= _SURE_PAGE:
            return words, held
        match = _ROTATE.search(self._tesseract(picture, "0"))
        turns = int(match[1]) // 90 if match else 0
        if turns == self._turns:
            return words, held
        turned = picture.turned(turns)
        again = parse_tsv(self._tesseract(turned, "3", "tsv"))
        if _mean(again) <= _mean(words):
            return words, held
        self._turns = turns  # who laid one page on its side mostly did so with the next
        return again, turned

    def _tesseract(self, picture: Picture, mode: str, *how: str) -> bytes:
        language = "osd" if mode == "0" else LANGUAGE
        command = [str(self._program), "-", "-", "-l", language, "--psm", mode, "--dpi", str(_DPI), *how]
        return _run(command, self._seconds, picture.as_pgm())


def is_scan(page: Any, content: PageContent) -> bool:
    """Whether the text of the page is in a picture: no text beside it, or next to none over a picture of the page."""
    if not content.has_image:
        return False
    letters = sum(len(piece.text) for piece in content.pieces)
    if not letters:
        return True
    if letters > _FEW_LETTERS:
        return False
    area = content.width * content.height
    return any(_area(thing) > _MOST_OF_PAGE * area for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]))


def parse_tsv(output: bytes) -> list[Word]:
    """The words of Tesseract's table that are likely enough to be words."""
    words: list[Word] = []
    for line in output.decode("utf-8", "replace").splitlines()[1:]:
        fields = line.split("\t")
        if len(fields) != 12 or fields[0] != "5" or not fields[11].strip():
            continue
        try:
            block, paragraph, number = (int(field) for field in fields[2:5])
            left, top, width, height = (int(field) for field in fields[6:10])
            confidence = float(fields[10])
        except ValueError:
            continue
        if confidence >= _LEAST_WORD:
            words.append(
                Word(
                    text=fields[11].strip(),
                    line=(block, paragraph, number),
                    x0=left,
                    top=top,
                    x1=left + width,
                    bottom=top + height,
                    confidence=confidence,
                )
            )
    return words


def is_text(words: Sequence[Word]) -> bool:
    """Whether these are words of a text, and not what Tesseract sees in a photograph."""
    real = [word for word in words if sum(c.isalpha() for c in word.text) >= 2]
    return len(real) >= _LEAST_WORDS and _mean(words) >= _LEAST_PAGE


def _mean(words: Sequence[Word]) -> float:
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def _run(command: Sequence[str], seconds: float, given: bytes | None = None) -> bytes:
    # one thread: its own threads win little and take the other core from the next document
    return run(
        command,
        seconds=seconds,
        memory=_MEMORY,
        folder=Path(tempfile.gettempdir()),
        given=given,
        environment={"OMP_THREAD_LIMIT": "1"},
    )


def _draw(page: Any) -> Picture:
    width, height = page.get_size()
    scale = min(_DPI / 72, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        pixels = bitmap.to_numpy().reshape(bitmap.height, -1)[:, : bitmap.width].copy()
    finally:
        bitmap.close()
    return Picture(pixels, scale)


def _area(thing: Any) -> float:
    left, bottom, right, top = (float(side) for side in thing.get_bounds())
    return abs(right - left) * abs(top - bottom)


def _pieces(words: Sequence[Word], picture: Picture, order: int) -> Iterator[Piece]:
    """Pieces as a PDF with text has them: in points, cut where a column or a cell ends."""
    scale = picture.scale
    lines = [sorted(line, key=lambda word: word.x0) for _, line in itertools.groupby(words, key=lambda w: w.line)]
    sizes = [_size(line) / scale for line in lines]
    usual = _usual(sizes, lines)
    dark = _darkness(lines, picture)
    for line, measured in zip(lines, sizes, strict=True):
        # the height of a line of letters on a picture is never exact: what is nearly the usual size is the usual size
        size = usual if 0.92 * usual < measured < 1.09 * usual else round(measured * 2) / 2
        base = _base(line, measured * scale) / scale
        bold = _is_bold(line, picture, dark)
        piece: Piece | None = None
        for number, word in enumerate(line):
            x0, x1 = word.x0 / scale, word.x1 / scale
            if piece is None or x0 - piece.x1 > _COLUMN_GAP * size:
                if piece is not None:
                    yield piece
                piece = Piece(text="", x0=x0, x1=x1, base=base, size=size, order=order)
                order += 1
            else:
                piece.gaps.append((len(piece.text), piece.x1, x0))
                piece.text += " "
            is_bullet = not number and len(line) > 1 and word.text in _READ_FOR_BULLETS
            piece.text += "•" if is_bullet else word.text
            piece.x1 = max(piece.x1, x1)
            letters = 0 if is_bullet else sum(character.isalnum() for character in word.text)
            piece.letters += letters
            piece.bold_letters += letters if bold else 0
        if piece is not None:
            yield piece


_DESCENDING = re.compile(r"[gjpqyQ,;()\[\]]")
_TALL = re.compile(r"[A-ZÀ-Þbdfhijklt0-9ß-ÿ()\[\]|/☐☒]")
_SIZEABLE = re.compile(r"[^\W_]{3,}")
_READ_FOR_BULLETS = frozenset("eo©®*«»¢·°¤")  # no Dutch line begins with one of these by itself
_BOLDER = 1.22  # of the usual darkness; measured: bold 1.3-1.6, regular 0.85-1.15


def _size(line: Sequence[Word]) -> float:
    """The size of the letters in pixels: by word, from what of it rises above and hangs below the line."""
    measured: list[float] = []
    for word in line:
        if _SIZEABLE.search(word.text) or len(line) == 1:
            share = 0.52 + (0.2 if _TALL.search(word.text) else 0.0) + (0.21 if _DESCENDING.search(word.text) else 0.0)
            measured.append((word.bottom - word.top) / share)
    return max(1.0, sorted(measured)[len(measured) // 2]) if measured else max(w.bottom - w.top for w in line) / 0.8


def _darkness(lines: Sequence[Sequence[Word]], picture: Picture) -> float:
    """How dark the words of the page usually are."""
    every = sorted(_dark(word, picture) for line in lines for word in line if _SIZEABLE.search(word.text))
    return every[len(every) // 2] if every else 1.0


def _is_bold(line: Sequence[Word], picture: Picture, usual: float) -> bool:
    found = sorted(_dark(word, picture) for word in line if _SIZEABLE.search(word.text))
    return bool(found) and found[len(found) // 2] > _BOLDER * usual


def _dark(word: Word, picture: Picture) -> float:
    return picture.darkness(word.x0, word.top, word.x1, word.bottom)


def _base(line: Sequence[Word], size: float) -> float:
    """The height of the line on which the letters stand, in pixels."""
    standing = [word.bottom for word in line if not _DESCENDING.search(word.text)]
    return sorted(standing)[len(standing) // 2] if standing else max(word.bottom for word in line) - 0.22 * size


def _usual(sizes: Sequence[float], lines: Sequence[Sequence[Word]]) -> float:
    """The size of most of the text."""
    weighted = sorted((size, sum(len(word.text) for word in line)) for size, line in zip(sizes, lines, strict=True))
    half, seen = sum(weight for _, weight in weighted) / 2, 0.0
    for size, weight in weighted:
        seen += weight
        if seen >= half:
            return round(size, 1)
    return 10.0


def _is_covered(piece: Piece, others: Sequence[Piece]) -> bool:
    """Whether the page has text of its own in that place."""
    return any(
        other.x0 < piece.x1 and piece.x0 < other.x1 and abs(other.middle - piece.middle) < 0.6 * piece.size
        for other in others
    )
