"""Table rows as blocks, the same for every format: cell offsets, column headers, which row is a header row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.document import Block, BlockKind, Cell
from extractors.normalise import lone_mark

SEPARATOR = " | "
_ANSWER = re.compile(r"[☒☐]|\d|[.!?]$|@")
# two columns without any layout: only a row that names columns is taken for a header row
_COLUMN_NAMES = re.compile(
    r"(?:vraag|antwoord|onderdeel|toelichting|onderwerp|beschrijving|doel|resultaat|wat|wie|wanneer|hoe|naam|functie|"
    r"datum|domein|niveau|vak|aanpak|protocol|jaar|aanwezig|opmerkingen?|ja|nee|deskundigheid|partner|organisatie|"
    r"activiteit|stap|score|omvang|criterium|afspraak|actie|evaluatie)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """A cell as it stands in the file; ``span`` counts the columns it covers."""

    column: int
    text: str
    span: int = 1
    bold: bool = False
    shade: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """A row as it stands in the file; ``marked`` when the file itself calls it a header row."""

    cells: tuple[GridCell, ...]
    page: int | None = None
    marked: bool = False

    @property
    def width(self) -> int:
        """Number of columns up to the end of the last cell."""
        return max((cell.column + cell.span for cell in self.cells), default=0)


def table_blocks(rows: Sequence[GridRow], number: int, *, first_is_header: bool | None = None) -> list[Block]:
    """Row blocks for one table; rows without any text are left out.

    Args:
        rows: The table's rows from top to bottom.
        number: The table's number in the document.
        first_is_header: Whether the first row is a header row; None to find out from how the table looks.
    """
    rows = [_with_marks(row) if any(len(cell.text) == 1 for cell in row.cells) else row for row in rows]
    unfilled = len(rows)
    rows = [row for row in rows if any(cell.text for cell in row.cells)]
    unfilled -= len(rows)
    width = max((row.width for row in rows), default=0)
    headers: dict[int, str] = {}
    blocks: list[Block] = []
    open_head = True
    for index, row in enumerate(rows):
        title = _is_title(row, width)
        if title:
            # an answer may run over the whole table too: only its looks tell a title from it
            strong = row.cells[0].bold or row.cells[0].shade is not None or first_is_header is not None
            is_header = index == 0 or (strong and _is_label(row.cells[0].text))
        elif not open_head:
            is_header = False
        elif index == 0 and first_is_header is not None:
            is_header = first_is_header
        else:
            is_header = looks_like_header(row, rows[index + 1 :], unfilled=unfilled > 0)
        if is_header and not title:
            headers = {
                column: cell.text for cell in row.cells for column in range(cell.column, cell.column + cell.span)
            }
        # a second header row may only follow a title that runs over the whole table or a row that the file marks
        open_head = is_header and (title or (row.marked and index + 1 < len(rows) and rows[index + 1].marked))
        blocks.append(row_block(row, number, {} if is_header else headers, is_header=is_header))
    return blocks


def _with_marks(row: GridRow) -> GridRow:
    if not any(len(cell.text) == 1 for cell in row.cells):
        return row
    return replace(row, cells=tuple(replace(cell, text=lone_mark(cell.text)) for cell in row.cells))


def row_block(row: GridRow, number: int, headers: Mapping[int, str], *, is_header: bool = False) -> Block:
    """One row as a block with the offsets of its cells."""
    cells: list[Cell] = []
    offset = 0
    for cell in row.cells:
        end = offset + len(cell.text)
        cells.append(Cell(column=cell.column, start=offset, end=end, header=headers.get(cell.column) or None))
        offset = end + len(SEPARATOR)
    text = SEPARATOR.join(cell.text for cell in row.cells)
    return Block(
        kind=BlockKind.ROW, text=text, page=row.page, table=number, cells=tuple(cells), is_header_row=is_header
    )


def looks_like_header(row: GridRow, below: Sequence[GridRow], *, unfilled: bool = False) -> bool:
    """Whether the row names the columns: marked so, set apart by bold or colour, or labels with answers below.

    Args:
        row: The first row, or the one below a title that runs over the whole table.
        below: The rows with text below it.
        unfilled: Whether the table has empty rows too, as a form that is still to be filled in.
    """
    filled = [cell for cell in row.cells if cell.text]
    if not filled or not (below or unfilled):
        return False
    if not below:
        return row.marked or (len(filled) > 1 and all(cell.bold or cell.shade for cell in filled))
    if row.marked:
        return True
    if len(row.cells) < 2:
        return False
    plain_below = [cell for other in below for cell in other.cells if cell.text]
    if all(cell.bold for cell in filled):
        # a table that is bold throughout says nothing by it
        return not all(cell.bold for cell in plain_below) and not _is_form_row(row, below)
    shades = {cell.shade for cell in row.cells}
    if len(shades) == 1 and None not in shades:
        return not any(cell.shade in shades for other in below for cell in other.cells)
    if any(cell.bold or cell.shade for cell in row.cells):
        return False
    return _labels_above_answers(row, below)


def _is_form_row(row: GridRow, below: Sequence[GridRow]) -> bool:
    """Whether a bold first row is an answered question like the rows below: "Naam | Noor"."""
    answered = len(row.cells) == 2 and bool(_ANSWER.search(row.cells[1].text))
    return answered and any(other.cells and other.cells[0].bold for other in below)


def _labels_above_answers(row: GridRow, below: Sequence[GridRow]) -> bool:
    texts = [cell.text for cell in row.cells]
    if not all(_is_label(text) for text in texts[1:]) or (texts[0] and not _is_label(texts[0])):
        return False
    if any(_ANSWER.search(text) for text in texts):
        return False
    if len(texts) == 2:
        return all(_COLUMN_NAMES.match(text) for text in texts if text)
    answers = [cell.text for other in below for cell in other.cells[1:]]
    telling = sum(1 for text in answers if not text or _ANSWER.search(text) or len(text) > 40)
    return telling * 2 >= len(answers)


def _is_label(text: str) -> bool:
    return 0 < len(text) <= 60 and text[-1] not in ".;,!"


def _is_title(row: GridRow, width: int) -> bool:
    return width > 1 and len(row.cells) == 1 and row.cells[0].span >= width
