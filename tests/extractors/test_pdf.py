from __future__ import annotations

import pytest
from making import body, fixture, kinds, source

from extractors.document import BlockKind, Note


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", ["form-html", "two-columns", "layout-tables", "contents"])
def test_a_pdf_gives_the_blocks_of_the_text_it_was_made_from(name: str) -> None:
    found, expected = body(fixture(f"{name}.pdf")), body(source(f"{name}.md"))
    assert [(b.kind, plain(b.text), b.is_header_row, b.section) for b in found] == [
        (b.kind, plain(b.text), b.is_header_row, b.section) for b in expected
    ]
    assert [[(c.column, c.header) for c in b.cells] for b in found] == [
        [(c.column, c.header) for c in b.cells] for b in expected
    ]


@pytest.mark.parametrize("name", ["form", "bold-headings"])
def test_a_docx_gives_the_blocks_of_the_text_it_was_made_from(name: str) -> None:
    found, expected = body(fixture(f"{name}.docx")), body(source(f"{name}.md"))
    assert [(b.kind, b.text, b.is_header_row, b.section) for b in found] == [
        (b.kind, b.text, b.is_header_row, b.section) for b in expected
    ]


def test_a_table_of_contents_keeps_its_titles_apart_from_the_text() -> None:
    entries = [block.text for block in fixture("contents.pdf").blocks if block.kind is BlockKind.TOC]
    assert "Samenwerking in wijk en stad" in entries
    assert not any(character.isdigit() for entry in entries for character in entry[-1:])


def test_running_headers_and_footers_come_once_and_last() -> None:
    assert kinds(fixture("contents.pdf"))[-2:] == [("header", "IBS De Dageraad"), ("footer", "SOP 2024-2025")]


def test_three_columns_are_read_one_after_the_other() -> None:
    blocks = fixture("three-columns.pdf").blocks
    headings = [block.text for block in blocks if block.kind is BlockKind.HEADING]
    assert headings == ["Drie kolommen", *(f"Kop {number}" for number in range(1, 7)), "Na de kolommen"]
    starts = [block.text[:2] for block in blocks if block.kind is BlockKind.PARAGRAPH]
    assert starts[1:-1] == [f"{number}{letter}" for number in range(1, 7) for letter in "ab"]


def test_words_broken_at_line_ends_are_whole_again_and_real_hyphens_stay() -> None:
    text = fixture("hyphenated.pdf").blocks[1].text
    for word in (
        "sociaal-emotionele",
        "ondersteuningsbehoeften",
        "schoolondersteuningsprofiel",
        "taal- en rekenonderwijs",
    ):
        assert word in text


@pytest.mark.parametrize("name", ["striped-rows.pdf", "ruled-rows.pdf"])
def test_tables_without_vertical_lines_have_columns(name: str) -> None:
    rows = [block for block in fixture(name).blocks if block.kind is BlockKind.ROW]
    assert rows[0].is_header_row
    assert rows[0].text == "Partner | Waarvoor"
    assert all(len(row.cells) == 2 for row in rows)
    assert {row.table for row in rows} == {0}
    assert rows[-1].text.startswith(f"Partner {len(rows) - 2} | De school werkt planmatig")


def test_a_table_over_several_pages_is_one_table_with_one_header_row() -> None:
    rows = [block for block in fixture("long-table.pdf").blocks if block.kind is BlockKind.ROW]
    assert {row.table for row in rows} == {0}
    assert [row.is_header_row for row in rows] == [True] + [False] * 60
    assert [row.text.split(" | ")[0] for row in rows[1:]] == [str(number) for number in range(60)]
    assert rows[0].page == 1
    assert rows[-1].page == 3


def test_turned_headers_and_narrow_checkbox_columns_stay_apart() -> None:
    rows = [block for block in fixture("turned-header.pdf").blocks if block.kind is BlockKind.ROW]
    assert [row.text for row in rows] == ["Onderdeel | Aanwezig | Niet aanwezig", "Dyslexie | ☒ | ☐"]


def test_drawn_bullets_and_numbers_make_items_with_their_depth() -> None:
    items = [block for block in fixture("lists.pdf").blocks if block.kind is BlockKind.ITEM]
    assert [item.level for item in items] == [1, 1, 2, 2, 1]
    assert items[0].text == "1. eerste stap van het plan"
    assert items[3].text.endswith("zodat er een vervolgregel is")


def test_a_scanned_page_among_others_is_noted() -> None:
    document = fixture("one-page-scanned.pdf")
    assert document.notes == (Note(code="page-without-text", page=2),)
    assert document.pages == 2


@pytest.mark.parametrize("name", ["form-html.pdf", "two-columns.pdf", "long-table.pdf"])
def test_every_block_has_a_page_of_the_document(name: str) -> None:
    document = fixture(name)
    assert document.pages is not None
    assert all(block.page is not None and 1 <= block.page <= document.pages for block in document.blocks)


def test_reading_twice_gives_the_same() -> None:
    assert fixture("two-columns.pdf") == fixture("two-columns.pdf")


def test_what_was_filled_in_on_a_form_is_text() -> None:
    assert kinds(fixture("filled-form.pdf"))[1:] == [
        ("paragraph", "Naam: Noor Voorbeeld"),
        ("paragraph", "☒ Akkoord"),
        ("paragraph", "☐ Niet akkoord"),
    ]
