"""Make the Word file with tables inside tables and the PDF of this set: python tests/blind3/make_files.py

Needs python-docx and reportlab (development requirements).
"""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.table import _Cell
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

HERE = Path(__file__).parent


def _inner(cell: _Cell, rows: list[tuple[str, str]]) -> None:
    table = cell.add_table(rows=0, cols=2)
    for label, answer in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, answer


def make_word(path: Path) -> None:
    word = Document()
    word.add_heading("Ontwikkelingsperspectief Praktijkschool De Ploeg", 0)
    outer = word.add_table(rows=4, cols=2)
    outer.style = "Table Grid"
    _inner(
        outer.cell(0, 0), [("Naam leerling", "Dex Hoorn"), ("Geboortedatum", "8-1-2011"), ("Schooljaar", "2025-2026")]
    )
    _inner(outer.cell(0, 1), [("Vastgesteld", "23 september 2025"), ("Mentor", "T. Aziz")])
    _inner(
        outer.cell(1, 0),
        [
            (
                "Beginsituatie",
                (
                    "Dex werkt graag met zijn handen en maakt in de werkplaats af waar hij aan begint. "
                    "Lezen lukt op eind groep 5."
                ),
            ),
            ("Stimulerende factoren", "....................."),
            ("Belemmerende factoren", "Begrijpt een opdracht van meer dan twee stappen niet."),
        ],
    )
    _inner(
        outer.cell(1, 1),
        [
            ("Ondersteuningsvraag docent", "De docent heeft ondersteuning nodig."),
            ("Uitstroomprofiel", "Arbeid, met certificaat groen (entree niet uitgesloten)."),
            (
                "Motivering uitstroomprofiel",
                "Twee stages met een goede beoordeling; lezen en rekenen groeien niet meer (E5, M5).",
            ),
        ],
    )
    _inner(
        outer.cell(2, 0),
        [
            ("Doel komend jaar", "Beter leren omgaan met kritiek."),
            ("Wat doet de school", "Stagebegeleider Rik loopt elke dinsdagochtend mee."),
            ("Hulp buiten school", "De wijkcoach komt in het gezin."),
        ],
    )
    _inner(
        outer.cell(2, 1),
        [
            ("Evaluatiemomenten", "november 2025 en mei 2026"),
            ("Evaluatie vorige doelen", "Is met Dex doorgesproken."),
            (
                "Gesprek met ouder/verzorger",
                "Oma, de voogd, kwam op 16 september. Zij wil dat Dex een dag per week op stage blijft.",
            ),
            ("Inbreng leerling", "Dex is bij het gesprek geweest."),
        ],
    )
    _inner(
        outer.cell(3, 0),
        [("Handtekening leerling", "Dex Hoorn, 23-9-2025"), ("Handtekening school", "T. Aziz, 23-9-2025")],
    )
    _inner(outer.cell(3, 1), [("Instemming handelingsdeel, handtekening ouder/verzorger", ""), ("Datum", "")])
    word.save(str(path))


def make_pdf(path: Path) -> None:
    body = getSampleStyleSheet()["BodyText"]
    rows = [
        ("Leerling", "Noam Visscher", "Geboren", "30-5-2021"),
        ("School", "Kindcentrum De Lier", "Groep", "1"),
        ("Schooljaar", "2025-2026", "Ingevuld door", "juf Tess"),
    ]
    long_rows = [
        (
            "Signalen",
            "Noam bouwt tien minuten geconcentreerd, maar slaat in de kring gemiddeld vier keer per ochtend een kind.",
        ),
        (
            "Collegiale consultatie (datum, met wie, wat leverde het op)",
            (
                "6-10-2025: juf Wies keek mee in de kring. Advies: vaste plek naast de juf en een voelkussen; "
                "het slaan nam af tot een keer per ochtend."
            ),
        ),
        ("Leerlingbespreking (datum, afspraken)", ""),
        ("Hulpvraag leerkracht", "Hoe kan ik Noam helpen om in de kring te blijven zonder een ander pijn te doen?"),
        ("Gesprekken met ouders", "Moeder is op 7-10 gesproken over het voelkussen."),
        ("Oudervragenlijst", "De vragenlijst is door ouders ingevuld en zit in het dossier."),
        ("Ontwikkeling", "Rekenbegrip: KIJK! 4;2-4;8, taalontwikkeling 3;8"),
        (
            "Rapportage deskundigen",
            "Logopedist (verslag 12-9-2025): taalbegrip onder gemiddeld, advies visueel ondersteunen.",
        ),
        ("Wat wordt aangevraagd", "Arrangement jonge kind, 10 weken, 3 uur per week begeleiding in de groep."),
        ("Toestemming ouders", "Ouders geven toestemming voor foto's op de website van de school (1-9-2025)."),
        ("Meldcode", "Onze school werkt met de meldcode."),
        ("Logboek", "6-10-2025 consultatie in de kring"),
    ]
    grid = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    story = [
        Paragraph("ABC-formulier", getSampleStyleSheet()["Title"]),
        Table([[Paragraph(x, body) for x in row] for row in rows], colWidths=[70, 170, 80, 140], style=grid),
        Spacer(1, 12),
        Table([[Paragraph(x, body) for x in row] for row in long_rows], colWidths=[150, 310], style=grid),
    ]
    SimpleDocTemplate(str(path), pagesize=A4, title="", author="", invariant=True).build(story)


if __name__ == "__main__":
    make_word(HERE / "opp-vo-dex" / "opp-vo-dex.docx")
    make_pdf(HERE / "abc-po-noam" / "abc-po-noam.pdf")
