"""What of a document can carry a statement, under which heading, and what its boxes say."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.document import Block, BlockKind, Cell, Document, SourceFile
from extractors.markdown import read_markdown
from pipeline.check.passages import Box, Passage, Unit, box_meaning, is_empty, passages

ROOT = Path(__file__).parents[2]


def cut(text: str) -> tuple[Passage, ...]:
    return passages(read_markdown(text))


def texts(text: str) -> list[str]:
    return [p.text for p in cut(text)]


def test_paragraph_gives_a_passage_a_sentence() -> None:
    found = cut("# Aanbod\n\nWij lezen elke dag. Daarna rekenen wij.")

    assert [p.text for p in found] == ["Wij lezen elke dag.", "Daarna rekenen wij."]
    assert {p.unit for p in found} == {Unit.SENTENCE}
    assert {p.heading for p in found} == {"Aanbod"}
    assert [(p.sentence, p.siblings) for p in found] == [(0, 2), (1, 2)]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Wij spreken elk kind. De", ["Wij spreken elk kind."]),
        ("Wij spreken elk kind. Voor de", ["Wij spreken elk kind."]),
        ("Is er een meldcode? Ja", ["Is er een meldcode?", "Ja"]),
        ("Wij hebben specialisten. Rekencoördinator", ["Wij hebben specialisten.", "Rekencoördinator"]),
        ("Er is een plusgroep. Die is gestopt", ["Er is een plusgroep.", "Die is gestopt"]),
        ("Wie is uw aanspreekpunt? De intern begeleider", ["Wie is uw aanspreekpunt?", "De intern begeleider"]),
        ("De", ["De"]),
    ],
)
def test_beginning_of_a_sentence_that_breaks_off_states_nothing(text: str, kept: list[str]) -> None:
    assert texts(text) == kept


def test_section_holds_all_headings_above() -> None:
    found = cut("# Profiel\n\n## Aanbod\n\n### Lezen\n\nWij lezen.")

    assert found[0].section == ("Profiel", "Aanbod", "Lezen")
    assert found[0].context == "Profiel | Aanbod | Lezen"


@pytest.mark.parametrize(
    "text", ["# Kop", "[toc] Partners ..... 3", "[header: De Linde]", "[footer: bladzijde 3]", "", "| | |\n|---|---|"]
)
def test_headings_contents_running_lines_and_empty_tables_give_nothing(text: str) -> None:
    assert texts(text) == []


def test_items_stand_under_the_sentence_that_introduces_them() -> None:
    found = cut(
        "# Grenzen\n\nLees dit goed. Dit kunnen wij niet bieden:\n\n"
        "- Sondevoeding\n- Gebarentaal. Ook geen braille.\n\nEinde."
    )
    items = [p for p in found if p.unit is Unit.ITEM]

    assert [p.text for p in items] == ["Sondevoeding", "Gebarentaal.", "Ook geen braille."]
    assert {p.intro for p in items} == {"Dit kunnen wij niet bieden:"}
    assert {p.heading for p in items} == {"Dit kunnen wij niet bieden:"}
    assert found[-1].intro is None


def test_intro_ends_with_the_next_paragraph() -> None:
    found = cut("# A\n\nDit bieden wij:\n\n- Lezen\n\nEn verder.\n\n- Rekenen")

    assert next(p for p in found if p.text == "Rekenen").intro is None


def test_answer_stands_under_its_label() -> None:
    found = cut("| Vraag | Antwoord |\n|---|---|\n| Wat doet u bij dyslexie? | Elk kind krijgt voorleessoftware. |")

    assert [(p.text, p.label, p.unit) for p in found] == [
        ("Elk kind krijgt voorleessoftware.", "Wat doet u bij dyslexie?", Unit.ANSWER)
    ]
    assert found[0].heading == "Wat doet u bij dyslexie?"
    assert found[0].header == "Antwoord"


def test_answer_of_several_sentences_gives_each() -> None:
    row = "| Lezen | Wij lezen elke dag samen. Op vrijdag lezen ouders mee. |"

    assert texts(f"| Onderdeel | Aanbod |\n|---|---|\n{row}")[-2:] == [
        "Wij lezen elke dag samen.",
        "Op vrijdag lezen ouders mee.",
    ]


def test_column_names_tell_several_answers_apart() -> None:
    found = cut("| Thema | Nu | Straks |\n|---|---|---|\n| Lezen | Elke dag lezen wij samen | Meer boeken in de klas |")
    answers = {p.text: p.heading for p in found if p.unit is Unit.ANSWER}

    assert answers == {"Elke dag lezen wij samen": "Lezen | Nu", "Meer boeken in de klas": "Lezen | Straks"}


@pytest.mark.parametrize("answer", ["", "…", "-", "n.t.b.", "volgt nog", "xxx", "?", "[invullen]", "Kies een item."])
def test_row_without_an_answer_gives_nothing(answer: str) -> None:
    assert texts(f"| Vraag | Antwoord |\n|---|---|\n| Wie zijn uw partners? | {answer} |") == []


def test_bare_answer_makes_the_label_the_quote() -> None:
    found = cut("| Functie | Uren |\n|---|---|\n| Zorgcoördinator | 24 uur |")

    assert [(p.text, p.unit, p.reads) for p in found] == [("Zorgcoördinator", Unit.ROW, "Zorgcoördinator | 24 uur")]


BOXES = [
    # name, header row, cells behind the label, meaning, what the row reads as
    ("yes column", "Ja | Nee", "☒ | ☐", Box.YES, "Meldcode | Ja"),
    ("no column", "Ja | Nee", "☐ | ☒", Box.NO, "Meldcode | Nee"),
    ("later column", "Aanwezig | In ontwikkeling", "☐ | ☒", Box.NOT_YET, "Meldcode | In ontwikkeling"),
    ("outside column", "Intern | Extern", "☐ | ☒", Box.EXTERNAL, "Meldcode | Extern"),
    ("partly column", "Ja | Deels", "☐ | ☒", Box.PARTLY, "Meldcode | Deels"),
    ("nothing ticked", "Ja | Nee", "☐ | ☐", Box.UNTICKED, "Meldcode"),
    ("two ticked: the cautious one", "Ja | Nee", "☒ | ☒", Box.NO, "Meldcode | Ja | Nee"),
]


@pytest.mark.parametrize(("header", "cells", "box", "reads"), [c[1:] for c in BOXES], ids=[c[0] for c in BOXES])
def test_box_takes_its_meaning_from_its_column(header: str, cells: str, box: Box, reads: str) -> None:
    found = cut(f"| Protocol | {header} |\n|---|---|---|\n| Meldcode | {cells} |")

    assert [(p.text, p.box, p.reads) for p in found] == [("Meldcode", box, reads)]


@pytest.mark.parametrize(
    ("cell", "box"),
    [
        ("☒ ja ☐ nee", Box.YES),
        ("☐ ja ☒ nee", Box.NO),
        ("☐ ja ☐ nee", Box.UNTICKED),
        ("☐ ja ☒ deels ☐ nee", Box.PARTLY),
        ("☒ in ontwikkeling ☐ aanwezig", Box.NOT_YET),
    ],
)
def test_boxes_inside_a_cell_have_their_meaning_beside_them(cell: str, box: Box) -> None:
    found = cut(f"| Vraag | Antwoord |\n|---|---|\n| Werkt u met de meldcode? | {cell} |")

    assert {p.box for p in found} == {box}


def test_explanation_behind_boxes_is_the_quote() -> None:
    found = cut("| Vraag | Antwoord |\n|---|---|\n| Is er een plusgroep? | ☒ ja ☐ nee, elke vrijdag in de bovenbouw |")

    assert [p.text for p in found if p.unit is Unit.ANSWER] == ["elke vrijdag in de bovenbouw"]


def test_column_of_instructions_is_no_answer() -> None:
    row = "| NT2 | De school biedt taalles in een groep. | n.t.b. |"

    assert texts(f"| Thema | Toelichting bij de norm | Antwoord |\n|---|---|---|\n{row}") == []


def test_row_of_one_merged_cell_is_a_row_of_its_own() -> None:
    found = cut("| A | B |\n|---|---|\n| Wij werken alle dagen met een dagplanning. | > |")

    assert [(p.text, p.label) for p in found] == [("Wij werken alle dagen met een dagplanning.", None)]


def test_header_row_gives_nothing() -> None:
    assert texts("| Wat wij bieden aan alle leerlingen | Hoe wij dat elke dag doen |\n|---|---|") == []


def test_cells_keep_their_place_when_a_label_is_empty() -> None:
    block = Block(
        kind=BlockKind.ROW,
        text=" | Wij lezen elke dag met een maatje.",
        table=0,
        cells=(Cell(column=0, start=0, end=0), Cell(column=1, start=3, end=37)),
    )
    document = Document(source=SourceFile(name="x", sha256="", format="docx", size=0), blocks=(block,))

    assert [(p.text, p.start, p.end) for p in passages(document)] == [("Wij lezen elke dag met een maatje.", 3, 37)]


@pytest.mark.parametrize("source", sorted(ROOT.glob("sample_docs/*/source.md")), ids=lambda p: p.parent.name)
def test_every_passage_is_a_literal_slice_of_its_block(source: Path) -> None:
    document = read_markdown(source.read_text(encoding="utf-8"))

    for passage in passages(document):
        assert passage.text == document.text_at(passage.block, passage.start, passage.end)
        assert passage.text == passage.text.strip() != ""


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "…", "......", "_____", "-", "–", "/", "n.t.b.", "ntb", "N.v.t.", "nvt", "volgt", "volgt nog"),
        *("xx", "???", "geen", "☐", "☐ ☐", "[naam school]", "Kies een item.", "Klik of tik om tekst in te voeren"),
        *("invullen", "........ d.d. ......", "datum: ______", "handtekening: ....."),
    ],
)
def test_answer_that_holds_nothing_is_empty(text: str) -> None:
    assert is_empty(text)


@pytest.mark.parametrize(
    "text", ["ja", "☒", "geen lift", "GGD", "n.v.t. want wij zijn vo", "3", "volgt de meldcode", "[GGD] en JGZ"]
)
def test_answer_that_says_something_is_not_empty(text: str) -> None:
    assert not is_empty(text)


@pytest.mark.parametrize(
    ("label", "box"),
    [
        ("ja", Box.YES),
        ("Aanwezig", Box.YES),
        ("in de school", Box.YES),
        ("", Box.YES),
        ("nee", Box.NO),
        ("Niet aanwezig", Box.NO),
        ("geen", Box.NO),
        ("afwezig", Box.NO),
        ("nog niet", Box.NOT_YET),
        ("In ontwikkeling", Box.NOT_YET),
        ("gepland", Box.NOT_YET),
        ("ambitie", Box.NOT_YET),
        ("deels", Box.PARTLY),
        ("gedeeltelijk", Box.PARTLY),
        ("soms", Box.PARTLY),
        ("extern", Box.EXTERNAL),
        ("via het bestuur", Box.EXTERNAL),
        ("SWV", Box.EXTERNAL),
        ("op afroep", Box.EXTERNAL),
    ],
)
def test_label_tells_what_a_tick_means(label: str, box: Box) -> None:
    assert box_meaning(label) is box
