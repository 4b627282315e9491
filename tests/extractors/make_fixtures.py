"""Makes the PDF files under fixtures/ that tests/extractors/test_odd_pdf.py reads, and those under ../round_trips.

python tests/extractors/make_fixtures.py        (needs reportlab, pypdf, and chromium and soffice on the path)
"""

# ruff: noqa: E501, PLC0415  the pages are easier to read on long lines
from __future__ import annotations

import sys
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

HERE = Path(__file__).resolve().parent
FIXTURES = HERE / "fixtures"
ROUND_TRIPS = HERE.parent / "round_trips"
sys.path.insert(0, str(HERE.parent.parent / "scripts"))

PLAN = "De school werkt planmatig aan de ontwikkeling van alle leerlingen en bespreekt de voortgang met de ouders. "
OFFER = "Wij bieden dyslexiebegeleiding aan in kleine groepen onder leiding van een opgeleide onderwijsassistent. "
PAGE = "<!doctype html><meta charset=utf-8><html lang=nl><style>@page{size:A4;margin:18mm}body{font:10pt 'Liberation Sans'}"
LINES = "table{width:100%;border-collapse:collapse}td,th{border-bottom:1px solid #bbb;padding:4pt;text-align:left;vertical-align:top}"

PAGES = {
    "rules-only": LINES + "th{background:#e3efe9}</style>"
    "<h1>Formulier</h1><table><tr><th colspan=2>Leerling<tr><td>Naam<td>Noor<tr><td>Groep<td>6</table>"
    f"<p>{PLAN}</p><h2>Vragen</h2><table><tr><th>Vraag<th>Antwoord<tr><td style='width:20%'>Wat ziet de leerkracht op school?"
    f"<td>{PLAN}<tr><td>Wat gaat goed?<td>Rekenen.</table><p>{OFFER}</p>"
    "<table><tr><th>Naam<th>Datum<th>Handtekening<tr><td>&nbsp;<td><td></table>",
    "no-lines": "table{width:100%}td,th{text-align:left;vertical-align:top;padding:2pt 8pt}</style>"
    f"<h1>Profiel</h1><p>{PLAN}</p><h2>Gegevens</h2><table><tr><td>Naam school<td>De Linde<tr><td>Adres<td>Dorpsstraat 1"
    f"<tr><td>Directeur<td>mevrouw De Wit</table><p>{PLAN}</p><table><tr><th>Deskundige<th>Taak<th>Omvang"
    f"<tr><td>Intern begeleider<td>{OFFER * 2}<td>2 dagen<tr><td>Rekenspecialist<td>Begeleidt leerkrachten<td>1 dag</table>"
    f"<p>{PLAN}",
    "drawn-boxes": "</style><h1>Formulier</h1><p><input type=checkbox checked> Toestemming gegeven</p>"
    "<p><input type=checkbox> Geen toestemming</p><p><input type=radio checked> ja <input type=radio> nee</p>"
    "<table border=1><tr><th>Vraag<th>Ja<th>Nee<tr><td>Is er een OPP?<td><input type=checkbox checked><td><input type=checkbox>"
    "<tr><td>Is er een plan?<td>●<td>○</table>",
    "sidebar": ".g{display:grid;grid-template-columns:1fr 5cm;gap:1cm}.s{background:#fde9d0;padding:8pt}"
    ".c{column-count:2;column-gap:.8cm}</style>"
    f"<h1>Brochure</h1><div class=g><div><h2>Over ons</h2><p>{PLAN * 3}</p></div><div class=s><h3>Kort</h3>"
    f"<p>240 leerlingen</p><p>12 groepen</p></div></div><div class=c><h2>Basis</h2><p>{PLAN * 4}</p><h2>Extra</h2>"
    f"<p>{OFFER * 4}</p></div>",
    "hidden-text": f"</style><h1>Zichtbaar</h1><p>{PLAN}</p><p style='color:white'>Wit op wit.</p>"
    "<p style='background:#036;color:white;padding:4pt'>Wit op blauw.</p>",
    "nested-tables": "td,th{border:1px solid #555;padding:3pt;vertical-align:top}table{border-collapse:collapse;font-size:9pt}"
    f"</style><h1>Plan</h1><table><tr><th>Onderdeel<th>Inhoud<tr><td>Rekenen<td><table><tr><th>Doel<th>Wie<tr><td>Tot 20"
    f"<td>leerkracht</table><tr><td>Lezen<td>{OFFER}</table><p>{PLAN}</p><table><tr><td><h2>Wat</h2><p>{OFFER}</p>"
    "<td><h2>Wie</h2><p>De intern begeleider.</p></table>",
}


def lines(canvas: Canvas, x: float, y: float, *texts: str, size: float = 10, lead: float = 13) -> None:
    canvas.setFont("Helvetica", size)
    for text in texts:
        canvas.drawString(x, y, text)
        y -= lead


def small_table(canvas: Canvas, bottom: float) -> None:
    for y in (0, 20, 40):
        canvas.line(60, bottom + y, 400, bottom + y)
    for x in (60, 200, 400):
        canvas.line(x, bottom, x, bottom + 40)
    lines(canvas, 64, bottom + 26, "Naam", "Groep", lead=20)
    lines(canvas, 204, bottom + 26, "Noor", "6", lead=20)


def on_its_side(canvas: Canvas) -> None:
    canvas.translate(A4[0], 0)
    canvas.rotate(90)
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(60, 540, "Op zijn kant")
    lines(
        canvas,
        60,
        510,
        "De school werkt planmatig aan de ontwikkeling en bespreekt",
        "dat met ouders. Wij bieden hulp.",
    )
    small_table(canvas, 400)


def turned(canvas: Canvas) -> None:
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(60, 760, "Gedraaid")
    lines(
        canvas,
        60,
        740,
        "De school werkt planmatig aan de ontwikkeling en bespreekt",
        "dat met ouders. Wij bieden hulp.",
    )
    small_table(canvas, 600)


def drawn_twice(canvas: Canvas) -> None:
    text = "De school werkt planmatig aan de ontwikkeling van alle leerlingen en bespreekt dat."
    lines(canvas, 60, 750, text, "Wij bieden hulp aan.")
    for shift in (0, 0.3, 0.6):
        lines(canvas, 60 + shift, 700, "Wat wij niet bieden")
    lines(canvas, 60, 685, text)
    outlined = canvas.beginText(60, 640)
    outlined.setFont("Helvetica", 10)
    outlined.setTextRenderMode(2)
    outlined.textLine("Grenzen aan de zorg")
    canvas.drawText(outlined)
    lines(canvas, 60, 625, text)


def form_fields(canvas: Canvas) -> None:
    form = canvas.acroForm
    lines(canvas, 60, 780, "Naam leerling", "Hulpvraag", "Groep", "Toestemming", "Niveau", "Evaluatie", lead=60)
    form.textfield(name="naam", x=200, y=772, width=200, height=18, value="Noor de Vries")
    question = "Hoe kunnen wij helpen?\nEn hoe lang?"
    form.textfield(name="vraag", x=200, y=690, width=300, height=46, value=question, fieldFlags="multiline")
    form.choice(name="groep", x=200, y=652, width=80, height=18, options=["5", "6"], value="6")
    for index, (name, label) in enumerate((("ja", "ja"), ("nee", "nee"))):
        form.checkbox(name=name, x=200 + 60 * index, y=596, checked=not index)
        lines(canvas, 225 + 60 * index, 600, label)
        form.radio(name="niveau", x=200 + 60 * index, y=536, value=label, selected=bool(index))
        lines(canvas, 225 + 60 * index, 540, ("basis", "extra")[index])
    form.textfield(name="leeg", x=200, y=472, width=200, height=18, value="")


def two_columns_by_line(canvas: Canvas) -> None:
    left = (
        "de school werkt planmatig aan de|ontwikkeling van alle leerlingen en|bespreekt de voortgang twee keer per|"
        "jaar met de ouders. Wij bieden in elke|groep hulp aan en zorgen dat ieder kind|zich gezien weet."
    )
    right = (
        "op donderdag komt de logopedist op|school. Zij werkt met kleine groepjes en|overlegt met de leerkracht over wat er|"
        "in de klas nodig is. Ouders kunnen bij|haar terecht met vragen over taal en|spraak."
    )
    for index, (one, other) in enumerate(zip(left.split("|"), right.split("|"), strict=True)):
        lines(canvas, 60, 750 - 13 * index, one, size=9.5)
        lines(canvas, 320, 750 - 13 * index, other, size=9.5)


def footnotes(canvas: Canvas) -> None:
    for page in (1, 2):
        canvas.setFont("Helvetica-Bold", 13)
        canvas.drawString(60, 780, f"{page}. Hoofdstuk")
        text = "De school werkt planmatig aan de ontwikkeling van alle leerlingen en bespreekt de voortgang"
        for index in range(40):
            lines(canvas, 60, 760 - 13.5 * index, text)
            if index == 3:
                width = canvas.stringWidth(text, "Helvetica", 10)
                lines(canvas, 60 + width, 760 - 13.5 * index + 4, str(page), size=6)
        canvas.line(60, 90, 200, 90)
        lines(canvas, 60, 80, str(page), size=5)
        lines(canvas, 64, 77, f"Zie het ondersteuningsplan, deel {page}, waarin staat hoe scholen", size=8)
        lines(canvas, 60, 67, "en ouders samenwerken.", size=8)
        canvas.drawCentredString(297, 40, f"pagina {page} van 2")
        canvas.showPage()


CANVASES = {
    "on-its-side": on_its_side,
    "turned-page": turned,
    "drawn-twice": drawn_twice,
    "form-fields": form_fields,
    "two-columns-by-line": two_columns_by_line,
    "footnotes": footnotes,
}


def main() -> None:
    from reading_corpus import RULED, render_module, to_reportlab

    render = render_module()
    for name, draw in CANVASES.items():
        canvas = Canvas(str(FIXTURES / f"{name}.pdf"), pagesize=A4, invariant=True)
        draw(canvas)
        canvas.save()
    writer = PdfWriter()
    writer.add_page(PdfReader(FIXTURES / "turned-page.pdf").pages[0].rotate(90))
    writer.write(FIXTURES / "turned-page.pdf")
    for name, page in PAGES.items():
        render.browser("chromium", PAGE + page, FIXTURES / f"{name}.pdf")
    blocks = list(render.parse((ROUND_TRIPS / "source.md").read_text(encoding="utf8")))
    render.to_word(blocks, ROUND_TRIPS / "word.docx", "styles")
    render.office("soffice", ROUND_TRIPS / "word.docx", ROUND_TRIPS / "libreoffice.pdf")
    render.browser("chromium", render.to_html(blocks, RULED), ROUND_TRIPS / "chromium.pdf")
    to_reportlab(blocks, ROUND_TRIPS / "reportlab.pdf", ruled=False)


if __name__ == "__main__":
    main()
