"""The pages that are put behind a PDF: chapters broken into lines and pages, as content streams.

The letters are those that every viewer has (Helvetica in WinAnsi), so that no font comes into the file.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from pdfminer.fontmetrics import FONT_METRICS

from extractors.pdf_page import MARK
from pipeline.annotate.remarks import Chapter, Line

WIDTH, HEIGHT = 595.28, 841.89
FONTS = {"R": "Helvetica", "B": "Helvetica-Bold", "I": "Helvetica-Oblique"}
_MARGIN = 62.0
_LEADING = 1.35
_USUAL_WIDTH = 556  # thousandths of the size, for letters that the table lacks
_SIGNS = str.maketrans({"☒": "[x]", "☐": "[ ]", "✓": "v", "◐": "-", "\n": " ", "\t": " "})
_GREY = "0.35 g"
_BLACK = "0 g"

_Row = tuple[str, str, float, float, str]
"""Font, text, size, space above, colour."""


def contents_of(chapters: Sequence[Chapter]) -> Iterator[bytes]:
    """The content stream of each page, all of it marked as dekkend's own."""
    page: list[str] = []
    height = HEIGHT - _MARGIN
    for block in _blocks(chapters):
        needed = sum(row[2] * _LEADING + row[3] for row in block)
        # a heading does not stay behind alone, and a paragraph that fits on a page is not broken
        if page and height - needed < _MARGIN:
            yield _stream(page)
            page, height = [], HEIGHT - _MARGIN
        for font, text, size, above, colour in block:
            height -= size * _LEADING + above
            if height < _MARGIN:
                yield _stream(page)
                page, height = [], HEIGHT - _MARGIN - size * _LEADING
            page.append(f"{colour} BT /{font} {size} Tf {_MARGIN} {height:.2f} Td ({_literal(text)}) Tj ET")
    if page:
        yield _stream(page)


def _stream(rows: Sequence[str]) -> bytes:
    return "\n".join((f"/{MARK} BMC", *rows, "EMC", "")).encode("cp1252")


def _blocks(chapters: Sequence[Chapter]) -> Iterator[list[_Row]]:
    """Rows that stay together: a heading with the first paragraph below it, a paragraph."""
    for number, chapter in enumerate(chapters):
        head = _rows(chapter.heading, "B", 16.0, above=24.0 if number else 0.0)
        yield head + _rows(chapter.intro, "R", 10.0, above=6.0)
        for item in chapter.items:
            title, *rest = item
            first, *others = rest or [Line(text="")]
            yield _rows(title.text, "B", 12.0, above=16.0) + _paragraph(first)
            for line in others:
                yield _paragraph(line)


def _paragraph(line: Line) -> list[_Row]:
    return _rows(line.text, "I" if line.example else "R", 10.0, above=5.0, colour=_GREY if line.example else _BLACK)


def _rows(text: str, font: str, size: float, *, above: float, colour: str = _BLACK) -> list[_Row]:
    """A text broken into rows; the space above is that of the first."""
    widths = FONT_METRICS[FONTS[font]][1]
    room = (WIDTH - 2 * _MARGIN) / size * 1000
    rows: list[str] = []
    used = room
    for word in _writable(text).split():
        own = sum(widths.get(letter, _USUAL_WIDTH) for letter in word)
        if rows and used + widths[" "] + own <= room:
            rows[-1] += f" {word}"
            used += widths[" "] + own
        else:
            rows.append(word)
            used = own
    return [(font, row, size, 0.0 if index else above, colour) for index, row in enumerate(rows)]


def _writable(text: str) -> str:
    """The text in the letters that there are: an accent that is not among them goes, any other sign becomes "?"."""
    return "".join(_letter(character) for character in text.translate(_SIGNS))


def _letter(character: str) -> str:
    for candidate in (character, unicodedata.normalize("NFKD", character)[:1]):
        try:
            candidate.encode("cp1252")
        except UnicodeEncodeError:
            continue
        return candidate if candidate.isprintable() else " "
    return "?"


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
