"""Tables of web pages: which rows and cells they have, and which only place text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from extractors.normalise import clean
from extractors.tables import GridCell, GridRow
from extractors.word_headings import Line

_MOST_COLUMNS = 200  # HTML allows a span of 1000; no table that a person reads comes near
TABLE_PARTS = ("thead", "tbody", "tfoot", "tr")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def own_rows(table: etree._Element) -> list[etree._Element]:
    """The rows of a table, without those of tables inside it."""
    return list(own_cells(table, ("tr",), within=TABLE_PARTS))


def own_cells(element: etree._Element, names: tuple[str, ...], *, within: tuple[str, ...]) -> Iterator[etree._Element]:
    """The parts of a table or list by these names: its children, and those of the groups that they stand in."""
    for child in element:
        if child.tag in names:
            yield child
        elif child.tag in within:
            yield from own_cells(child, names, within=within)


def is_layout(table: etree._Element, rows: Sequence[etree._Element]) -> bool:
    """Whether a table only places text: it says so, has one column, or has headings or tables in it."""
    if table.get("role") in ("presentation", "none"):
        return True
    if next(table.iter(*_HEADINGS), None) is not None or any(inner is not table for inner in table.iter("table")):
        return True
    return all(sum(1 for _ in row.iterchildren("td", "th")) <= 1 for row in rows)


def grid_rows(rows: Sequence[etree._Element], read: Callable[[etree._Element], list[Line]]) -> list[GridRow]:
    """The rows with every cell in its column; a cell that covers several rows stands in the first.

    Args:
        rows: Of one table, from top to bottom.
        read: The lines of text in a cell.
    """
    taken: dict[int, int] = {}
    found: list[GridRow] = []
    for row in rows:
        cells: list[GridCell] = []
        column = 0
        own: dict[int, int] = {}
        for cell in row.iterchildren("td", "th"):
            while taken.get(column, 0) > 0:
                column += 1
            span = _span(cell, "colspan", _MOST_COLUMNS)
            lines = read(cell)
            bold = cell.tag == "th" or (bool(lines) and all(line.bold for line in lines))
            cells.append(
                GridCell(column=column, span=span, text=clean("\n".join(line.raw for line in lines)), bold=bold)
            )
            own.update(dict.fromkeys(range(column, column + span), _span(cell, "rowspan", 65534)))
            column += span
        taken = {at: left - 1 for at, left in {**taken, **own}.items() if left > 1}
        found.append(GridRow(cells=tuple(cells), marked=_is_marked(row)))
    return found


def _is_marked(row: etree._Element) -> bool:
    """Whether the page itself calls this a row of column names."""
    cells = list(row.iterchildren("td", "th"))
    parent = row.getparent()
    in_head = parent is not None and parent.tag == "thead"
    return bool(cells) and (in_head or (len(cells) > 1 and all(cell.tag == "th" for cell in cells)))


def _span(cell: etree._Element, name: str, most: int) -> int:
    found = re.fullmatch(r"\s*(\d{1,6})\s*", cell.get(name, ""), re.ASCII)
    return min(most, max(1, int(found[1]))) if found else 1
