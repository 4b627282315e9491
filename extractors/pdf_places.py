"""Where on a PDF page the characters of each block stand, for whoever marks them there.

Boxes are in the page's own coordinates, in points from its lower left corner: those of annotations.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from extractors.document import Block, Document
from extractors.letters import letters
from extractors.pdf import LOCK
from extractors.pdf_forms import flatten

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""

_LINE_END_HYPHENS = frozenset((0x02, 0xFFFE))
_HYPHENS = frozenset("-\u2010\u2011|")
_ENOUGH = 0.7  # of the letters of a passage
_SHORTEST_MATCH = 6  # letters: shorter stretches are the same by chance
_LARGEST = 40_000_000


@dataclass(slots=True)
class _Page:
    """The letters of a page in the order of its stream, without spaces and hyphens, with the box of each."""

    text: str
    boxes: list[Box]
    taken: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The boxes of a passage on one page, line by line."""

    page: int
    boxes: tuple[Box, ...]


class PdfPlaces:
    """The places of the passages of one document; reads each page once, when it is first asked for."""

    def __init__(self, data: bytes, document: Document) -> None:
        self._data = data
        self._document = document
        self._pages: dict[int, _Page] = {}
        self._seen = _repeats(document)

    def of(self, block: int, start: int, end: int) -> tuple[Marked, ...]:
        """The boxes of ``blocks[block].text[start:end]``; empty where the page has no such letters, as on a scan."""
        own = self._document.blocks[block]
        if own.page is None:
            return ()
        found: dict[int, list[Box]] = {}
        wanted = placed = 0
        for number, (first, last) in enumerate(_units(own)):
            low, high = max(start, first), min(end, last)
            if low >= high:
                continue
            unit, offsets = _plain(own.text[first:last])
            chosen = [index for index, offset in enumerate(offsets) if low <= first + offset < high]
            wanted += len(chosen)
            for page, boxes in self._boxes(own.page, unit, chosen, self._seen[block, number]).items():
                found.setdefault(page, []).extend(boxes)
                placed += len(boxes)
        if not wanted or placed < _ENOUGH * wanted:
            return ()
        return tuple(Marked(page=page, boxes=tuple(_lines(boxes))) for page, boxes in sorted(found.items()))

    def _boxes(self, page: int, unit: str, chosen: Sequence[int], repeat: int) -> dict[int, list[Box]]:
        """The boxes of some letters of a text that starts on a page and may go on on the next."""
        if not chosen:
            return {}
        here = self._page(page)
        at = _nth(here.text, unit, repeat)
        if at >= 0:
            return {page: [here.boxes[at + index] for index in chosen]}
        part = unit[chosen[0] : chosen[-1] + 1]
        at = here.text.find(part)
        if at >= 0:
            return {page: [here.boxes[at + index - chosen[0]] for index in chosen]}
        wanted = set(chosen)
        found: dict[int, list[Box]] = {}
        for number in (page, page + 1):
            there = self._page(number)
            if not wanted or len(there.text) * len(unit) > _LARGEST:
                break
            for block in SequenceMatcher(None, unit, there.text, autojunk=False).get_matching_blocks():
                if block.size < min(_SHORTEST_MATCH, len(unit)):
                    continue
                for index in range(block.a, block.a + block.size):
                    if index in wanted:
                        wanted.discard(index)
                        found.setdefault(number, []).append(there.boxes[block.b + index - block.a])
        return found

    def _page(self, number: int) -> _Page:
        if number not in self._pages:
            self._pages[number] = _read(self._data, number)
        return self._pages[number]


def _repeats(document: Document) -> dict[tuple[int, int], int]:
    """For each part of each block how often the same text came before it on that page."""
    counts: Counter[tuple[int | None, str]] = Counter()
    found: dict[tuple[int, int], int] = {}
    for index, block in enumerate(document.blocks):
        for number, (first, last) in enumerate(_units(block)):
            key = block.page, _plain(block.text[first:last])[0]
            found[index, number] = counts[key]
            counts[key] += 1
    return found


def _units(block: Block) -> list[tuple[int, int]]:
    """What stands together on the page: the cells of a row, or the whole block."""
    return [(cell.start, cell.end) for cell in block.cells] or [(0, len(block.text))]


def _plain(text: str) -> tuple[str, list[int]]:
    """The letters of a text with their places; no hyphens, since those at a line end come and go."""
    kept, places = letters(text)
    pairs = [(letter, place) for letter, place in zip(kept, places, strict=True) if letter not in _HYPHENS]
    return "".join(letter for letter, _ in pairs), [place for _, place in pairs]


def _nth(text: str, part: str, count: int) -> int:
    """Where a part stands for the count-th time, from 0; its last place when it stands there less often, else -1."""
    at = text.find(part) if part else -1
    for _ in range(count):
        later = text.find(part, at + 1)
        if at < 0 or later < 0:
            break
        at = later
    return at


def _read(data: bytes, number: int) -> _Page:
    with LOCK:
        document = pypdfium2.PdfDocument(data)
        try:
            return _letters(document, number - 1) if number <= len(document) else _Page("", [])
        except pypdfium2.PdfiumError:
            return _Page("", [])
        finally:
            document.close()


def _letters(document: Any, index: int) -> _Page:
    if document.get_formtype() != pdfium.FORMTYPE_NONE:
        document.init_forms()
    page = document[index]
    if document.formenv is not None:
        flatten(page)
        page.close()
        page = document[index]
    text = page.get_textpage()
    try:
        count = pdfium.FPDFText_CountChars(text.raw)
        codes = [pdfium.FPDFText_GetUnicode(text.raw, place) for place in range(count)]
        boxes = [_box(text.raw, place) for place in range(count)]
    finally:
        text.close()
        page.close()
    raw = "".join("\ufffd" if 0xD800 <= code < 0xE000 or code in _LINE_END_HYPHENS else chr(code) for code in codes)
    kept, places = _plain(raw.replace("\ufffd", "-"))
    return _Page(kept, [boxes[place] for place in places])


def _box(text: Any, place: int) -> Box:
    rectangle = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text, place, ctypes.byref(rectangle))
    low, high = sorted((rectangle.bottom, rectangle.top))
    left, right = sorted((rectangle.left, rectangle.right))
    return left, low, right, high


def _lines(boxes: Sequence[Box]) -> list[Box]:
    """One box a line, for text along either axis."""
    lines: list[Box] = []
    last: Box | None = None
    for box in boxes:
        if last is not None and _beside(last, box):
            line = lines[-1]
            lines[-1] = min(line[0], box[0]), min(line[1], box[1]), max(line[2], box[2]), max(line[3], box[3])
        else:
            lines.append(box)
        last = box
    return [line for line in lines if line[2] > line[0] and line[3] > line[1]]


def _beside(one: Box, other: Box) -> bool:
    """Whether two characters that follow one another stand on one line."""
    for along, across in ((0, 1), (1, 0)):
        shared = min(one[across + 2], other[across + 2]) - max(one[across], other[across])
        size = min(one[across + 2] - one[across], other[across + 2] - other[across])
        gap = max(one[along], other[along]) - min(one[along + 2], other[along + 2])
        if shared > 0.5 * size and gap < 2 * max(one[across + 2] - one[across], 1.0):
            # along the lines of the page anything goes; across them only what touches
            return along == 0 or gap < 0.5 * size
    return False
