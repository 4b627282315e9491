"""From loose pieces to lines in reading order: columns one after the other, running headers and footers apart.

Two columns are told from a table without borders by the order in which the file itself writes them: a text column is
written to its end before the next one starts, a table row by row.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extractors.pdf_aligned import aligned_table
from extractors.pdf_items import Item, merge_intervals
from extractors.pdf_shapes import Piece

_GUTTER = 9.0  # points; narrower than any column gap, wider than the spaces of justified text
_LEADER_GAP = 4.0
_WORD_GAP = 1.3  # of the size: what a justified line may have between two words


@dataclass(slots=True, kw_only=True)
class Line:
    """One line of running text; tabs stand for wide gaps."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    bold: bool
    page: int
    column: str = ""
    """Path of the column on the page ("", "L", "R", "RL"), or the box that the line stands in."""
    text_x0: float = 0.0
    """Where the text starts behind a bullet."""
    first_word: float = 0.0
    """Width of the first word."""
    right: float = 0.0
    """Right edge of the column, as far as its lines reach."""
    limit: float = math.inf
    """Left edge of the column to the right of this one."""
    notes: list[list[str]] = field(default_factory=list)
    """Lines of each footnote that this line refers to."""
    shaded: bool = False
    invisible: bool = False


@dataclass(slots=True)
class Placed:
    """Items that stand on one line, in the column with this path."""

    items: list[Item]
    column: str
    limit: float = math.inf
    """Left edge of the column to the right of this one."""


def segments(pieces: Sequence[Piece]) -> list[Item]:
    """Pieces on one baseline without a wide gap, put together."""
    result: list[Item] = []
    for group in by_baseline(pieces):
        open_item: Item | None = None
        for piece in group:
            if open_item is not None and piece.x0 - open_item.x1 < _widest_gap(open_item.pieces[-1], piece):
                open_item.pieces.append(piece)
                open_item.x1 = max(open_item.x1, piece.x1)
                open_item.top = min(open_item.top, piece.base - piece.size)
                open_item.order = min(open_item.order, piece.order)
                continue
            open_item = Item(
                x0=piece.x0,
                x1=piece.x1,
                top=piece.base - 0.8 * piece.size,
                bottom=piece.base + 0.2 * piece.size,
                order=piece.order,
                pieces=[piece],
            )
            result.append(open_item)
    return result


def _widest_gap(left: Piece, right: Piece) -> float:
    """What may lie between two pieces of one line; leaders start and end at stops of their own."""
    leaders = right.text.startswith("....") or (left.text.endswith("....") and right.text.strip().isdigit())
    return (_LEADER_GAP if leaders else _WORD_GAP) * right.size


def by_baseline(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces grouped by line from top to bottom, each group from left to right."""
    groups: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.base, piece.x0)):
        if groups and abs(groups[-1][0].middle - piece.middle) < 0.4 * max(groups[-1][0].size, piece.size):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    for group in groups:
        group.sort(key=lambda piece: piece.x0)
    return groups


def reading_order(items: Sequence[Item], column: str = "", limit: float = math.inf) -> Iterator[Placed]:
    """Items in the order in which a person reads them, those on one line together."""
    rows = _rows(items)
    width = max((item.x1 for item in items), default=0.0) - min((item.x0 for item in items), default=0.0)
    index = 0
    while index < len(rows):
        end, gutter = _band(rows, index, width)
        if gutter is None:
            yield Placed(rows[index], column, limit)
        else:
            yield from _columns(rows[index:end], gutter, column, limit)
        index = end


def _rows(items: Sequence[Item]) -> list[list[Item]]:
    """Items that stand at the same height."""
    rows: list[list[Item]] = []
    for item in sorted(items, key=lambda item: (item.top + item.bottom, item.x0)):
        last = rows[-1][0] if rows else None
        both = last is not None and bool(last.pieces) and bool(item.pieces)
        if (
            last is not None
            and both
            and abs((last.top + last.bottom) - (item.top + item.bottom))
            < 0.8 * min(last.bottom - last.top, item.bottom - item.top)
        ):
            rows[-1].append(item)
        else:
            rows.append([item])
    rows.sort(key=lambda row: min(item.top for item in row))
    for row in rows:
        row.sort(key=lambda item: item.x0)
    return rows


def _band(rows: Sequence[Sequence[Item]], start: int, width: float) -> tuple[int, float | None]:
    """The longest run of rows from ``start`` that one gutter divides, and the middle of that gutter."""
    covered: list[tuple[float, float]] = []
    gutter: float | None = None
    end = start + 1
    for index in range(start, len(rows)):
        merged = merge_intervals([*covered, *((item.x0, item.x1) for item in rows[index])])
        gaps = [(a[1], b[0]) for a, b in itertools.pairwise(merged) if b[0] - a[1] >= _GUTTER]
        if gaps:
            widest = max(gaps, key=lambda gap: gap[1] - gap[0])
            gutter = (widest[0] + widest[1]) / 2
            end = index + 1
        elif gutter is not None or merged[-1][1] - merged[0][0] > 0.62 * width:
            break
        covered = merged
    while gutter is not None and end < len(rows) and end - start > 1 and _is_title_row(rows[end - 1], gutter):
        # titles belong to what stands below them, which this gutter does not divide
        end -= 1
    return end, gutter


def _is_title_row(row: Sequence[Item], gutter: float) -> bool:
    """Whether a row of bold lines stands wholly left of a gutter."""
    pieces = [piece for item in row for piece in item.pieces]
    return bool(pieces) and all(item.x1 <= gutter for item in row) and all(piece.bold for piece in pieces)


def _columns(rows: Sequence[list[Item]], gutter: float, column: str, limit: float) -> Iterator[Placed]:
    """A band with a gutter: columns one after the other, or rows when the file writes it row by row."""
    found = aligned_table(rows)
    if found is not None:
        above, table, below = found
        yield from reading_order(above, column, limit)
        yield Placed([Item(x0=table.columns[0], x1=limit, top=0, bottom=0, order=0, content=table)], column, limit)
        yield from reading_order(below, column, limit)
        return
    band = [item for row in rows for item in row]
    chunks = _chunks(band, gutter)
    if chunks is None or _is_prose(chunks):
        left = [item for item in band if item.x1 <= gutter]
        right = [item for item in band if item.x1 > gutter]
        if min(len(left), len(right)) < 4:
            yield from (Placed(row, column, limit) for row in rows)
            return
        chunks = [(left, right)]
    for left, right in chunks:
        if left and right and (min(_height(left), _height(right)) > 1 or _runs_over(left, right)):
            yield from reading_order(left, column + "L", min(item.x0 for item in right))
            yield from reading_order(right, column + "R", limit)
        else:
            # one line beside another is a label with its value; what stands on one side only is ordinary text
            yield from (Placed(row, column, limit) for row in _rows([*left, *right]))


def _is_prose(chunks: Sequence[tuple[list[Item], list[Item]]]) -> bool:
    """Whether two columns of running text are written line by line over both: most lines go on in lower case."""
    longer = sum(len(left) > 1 or len(right) > 1 for left, right in chunks)  # a heading may stand above
    if len(chunks) < 4 or longer > 1:
        return False
    sides = [[side[0] for chunk in chunks if (side := chunk[place])] for place in (0, 1)]
    starts = [[item.pieces[0].text[:1] if item.pieces else "" for item in side] for side in sides]
    return all(len(side) > 3 and sum(start.islower() for start in side) * 2 > len(side) for side in starts)


def _chunks(band: Sequence[Item], gutter: float) -> list[tuple[list[Item], list[Item]]] | None:
    """The band in the file's own order as (left, right) pairs; None when these do not follow each other downwards."""
    chunks: list[tuple[list[Item], list[Item]]] = []
    for item in sorted(band, key=lambda item: item.order):
        on_left = item.x1 <= gutter
        if not chunks or (on_left and chunks[-1][1]):
            chunks.append(([], []))
        chunks[-1][0 if on_left else 1].append(item)
    for (left, right), (next_left, next_right) in itertools.pairwise(chunks):
        bottom = max(item.bottom for item in (*left, *right))
        if min(item.top for item in (*next_left, *next_right)) < bottom - 4:
            return None
    return chunks


def _runs_over(left: Sequence[Item], right: Sequence[Item]) -> bool:
    """Whether the column on the right has only the last words of the paragraph that ends on the left."""
    last = max(left, key=lambda item: item.bottom)
    if _height(left) < 3 or len(right) > 1 or not right[0].pieces or not last.pieces:
        return False
    return right[0].pieces[0].text[:1].islower() and last.pieces[-1].text.rstrip()[-1:] not in (".", ":", "?", "!")


def _height(items: Sequence[Item]) -> int:
    """Number of lines; a box or table counts for more than one."""
    return sum(1 if all(item.pieces for item in row) else 2 for row in _rows(items)) if items else 0


def to_line(placed: Placed, page: int) -> Line:
    """The line that the items on one height make; a wide gap becomes a tab."""
    pieces = [piece for item in placed.items for piece in item.pieces]
    pieces.sort(key=lambda piece: piece.x0)
    if any(piece.note is None for piece in pieces):
        pieces = [piece for piece in pieces if piece.note is None]
    text = ""
    end = 0.0
    sizes: dict[float, int] = {}
    for piece in pieces:
        if text:
            gap = piece.x0 - end
            text += "\t" if gap > 2 * piece.size else ("" if gap < 0.12 * piece.size else " ")
        text += piece.text
        end = piece.x1
        sizes[piece.size] = sizes.get(piece.size, 0) + len(piece.text)
    letters = sum(piece.letters for piece in pieces)
    return Line(
        text=text,
        x0=pieces[0].x0,
        x1=end,
        base=pieces[0].base,
        size=max(sizes, key=lambda size: (sizes[size], size)),
        bold=0 < letters == sum(piece.bold_letters for piece in pieces),
        page=page,
        column=placed.column,
        limit=placed.limit,
        text_x0=_text_start(pieces),
        first_word=pieces[0].word_end - pieces[0].x0,
        invisible=any(piece.invisible for piece in pieces),
    )


def _text_start(pieces: Sequence[Piece]) -> float:
    first = pieces[0]
    if len(pieces) > 1 and len(first.text.strip()) <= 3 and first.letters <= 2:
        return pieces[1].x0
    return first.x0
