"""Make ``templates/plan/opp.docx``: the Word template of the pre-filled OPP, with styles and content controls.

    python scripts/opp_template.py

The names between braces are the fields of ``pipeline/norm/data/pupil/fields.yaml``. Who wants another one edits a copy
in Word and gives it with --template.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from docx import Document
from docx.document import Document as Doc
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from pipeline.plan.marks import OPEN_STYLE
from pipeline.pupil.spec import pupil_spec

TARGET = Path(__file__).parents[1] / "templates" / "plan" / "opp.docx"
BLUE = RGBColor(0x0B, 0x4F, 0x6C)


class Part(NamedTuple):
    title: str
    fields: tuple[str, ...]


PARTS = (
    Part("Waar gaat het om?", ("hulpvraag", "gevraagd_arrangement")),
    Part("De leerling", ("beginsituatie", "bevorderende_factoren", "belemmerende_factoren", "toetsgegevens")),
    Part("Wat ouders en leerling willen", ("wens_ouders", "wens_leerling")),
    Part("Wat er al is gedaan", ("eigen_inzet_school", "evaluatie_vorig_plan", "advies_deskundigen", "jeugdhulp")),
    Part("Wat de school kan bieden", ("aanbod_school",)),
    Part("Uitstroom", ("uitstroombestemming", "uitstroom_onderbouwing")),
)
PERSONAL = ("leerling", "geboortedatum", "groep", "school", "ib")


def fill_in(paragraph: Paragraph, text: str, name: str, title: str) -> None:
    """Text in a content control of its own, known by the field's name: around words, so that every program shows it."""
    run = paragraph.add_run(text)._r
    sdt, properties, content = (OxmlElement(f"w:{tag}") for tag in ("sdt", "sdtPr", "sdtContent"))
    for tag, value in (("alias", title), ("tag", name)):
        element = OxmlElement(f"w:{tag}")
        element.set(qn("w:val"), value)
        properties.append(element)
    sdt.append(properties)
    sdt.append(content)
    run.addprevious(sdt)
    content.append(run)


def styled(doc: Doc) -> None:
    normal = doc.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    normal.paragraph_format.space_after = Pt(6)
    for name, size in (("Title", 24), ("Heading 1", 15), ("Heading 2", 11.5)):
        style = doc.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Calibri", Pt(size), BLUE
        style.element.rPr.rFonts.attrib.clear()
        style.element.rPr.rFonts.set(qn("w:ascii"), "Calibri")
        style.element.rPr.rFonts.set(qn("w:hAnsi"), "Calibri")
    doc.styles["Heading 1"].paragraph_format.space_before = Pt(16)
    doc.styles["Heading 2"].paragraph_format.space_before = Pt(9)
    doc.styles["Heading 2"].paragraph_format.space_after = Pt(2)
    open_field = doc.styles.add_style(OPEN_STYLE, WD_STYLE_TYPE.CHARACTER)
    open_field.font.highlight_color, open_field.font.italic = WD_COLOR_INDEX.YELLOW, True
    open_field.font.color.rgb = RGBColor(0x5C, 0x47, 0x00)
    note = doc.styles.add_style("Dekkend toelichting", WD_STYLE_TYPE.PARAGRAPH)
    note.base_style, note.font.size, note.font.color.rgb = normal, Pt(9.5), RGBColor(0x4C, 0x58, 0x65)


def values(doc: Doc, name: str, title: str, *, many: bool) -> None:
    """The field's place: its values as a list, or one paragraph."""
    if not many:
        fill_in(doc.add_paragraph(), f"{{{{ {name} }}}}", name, title)
        return
    doc.add_paragraph(f"{{%p for waarde in {name} %}}")
    fill_in(doc.add_paragraph(style="List Bullet"), "{{ waarde }}", name, title)
    doc.add_paragraph("{%p endfor %}")


def personal(doc: Doc, titles: dict[str, str]) -> None:
    table = doc.add_table(rows=0, cols=2, style="Table Grid")
    for name in PERSONAL:
        row = table.add_row()
        row.cells[0].text = titles[name]
        row.cells[0].paragraphs[0].runs[0].bold = True
        fill_in(row.cells[1].paragraphs[0], f"{{{{ {name} }}}}", name, titles[name])
    wide(table, (4.5, 11.9))


def goals(doc: Doc) -> None:
    table = doc.add_table(rows=4, cols=5, style="Table Grid")
    for column, title in enumerate(("Doel", "Aanpak", "Wie", "Wanneer", "Evaluatie")):
        table.cell(0, column).text = title
        table.cell(0, column).paragraphs[0].runs[0].bold = True
    table.cell(1, 0).text = "{%tr for rij in doelen.rijen %}"
    for column, name in enumerate(("doel", "aanpak", "wie", "wanneer")):
        fill_in(table.cell(2, column).paragraphs[0], f"{{{{ rij.{name} }}}}", f"doelen.{name}", name.capitalize())
    wide(table, (5.0, 3.6, 2.9, 2.7, 2.2))
    table.cell(3, 0).text = "{%tr endfor %}"


def wide(table: Table, widths: tuple[float, ...]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)


def signatures(doc: Doc) -> None:
    table = doc.add_table(rows=0, cols=4, style="Table Grid")
    for cells in (
        ("Wie", "Naam", "Datum", "Handtekening"),
        ("Ouder 1 stemt in met het handelingsdeel", "", "", ""),
        ("Ouder 2 stemt in met het handelingsdeel", "", "", ""),
        ("Intern begeleider", "", "", ""),
    ):
        row = table.add_row()
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    wide(table, (6.4, 4.0, 2.6, 3.4))


def parts(doc: Doc) -> Iterator[None]:
    fields = {f.id: f for f in pupil_spec().fields}
    for part in PARTS:
        doc.add_heading(part.title, 1)
        for name in part.fields:
            doc.add_heading(fields[name].title, 2)
            values(doc, name, fields[name].title, many=fields[name].many)
        yield


def made() -> Doc:
    doc = Document()
    styled(doc)
    section = doc.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.header.paragraphs[0].text = "Ontwikkelingsperspectief {{ leerling }}, vertrouwelijk"
    fields = {f.id: f for f in pupil_spec().fields}
    doc.add_heading("Ontwikkelingsperspectief (OPP)", 0)
    doc.add_paragraph(
        "Dit is een concept, vooraf ingevuld uit het dossier. Bij elk ingevuld veld staat in een opmerking uit welk "
        "document het komt. Wat geel is, stond in geen document: vul het in. Controleer alles voordat u het bespreekt.",
        style="Dekkend toelichting",
    )
    doc.add_paragraph("{%p if conflicten %}")
    doc.add_heading("Kijk dit na: de documenten spreken elkaar tegen", 2)
    doc.add_paragraph("{%p for regel in conflicten %}")
    doc.add_paragraph("{{ regel }}", style="List Bullet")
    doc.add_paragraph("{%p endfor %}")
    doc.add_paragraph("{%p endif %}")
    doc.add_heading("Gegevens", 1)
    personal(doc, {name: fields[name].title for name in PERSONAL})
    list(parts(doc))
    doc.add_heading("Doelen en handelingsdeel", 1)
    goals(doc)
    doc.add_heading(fields["evaluatiedatum"].title, 2)
    values(doc, "evaluatiedatum", fields["evaluatiedatum"].title, many=True)
    doc.add_heading(fields["instemming"].title, 1)
    values(doc, "instemming", fields["instemming"].title, many=False)
    signatures(doc)
    doc.core_properties.title, doc.core_properties.author = "Ontwikkelingsperspectief", ""
    doc.core_properties.comments = ""
    return doc


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    made().save(str(TARGET))
    print(TARGET.relative_to(TARGET.parents[2]))
