from __future__ import annotations

import pytest
from making import bold, cell, docx_bytes, kinds, par, read_docx, row, run, table

from extractors.document import BlockKind, Document
from extractors.registry import read_bytes
from extractors.word_numbering import format_number

BREAK = "<w:r><w:lastRenderedPageBreak/></w:r>"


def numbered(num: int, level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>'


@pytest.mark.parametrize(
    ("paragraph", "level"),
    [
        (par("Kop", style="Kop1"), 1),
        (par("Kop", style="Kop2"), 2),
        (par("Kop", style="Eigen"), 2),
        (par("Kop", style="KopNL"), 3),
        (par("Kop", properties='<w:outlineLvl w:val="2"/>'), 3),
        (par("Kop", style="Kop1", properties='<w:outlineLvl w:val="9"/>'), None),
    ],
)
def test_headings_are_known_by_style_or_outline_level(paragraph: str, level: int | None) -> None:
    block = read_docx(paragraph + par("Tekst.")).blocks[0]
    assert block.level == level
    assert (block.kind is BlockKind.HEADING) is (level is not None)


@pytest.mark.parametrize(
    ("text", "following", "is_heading"),
    [
        ("Wie doet wat", "Gewone tekst.", True),
        ("Wat wij niet bieden:", "Gewone tekst.", True),
        ("Dit is een vette zin.", "Gewone tekst.", False),
        ("x" * 120, "Gewone tekst.", False),
        ("Wie doet wat", "", False),
    ],
)
def test_a_short_bold_paragraph_above_text_is_a_heading(text: str, following: str, is_heading: bool) -> None:
    body = par("Hoofdstuk", style="Kop1") + par("Inleiding.") + par(run(text, "<w:b/>")) + par(following)
    block = read_docx(body).blocks[2]
    assert (block.kind is BlockKind.HEADING) is is_heading
    if is_heading:
        assert block.level == 2


def test_bold_headings_take_their_level_from_their_size_when_there_are_no_real_ones() -> None:
    body = "".join(
        par(run(text, f'<w:b/><w:sz w:val="{size}"/>')) + par("Tekst.") for text, size in (("Groot", 32), ("Klein", 24))
    )
    blocks = read_docx(body).blocks
    assert [block.level for block in blocks] == [1, None, 2, None]
    assert blocks[3].section == ("Groot", "Klein")


def test_automatic_numbers_stand_in_headings_and_items_and_bullets_do_not() -> None:
    body = (
        par("Een", style="Kop1", properties=numbered(1, 0))
        + par("Sub", style="Kop2", properties=numbered(1, 1))
        + par("Twee", style="Kop1", properties=numbered(1, 0))
        + par("Sub", style="Kop2", properties=numbered(1, 1))
        + par("punt", properties=numbered(2, 0))
        + par("letter", properties=numbered(2, 1))
    )
    blocks = read_docx(body).blocks
    assert [block.text for block in blocks] == ["1. Een", "1.1 Sub", "2. Twee", "2.1 Sub", "punt", "a) letter"]
    assert [block.level for block in blocks[4:]] == [1, 2]


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [(3, "lowerLetter", "c"), (27, "upperLetter", "AA"), (14, "upperRoman", "XIV"), (5, "x", "5")],
)
def test_numbers_are_written_as_word_writes_them(value: int, form: str, shown: str) -> None:
    assert format_number(value, form) == shown


def test_typed_bullets_become_items_also_within_one_paragraph() -> None:
    line_break = "<w:r><w:br/></w:r>"
    body = par("- eerste") + par(run("• tweede"), line_break, run("• derde")) + par("lijststijl", style="Lijst2")
    assert kinds(read_docx(body)) == [
        ("item", "eerste"),
        ("item", "tweede"),
        ("item", "derde"),
        ("item", "lijststijl"),
    ]


def test_tracked_changes_are_read_as_accepted() -> None:
    body = par(
        run("Wij bieden "),
        '<w:del w:id="1"><w:r><w:delText>geen</w:delText></w:r></w:del>',
        f'<w:ins w:id="2">{run("veel")}</w:ins>',
        run(" hulp."),
    )
    removed_mark = '<w:rPr><w:del w:id="3"/></w:rPr>'
    body += par("Half ", properties=removed_mark) + par("en half.")
    body += table(row("weg", "weg", properties='<w:del w:id="4"/>'), row("blijft", "staan"))
    assert kinds(read_docx(body)) == [
        ("paragraph", "Wij bieden veel hulp."),
        ("paragraph", "Half en half."),
        ("row", "blijft | staan"),
    ]


def test_hidden_text_and_comments_are_no_text() -> None:
    body = par(run("Zichtbaar"), run(" verborgen", "<w:vanish/>"), '<w:r><w:commentReference w:id="0"/></w:r>')
    assert kinds(read_docx(body)) == [("paragraph", "Zichtbaar")]


def checkbox(state: str) -> str:
    return (
        f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{state}"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent>{run('x')}</w:sdtContent></w:sdt>"
    )


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (checkbox("1") + run(" ja ") + checkbox("0") + run(" nee"), "☒ ja ☐ nee"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + run(" ja"), "☒ ja"),
        ('<w:r><w:sym w:font="Wingdings" w:char="A8"/></w:r>' + run(" nee"), "☐ nee"),
        (
            '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/>'
            '</w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>' + run(" ja"),
            "☒ ja",
        ),
        (run("☑ ja"), "☒ ja"),
    ],
)
def test_every_kind_of_checkbox_becomes_the_same_two_characters(content: str, text: str) -> None:
    assert read_docx(par("<!-- -->" + content)).blocks[0].text == text


def test_a_placeholder_is_empty_and_a_filled_control_is_text() -> None:
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    empty = control.format("<w:showingPlcHdr/>", cell("Klik om tekst in te voeren"))
    body = table(row("Naam", empty), row("Groep", control.format("", cell("6"))))
    assert kinds(read_docx(body)) == [("row", "Naam | "), ("row", "Groep | 6")]


PLACEHOLDER = run("Kies een datum", '<w:rStyle w:val="PlaceholderText"/>')
EMPTY_DATE = f"<w:sdt><w:sdtPr><w:date/></w:sdtPr><w:sdtContent>{PLACEHOLDER}</w:sdtContent></w:sdt>"
OLD_CHOICE = (
    '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="nee"/>'
    '<w:listEntry w:val="ja"/></w:ddList></w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
WINGDINGS = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'
WHITE = '<w:color w:val="FFFFFF"/>'
SHADED = '<w:shd w:val="clear" w:fill="003366"/>'


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            run("Datum: ") + f"<w:sdt><w:sdtPr><w:date/></w:sdtPr><w:sdtContent>{PLACEHOLDER}</w:sdtContent></w:sdt>",
            "Datum:",
        ),
        (run("Keuze: ") + OLD_CHOICE, "Keuze: ja"),
        (run("þ", WINGDINGS) + run(" ja ") + run("o", WINGDINGS) + run(" nee"), "☒ ja ☐ nee"),
        (run("Zichtbaar") + run(" wit", WHITE), "Zichtbaar"),
        (run("Zichtbaar") + run(" wit", WHITE + SHADED), "Zichtbaar wit"),
        (run("[x] wel [ ] niet (x) ook"), "☒ wel ☐ niet ☒ ook"),
        (run("Keuze: ● basis ○ extra"), "Keuze: ☒ basis ☐ extra"),
        (run("zie (a) en [1]"), "zie (a) en [1]"),
    ],
)
def test_forms_read_as_word_shows_them(content: str, text: str) -> None:
    assert read_docx(par("<!-- -->" + content)).blocks[0].text == text


def test_lines_behind_filled_and_open_marks_are_choices_and_behind_one_sort_items() -> None:
    assert kinds(read_docx(par("● ja") + par("○ nee"))) == [("paragraph", "☒ ja"), ("paragraph", "☐ nee")]
    assert kinds(read_docx(par("● ja") + par("● nee"))) == [("item", "ja"), ("item", "nee")]
    marks = table(row("Vraag", "Ja", "Nee"), row("OPP?", "●", "○"))
    assert read_docx(marks).blocks[1].text == "OPP? | ☒ | ☐"


def test_a_bold_line_above_its_text_in_one_paragraph_is_a_heading() -> None:
    line_break = "<w:r><w:br/></w:r>"
    body = par(run("Wat wij doen", "<w:b/>"), line_break, run("Wij bieden hulp aan.")) + par("Tekst.")
    assert kinds(read_docx(body)) == [
        ("heading", "Wat wij doen"),
        ("paragraph", "Wij bieden hulp aan."),
        ("paragraph", "Tekst."),
    ]
    both = par(run("Vet", "<w:b/>"), line_break, run("ook vet.", "<w:b/>")) + par("Tekst.")
    assert kinds(read_docx(both))[0] == ("paragraph", "Vet\nook vet.")


def test_a_version_number_in_a_footer_is_no_page_number() -> None:
    section = '<w:sectPr><w:footerReference r:id="footer1"/></w:sectPr>'
    assert kinds(read_docx(par("Tekst.") + section, footer1=par("SOP versie 2")))[-1] == ("footer", "SOP versie 2")


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{par('In het vak')}</w:txbxContent>"
    anchor = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps">'
        f"<w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert kinds(read_docx(par(run("Anker"), anchor))) == [("paragraph", "Anker"), ("paragraph", "In het vak")]


def test_merged_cells_appear_once_and_keep_their_column() -> None:
    body = table(
        row(bold("Niveau"), bold("Wat"), bold("Wie")),
        row(cell("Basis", properties='<w:vMerge w:val="restart"/>'), "rekenen", "leerkracht"),
        row(cell("", properties="<w:vMerge/>"), "lezen", "specialist"),
        row(cell("breed", properties='<w:gridSpan w:val="2"/>'), "slot"),
    )
    blocks = read_docx(body).blocks
    assert [block.text for block in blocks] == [
        "Niveau | Wat | Wie",
        "Basis | rekenen | leerkracht",
        "lezen | specialist",
        "breed | slot",
    ]
    assert [(c.column, c.header) for c in blocks[2].cells] == [(1, "Wat"), (2, "Wie")]
    assert [(c.column, c.header) for c in blocks[3].cells] == [(0, "Niveau"), (2, "Wie")]


def test_a_marked_header_row_is_one_without_any_looks() -> None:
    body = table(row("aa bb 1", "cc dd 2", properties="<w:tblHeader/>"), row("x", "y"))
    assert read_docx(body).blocks[0].is_header_row


def test_nested_tables_follow_the_row_and_text_around_keeps_its_order() -> None:
    inner = table(row("binnen", "links"))
    body = par("Voor.") + table(row(cell("buiten", inner), "naast")) + par("Na.")
    document = read_docx(body)
    assert kinds(document) == [
        ("paragraph", "Voor."),
        ("row", "buiten | naast"),
        ("row", "binnen | links"),
        ("paragraph", "Na."),
    ]
    assert [block.table for block in document.blocks] == [None, 0, 1, None]


def test_a_table_of_one_column_is_only_a_frame_around_text() -> None:
    heading = cell(par(run("Ouders", "<w:b/>")), properties='<w:shd w:fill="A8D08D"/>')
    body = table(row(heading), row(cell("Eerste alinea.", "Tweede alinea.")))
    assert kinds(read_docx(body)) == [
        ("heading", "Ouders"),
        ("paragraph", "Eerste alinea."),
        ("paragraph", "Tweede alinea."),
    ]


def test_paragraphs_in_a_cell_stand_on_lines_of_their_own() -> None:
    assert read_docx(table(row(cell("een", "twee"), "b"))).blocks[0].text == "een\ntwee | b"


def field(instruction: str, result: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> {instruction} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


TAB = "<w:r><w:tab/></w:r>"


@pytest.mark.parametrize(
    "contents",
    [
        par(field("TOC \\o", run("1. Ouders") + TAB + run("3"))),
        par(run("1. Ouders"), TAB, run("3"), style="Inhopg1"),
        par("1. Ouders .......... 3"),
    ],
)
def test_a_table_of_contents_is_no_heading_and_no_text(contents: str) -> None:
    assert kinds(read_docx(contents + par("Tekst.")))[0] == ("toc", "1. Ouders")


def test_running_text_comes_last_and_once_without_its_page_number() -> None:
    section = '<w:sectPr><w:headerReference r:id="header1"/><w:footerReference r:id="footer1"/></w:sectPr>'
    twice = par("Tekst.", properties=section) + section
    footer = par(run("versie 2 | pagina "), field("PAGE", run("4")))
    document = read_docx(twice, header1=par("OBS De Rietkraag"), footer1=footer)
    assert kinds(document) == [("paragraph", "Tekst."), ("header", "OBS De Rietkraag"), ("footer", "versie 2")]


def test_a_footnote_follows_the_paragraph_that_refers_to_it() -> None:
    notes = f'<w:footnote w:type="separator" w:id="0"/><w:footnote w:id="2">{par("De noot.")}</w:footnote>'
    body = par("Kop", style="Kop1") + par(run("Tekst"), '<w:r><w:footnoteReference w:id="2"/></w:r>') + par("Verder.")
    document = read_docx(body, footnotes=notes)
    assert kinds(document)[1:] == [("paragraph", "Tekst"), ("footnote", "De noot."), ("paragraph", "Verder.")]
    assert document.blocks[2].section == ("Kop",)


def test_pages_follow_rendered_breaks_only() -> None:
    hard_break = '<w:r><w:br w:type="page"/></w:r>'
    assert {block.page for block in read_docx(par("a") + par(hard_break, run("b"))).blocks} == {None}
    split = row(cell(par(run("x"), BREAK, run("x"))), cell(par(run("y"), BREAK, run("y"))))
    document = read_docx(par("a") + par(BREAK, run("b")) + table(split) + par("c"))
    assert [block.page for block in document.blocks] == [1, 2, 2, 3]
    assert document.pages == 3


def test_entities_and_outside_files_are_left_alone() -> None:
    entities = '<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY f "geheim">]>'
    data = docx_bytes(par("veilig"), doctype=entities)
    found = read_bytes(data, "x")
    assert isinstance(found, Document)
    assert [block.text for block in found.blocks] == ["veilig"]
