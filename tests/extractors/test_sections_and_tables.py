from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.document import Block, BlockKind
from extractors.sections import with_sections
from extractors.tables import GridCell, GridRow, table_blocks


def heading(level: int, text: str) -> Block:
    return Block(kind=BlockKind.HEADING, text=text, level=level)


def test_a_heading_closes_those_of_its_level_and_deeper() -> None:
    blocks = with_sections([heading(1, "a"), heading(3, "b"), heading(2, "c"), heading(2, "d"), heading(1, "e")])
    assert [block.section for block in blocks] == [(), ("a",), ("a",), ("a",), ()]


def test_running_text_has_no_section() -> None:
    blocks = with_sections([heading(1, "a"), Block(kind=BlockKind.FOOTER, text="voet")])
    assert blocks[1].section == ()


@given(st.lists(st.integers(1, 9), max_size=30))
def test_sections_never_go_deeper_than_the_headings_above(levels: list[int]) -> None:
    blocks = with_sections(heading(level, f"kop {index}") for index, level in enumerate(levels))
    for block in blocks:
        assert len(block.section) < (block.level or 1)


def rows(*texts: tuple[str, ...], bold: int = -1, shade: int = -1) -> list[GridRow]:
    return [
        GridRow(
            cells=tuple(
                GridCell(column=column, text=text, bold=index == bold, shade="DDDDDD" if index == shade else None)
                for column, text in enumerate(row)
            )
        )
        for index, row in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("grid", "has_header"),
    [
        (rows(("Vraag", "Antwoord"), ("Is er een OPP?", "☒ ja"), bold=0), True),
        (rows(("Vraag", "Antwoord"), ("Is er een OPP?", "☒ ja"), shade=0), True),
        (rows(("Vraag", "Antwoord"), ("Is er een OPP?", "☒ ja")), True),
        (rows(("Naam", "Noor Sewradj"), ("Groep", "6")), False),
        (rows(("Vak", "Toets", "Score"), ("Rekenen", "juni 2025", "148")), True),
        (rows(("Doel", "Wie"), ("", ""), bold=0), True),
        (rows(("Naam", "Noor")), False),
    ],
)
def test_a_header_row_is_told_from_a_form(grid: list[GridRow], has_header: bool) -> None:
    assert table_blocks(grid, 0)[0].is_header_row is has_header


def test_a_title_over_the_whole_table_names_no_columns() -> None:
    title = GridRow(cells=(GridCell(column=0, span=2, text="Gegevens"),))
    blocks = table_blocks([title, *rows(("Naam", "Noor"), ("Groep", "6"))], 3)
    assert blocks[0].is_header_row
    assert [cell.header for cell in blocks[1].cells] == [None, None]
    assert {block.table for block in blocks} == {3}


def test_an_answer_over_the_whole_table_is_no_header_row() -> None:
    answer = GridRow(cells=(GridCell(column=0, span=2, text="Geen bijzonderheden"),))
    assert not table_blocks([*rows(("Naam", "Noor"), ("Groep", "6")), answer], 0)[2].is_header_row


@given(st.lists(st.lists(st.text(alphabet="ab |", max_size=4), min_size=1, max_size=4), max_size=5))
def test_cells_are_always_slices_of_the_text(texts: list[list[str]]) -> None:
    grid = rows(*map(tuple, texts))
    filled = [row for row in grid if any(cell.text for cell in row.cells)]
    for block, row in zip(table_blocks(grid, 0), filled, strict=True):
        assert [block.text[cell.start : cell.end] for cell in block.cells] == [cell.text for cell in row.cells]
