"""Long invented school documents with known truth, written in the small Markdown, and their renderings.

Every document has numbered headings on three levels, running text, lists, forms and tables (some with boxes to tick),
a table of contents, a running header and a footer with the page number. Word files come from python-docx, PDF files
from LibreOffice, from Chromium's print and from reportlab; a program that is missing is a rendering that is missing.
"""

from __future__ import annotations

import copy
import importlib.util
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from types import ModuleType
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn

ROOT = Path(__file__).resolve().parent.parent
_W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FONTS = ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf")

WHO = ("de intern begeleider", "de leerkracht", "de gedragsspecialist", "het ondersteuningsteam", "de mentor",
       "de schoolondersteuner", "de rekenspecialist", "de orthopedagoog")  # fmt: skip
DOES = ("bespreekt", "volgt", "evalueert", "beschrijft", "plant", "ondersteunt", "bewaakt", "verantwoordt")
WHAT = ("de sociaal-emotionele ontwikkeling", "het groepsplan", "de hulp aan leerlingen met dyslexie",
        "de instructie in kleine groepen", "de taal- en rekenresultaten", "het aanbod voor nieuwkomers",
        "de begeleiding bij meer- en hoogbegaafdheid", "de ondersteuningsbehoeften van de groep")  # fmt: skip
WHEN = ("elke zes weken", "twee keer per jaar", "na de toetsen van januari", "aan het begin van het schooljaar",
        "bij elke overgang", "op woensdagmiddag", "zodra ouders daarom vragen")  # fmt: skip
WITH = ("met de ouders", "met het team", "in de groepsbespreking", "met de jeugdverpleegkundige",
        "met het samenwerkingsverband", "in overleg met de leerling zelf", "met de wijkcoach")  # fmt: skip
TOPICS = ("Onze school", "Basisondersteuning", "Extra ondersteuning", "Samenwerken met ouders", "Partners in de wijk",
          "Grenzen aan onze ondersteuning", "Ambities en scholing")  # fmt: skip
PARTS = ("Visie", "Aanbod", "Werkwijze", "Deskundigheid", "Afspraken")
ROLES = ("Intern begeleider", "Rekenspecialist", "Taalcoördinator", "Gedragsspecialist", "Leesspecialist")
OFFERS = ("Dyslexiebegeleiding", "Plusgroep", "Rekenhulp", "Schakelklas", "Time-outplek", "Faalangsttraining")
LABELS = ("Naam van de school", "Bestuur", "Vastgesteld door", "Instemming", "Contactpersoon")


def markdown(seed: int, chapters: int = 7) -> str:
    """One document; the same seed gives the same text."""
    dice = random.Random(seed)
    lines = [f"[header: Ondersteuningsprofiel De Proefsteen {seed}]", f"[footer: Stichting Voorbeeld, versie {seed}]"]
    lines += [f"# Schoolondersteuningsprofiel De Proefsteen {seed}", "[toc]", _form(dice), "[pagebreak]"]
    for chapter, topic in enumerate(TOPICS[:chapters], start=1):
        lines += [f"## {chapter}. {topic}", _paragraph(dice)]
        for part, name in enumerate(dice.sample(PARTS, 3), start=1):
            lines += [f"### {chapter}.{part} {name}", _paragraph(dice), _paragraph(dice)]
            lines.append(dice.choice((_items, _offers, _people, _form))(dice))
            lines.append(_paragraph(dice))
    return "\n\n".join(lines) + "\n"


def _sentence(dice: random.Random) -> str:
    who, does, what, when, by = (dice.choice(words) for words in (WHO, DOES, WHAT, WHEN, WITH))
    number = f" in groep {dice.randint(1, 8)}"
    return f"{when[0].upper()}{when[1:]} {does} {who} {what}{number} {by}."


def _paragraph(dice: random.Random) -> str:
    return " ".join(_sentence(dice) for _ in range(dice.randint(3, 6)))


def _items(dice: random.Random) -> str:
    return "\n".join(f"- {dice.choice(WHO)} {dice.choice(DOES)} {dice.choice(WHAT)}" for _ in range(dice.randint(3, 6)))


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _offers(dice: random.Random) -> str:
    rows = []
    for offer in dice.sample(OFFERS, 5):
        yes = dice.random() < 0.6
        rows.append((offer, "☒" if yes else "☐", "☐" if yes else "☒", f"{dice.choice(WHEN)} {dice.choice(WITH)}"))
    return _table(("Voorziening", "Aanwezig", "Niet aanwezig", "Toelichting"), rows)


def _people(dice: random.Random) -> str:
    rows = [(role, _sentence(dice), f"{dice.randint(1, 5)} dagdelen") for role in dice.sample(ROLES, 4)]
    return _table(("Deskundige", "Taak", "Omvang"), rows)


def _form(dice: random.Random) -> str:
    rows = [(label, f"{dice.choice(WHO).capitalize()}, {dice.choice(WHEN)}") for label in LABELS[:-1]]
    rows.append((LABELS[-1], "☒ bereikbaar per telefoon ☐ bereikbaar per e-mail"))
    return _table(("Onderdeel", "Gegevens"), rows)


# ---------------------------------------------------------------- renderings


def render_module() -> ModuleType:
    """The renderer of the sample documents, which is no package."""
    spec = importlib.util.spec_from_file_location("sample_render", ROOT / "sample_docs" / "render.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["sample_render"] = module
    spec.loader.exec_module(module)
    return module


RULED = """
@page { size: A4; margin: 20mm; @top-left { content: "%(header)s"; font: 8pt sans-serif }
  @bottom-right { content: "%(footer)s  |  pagina " counter(page) " van " counter(pages); font: 8pt sans-serif } }
body { font: 10pt/1.4 'Liberation Sans', 'DejaVu Sans' } h1 { font-size: 20pt } h2 { font-size: 14pt }
h3 { font-size: 10pt } p { text-align: justify; hyphens: auto }
table { border-collapse: collapse; font-size: 9pt; margin: 6pt 0 }
td, th { border: .7pt solid #555; padding: 3pt 5pt; vertical-align: top; text-align: left } th { background: #e8eef4 }
tr { break-inside: avoid } h2, h3 { break-after: avoid } .break { break-before: page }
"""


def renderings(text: str, stem: Path, seed: int) -> dict[str, Path]:
    """The files of one document by the name of what made them: docx, libreoffice, chromium, reportlab."""
    render = render_module()
    blocks = list(render.parse(text))
    made = {"docx": stem.with_suffix(".docx")}
    render.to_word(blocks, made["docx"], "styles")
    if seed % 2 == 0:
        with_controls(made["docx"])
    if program := shutil.which("soffice"):
        made["libreoffice"] = stem.with_name(stem.name + "-libreoffice.pdf")
        render.office(program, made["docx"], made["libreoffice"])
    if program := shutil.which("chromium"):
        made["chromium"] = stem.with_name(stem.name + "-chromium.pdf")
        style, page = (
            (render.BROWSER, text)
            if seed % 3 == 1
            else (render.TWO_COLUMN, _columns(text))
            if seed % 3 == 2
            else (RULED, text)
        )
        render.browser(program, render.to_html(list(render.parse(page)), style), made["chromium"])
    if importlib.util.find_spec("reportlab") and Path(FONTS[0]).exists():
        made["reportlab"] = stem.with_name(stem.name + "-reportlab.pdf")
        to_reportlab(blocks, made["reportlab"], ruled=seed % 2 == 0)
    return made


def _columns(text: str) -> str:
    """The text with everything below the title in two columns; tables over the whole width."""
    parts = text.split("[pagebreak]", 1)
    chunks = parts[1].split("\n\n")
    body = "\n\n".join(f"[cols 1]\n\n{chunk}\n\n[cols 2]" if chunk.startswith("|") else chunk for chunk in chunks)
    return f"{parts[0]}\n\n[cols 2]\n\n{body}\n\n[cols 1]\n"


def with_controls(path: Path) -> None:
    """Turns every checkbox character of a Word file into a content control, as Word's own forms have them."""
    document = Document(str(path))
    for text in list(document.element.body.iter(qn("w:t"))):
        if text.text and any(box in text.text for box in "☒☐"):
            _split_run(text)
    document.save(str(path))


def _split_run(text: Any) -> None:
    run = text.getparent()
    look = run.find(qn("w:rPr"))
    for part in _parts(text.text):
        if part in "☒☐":
            state = int(part == "☒")
            run.addprevious(
                parse_xml(
                    f'<w:sdt {_W} {_W14}><w:sdtPr><w14:checkbox><w14:checked w14:val="{state}"/></w14:checkbox>'
                    "</w:sdtPr>"
                    f"<w:sdtContent><w:r><w:t>{part}</w:t></w:r></w:sdtContent></w:sdt>"
                )
            )
            continue
        piece = parse_xml(f'<w:r {_W}><w:t xml:space="preserve">{escape(part)}</w:t></w:r>')
        if look is not None:
            piece.insert(0, copy.deepcopy(look))
        run.addprevious(piece)
    run.getparent().remove(run)


def _parts(text: str) -> Iterator[str]:
    start = 0
    for index, character in enumerate(text):
        if character in "☒☐":
            if index > start:
                yield text[start:index]
            yield character
            start = index + 1
    if start < len(text):
        yield text[start:]


def to_reportlab(blocks: list[Any], path: Path, *, ruled: bool) -> None:
    """The document through a PDF library; tables with all lines, or with none at all."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import ListFlowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

    for name, file in zip(("Text", "Text-Bold"), FONTS, strict=True):
        pdfmetrics.registerFont(TTFont(name, file))
    sizes = {"h1": 19, "h2": 14, "h3": 11}
    plain = ParagraphStyle("p", fontName="Text", fontSize=9.5, leading=13, spaceAfter=6)
    small = ParagraphStyle("cell", parent=plain, fontSize=8.5, leading=11, spaceAfter=0)
    bold = ParagraphStyle("head", parent=small, fontName="Text-Bold")
    strong = ParagraphStyle("head", fontName="Text-Bold", spaceBefore=9, spaceAfter=4, keepWithNext=1)
    heads = {
        kind: ParagraphStyle(kind, parent=strong, fontSize=size, leading=size * 1.25) for kind, size in sizes.items()
    }
    running = {block.kind: block.text for block in blocks if block.kind in ("header", "footer")}
    flow: list[Any] = []
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        text = escape(block.text)
        if block.kind in heads:
            flow.append(Paragraph(text, heads[block.kind]))
        elif block.kind in ("p", "bold"):
            flow.append(Paragraph(f'<font name="Text-Bold">{text}</font>' if block.kind == "bold" else text, plain))
        elif block.kind == "li":
            flow.append(
                ListFlowable(
                    [Paragraph(text, plain)], bulletType="bullet", start="•", leftIndent=14, bulletFontName="Text"
                )
            )
        elif block.kind == "pagebreak":
            flow.append(PageBreak())
        elif block.kind == "table":
            width = max(map(len, block.rows))
            rows = [["" if cell == ">" else cell for cell in (*row, *[""] * (width - len(row)))] for row in block.rows]
            rows = [[Paragraph(escape(c), small if index else bold) for c in row] for index, row in enumerate(rows)]
            widths = render_module().column_widths(block.rows, 460)
            look: list[Any] = [("VALIGN", (0, 0), (-1, -1), "TOP")]
            for index, row in enumerate(block.rows):
                merged = [(start, end) for start, end, _ in render_module().spans(row, width) if end > start]
                look += [("SPAN", (start, index), (end, index)) for start, end in merged]
            if ruled:
                look += [
                    ("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
                    ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e8eef4")),
                ]
            flow += [Table(rows, colWidths=widths, repeatRows=1, style=look, hAlign="LEFT"), Spacer(1, 8)]
        if block.kind == "li" and (following is None or following.kind != "li"):
            flow.append(Spacer(1, 6))

    def frame(canvas: Any, document: Any) -> None:
        canvas.setFont("Text", 8)
        canvas.drawString(57, A4[1] - 36, running.get("header", ""))
        canvas.drawString(57, 34, running.get("footer", ""))
        canvas.drawRightString(A4[0] - 57, 34, f"pagina {document.page}")

    template = SimpleDocTemplate(str(path), pagesize=A4, leftMargin=57, rightMargin=57, topMargin=62, bottomMargin=62)
    template.build(flow, onFirstPage=frame, onLaterPages=frame)


def write_corpus(folder: Path, count: int, say: Callable[[str], None] = print) -> dict[str, list[tuple[str, Path]]]:
    """Makes ``count`` documents in every rendering: by rendering, the Markdown and the file of each document."""
    made: dict[str, list[tuple[str, Path]]] = {}
    for seed in range(count):
        text = markdown(seed)
        for name, path in renderings(text, folder / f"profiel-{seed:02}", seed).items():
            made.setdefault(name, []).append((text, path))
        say(f"  document {seed + 1} van {count} gemaakt")
    return made


def sample_corpus(folder: Path) -> dict[str, list[tuple[str, Path]]]:
    """The sample profiles, whose verdicts are known, in every rendering."""
    made: dict[str, list[tuple[str, Path]]] = {}
    for source in sorted(ROOT.glob("sample_docs/sop-*/source.md")):
        text = source.read_text(encoding="utf8")
        for name, path in renderings(text, folder / source.parent.name, seed=0).items():
            made.setdefault(name, []).append((text, path))
    return made
