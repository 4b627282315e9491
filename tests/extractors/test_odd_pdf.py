"""Odd PDF files as schools send them; `make_fixtures.py` makes them."""

from __future__ import annotations

import pytest
from making import fixture

from extractors.document import Block, BlockKind

PLAN = "De school werkt planmatig"


def shape(name: str) -> list[tuple[str, str]]:
    """Kinds and texts, running text shortened."""
    return [
        (block.kind.value, PLAN if block.text.startswith(PLAN) else block.text)
        for block in fixture(f"{name}.pdf").blocks
    ]


def rows(name: str) -> list[Block]:
    return [block for block in fixture(f"{name}.pdf").blocks if block.kind is BlockKind.ROW]


def test_tables_with_lines_between_their_rows_only_end_where_running_text_stands() -> None:
    found = [(row.table, row.text.replace("\n", " "), row.is_header_row) for row in rows("rules-only")]
    assert [(table, text[:40], head) for table, text, head in found] == [
        (0, "Leerling", True),
        (0, "Naam | Noor", False),
        (0, "Groep | 6", False),
        (1, "Vraag | Antwoord", True),
        (1, "Wat ziet de leerkracht op school? | De s", False),
        (1, "Wat gaat goed? | Rekenen.", False),
        (2, "Naam | Datum | Handtekening", True),
    ]


def test_a_table_without_any_lines_has_rows_with_the_answer_beside_its_label() -> None:
    found = rows("no-lines")
    assert [row.text for row in found[:3]] == [
        "Naam school | De Linde",
        "Adres | Dorpsstraat 1",
        "Directeur | mevrouw De Wit",
    ]
    assert found[3].is_header_row
    assert [cell.header for cell in found[4].cells] == ["Deskundige", "Taak", "Omvang"]
    assert found[4].text.startswith("Intern begeleider | Wij bieden")
    assert found[4].text.endswith("onderwijsassistent. | 2 dagen")


def test_boxes_and_circles_that_are_drawn_are_ticked_or_not() -> None:
    assert shape("drawn-boxes")[1:] == [
        ("paragraph", "☒ Toestemming gegeven"),
        ("paragraph", "☐ Geen toestemming"),
        ("paragraph", "☒ ja ☐ nee"),
        ("row", "Vraag | Ja | Nee"),
        ("row", "Is er een OPP? | ☒ | ☐"),
        ("row", "Is er een plan? | ☒ | ☐"),
    ]


def test_a_sidebar_is_read_beside_the_text_and_lines_join_within_their_own_column() -> None:
    found = fixture("sidebar.pdf").blocks
    kinds = [block.kind.value[0] for block in found]
    assert "".join(kinds) == "hhphpphphp"
    assert [block.text for block in found if block.kind is BlockKind.HEADING] == [
        "Brochure",
        "Over ons",
        "Kort",
        "Basis",
        "Extra",
    ]


def test_white_text_is_read_on_a_colour_only() -> None:
    assert shape("hidden-text") == [("heading", "Zichtbaar"), ("paragraph", PLAN), ("paragraph", "Wit op blauw.")]


def test_a_table_in_a_cell_follows_its_table_and_a_table_with_headings_only_places_text() -> None:
    found = shape("nested-tables")
    assert [(kind, text[:12]) for kind, text in found[1:6]] == [
        ("row", "Onderdeel | "),
        ("row", "Rekenen | "),
        ("row", "Lezen | Wij "),
        ("row", "Doel | Wie"),
        ("row", "Tot 20 | lee"),
    ]
    assert [kind for kind, _ in found[7:]] == ["heading", "paragraph", "heading", "paragraph"]


@pytest.mark.parametrize(("name", "title"), [("on-its-side", "Op zijn kant"), ("turned-page", "Gedraaid")])
def test_a_page_that_lies_on_its_side_is_read_in_the_direction_of_its_text(name: str, title: str) -> None:
    assert shape(name) == [("heading", title), ("paragraph", PLAN), ("row", "Naam | Noor"), ("row", "Groep | 6")]


def test_letters_that_are_drawn_twice_or_outlined_are_bold() -> None:
    assert [text for kind, text in shape("drawn-twice") if kind == "heading"] == [
        "Wat wij niet bieden",
        "Grenzen aan de zorg",
    ]


def test_fields_of_a_form_stand_beside_their_labels() -> None:
    assert [text for _, text in shape("form-fields")] == [
        "Naam leerling | Noor de Vries",
        "Hulpvraag | Hoe kunnen wij helpen? En hoe lang?",
        "Groep | 6",
        "Toestemming | ☒ ja ☐ nee",
        "Niveau | ☐ basis ☒ extra",
        "Evaluatie | ",
    ]


def test_two_columns_that_are_written_line_by_line_are_read_one_after_the_other() -> None:
    left, right = (block.text for block in fixture("two-columns-by-line.pdf").blocks)
    assert left.endswith("zorgen dat ieder kind zich gezien weet.")
    assert right.startswith("op donderdag komt de logopedist op school.")


def test_footnotes_follow_the_text_that_refers_to_them_without_their_mark() -> None:
    found = shape("footnotes")
    assert [kind for kind, _ in found] == ["heading", "paragraph", "footnote"] * 2
    assert found[2][1] == "Zie het ondersteuningsplan, deel 1, waarin staat hoe scholen en ouders samenwerken."
    assert "voortgang1" not in fixture("footnotes.pdf").blocks[1].text.replace(" ", "")


def test_numbered_headings_at_the_tops_of_pages_are_no_running_headers() -> None:
    found = fixture("footnotes.pdf").blocks
    assert [block.text for block in found if block.kind is BlockKind.HEADING] == ["1. Hoofdstuk", "2. Hoofdstuk"]
    assert not any("pagina" in block.text for block in found)
