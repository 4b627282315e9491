"""Where in a DOCX file the characters of each block come from, for whoever writes back into that file.

Elements are known by their number: their place in document order among all elements of the main part, from 0. The
numbers are those of the file as it is; the reader's own changes to the tree do not move them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from extractors.document import Block, BlockKind, Document, SourceFile
from extractors.letters import align
from extractors.word import Reading, read_flow
from extractors.word_headings import Line
from extractors.word_package import W
from extractors.word_text import Paragraph

_NUMBER = "dekkend-number"
_TEXT = W + "t"
_ONE = frozenset(W + name for name in ("tab", "cr", "noBreakHyphen", "ptab", "sym", "br"))


class Spot(NamedTuple):
    """One character in the file: its run, the element in that run, and the offset in that element's text."""

    run: int
    child: int | None
    """None where the run's text can't be divided over its elements: then the whole run is meant."""
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a block comes from; a block of another part (a running header) has no paragraphs."""

    paragraphs: tuple[int, ...] = ()
    spots: tuple[Spot | None, ...] = field(default=())
    """For each code point of the block's text; None for one that the reader put there, as a label. Empty for a
    footnote: its paragraph is the one that refers to it."""


def read_word_with_origins(data: bytes, source: SourceFile) -> tuple[Document, tuple[Origin, ...]]:
    """The document as ``read_word`` gives it, and an origin for each of its blocks.

    Raises:
        KeyError, BadZipFile, XMLSyntaxError: the file is damaged.
    """
    reading = read_flow(data, source, before=_number)
    origins = list(_origins(reading))
    origins += [Origin()] * (len(reading.document.blocks) - len(origins))
    return reading.document, tuple(origins)


def _number(root: etree._Element) -> None:
    for number, element in enumerate(root.iter("*")):
        element.set(_NUMBER, str(number))


def _number_of(element: etree._Element) -> int:
    return int(element.get(_NUMBER, "-1"))


def _origins(reading: Reading) -> Iterator[Origin]:
    ends: dict[int, int] = {}
    for item, blocks in zip(reading.flow, reading.blocks, strict=True):
        if not isinstance(item, Line):
            yield from _table_origins(blocks, reading.rows)
            continue
        source = item.source
        assert isinstance(source, Paragraph)
        for block in blocks:
            if block.kind is BlockKind.FOOTNOTE:
                yield Origin(paragraphs=_paragraphs([source]))
                continue
            raw, spots = _text_of([source])
            places, ends[id(source)] = align(raw, block.text, ends.get(id(source), 0))
            yield Origin(
                paragraphs=_paragraphs([source]),
                spots=tuple(None if place is None else spots[place] for place in places),
            )


def _table_origins(blocks: Sequence[Block], rows: dict[int, list[list[list[Paragraph]]]]) -> Iterator[Origin]:
    """Those of the rows of one table: rows without text gave no block."""
    if not blocks or blocks[0].table is None:
        return
    filled = [row for row in rows[blocks[0].table] if any(row)]
    for block, row in zip(blocks, filled, strict=True):
        found: list[Spot | None] = [None] * len(block.text)
        for cell, paragraphs in zip(block.cells, row, strict=True):
            raw, spots = _text_of(paragraphs)
            places, _ = align(raw, block.text[cell.start : cell.end])
            for offset, place in enumerate(places, start=cell.start):
                found[offset] = None if place is None else spots[place]
        yield Origin(paragraphs=_paragraphs([own for cell in row for own in cell]), spots=tuple(found))


def _paragraphs(sources: Sequence[Paragraph]) -> tuple[int, ...]:
    return tuple(_number_of(source.element) for source in sources if source.element is not None)


def _text_of(paragraphs: Sequence[Paragraph]) -> tuple[str, list[Spot]]:
    """The raw text of paragraphs with the spot of each character."""
    text: list[str] = []
    spots: list[Spot] = []
    for paragraph in paragraphs:
        for part, run in zip(paragraph.parts, paragraph.runs, strict=True):
            text.append(part)
            spots += _spots(run, part)
    return "".join(text), spots


def _spots(run: etree._Element, text: str) -> list[Spot]:
    number = _number_of(run)
    spots: list[Spot] = []
    for child in run:
        if child.tag == _TEXT:
            own = _number_of(child)
            spots += [Spot(number, own, offset) for offset in range(len(child.text or ""))]
        elif child.tag in _ONE and not (child.tag == W + "br" and child.get(W + "type") in ("page", "column")):
            spots.append(Spot(number, _number_of(child), 0))
    if len(spots) == len(text):
        return spots
    # fields and controls show something else than their elements hold
    return [Spot(number, None, offset) for offset in range(len(text))]
