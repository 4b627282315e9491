"""From ruling lines to tables: lines are snapped and joined, their crossings make cells, touching cells make tables.

The method is that of pdfplumber's ``lines`` strategy, on plain numbers instead of dictionaries.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.pdf_shapes import Edge, Fill, PageContent, Piece

_TOLERANCE = 3.0
_SHORTEST = 6.0
_MOST_EDGES = 4000  # beyond this it is a drawing, and the search for crossings would take minutes

_FEWEST_RULES = 4  # lines of a table without vertical lines: three rows
_HIGHEST_ROW = 200.0
_COLUMN_GAP = 6.0
_LEAST_TEXT = 60.0  # points of text in a column, all rows together

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one table as (x0, top, x1, bottom), with the left and upper edges of its columns and rows."""

    cells: tuple[Box, ...]
    columns: tuple[float, ...]
    rows: tuple[float, ...]

    @property
    def box(self) -> Box:
        """The outline."""
        return (
            min(cell[0] for cell in self.cells),
            min(cell[1] for cell in self.cells),
            max(cell[2] for cell in self.cells),
            max(cell[3] for cell in self.cells),
        )

    def place(self, cell: Box) -> tuple[int, int, int]:
        """Row, column and column span of a cell."""
        column = bisect_left(self.columns, cell[0] - 0.01)
        return bisect_left(self.rows, cell[1] - 0.01), column, bisect_left(self.columns, cell[2] - 0.01) - column


def page_grids(page: PageContent) -> list[Grid]:
    """The tables of a page, those with lines between the rows only included."""
    if page.grids is None:
        page.grids = _with_ruled_rows(find_grids(page.edges, page.fills), page)
    return page.grids


def find_grids(edges: Sequence[Edge], fills: Iterable[Fill] = ()) -> list[Grid]:
    """The tables that the lines draw, from top to bottom; the borders of coloured rectangles count as lines."""
    every = [*edges, *(edge for fill in fills for edge in _borders(fill))]
    if len(every) > _MOST_EDGES:
        return []
    horizontal = _joined([edge for edge in every if edge.horizontal])
    vertical = _joined([edge for edge in every if not edge.horizontal])
    grids = [_grid(cells) for cells in _tables(_cells(horizontal, vertical))]
    return sorted(grids, key=lambda grid: (grid.box[1], grid.box[0]))


def _borders(fill: Fill) -> Iterable[Edge]:
    yield Edge(True, fill.top, fill.x0, fill.x1)
    yield Edge(True, fill.bottom, fill.x0, fill.x1)
    yield Edge(False, fill.x0, fill.top, fill.bottom)
    yield Edge(False, fill.x1, fill.top, fill.bottom)


def _joined(edges: list[Edge]) -> list[Edge]:
    """Lines that lie on one another or touch become one."""
    result: list[Edge] = []
    for group in _snapped(sorted(edges, key=lambda edge: edge.at)):
        at = sum(edge.at for edge in group) / len(group)
        start, end = None, 0.0
        for edge in sorted(group, key=lambda edge: edge.start):
            if start is not None and edge.start <= end + _TOLERANCE:
                end = max(end, edge.end)
                continue
            if start is not None and end - start >= _SHORTEST:
                result.append(Edge(edge.horizontal, at, start, end))
            start, end = edge.start, edge.end
        if start is not None and end - start >= _SHORTEST:
            result.append(Edge(group[0].horizontal, at, start, end))
    return result


def _snapped(edges: list[Edge]) -> Iterable[list[Edge]]:
    """Groups of lines at nearly the same place; ``edges`` are sorted by place."""
    group: list[Edge] = []
    for edge in edges:
        if group and edge.at - group[-1].at > _TOLERANCE:
            yield group
            group = []
        group.append(edge)
    if group:
        yield group


def _cells(horizontal: Sequence[Edge], vertical: Sequence[Edge]) -> list[Box]:
    """The smallest rectangles between crossings that have a line on each side."""
    points: dict[tuple[int, int], Box | None] = {}
    on_row: dict[int, list[int]] = {}
    on_column: dict[int, list[int]] = {}
    for h_index, row in enumerate(horizontal):
        for v_index, column in enumerate(vertical):
            if (
                column.start - _TOLERANCE <= row.at <= column.end + _TOLERANCE
                and row.start - _TOLERANCE <= column.at <= row.end + _TOLERANCE
            ):
                points[h_index, v_index] = None
                on_row.setdefault(h_index, []).append(v_index)
                on_column.setdefault(v_index, []).append(h_index)
    for columns in on_row.values():
        columns.sort(key=lambda index: vertical[index].at)
    for rows in on_column.values():
        rows.sort(key=lambda index: horizontal[index].at)
    # lines at the same height may be apart: a crossing is known by its place too
    at_place = {(horizontal[h].at, vertical[v].at): (h, v) for h, v in points}
    cells: list[Box] = []
    for h_index, v_index in points:
        cell = _smallest(
            h_index,
            v_index,
            horizontal=horizontal,
            vertical=vertical,
            on_row=on_row,
            on_column=on_column,
            at_place=at_place,
        )
        if cell is not None:
            cells.append(cell)
    return cells


def _smallest(
    h_index: int,
    v_index: int,
    *,
    horizontal: Sequence[Edge],
    vertical: Sequence[Edge],
    on_row: dict[int, list[int]],
    on_column: dict[int, list[int]],
    at_place: dict[tuple[float, float], tuple[int, int]],
) -> Box | None:
    """The smallest cell with this crossing as its upper left corner."""
    top, left = horizontal[h_index].at, vertical[v_index].at
    rights = [index for index in on_row[h_index] if vertical[index].at > left]
    for below in on_column[v_index]:
        bottom = horizontal[below].at
        if bottom <= top:
            continue
        for right in rights:
            corner = at_place.get((bottom, vertical[right].at))
            if corner == (below, right):
                return (left, top, vertical[right].at, bottom)
    return None


def _tables(cells: Sequence[Box]) -> list[list[Box]]:
    """Groups of cells that touch at a corner."""
    parent = list(range(len(cells)))

    def find(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    corners: dict[tuple[float, float], int] = {}
    for index, (x0, top, x1, bottom) in enumerate(cells):
        for corner in ((x0, top), (x0, bottom), (x1, top), (x1, bottom)):
            other = corners.setdefault(corner, index)
            parent[find(index)] = find(other)
    groups: dict[int, list[Box]] = {}
    for index, cell in enumerate(cells):
        groups.setdefault(find(index), []).append(cell)
    return list(groups.values())


def _grid(cells: list[Box]) -> Grid:
    return Grid(
        cells=tuple(sorted(cells, key=lambda cell: (cell[1], cell[0]))),
        columns=tuple(sorted({cell[0] for cell in cells})),
        rows=tuple(sorted({cell[1] for cell in cells})),
    )


def _with_ruled_rows(grids: list[Grid], page: PageContent) -> list[Grid]:
    """Adds tables whose columns show by their alignment alone, between lines or coloured rows of equal width."""
    every = [*page.edges, *(edge for fill in page.fills for edge in _borders(fill))]
    rules = [edge for edge in _joined([edge for edge in every if edge.horizontal]) if edge.end - edge.start > 100]
    if len(rules) < _FEWEST_RULES:
        return grids
    # what has lines at its sides is a table or a box already; coloured rows may make grids of every other row only
    solid = [_grown(grid.box) for grid in find_grids(page.edges)]
    rules = [
        rule for rule in rules if not any(_middle_in((rule.start, rule.at, rule.end, rule.at), box) for box in solid)
    ]
    for lines in _equally_wide(rules):
        heights = _with_outer_rows(sorted(line.at for line in lines), lines[0], page)
        box = (lines[0].start, heights[0], lines[0].end, heights[-1])
        inside = [grid for grid in grids if _middle_in(grid.box, box)]
        if any(grid.box[3] - grid.box[1] > 0.8 * (box[3] - box[1]) and len(grid.columns) > 1 for grid in inside):
            continue
        columns = _aligned_columns(page, box)
        if len(columns) > 1:
            cells = [
                (left, top, right, bottom)
                for top, bottom in itertools.pairwise(heights)
                for left, right in itertools.pairwise([*columns, box[2]])
            ]
            grids = [*(grid for grid in grids if grid not in inside), _grid(cells)]
    return sorted(grids, key=lambda grid: (grid.box[1], grid.box[0]))


def _equally_wide(rules: Sequence[Edge]) -> list[list[Edge]]:
    """Lines with the same ends, near enough below one another to be the rows of one table."""
    groups: list[list[Edge]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        for group in groups:
            last = group[-1]
            if abs(last.start - rule.start) <= 4 and abs(last.end - rule.end) <= 4 and rule.at - last.at < _HIGHEST_ROW:
                group.append(rule)
                break
        else:
            groups.append([rule])
    return [group for group in groups if len(group) >= _FEWEST_RULES]


def _with_outer_rows(heights: list[float], rule: Edge, page: PageContent) -> list[float]:
    """Adds the row above the first line and the one below the last, when text with a wide gap stands close to it."""
    lowest = max(b - a for a, b in itertools.pairwise(heights))
    pieces = [piece for piece in page.pieces if piece.upright and rule.start - 2 <= piece.x0 <= rule.end]
    for at, direction in ((heights[0], -1), (heights[-1], 1)):
        near = [piece for piece in pieces if 0 < (piece.middle - at) * direction < 1.4 * piece.size]
        near.sort(key=lambda piece: piece.x0)
        between = any(b.x0 - a.x1 >= _COLUMN_GAP for a, b in itertools.pairwise(near))
        if between or any(len(_spans(piece)) > 1 for piece in near):
            edge = at + direction * min(lowest, 2.2 * near[0].size)
            heights = [edge, *heights] if direction < 0 else [*heights, edge]
    return heights


def _grown(box: Box) -> Box:
    return (box[0] - _TOLERANCE, box[1] - _TOLERANCE, box[2] + _TOLERANCE, box[3] + _TOLERANCE)


def _middle_in(inner: Box, outer: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _aligned_columns(page: PageContent, box: Box) -> list[float]:
    """Left edges of the columns between which no text of the box stands; one edge when there are no columns."""
    pieces = [
        piece
        for piece in page.pieces
        if piece.upright and box[0] - 2 <= piece.x0 <= box[2] and box[1] <= piece.middle <= box[3]
    ]
    spans = [span for piece in pieces for span in _spans(piece)]
    columns = [box[0]]
    end = 0.0
    for x0, x1 in sorted(spans):
        if end and x0 - end >= _COLUMN_GAP:
            columns.append(x0 - 2)
        end = max(end, x1)
    filled = [
        sum(x1 - x0 for x0, x1 in spans if left <= x0 + 1 < right)
        for left, right in itertools.pairwise([*columns, box[2] + 1])
    ]
    # bullets and numbers before a text are no column
    return columns if len(columns) > 1 and min(filled[0], max(filled[1:])) > _LEAST_TEXT else [box[0]]


def _spans(piece: Piece) -> list[tuple[float, float]]:
    """The piece from left to right, divided where a space is wider than between words."""
    spans: list[tuple[float, float]] = []
    x0 = piece.x0
    for _, end, start in piece.gaps:
        if start - end > 0.5 * piece.size:
            spans.append((x0, end))
            x0 = start
    return [*spans, (x0, piece.x1)]
