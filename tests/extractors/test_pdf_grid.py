from __future__ import annotations

import pdfplumber
import pytest
from making import FIXTURES

from extractors.document import BlockKind
from extractors.pdf_grid import find_grids
from extractors.pdf_shapes import Edge
from extractors.registry import read_document


def lattice(xs: list[float], ys: list[float]) -> list[Edge]:
    return [Edge(True, y, xs[0], xs[-1]) for y in ys] + [Edge(False, x, ys[0], ys[-1]) for x in xs]


def test_a_lattice_makes_its_cells() -> None:
    (grid,) = find_grids(lattice([0, 50, 100], [0, 20, 40, 60]))
    assert len(grid.cells) == 6
    assert grid.place((50, 20, 100, 40)) == (1, 1, 1)


def test_a_missing_line_merges_two_cells() -> None:
    edges = [Edge(True, y, 0, 100) for y in (0, 20, 40)]
    edges += [Edge(False, 0, 0, 40), Edge(False, 100, 0, 40), Edge(False, 50, 20, 40)]
    (grid,) = find_grids(edges)
    assert (0, 0, 100, 20) in grid.cells
    assert grid.place((0, 0, 100, 20)) == (0, 0, 2)


def test_lines_that_nearly_touch_are_one() -> None:
    edges = lattice([0, 50, 100], [0, 20])
    broken = [Edge(True, 0.8, 0, 49), *(Edge(True, 0, 51, 100),), *edges[1:]]
    assert len(find_grids(broken)[0].cells) == 2


def test_two_tables_apart_are_two_grids() -> None:
    edges = lattice([0, 50, 100], [0, 20]) + lattice([0, 50, 100], [100, 120])
    assert [grid.box[1] for grid in find_grids(edges)] == [0, 100]


def test_an_underline_is_no_table() -> None:
    assert find_grids([Edge(True, 10, 0, 100), Edge(True, 40, 0, 100)]) == []


def test_a_drawing_with_thousands_of_lines_costs_no_time() -> None:
    assert find_grids(lattice(list(range(0, 30000, 10)), list(range(0, 30000, 10)))) == []


@pytest.mark.parametrize("name", ["form-html.pdf", "layout-tables.pdf", "contents.pdf", "long-table.pdf"])
def test_cells_are_those_that_pdfplumber_finds(name: str) -> None:
    with pdfplumber.open(FIXTURES / name) as pdf:
        tables = [table for page in pdf.pages for table in page.extract_tables() if len(table[0]) > 1]
    expected = [[" ".join((cell or "").split()) for cell in row] for table in tables for row in table]
    document = read_document(FIXTURES / name)
    rows = [block for block in document.blocks if block.kind is BlockKind.ROW]
    found = [[" ".join(row.text[c.start : c.end].split()) for c in row.cells] for row in rows]
    # pdfplumber repeats the header row on every page
    assert [row for row in expected if any(row) and row != expected[0]] == [row for row in found if row != expected[0]]
