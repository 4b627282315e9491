"""From ruling lines to tables: lines are snapped and joined, their crossings make cells, touching cells make tables.

The method is that of pdfplumber's ``lines`` strategy, on plain numbers instead of dictionaries.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.pdf_shapes import Edge, Fill

_TOLERANCE = 3.0
_SHORTEST = 6.0
_MOST_EDGES = 4000  # beyond this it is a drawing, and the search for crossings would take minutes

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


def find_grids(edges: Sequence[Edge], fills: Iterable[Fill] = ()) -> list[Grid]:
    """The tables that the lines draw, from top to bottom; the borders of coloured rectangles count as lines."""
    every = [*edges, *(edge for fill in fills for edge in borders(fill))]
    if len(every) > _MOST_EDGES:
        return []
    horizontal = joined([edge for edge in every if edge.horizontal])
    vertical = joined([edge for edge in every if not edge.horizontal])
    grids = [to_grid(cells) for cells in _tables(_cells(horizontal, vertical))]
    return sorted(grids, key=lambda grid: (grid.box[1], grid.box[0]))


def borders(fill: Fill) -> Iterable[Edge]:
    """The four sides of a coloured rectangle."""
    yield Edge(True, fill.top, fill.x0, fill.x1)
    yield Edge(True, fill.bottom, fill.x0, fill.x1)
    yield Edge(False, fill.x0, fill.top, fill.bottom)
    yield Edge(False, fill.x1, fill.top, fill.bottom)


def joined(edges: list[Edge]) -> list[Edge]:
    """Lines that lie on one another or touch become one."""
    result: list[Edge] = []
    for group in snapped(sorted(edges, key=lambda edge: edge.at)):
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


def snapped(edges: Sequence[Edge]) -> Iterable[list[Edge]]:
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


def to_grid(cells: Iterable[Box]) -> Grid:
    """The grid of these cells."""
    cells = list(cells)
    return Grid(
        cells=tuple(sorted(cells, key=lambda cell: (cell[1], cell[0]))),
        columns=tuple(sorted({cell[0] for cell in cells})),
        rows=tuple(sorted({cell[1] for cell in cells})),
    )
