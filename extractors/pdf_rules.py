"""Tables with lines between the rows only: websites, and Word's lighter table styles.

The columns show in the lines themselves when each cell draws its own part (browsers do), else in how the text is
aligned between the lines.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.normalise import split_bullet
from extractors.pdf_grid import Box, Grid, borders, find_grids, joined, to_grid
from extractors.pdf_shapes import Edge, PageContent, Piece

_FEWEST_RULES = 4  # lines without parts: three rows
_FEWEST_DIVIDED = 2
_SHORTEST_RULE = 100.0
_HIGHEST_ROW = 200.0
_COLUMN_GAP = 6.0
_SAME = 3.0


@dataclass(frozen=True, slots=True)
class _Rule:
    """A line over the whole width of a table, and where one cell's part of it meets the next."""

    edge: Edge
    breaks: tuple[float, ...]


def page_grids(page: PageContent) -> list[Grid]:
    """The tables of a page that lines show, those with lines between the rows only included."""
    if page.grids is None:
        page.grids = _with_ruled_rows(find_grids(page.edges, page.fills), page)
    return page.grids


def _with_ruled_rows(grids: list[Grid], page: PageContent) -> list[Grid]:
    """Adds tables whose columns show by their alignment or by parted lines, between lines of equal width."""
    # what has lines at its sides is a table or a box already; coloured rows may make grids of every other row only
    solid = [_grown(grid.box) for grid in find_grids(page.edges)]
    rules = [
        rule
        for rule in _rules(page)
        if not any(_middle_in((rule.edge.start, rule.edge.at, rule.edge.end, rule.edge.at), box) for box in solid)
    ]
    for group in _equally_wide(rules, page):
        edges = [rule.edge for rule in group]
        heights = _with_outer_rows([edge.at for edge in edges], edges[0], page)
        box = (edges[0].start, heights[0], edges[0].end, heights[-1])
        inside = [grid for grid in grids if _middle_in(grid.box, box)]
        if any(grid.box[3] - grid.box[1] > 0.8 * (box[3] - box[1]) and len(grid.columns) > 1 for grid in inside):
            continue
        cells = _divided_cells(group, heights, box) or _aligned_cells(page, heights, box, len(group))
        if cells:
            grids = [*(grid for grid in grids if grid not in inside), to_grid(cells)]
    return sorted(grids, key=lambda grid: (grid.box[1], grid.box[0]))


def _rules(page: PageContent) -> list[_Rule]:
    every = [edge for edge in page.edges if edge.horizontal]
    every += [edge for fill in page.fills for edge in borders(fill) if edge.horizontal]
    rules: list[_Rule] = []
    for edge in joined(every):
        if edge.end - edge.start > _SHORTEST_RULE:
            parts = [
                part
                for part in every
                if abs(part.at - edge.at) <= _SAME and edge.start - _SAME <= part.start and part.end <= edge.end + _SAME
            ]
            rules.append(_Rule(edge, _breaks(edge, parts)))
    return sorted(rules, key=lambda rule: rule.edge.at)


def _breaks(edge: Edge, parts: Sequence[Edge]) -> tuple[float, ...]:
    """Where parts of the line meet and no part runs on."""
    places = sorted({part.start for part in parts if part.start > edge.start + _SAME})
    found: list[float] = []
    for place in places:
        meets = any(abs(part.end - place) <= _SAME for part in parts)
        crossed = any(part.start < place - _SAME and part.end > place + _SAME for part in parts)
        if meets and not crossed and (not found or place - found[-1] > _SAME):
            found.append(place)
    return tuple(found)


def _equally_wide(rules: Sequence[_Rule], page: PageContent) -> list[list[_Rule]]:
    """Lines with the same ends, near enough below one another to be the rows of one table."""
    groups: list[list[_Rule]] = []
    for rule in rules:
        for group in groups:
            last = group[-1].edge
            near = rule.edge.at - last.at < _HIGHEST_ROW
            if near and abs(last.start - rule.edge.start) <= 4 and abs(last.end - rule.edge.end) <= 4:
                group.append(rule)
                break
        else:
            groups.append([rule])
    parts = [part for group in groups for part in _without_prose(group, page)]
    return [
        part
        for part in parts
        if len(part) >= _FEWEST_RULES
        or (len(part) >= _FEWEST_DIVIDED and sum(bool(rule.breaks) for rule in part) * 2 >= len(part))
    ]


def _without_prose(group: Sequence[_Rule], page: PageContent) -> list[list[_Rule]]:
    """The group cut where running text stands between two lines: there one table ends and the next begins."""
    parts = [[group[0]]]
    divided = any(rule.breaks for rule in group)
    sizes = [piece.size for piece in page.pieces if group[0].edge.at < piece.middle < group[-1].edge.at]
    usual = statistics.median_low(sizes) if sizes else 0.0
    for above, below in itertools.pairwise(group):
        if _is_prose(above, below, page, divided=divided, usual=usual):
            parts.append([])
        parts[-1].append(below)
    return parts


def _is_prose(above: _Rule, below: _Rule, page: PageContent, *, divided: bool, usual: float) -> bool:
    edge = below.edge
    pieces = [
        piece
        for piece in page.pieces
        if piece.upright and above.edge.at < piece.middle < edge.at and edge.start - 2 <= piece.x0 <= edge.end
    ]
    if not pieces:
        return False
    if min(piece.size for piece in pieces) > 1.15 * usual:
        return True  # a heading between two tables
    breaks = below.breaks or above.breaks
    if breaks:
        crossing = any(piece.x0 < at - 4 and piece.x1 > at + 4 for piece in pieces for at in breaks)
        # a cell over the whole table is a title on one line
        return crossing and (bool(below.breaks) or edge.at - above.edge.at > 2.6 * pieces[0].size)
    if divided:
        return edge.at - above.edge.at > 2.6 * pieces[0].size
    return any(piece.x1 - piece.x0 > 0.85 * (edge.end - edge.start) for piece in pieces)


def _with_outer_rows(heights: list[float], rule: Edge, page: PageContent) -> list[float]:
    """Adds the row above the first line and the one below the last, when text with a wide gap stands close to it."""
    highest = max(b - a for a, b in itertools.pairwise(heights))
    pieces = [piece for piece in page.pieces if piece.upright and rule.start - 2 <= piece.x0 <= rule.end]
    for at, direction in ((heights[0], -1), (heights[-1], 1)):
        near = [piece for piece in pieces if 0 < (piece.middle - at) * direction < 1.4 * piece.size]
        near.sort(key=lambda piece: piece.x0)
        between = any(b.x0 - a.x1 >= _COLUMN_GAP for a, b in itertools.pairwise(near))
        if between or any(len(_spans(piece)) > 1 for piece in near):
            edge = at + direction * max(
                min(highest, 2.2 * near[0].size),
                abs(_outermost(pieces, near, direction, highest).middle - at) + 0.6 * near[0].size,
            )
            heights = [edge, *heights] if direction < 0 else [*heights, edge]
    return heights


def _outermost(pieces: Sequence[Piece], near: Sequence[Piece], direction: int, highest: float) -> Piece:
    """The furthest line of an outer row: lines of one cell follow one another at the distance of lines."""
    last = near[0]
    for piece in sorted(pieces, key=lambda piece: piece.middle * direction):
        distance = (piece.middle - last.middle) * direction
        if 0.5 * last.size < distance < 1.45 * last.size and abs(piece.middle - near[0].middle) < 0.8 * highest:
            last = piece
    return last


def _divided_cells(group: Sequence[_Rule], heights: Sequence[float], box: Box) -> list[Box]:
    """Cells by the parts of the lines: a line belongs to the row above it, unless the last row has none below."""
    by_height = {rule.edge.at: rule.breaks for rule in group}
    if not any(by_height.values()):
        return []
    every = sorted({place for breaks in by_height.values() for place in breaks})
    columns = [place for index, place in enumerate(every) if not index or place - every[index - 1] > _SAME]
    below = heights[-1] in by_height
    cells: list[Box] = []
    for top, bottom in itertools.pairwise(heights):
        own = by_height.get(bottom if below else top)
        breaks = columns if own is None else [_nearest(columns, place) for place in own]
        cells += [(left, top, right, bottom) for left, right in itertools.pairwise([box[0], *breaks, box[2]])]
    return cells


def _nearest(columns: Sequence[float], place: float) -> float:
    return min(columns, key=lambda column: abs(column - place))


def _aligned_cells(page: PageContent, heights: Sequence[float], box: Box, rules: int) -> list[Box]:
    columns = _aligned_columns(page, box) if rules >= _FEWEST_RULES else [box[0]]
    if len(columns) < 2:
        return []
    return [
        (left, top, right, bottom)
        for top, bottom in itertools.pairwise(heights)
        for left, right in itertools.pairwise([*columns, box[2]])
    ]


def _grown(box: Box) -> Box:
    return (box[0] - _SAME, box[1] - _SAME, box[2] + _SAME, box[3] + _SAME)


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
    first = [piece for piece in pieces if len(columns) > 1 and piece.x0 + 1 < columns[1]]
    # bullets before a text are no column
    return columns if any(not split_bullet(piece.text.strip() + " x")[0] for piece in first) else [box[0]]


def _spans(piece: Piece) -> list[tuple[float, float]]:
    """The piece from left to right, divided where a space is wider than between words."""
    spans: list[tuple[float, float]] = []
    x0 = piece.x0
    for _, end, start in piece.gaps:
        if start - end > 0.5 * piece.size:
            spans.append((x0, end))
            x0 = start
    return [*spans, (x0, piece.x1)]
