"""The page with the findings and the document beside each other: which passage stands where. Pure; makes no HTML.

Places come from the evidence as block, start and end; nothing is searched for in the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from extractors.document import Block, BlockKind, Document
from pipeline.report.view import ORDER
from pipeline.result import Finding, NormText, Report, RequirementText

_LEFT_OUT = frozenset({BlockKind.HEADER, BlockKind.FOOTER, BlockKind.TOC})
_FIRST_LEVEL, _LAST_LEVEL = 3, 6  # the document's own headings stand under a heading of the page


@dataclass(frozen=True, slots=True)
class Link:
    """A passage of the document that a quote leads to; numbers count from 1 in the order of the findings."""

    number: int
    id: str


@dataclass(frozen=True, slots=True)
class Back:
    """The way back from a passage to the finding that quotes it."""

    number: int
    requirement: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text that is all quoted or not at all; ``verdict`` is the first in reading order of those quoting it.

    ``ids`` are of the passages that begin here, ``backs`` of those that end here.
    """

    text: str
    verdict: str | None = None
    ids: tuple[str, ...] = ()
    backs: tuple[Back, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    cells: tuple[tuple[Piece, ...], ...]
    is_header: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A block, or all rows of a table together; ``level`` is of the heading on the page, ``new_page`` its number."""

    kind: str
    pieces: tuple[Piece, ...] = ()
    rows: tuple[Row, ...] = ()
    level: int | None = None
    new_page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """``links`` of each finding, one for every quote; ``examples`` by requirement."""

    blocks: tuple[Shown, ...]
    links: Mapping[str, tuple[Link | None, ...]]
    examples: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    block: int
    start: int
    end: int
    verdict: str
    rank: int
    id: str
    back: Back


def lay_beside(report: Report, document: Document, text: NormText) -> Beside:
    """Put the document beside its findings.

    Args:
        report: What was found in it.
        document: What was read; the places in the report are in it.
        text: Of the norm of the report.
    """
    by_id = {one.id: one for one in text.requirements}
    marks, links = _marks(_in_order(report.findings, text), by_id, _shown_blocks(document))
    by_block: dict[int, list[_Mark]] = {}
    for mark in marks:
        by_block.setdefault(mark.block, []).append(mark)
    return Beside(
        blocks=tuple(_blocks(document, by_block)),
        links=links,
        examples={one.id: one.example for one in text.requirements if one.example},
    )


def _in_order(findings: Iterable[Finding], text: NormText) -> list[Finding]:
    """As they stand on the page: by verdict, within that in the order of the norm."""
    place = {one.id: number for number, one in enumerate(text.requirements)}
    return sorted(findings, key=lambda f: (ORDER.index(f.verdict), place.get(f.requirement, len(place))))


def _marks(
    findings: Sequence[Finding], by_id: Mapping[str, RequirementText], blocks: frozenset[int]
) -> tuple[list[_Mark], dict[str, tuple[Link | None, ...]]]:
    marks: list[_Mark] = []
    links: dict[str, tuple[Link | None, ...]] = {}
    for finding in findings:
        mine: list[Link | None] = []
        for one in finding.evidence:
            if one.block not in blocks:
                mine.append(None)
                continue
            number = len(marks) + 1
            known = by_id.get(finding.requirement)
            back = Back(number, finding.requirement, known.title if known else finding.requirement)
            marks.append(
                _Mark(
                    block=one.block, start=one.start, end=one.end, verdict=finding.verdict.value,
                    rank=ORDER.index(finding.verdict), id=f"plek-{number}", back=back,
                )
            )  # fmt: skip
            mine.append(Link(number, f"plek-{number}"))
        links[finding.requirement] = tuple(mine)
    return marks, links


def _shown_blocks(document: Document) -> frozenset[int]:
    return frozenset(number for number, block in enumerate(document.blocks) if block.kind not in _LEFT_OUT)


def _blocks(document: Document, marks: Mapping[int, Sequence[_Mark]]) -> Iterator[Shown]:
    page: int | None = None
    level = _FIRST_LEVEL - 1
    chosen = [(number, block) for number, block in enumerate(document.blocks) if block.kind not in _LEFT_OUT]
    for table, group in groupby(chosen, key=lambda pair: (pair[1].kind is BlockKind.ROW, pair[1].table)):
        if not table[0]:
            for number, block in group:
                new_page, page = _turned(block, page)
                if block.kind is BlockKind.HEADING:
                    # a level that is left out is a hole for who reads by headings
                    level = min(_FIRST_LEVEL - 1 + (block.level or 1), level + 1, _LAST_LEVEL)
                yield Shown(
                    kind=block.kind.value,
                    pieces=_cut(block.text, 0, len(block.text), marks.get(number, ())),
                    level=level if block.kind is BlockKind.HEADING else None,
                    new_page=new_page,
                )
            continue
        rows = list(group)
        new_page, page = _turned(rows[0][1], page)
        yield Shown(
            kind="table",
            rows=tuple(_row(block, marks.get(number, ())) for number, block in rows),
            new_page=new_page,
        )


def _turned(block: Block, page: int | None) -> tuple[int | None, int | None]:
    """The number of a page that begins with this block, and the page that it is on."""
    if block.page is None or block.page == page:
        return None, page
    return block.page, block.page


def _row(block: Block, marks: Sequence[_Mark]) -> Row:
    spans = [(cell.start, cell.end) for cell in block.cells] or [(0, len(block.text))]
    cells = tuple(_cut(block.text, start, end, marks) for start, end in spans)
    return Row(cells=cells, is_header=block.is_header_row and all(any(p.text for p in cell) for cell in cells))


def _cut(text: str, start: int, end: int, marks: Sequence[_Mark]) -> tuple[Piece, ...]:
    """The text from start to end, cut where a passage begins or ends."""
    inside = [mark for mark in marks if mark.start < end and mark.end > start]
    edges = sorted({start, end, *(min(max(at, start), end) for mark in inside for at in (mark.start, mark.end))})
    pieces = []
    for left, right in pairwise(edges):
        over = [mark for mark in inside if mark.start <= left and mark.end >= right]
        first = min(over, key=lambda mark: mark.rank, default=None)
        pieces.append(
            Piece(
                text=text[left:right],
                verdict=first.verdict if first else None,
                # a passage over several cells begins in the first and ends in the last
                ids=tuple(mark.id for mark in over if left == max(mark.start, start) and mark.start >= start),
                backs=tuple(mark.back for mark in over if right == mark.end),
            )
        )
    return tuple(pieces)
