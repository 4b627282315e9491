"""Tables without any lines: text that stands in columns and that the file writes row by row.

Columns of running text are written to their end before the next one starts, and so never give more than one row here.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.normalise import number_label, split_bullet
from extractors.pdf_items import Item, merge_intervals
from extractors.pdf_shapes import Piece

_GUTTER = 9.0  # points; narrower than any column gap, wider than the spaces of justified text
_ROW_GAP = 1.5  # of the size: lines further apart belong to different rows or paragraphs
_LONGEST_LABEL = 70
_SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?")

Row = list[list[Item]]


@dataclass(frozen=True, slots=True)
class AlignedTable:
    """Rows of cells, each the pieces of its text; ``columns`` are the left edges."""

    rows: tuple[tuple[tuple[Piece, ...], ...], ...]
    columns: tuple[float, ...]


def aligned_table(band: Sequence[Sequence[Item]]) -> tuple[list[Item], AlignedTable, list[Item]] | None:
    """The table in a band of lines with a gutter, with what stands above and below it; None when it is none."""
    items = [item for row in band for item in row]
    shared = [row for row in band if len(row) > 1]
    if any(not item.pieces for item in items) or len(shared) < 2:
        return None
    columns = _columns(items, shared)
    if len(columns) < 2:
        return None
    rows = _logical_rows(items, columns)
    if not _follow_each_other(rows):
        rows = _rows_by_label(items, columns)
    first = next((index for index, row in enumerate(rows) if _filled(row) > 1), len(rows))
    last = len(rows) - next((index for index, row in enumerate(reversed(rows)) if _filled(row) > 1), 0)
    last = _with_unanswered(rows, last)
    body = rows[first:last]
    if not _is_table(body):
        return None
    cells = tuple(tuple(tuple(p for item in cell for p in item.pieces) for cell in row) for row in body)
    table = AlignedTable(rows=cells, columns=tuple(x0 for x0, _ in columns))
    return list(_items(rows[:first])), table, list(_items(rows[last:]))


def _columns(items: Sequence[Item], shared: Sequence[Sequence[Item]]) -> list[tuple[float, float]]:
    """Left and right edges of the columns; bullets and numbers before a text are no column of their own."""
    top, bottom = min(item.top for item in shared[0]), max(item.bottom for item in shared[-1])
    inside = [item for item in items if top - 1 <= item.top and item.bottom <= bottom + 1]
    columns: list[tuple[float, float]] = []
    labels = False
    for x0, x1 in merge_intervals([(item.x0, item.x1) for item in inside], _GUTTER):
        if labels:
            columns[-1] = (columns[-1][0], x1)
        else:
            columns.append((x0, x1))
        own = [_text(item) for item in inside if x0 <= item.x0 <= x1]
        labels = all(split_bullet(text + " x")[0] or number_label(text + " x") or _is_number(text) for text in own)
    return columns


def _is_number(text: str) -> bool:
    return bool(_SECTION.fullmatch(text))


def _logical_rows(items: Sequence[Item], columns: Sequence[tuple[float, float]]) -> list[Row]:
    """The rows as the file writes them: a new one starts where it goes back to a column on the left."""
    rows: list[Row] = []
    before: Item | None = None
    column_before = 0
    for item in sorted(items, key=lambda item: item.order):
        column = max((index for index, (x0, _) in enumerate(columns) if item.x0 >= x0 - 2), default=0)
        same_line = before is not None and abs(item.top - before.top) < 2
        apart = before is not None and not same_line and (
            item.top - before.top > _ROW_GAP * _size(before) or abs(_size(item) - _size(before)) > 0.6
        )  # fmt: skip
        if before is None or column < column_before or (column == column_before and apart):
            rows.append([[] for _ in columns])
        rows[-1][column].append(item)
        before, column_before = item, column
    return _with_paragraphs(rows)


def _rows_by_label(items: Sequence[Item], columns: Sequence[tuple[float, float]]) -> list[Row]:
    """The rows of a form whose labels are all written before its answers; no rows where lines follow one another."""
    labels = sorted((item for item in items if item.x0 < columns[1][0] - 2), key=lambda item: item.top)
    gaps = [b.top - a.top for a, b in itertools.pairwise(labels)]
    if not gaps or statistics.median(gaps) < 1.6 * _size(labels[0]) or max(len(_text(item)) for item in labels) > 40:
        return []
    rows: list[Row] = []
    for index, label in enumerate(labels):
        below = labels[index + 1].top - 3 if index + 1 < len(labels) else label.top + max(gaps)
        row: Row = [[label], *([] for _ in columns[1:])]
        for item in sorted(items, key=lambda item: (item.top, item.x0)):
            column = max((place for place, (x0, _) in enumerate(columns) if item.x0 >= x0 - 2), default=0)
            if column and label.top - 6 <= item.top < below - 3:
                row[column].append(item)
        rows.append(row)
    placed = sum(len(cell) for row in rows for cell in row)
    return rows if placed == len(items) else []


def _with_paragraphs(rows: Sequence[Row]) -> list[Row]:
    """A further paragraph of a cell on the right goes back to its row."""
    joined: list[Row] = []
    for row in rows:
        filled = [index for index, cell in enumerate(row) if cell]
        above = joined[-1] if joined else None
        if above is not None and len(filled) == 1 and filled[0] and above[filled[0]] and _filled(above) > 1:
            above[filled[0]].extend(row[filled[0]])
        else:
            joined.append(row)
    return joined


def _with_unanswered(rows: Sequence[Row], last: int) -> int:
    """The end of the table with the rows below that have a label only and stand at the distance of rows."""
    starts = [_top(row) for row in rows[:last]]
    gaps = [b - a for a, b in itertools.pairwise(starts)]
    usual = statistics.median(gaps) if gaps else 0.0
    size = _size(next(_items(rows[:1]))) if rows else 0.0
    for row in rows[last:]:
        text = " ".join(_text(item) for item in row[0])
        if len(row[0]) > 1 or not text or text[-1] in ".:" or _top(row) - starts[-1] > 1.2 * usual:
            break
        if abs(_size(row[0][0]) - size) > 0.6 or row[0][0].pieces[0].bold:
            break
        starts.append(_top(row))
        last += 1
    return last


def _is_table(rows: Sequence[Row]) -> bool:
    full = [row for row in rows if _filled(row) > 1]
    columns = len(rows[0]) if rows else 0
    if len(full) < (3 if columns == 2 else 2) or len(full) * 2 < len(rows):
        return False
    sizes = [_size(item) for item in _items(rows)]
    if max(sizes) > 1.25 * min(sizes) or not _follow_each_other(rows):
        return False
    if sum(_level(row) for row in full) < 0.75 * len(full) or any(_has_titles(row) for row in full):
        return False
    labels = [" ".join(_text(item) for item in row[0]) for row in rows]
    answers = [[_text(item) for item in row[-1]] for row in full]
    if columns == 2:
        if all(label.endswith(":") for label in labels if label) and all(len(answer) == 1 for answer in answers):
            return False  # "Naam: Noor" reads well as a line
        if statistics.mean(map(len, labels)) > _LONGEST_LABEL:
            return False
    pages = [answer[0].isdigit() for answer in answers if len(answer) == 1]
    if columns == 2 and len(pages) == len(answers) and all(pages):
        return False  # a table of contents
    starts = [_text(cell[0])[:1] for row in full for cell in row if cell]
    return sum(start.islower() for start in starts) * 2 < len(starts)


def _follow_each_other(rows: Sequence[Row]) -> bool:
    return all(_bottom(above) <= _top(below) + 3 for above, below in itertools.pairwise(rows))


def _level(row: Row) -> bool:
    """Whether the cells of a row start at the same height, or stand around the same middle."""
    tops = [cell[0].top for cell in row if cell]
    middles = [cell[0].top + cell[-1].bottom for cell in row if cell]
    return max(tops) - min(tops) < 3 or max(middles) - min(middles) < 6


def _has_titles(row: Row) -> bool:
    """Whether several cells start with a bold line above text that is not: blocks of a brochure side by side."""
    titles = [
        cell
        for cell in row
        if len(cell) > 1 and all(p.bold for p in cell[0].pieces) and not any(p.bold for p in cell[-1].pieces)
    ]
    return len(titles) > 1


def _items(rows: Sequence[Row]) -> Iterator[Item]:
    return (item for row in rows for cell in row for item in cell)


def _filled(row: Row) -> int:
    return sum(bool(cell) for cell in row)


def _top(row: Row) -> float:
    return min(item.top for cell in row for item in cell)


def _bottom(row: Row) -> float:
    return max(item.bottom for cell in row for item in cell)


def _size(item: Item) -> float:
    return item.pieces[0].size


def _text(item: Item) -> str:
    return " ".join(piece.text for piece in item.pieces).strip()
