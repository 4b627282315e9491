"""Where on a PDF page the characters of each block stand, for whoever marks them there.

Boxes are in the page's own coordinates, in points from its lower left corner: those of annotations.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
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
_TELLING = 12  # letters: shorter texts stand inside other words
_LARGEST = 40_000_000


@dataclass(slots=True)
class _Page:
    """The letters of a page in the order of its stream, without spaces and hyphens, with the box of each."""

    text: str
    boxes: list[Box]


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
        for number, (first, last) in enumerate(self._units(own)):
            low, high = max(start, first), min(end, last)
            if low >= high:
                continue
            unit, offsets = _plain(own.text[first:last])
            chosen = [index for index, offset in enumerate(offsets) if low <= first + offset < high]
            wanted += len(chosen)
            for page, boxes in self._boxes(block, number, unit, chosen).items():
                found.setdefault(page, []).extend(boxes)
                placed += len(boxes)
        if not wanted or placed < _ENOUGH * wanted:
            return ()
        return tuple(Marked(page=page, boxes=tuple(_lines(boxes))) for page, boxes in sorted(found.items()))

    def _units(self, block: Block) -> list[tuple[int, int]]:
        """What stands together on the page: the whole block, or the cells of a row that is not written as one."""
        whole = _plain(block.text)[0]
        if not block.cells or (block.page is not None and whole in self._page(block.page).text):
            return [(0, len(block.text))]
        return [(cell.start, cell.end) for cell in block.cells]

    def _boxes(self, block: int, number: int, unit: str, chosen: Sequence[int]) -> dict[int, list[Box]]:
        """The boxes of some letters of a text that starts on the page of its block and may go on on the next."""
        page = self._document.blocks[block].page
        if not chosen or page is None:
            return {}
        here = self._page(page)
        at = self._place(here, block, number, unit)
        if at >= 0:
            return {page: [here.boxes[at + index] for index in chosen]}
        part = unit[chosen[0] : chosen[-1] + 1]
        at = here.text.find(part) if len(part) >= _TELLING else -1
        if at >= 0:
            return {page: [here.boxes[at + index - chosen[0]] for index in chosen]}
        left = list(chosen)
        found: dict[int, list[Box]] = {}
        for near in (page, page + 1):
            there = self._page(near)
            if not left or len(there.text) * len(unit) > _LARGEST:
                break
            places = _matched(unit, there.text)
            for stretch in _stretches([index for index in left if index not in places]):
                # lines of cells beside one another come in any order
                part = unit[stretch[0] : stretch[-1] + 1]
                if len(part) >= _SHORTEST_MATCH and (at := there.text.find(part)) >= 0:
                    places.update((index, at + index - stretch[0]) for index in stretch)
            here_too = [index for index in left if index in places]
            if here_too:
                found[near] = [there.boxes[places[index]] for index in here_too]
            left = [index for index in left if index not in places]
        return found

    def _place(self, page: _Page, block: int, number: int, unit: str) -> int:
        """Where a text begins among the letters of its page, -1 where it does not stand there as one."""
        if len(unit) >= _TELLING:
            return _nth(page.text, unit, self._seen.get((block, unit), 0))
        # "ja" stands in many a word: only the one nearest to what surely stands beside or before it counts
        near = self._anchor(page, block, number)
        places = [at for at in range(len(page.text)) if page.text.startswith(unit, at)]
        return min(places, key=lambda at: (at < near, abs(at - near)), default=-1)

    def _anchor(self, page: _Page, block: int, number: int) -> int:
        """Where the last telling text before a part of a block ends, in its row or in a block before it."""
        own = self._document.blocks[block]
        cells = [_plain(own.text[first:last])[0] for first, last in self._units(own)[:number]]
        for cell in reversed(cells):
            if len(cell) >= _TELLING and (at := page.text.find(cell)) >= 0:
                return at + len(cell)
        for index in range(block - 1, -1, -1):
            other = self._document.blocks[index]
            if other.page != own.page:
                break
            for first, last in reversed(self._units(other)):
                text = _plain(other.text[first:last])[0]
                if len(text) >= _TELLING and (at := _nth(page.text, text, self._seen.get((index, text), 0))) >= 0:
                    return at + len(text)
        return 0

    def _page(self, number: int) -> _Page:
        if number not in self._pages:
            self._pages[number] = _read(self._data, number)
        return self._pages[number]


def _repeats(document: Document) -> dict[tuple[int, str], int]:
    """For each block, and each cell of a row, how often the same text came before it on its page."""
    counts: Counter[tuple[int | None, str]] = Counter()
    found: dict[tuple[int, str], int] = {}
    for index, block in enumerate(document.blocks):
        texts = [block.text, *(block.text[cell.start : cell.end] for cell in block.cells)]
        for text in dict.fromkeys(_plain(text)[0] for text in texts):
            found[index, text] = counts[block.page, text]
            counts[block.page, text] += 1
    return found


def _plain(text: str) -> tuple[str, list[int]]:
    """The letters of a text with their places; no hyphens, since those at a line end come and go."""
    kept, places = letters(text)
    pairs = [(letter, place) for letter, place in zip(kept, places, strict=True) if letter not in _HYPHENS]
    return "".join(letter for letter, _ in pairs), [place for _, place in pairs]


def _matched(unit: str, text: str) -> dict[int, int]:
    """Places in a text to places in the page's letters, for stretches too long to be the same by chance."""
    shortest = min(_SHORTEST_MATCH, len(unit))
    matches = SequenceMatcher(None, unit, text, autojunk=False).get_matching_blocks()
    return {one.a + step: one.b + step for one in matches if one.size >= shortest for step in range(one.size)}


def _stretches(indexes: Sequence[int]) -> list[list[int]]:
    """Numbers that follow one another, put together."""
    found: list[list[int]] = []
    for index in indexes:
        if found and index == found[-1][-1] + 1:
            found[-1].append(index)
        else:
            found.append([index])
    return found


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
