"""One page as a flow of lines and tables: which text stands in which cell, and what is only a box around text."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractors.normalise import split_bullet
from extractors.pdf_aligned import AlignedTable
from extractors.pdf_footnotes import note_lines
from extractors.pdf_grid import Box, Grid
from extractors.pdf_items import Item
from extractors.pdf_lines import Line, Placed, by_baseline, reading_order, segments, to_line
from extractors.pdf_rules import page_grids
from extractors.pdf_shapes import Fill, PageContent, Piece
from extractors.pdf_ticks import drawn_bullets, is_tickbox, ticked

_HIGHEST_FIELD = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfCell:
    """A cell as lines of text that are still to be joined; an empty line is a break between paragraphs."""

    column: int
    span: int
    lines: tuple[str, ...]
    bold: bool
    shade: str | None


@dataclass(slots=True, kw_only=True)
class PdfTable:
    """A table on one page; ``columns`` are the left edges of its columns."""

    rows: list[tuple[PdfCell, ...]]
    columns: tuple[float, ...]
    page: int
    row_pages: list[int]
    sizes: dict[float, int]
    """Number of letters in each font size."""
    invisible: bool = False
    notes: list[list[str]] = field(default_factory=list)
    """Lines of each footnote that the table refers to."""


Flow = list[Line | PdfTable]


def page_flow(page: PageContent) -> Flow:
    """Lines and tables of a page in reading order."""
    grids = page_grids(page)
    free = ticked(grids, page, [*(piece for piece in page.pieces if piece.text.strip()), *drawn_bullets(page)])
    # the innermost grid claims its pieces first
    placed: list[tuple[Grid, dict[Box, list[Piece]]]] = []
    outlines = [grid for grid in grids if not is_tickbox(grid) and not _is_field(grid, free)]
    for grid in sorted(outlines, key=lambda grid: _area(grid.box)):
        free, inside = _claim(grid, free)
        if inside:
            placed.append((grid, inside))
    items = segments([piece for piece in free if piece.upright])
    outer = sorted(placed, key=lambda entry: -_area(entry[0].box))
    turned = [piece for piece in free if not piece.upright]
    flow = [*_flow([*items, *_grid_items(outer, page)], "", page, shaded=False), *_turned_lines(turned, page)]
    return _with_other_notes(flow, page)


def _notes_of(pieces: Sequence[Piece], page: PageContent) -> list[list[str]]:
    """The footnotes that these pieces refer to, each once on its page."""
    found: list[list[str]] = []
    for piece in sorted(pieces, key=lambda piece: piece.x0):
        if piece.note is not None and page.notes[piece.note].lines:
            found.append(note_lines(page.notes[piece.note]))
            page.notes[piece.note].lines = []
    return found


def _with_other_notes(flow: Flow, page: PageContent) -> Flow:
    """Footnotes whose mark was not found come with the last text of their page."""
    left = [note_lines(note) for note in page.notes if note.lines]
    for entry in reversed(flow):
        entry.notes.extend(left)
        return flow
    return flow


def _turned_lines(pieces: Sequence[Piece], page: PageContent) -> Iterator[Line]:
    """Text along the other axis, as in a margin: behind the rest of the page, in the order of the file."""
    for order, (_, group) in enumerate(itertools.groupby(pieces, key=lambda piece: round(piece.x0))):
        own = list(group)
        whole = replace(own[0], text=" ".join(piece.text for piece in own), gaps=[])
        item = Item(x0=whole.x0, x1=whole.x1, top=whole.base, bottom=whole.base, order=whole.order, pieces=[whole])
        yield to_line(Placed([item], f"turned {order}"), page.number)


def _grid_items(entries: Sequence[tuple[Grid, dict[Box, list[Piece]]]], page: PageContent) -> list[Item]:
    """Tables and boxes as items; a grid inside a box becomes part of that box, one inside a cell part of its text."""
    items: list[Item] = []
    done: set[int] = set()
    for index, (grid, inside) in enumerate(entries):
        if index in done:
            continue
        nested = [
            other
            for other in range(index + 1, len(entries))
            if other not in done and _contains(grid.box, entries[other][0].box)
        ]
        done.update(nested)
        if _is_table(grid) and not _has_headings(inside):
            own = [other for other in nested if _is_table(entries[other][0])]
            for other in nested:
                for piece in () if other in own else itertools.chain.from_iterable(entries[other][1].values()):
                    _put(grid, inside, piece)
            content: object = [_table(*entry, page) for entry in ((grid, inside), *(entries[other] for other in own))]
        else:
            content = _box_flow(grid, inside, [entries[other] for other in nested], page)
        x0, top, x1, bottom = grid.box
        order = min((piece.order for pieces in inside.values() for piece in pieces), default=0)
        items.append(Item(x0=x0, x1=x1, top=top, bottom=bottom, order=order, content=content))
    return items


def _flow(items: Sequence[Item], column: str, page: PageContent, *, shaded: bool) -> Flow:
    flow: Flow = []
    for placed in reading_order(items, column):
        text_items = [item for item in placed.items if item.pieces]
        for item in placed.items:
            if isinstance(item.content, PdfTable):
                flow.append(item.content)
            elif isinstance(item.content, AlignedTable):
                flow.append(_aligned(item.content, page))
            elif isinstance(item.content, list):
                flow.extend(item.content)
        if text_items:
            line = to_line(replace(placed, items=text_items), page.number)
            line.shaded = shaded
            line.notes = _notes_of([piece for item in text_items for piece in item.pieces], page)
            flow.append(line)
    return flow


def _box_flow(
    grid: Grid,
    inside: dict[Box, list[Piece]],
    nested: Sequence[tuple[Grid, dict[Box, list[Piece]]]],
    page: PageContent,
) -> Flow:
    """The text of a box or one-column table: ordinary text, cell by cell."""
    flow: Flow = []
    for cell in grid.cells:
        mine = [entry for entry in nested if _contains(cell, entry[0].box)]
        items = [*segments([piece for piece in inside.get(cell, []) if piece.upright]), *_grid_items(mine, page)]
        column = f"box {cell[0]:.0f} {cell[1]:.0f} {cell[2]:.0f}"
        flow.extend(_flow(items, column, page, shaded=_shade(cell, page.fills) is not None))
    return flow


def _has_headings(inside: dict[Box, list[Piece]]) -> bool:
    """Whether cells start with larger letters above ordinary text: then the table only places text."""
    sizes = Counter[float]()
    for pieces in inside.values():
        for piece in pieces:
            sizes[piece.size] += piece.letters
    usual = max(sizes, key=lambda size: sizes[size]) if sizes else 0.0
    for pieces in inside.values():
        lines = by_baseline([piece for piece in pieces if piece.upright])
        large = bool(lines) and min(piece.size for piece in lines[0]) > 1.15 * usual and lines[0][0].letters > 2
        if large and any(piece.size <= usual for line in lines[1:] for piece in line):
            return True
    return False


def _is_table(grid: Grid) -> bool:
    """Whether the grid has rows of more than one cell; else it only frames text."""
    rows: dict[int, int] = {}
    for cell in grid.cells:
        row = grid.place(cell)[0]
        rows[row] = rows.get(row, 0) + 1
    return max(rows.values()) > 1


def _table(grid: Grid, inside: dict[Box, list[Piece]], page: PageContent) -> PdfTable:
    rows: dict[int, list[PdfCell]] = {}
    for cell in grid.cells:
        row, column, span = grid.place(cell)
        found = _cell(column, inside.get(cell, []), span=max(1, span), shade=_shade(cell, page.fills))
        rows.setdefault(row, []).append(found)
    every = [piece for pieces in inside.values() for piece in pieces]
    ordered = [tuple(sorted(cells, key=lambda cell: cell.column)) for _, cells in sorted(rows.items())]
    return _pdf_table(ordered, grid.columns, every, page)


def _aligned(found: AlignedTable, page: PageContent) -> PdfTable:
    rows = [tuple(_cell(column, pieces) for column, pieces in enumerate(row)) for row in found.rows]
    return _pdf_table(rows, found.columns, [piece for row in found.rows for pieces in row for piece in pieces], page)


def _cell(column: int, pieces: Sequence[Piece], *, span: int = 1, shade: str | None = None) -> PdfCell:
    lettered = [piece for piece in pieces if piece.letters]
    bold = bool(lettered) and all(piece.bold for piece in lettered)
    return PdfCell(column=column, span=span, lines=tuple(_cell_lines(pieces)), bold=bold, shade=shade)


def _pdf_table(
    rows: list[tuple[PdfCell, ...]], columns: tuple[float, ...], pieces: Sequence[Piece], page: PageContent
) -> PdfTable:
    sizes: dict[float, int] = {}
    for piece in pieces:
        sizes[piece.size] = sizes.get(piece.size, 0) + piece.letters
    return PdfTable(
        rows=rows,
        columns=columns,
        page=page.number,
        row_pages=[page.number] * len(rows),
        sizes=sizes,
        invisible=any(piece.invisible for piece in pieces),
        notes=_notes_of(pieces, page),
    )


def _cell_lines(pieces: Sequence[Piece]) -> Iterator[str]:
    """The lines of a cell; an empty one where a new paragraph starts."""
    turned = [piece for piece in pieces if not piece.upright]
    if turned:
        # text along the other axis, as above narrow columns: the order of the file is all there is
        yield " ".join(piece.text for piece in sorted(turned, key=lambda piece: piece.order))
    previous: Piece | None = None
    for group in by_baseline([piece for piece in pieces if piece.upright and piece.note is None]):
        text = ""
        for index, piece in enumerate(group):
            gap = piece.x0 - group[index - 1].x1 if index else 0.0
            text += (" " if index and gap > 0.12 * piece.size else "") + piece.text
        if previous is not None and (
            split_bullet(text)[0] or group[0].base - previous.base > 2 * max(previous.size, group[0].size)
        ):
            yield ""
        previous = group[0]
        yield text.strip()


def _claim(grid: Grid, pieces: Sequence[Piece]) -> tuple[list[Piece], dict[Box, list[Piece]]]:
    """Divides pieces into those outside the grid and those in each of its cells."""
    x0, top, x1, bottom = grid.box
    free: list[Piece] = []
    inside: dict[Box, list[Piece]] = {}
    borders = sorted({cell[0] for cell in grid.cells} - {x0})
    for whole in pieces:
        for piece in _cut(whole, borders) if top <= whole.middle <= bottom else [whole]:
            x, y = (piece.x0 + piece.x1) / 2, piece.middle
            if not (x0 <= x <= x1 and top <= y <= bottom) or not _put(grid, inside, piece):
                free.append(piece)
    return free, inside


def _cut(piece: Piece, borders: Sequence[float]) -> list[Piece]:
    """A piece cut where a column border runs through one of its spaces: two narrow cells with a checkbox each."""
    for border in borders:
        if piece.x0 < border < piece.x1:
            for gap in piece.gaps:
                if gap[1] - 1 <= border <= gap[2] + 1:
                    first, second = piece.split(gap)
                    return [*_cut(first, borders), *_cut(second, borders)]
    return [piece]


def _put(grid: Grid, inside: dict[Box, list[Piece]], piece: Piece) -> bool:
    # the first letters decide: text that is too long for its cell runs out of it to the right
    x, y = min((piece.x0 + piece.x1) / 2, piece.x0 + piece.size), piece.middle
    for cell in grid.cells:
        if cell[0] - 1 <= x <= cell[2] + 1 and cell[1] - 1 <= y <= cell[3] + 1:
            inside.setdefault(cell, []).append(piece)
            return True
    return False


def _shade(cell: Box, fills: Sequence[Fill]) -> str | None:
    """The colour behind a cell: the last rectangle that was painted over its middle and most of its width."""
    x, y = (cell[0] + cell[2]) / 2, (cell[1] + cell[3]) / 2
    for fill in reversed(fills):
        if fill.x0 <= x <= fill.x1 and fill.top <= y <= fill.bottom and fill.x1 - fill.x0 > 0.6 * (cell[2] - cell[0]):
            return fill.colour
    return None


def _is_field(grid: Grid, pieces: Sequence[Piece]) -> bool:
    """Whether a box is the field of a form, with its label on the left: what stands inside is its answer."""
    x0, top, _, bottom = grid.box
    if len(grid.cells) > 1 or bottom - top > _HIGHEST_FIELD:
        return False
    labels = [piece for piece in pieces if piece.upright and piece.x1 <= x0 + 2 and top <= piece.middle <= bottom]
    return 0 < len(by_baseline(labels)) <= 2


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _contains(outer: Box, inner: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]
