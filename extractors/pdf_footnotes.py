"""Finds footnotes: smaller text at the foot of a page behind a mark, and that mark in the text it belongs to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from extractors.pdf_lines import by_baseline
from extractors.pdf_rules import page_grids
from extractors.pdf_shapes import Footnote, PageContent, Piece

_MARK = re.compile(r"(\d{1,3}|\*{1,3})[.)]?(?:\s+|$)")
_SMALLER = 0.9  # points
_RAISED = 0.15  # of the size of the line
_LOWEST_SHARE = 0.5  # footnotes stand in the lower half


def split_notes(pages: Sequence[PageContent]) -> None:
    """Moves the footnotes of each page from its pieces to its notes; the mark in the text keeps its place."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for piece in page.pieces:
            sizes[piece.size] += piece.letters
    body = max(sizes, key=lambda size: (sizes[size], size)) if sizes else 0.0
    for page in pages:
        zone = _zone(page, body)
        if not zone:
            continue
        gone = {id(piece) for line in zone for piece in line}
        notes = _notes(zone)
        marks = {mark: index for index, note in enumerate(notes) for mark in _references(note, page, gone)}
        ruled = any(edge.horizontal and 0 < zone[0][0].base - edge.at < 3 * body for edge in page.edges)
        if marks or ruled:
            page.notes = notes
            page.pieces = [piece for piece in page.pieces if id(piece) not in gone]
            for piece in page.pieces:
                piece.note = marks.get(id(piece))


def _zone(page: PageContent, body: float) -> list[list[Piece]]:
    """The small lines at the foot of the page from the first that starts with a mark, from top to bottom."""
    boxes = [grid.box for grid in page_grids(page)]
    zone: list[list[Piece]] = []
    for line in reversed(by_baseline([piece for piece in page.pieces if piece.upright])):
        small = max(piece.size for piece in line) <= body - _SMALLER
        in_table = any(box[1] <= line[0].middle <= box[3] for box in boxes)
        if not small or in_table or line[0].base < page.height * _LOWEST_SHARE:
            break
        zone.insert(0, line)
    while zone and not _MARK.match(_text(zone[0])):
        zone.pop(0)
    return zone


def _notes(zone: Sequence[list[Piece]]) -> list[Footnote]:
    notes: list[Footnote] = []
    for line in zone:
        match = _MARK.match(_text(line))
        if match and (not notes or _follows(notes[-1].label, match[1])):
            notes.append(Footnote(match[1], [line]))
        else:
            notes[-1].lines.append(line)
    return notes


def _follows(label: str, other: str) -> bool:
    return not label.isdigit() or (other.isdigit() and int(other) == int(label) + 1)


def _references(note: Footnote, page: PageContent, gone: set[int]) -> list[int]:
    """The pieces that are this note's mark: small and raised, behind a text."""
    found: list[int] = []
    for piece in page.pieces:
        if piece.text.strip() != note.label or id(piece) in gone:
            continue
        for other in page.pieces:
            near = -1 < piece.x0 - other.x1 < 0.5 * other.size and piece.size < 0.85 * other.size
            if near and _RAISED * other.size < other.base - piece.base < 0.8 * other.size:
                found.append(id(piece))
                break
    return found


def _text(line: Sequence[Piece]) -> str:
    return " ".join(piece.text.strip() for piece in line)


def note_lines(note: Footnote) -> list[str]:
    """The lines of a footnote without its mark."""
    texts = [_text(line) for line in note.lines]
    return [_MARK.sub("", texts[0], count=1), *texts[1:]]
