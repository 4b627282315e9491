"""Render the sample documents: source.md -> <slug>.docx and/or <slug>.pdf beside it, as `render` in gold.yaml says.

    python sample_docs/render.py [FOLDER ...]        (default: every folder here with a gold.yaml, and every dossier)

A dossier is a folder with `expected.yaml`: its `files` say what in `source/` becomes which file in `documents/`.

Word files need python-docx alone. `pdf: libreoffice` needs soffice, `pdf: browser` and `pdf: two-column` need chromium
on the path; a PDF whose program is not there is left as it is, and said so.
"""

import html
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml
from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_BREAK, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import _Cell, _Row
from docx.text.run import Run

HERE = Path(__file__).resolve().parent
HEADINGS = {"h1": 1, "h2": 2, "h3": 3}
WORDS_A_PAGE = 480  # only for the page numbers in a table of contents, which real files seldom have right either
FONTS = {"styles": ("Arial", 10.5), "boldonly": ("Times New Roman", 11.5), "table-layout": ("Arial", 9.5)}
SHADE = {"styles": "DDE7F0", "boldonly": "EEEEEE", "table-layout": "FCE9C8"}


class Block(NamedTuple):
    kind: str  # h1 h2 h3 bold p li table toc pagebreak header footer cols
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def parse(source: str) -> Iterator[Block]:
    """Blocks of the small Markdown that the README describes."""
    for chunk in re.split(r"\n\s*\n", source.strip()):
        lines = [line.strip() for line in chunk.splitlines() if line.strip()]
        if lines and lines[0].startswith("|"):
            rows = [tuple(cell.strip() for cell in line[1:-1].split("|")) for line in lines]
            yield Block("table", rows=tuple(row for row in rows if set("".join(row)) - set("-: ") or not any(row)))
            continue
        paragraph: list[str] = []
        for line in lines:
            block = special(line)
            if block is None:
                paragraph.append(line)
                continue
            if paragraph:
                yield Block("p", " ".join(paragraph))
                paragraph = []
            yield block
        if paragraph:
            yield Block("p", " ".join(paragraph))


def special(line: str) -> Block | None:
    """The block of a line that is more than running text."""
    if heading := re.match(r"(#{1,3}) (.*)", line):
        return Block(f"h{len(heading[1])}", heading[2])
    if line.startswith("- "):
        return Block("li", line[2:])
    if line.startswith("[boldline] "):
        return Block("bold", line.removeprefix("[boldline] "))
    if mark := re.fullmatch(r"\[(toc|pagebreak|cols|header:|footer:) ?(.*)\]", line):
        return Block(mark[1].rstrip(":"), mark[2])
    return None


def contents(blocks: list[Block]) -> list[tuple[int, str, int]]:
    """Level, title and estimated page of each heading below the title."""
    entries, words, page = [], 0, 1
    for block in blocks:
        if block.kind == "pagebreak":
            words, page = 0, page + 1
        words += len(block.text.split()) + sum(len(cell.split()) + 3 for row in block.rows for cell in row)
        page, words = page + words // WORDS_A_PAGE, words % WORDS_A_PAGE
        if block.kind in ("h2", "h3"):
            entries.append((HEADINGS[block.kind] - 1, block.text, page))
    return entries


def spans(row: tuple[str, ...], width: int) -> Iterator[tuple[int, int, str]]:
    """First column, last column and text of each cell; a `>` is merged with the cell to its left."""
    cells = (*row, *[""] * (width - len(row)))
    start = 0
    while start < width:
        end = start
        while end + 1 < width and cells[end + 1] == ">":
            end += 1
        yield start, end, cells[start]
        start = end + 1


# ---------------------------------------------------------------- Word


def field(run: Run, kind: str, instruction: str = "") -> None:
    element = OxmlElement("w:instrText" if instruction else "w:fldChar")
    if instruction:
        element.text = instruction
    else:
        element.set(qn("w:fldCharType"), kind)
    run._r.append(element)  # noqa: SLF001  python-docx has no fields


def shade(cell: _Cell, colour: str) -> None:
    element = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        element.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(element)  # noqa: SLF001  python-docx has no shading


def write(cell: _Cell, text: str, *, bold: bool, size: float) -> None:
    run = cell.paragraphs[0].add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    cell.paragraphs[0].paragraph_format.space_after = Pt(2)


def whole_row(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001  python-docx can't say it


def column_widths(rows: tuple[tuple[str, ...], ...], total: float) -> list[float]:
    columns = max(map(len, rows))
    need = []
    for index in range(columns):
        cells = [row[index] for row in rows if index < len(row) and ">" not in row]
        longest = max((len(cell) for cell in cells), default=0)
        word = max((len(part) for cell in cells for part in cell.split()), default=0)
        need.append(max(min(longest, 90) ** 0.75, 0.95 * word, 5))
    return [total * width / sum(need) for width in need]


def word_table(doc: Doc, block: Block, look: str) -> None:
    widths = column_widths(block.rows, 16.4)
    table = doc.add_table(rows=len(block.rows), cols=len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
    for index, row in enumerate(block.rows):
        for start, end, text in spans(row, len(widths)):
            cell = table.cell(index, start)
            if end > start:
                cell = cell.merge(table.cell(index, end))
            write(cell, text, bold=index == 0, size=FONTS[look][1] - 1)
            if index == 0:
                shade(cell, SHADE[look])
                cell.paragraphs[0].paragraph_format.keep_with_next = True
        whole_row(table.rows[index])
    doc.add_paragraph().paragraph_format.space_after = Pt(2)


def word_heading(doc: Doc, block: Block, look: str, *, first: bool) -> None:
    level = HEADINGS[block.kind]
    if look == "styles":
        doc.add_heading(block.text, level=0 if first else level)
    elif look == "table-layout" and level == 2:
        bar = doc.add_table(rows=1, cols=1, style="Table Grid").cell(0, 0)
        write(bar, block.text, bold=True, size=11)
        bar.paragraphs[0].paragraph_format.keep_with_next = True
        shade(bar, "F3B65B")
        doc.add_paragraph().paragraph_format.space_after = Pt(0)
    else:
        paragraph = doc.add_paragraph()
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.keep_with_next = Pt(8), True
        run = paragraph.add_run(block.text)
        run.bold, run.font.size = True, Pt((18, 13.5, 11.5)[level - 1])


def word_contents(doc: Doc, blocks: list[Block]) -> None:
    entries = contents(blocks)
    for index, (level, title, page) in enumerate(entries):
        line = doc.add_paragraph()
        line.paragraph_format.left_indent, line.paragraph_format.space_after = Cm(0.6 * (level - 1)), Pt(1)
        line.paragraph_format.tab_stops.add_tab_stop(Cm(16), leader=WD_TAB_LEADER.DOTS)
        if index == 0:
            run = line.add_run()
            field(run, "begin")
            field(run, "", ' TOC \\o "1-3" \\h \\z \\u ')
            field(run, "separate")
        line.add_run(f"{title}\t{page}")
        if index == len(entries) - 1:
            field(line.add_run(), "end")


def to_word(blocks: list[Block], path: Path, look: str) -> None:
    doc = Document()
    font, size = FONTS[look]
    normal = doc.styles["Normal"]
    normal.font.name, normal.font.size, normal.paragraph_format.space_after = font, Pt(size), Pt(6)
    section = doc.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    first = True
    for block in blocks:
        match block.kind:
            case "h1" | "h2" | "h3":
                word_heading(doc, block, look, first=first)
                first = False
            case "bold":
                paragraph = doc.add_paragraph()
                paragraph.paragraph_format.space_before = Pt(8)
                paragraph.paragraph_format.keep_with_next = True
                paragraph.add_run(block.text).bold = True
            case "p":
                doc.add_paragraph(block.text)
            case "li":
                doc.add_paragraph(block.text, style="List Bullet").paragraph_format.space_after = Pt(2)
            case "table":
                word_table(doc, block, look)
            case "toc":
                word_contents(doc, blocks)
            case "pagebreak":
                doc.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
            case "header":
                section.header.paragraphs[0].text = block.text
            case "footer":
                run = section.footer.paragraphs[0].add_run(f"{block.text}   ")
                field(run, "begin")
                field(run, "", "PAGE")
                field(run, "end")
    doc.core_properties.title = title_of(blocks)
    doc.core_properties.author = doc.core_properties.comments = ""
    doc.save(str(path))


# ---------------------------------------------------------------- PDF

BROWSER = """
@page { size: A4; margin: 18mm 17mm; @top-left { content: "%(header)s"; font: 8pt sans-serif; color: #666 }
  @bottom-center { content: "%(footer)s \\2013  " counter(page); font: 8pt sans-serif; color: #666 } }
body { font: 10.5pt/1.5 'DejaVu Sans', sans-serif; font-size: 9.6pt }
h1 { font-size: 20pt; border-bottom: 3px solid #2b6b5b; padding-bottom: 4pt } h2 { font-size: 13.5pt; color: #2b6b5b }
h3 { font-size: 10.5pt; margin-bottom: 3pt }
table { width: 100%%; border-collapse: collapse; font-size: 8.6pt; margin: 6pt 0 12pt }
td, th { border-bottom: 1px solid #bbb; padding: 4pt 5pt; text-align: left; vertical-align: top }
th { background: #e3efeb } td:empty { height: 1.3em } tr { break-inside: avoid } h1, h2, h3 { break-after: avoid }
"""
TWO_COLUMN = """
@page { size: A4; margin: 16mm 15mm; @bottom-left { content: "%(footer)s"; font: 8pt serif; color: #8a4b1f }
  @bottom-right { content: counter(page); font: 8pt serif; color: #8a4b1f } }
body { font: 10.4pt/1.42 'Liberation Serif', serif }
h1 { font-size: 22pt; color: #8a4b1f; margin: 0 0 4pt } h2 { font-size: 13pt; color: #8a4b1f; margin: 13pt 0 3pt }
.columns { columns: 2; column-gap: 9mm } p { margin: 0 0 6pt } ul { padding-left: 12pt; margin: 0 0 6pt }
table { width: 100%%; border-collapse: collapse; font-size: 9pt } h2, h3 { break-after: avoid }
td, th { border: .5pt solid #c9a182; padding: 2.5pt 4pt; text-align: left; vertical-align: top }
table, tr { break-inside: avoid } .columns > h2:first-child { margin-top: 0 }
"""


def html_table(block: Block) -> str:
    width = max(map(len, block.rows))
    rows = []
    for index, row in enumerate(block.rows):
        tag = "td" if index else "th"
        cells = (
            f'<{tag} colspan="{end - start + 1}">{html.escape(text)}</{tag}>' for start, end, text in spans(row, width)
        )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def to_html(blocks: list[Block], style: str) -> str:
    running = {"header": "", "footer": ""} | {b.kind: b.text.replace('"', "'") for b in blocks}
    body = []
    for block, previous in zip(blocks, [Block("start"), *blocks], strict=False):
        text = html.escape(block.text)
        if previous.kind == "li" and block.kind != "li":
            body.append("</ul>")
        match block.kind:
            case "h1" | "h2" | "h3":
                body.append(f"<{block.kind}>{text}</{block.kind}>")
            case "bold":
                body.append(f"<p><b>{text}</b></p>")
            case "p":
                body.append(f"<p>{text}</p>")
            case "li":
                body.append(("" if previous.kind == "li" else "<ul>") + f"<li>{text}</li>")
            case "table":
                body.append(html_table(block))
            case "cols":
                body.append('<div class="columns">' if text == "2" else "</div>")
            case _:
                pass
    head = f"<meta charset='utf-8'><title>{html.escape(title_of(blocks))}</title><style>{style % running}</style>"
    return f"<!doctype html><html lang='nl'><head>{head}</head><body>{''.join(body)}</body></html>"


def office(program: str, word: Path, pdf: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [program, "--headless", profile, "--convert-to", "pdf", "--outdir", folder, str(word)]
        subprocess.run(command, check=True, capture_output=True)
        shutil.move(Path(folder) / f"{word.stem}.pdf", pdf)


def browser(program: str, page: str, pdf: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(page, encoding="utf8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
        command = [program, *options, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True)


# ---------------------------------------------------------------- all


def title_of(blocks: list[Block]) -> str:
    return next(block.text for block in blocks if block.kind in ("h1", "bold"))


def to_pdf(blocks: list[Block], pdf: Path, how: str, look: str) -> str:
    """Make a PDF as `how` says; returns its name, or that it was left as it is."""
    name = "soffice" if how == "libreoffice" else "chromium"
    program = shutil.which(name)
    if program is None:
        return f"({pdf.name} left as it is: no {name})"
    if name == "soffice":
        with tempfile.TemporaryDirectory() as scratch:
            source = Path(scratch) / f"{pdf.stem}.docx"
            to_word(blocks, source, look)
            office(program, source, pdf)
    else:
        browser(program, to_html(blocks, TWO_COLUMN if how == "two-column" else BROWSER), pdf)
    return pdf.name


def render(folder: Path) -> str:
    wanted = yaml.safe_load((folder / "gold.yaml").read_text(encoding="utf8"))["render"]
    blocks = list(parse((folder / "source.md").read_text(encoding="utf8")))
    word, pdf = folder / f"{folder.name}.docx", folder / f"{folder.name}.pdf"
    done = []
    if wanted["docx"] != "none":
        to_word(blocks, word, wanted["docx"])
        done.append(word.name)
    if wanted["pdf"] != "none":
        done.append(to_pdf(blocks, pdf, wanted["pdf"], wanted.get("look", wanted["docx"])))
    return " ".join([folder.name, *done])


def render_dossier(folder: Path) -> str:
    done = []
    files = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf8"))["files"]
    for name, how in files.items():
        blocks = list(parse((folder / "source" / how["source"]).read_text(encoding="utf8")))
        path = folder / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if "docx" in how:
            to_word(blocks, path, how["docx"])
            done.append(name)
        else:
            done.append(to_pdf(blocks, path, how["pdf"], how.get("look", "styles")))
    return ", ".join([folder.name, *done])


def main() -> None:
    named = [Path(name).resolve() for name in sys.argv[1:]]
    found = sorted(path.parent for path in (*HERE.glob("*/gold.yaml"), *HERE.glob("dossiers/*/expected.yaml")))
    for folder in named or found:
        print(render_dossier(folder) if (folder / "expected.yaml").is_file() else render(folder))


if __name__ == "__main__":
    main()
