"""Small documents made in the test, and the files under fixtures/."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

from extractors.document import Block, BlockKind, Document
from extractors.limits import DEFAULT
from extractors.markdown import read_markdown
from extractors.registry import read_bytes, read_document

FIXTURES = Path(__file__).parent / "fixtures"
_MICROSOFT = "http://schemas.microsoft.com/office/word/2010"
_OPEN = "http://schemas.openxmlformats.org"
NAMESPACES = (
    f'xmlns:w="{_OPEN}/wordprocessingml/2006/main" xmlns:mc="{_OPEN}/markup-compatibility/2006" '
    f'xmlns:r="{_OPEN}/officeDocument/2006/relationships" xmlns:w14="{_MICROSOFT}/wordml" '
    f'xmlns:wps="{_MICROSOFT}/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"'
)
STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="Standaard"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Kop1"><w:name w:val="heading 1"/><w:basedOn w:val="Standaard"/></w:style>
<w:style w:type="paragraph" w:styleId="Kop2"><w:name w:val="heading 2"/>
  <w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Eigen"><w:name w:val="Eigen kop"/><w:basedOn w:val="Kop2"/></w:style>
<w:style w:type="paragraph" w:styleId="KopNL"><w:name w:val="Kop 3"/></w:style>
<w:style w:type="paragraph" w:styleId="Inhopg1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Lijst2"><w:name w:val="List Bullet 2"/></w:style>
"""
NUMBERING = """
<w:abstractNum w:abstractNumId="0">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
"""
PARTS = {"styles": STYLES, "numbering": NUMBERING}


def docx_bytes(body: str, *, doctype: str = "", **parts: str) -> bytes:
    """A minimal DOCX file around the XML of a body; further parts (header1, footnotes) by name."""
    every = {**PARTS, **parts}
    kinds = {name: name.rstrip("0123456789") for name in every}
    links = "".join(
        f'<Relationship Id="{name}" Target="{name}.xml" Type="http://x/relationships/{kind}"/>'
        for name, kind in kinds.items()
    )
    roots = {"header": "hdr", "footer": "ftr"}
    packages = "http://schemas.openxmlformats.org/package/2006"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types>wordprocessingml</Types>")
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" '
            'Type="http://x/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/_rels/document.xml.rels", f'<Relationships xmlns="{packages}/relationships">{links}</Relationships>'
        )
        hostile = "<w:p><w:r><w:t>&e;&f;</w:t></w:r></w:p>" if doctype else ""
        root = f"<w:document {NAMESPACES}><w:body>{body}{hostile}</w:body></w:document>"
        archive.writestr("word/document.xml", doctype + root)
        for name, content in every.items():
            root = roots.get(kinds[name], kinds[name])
            archive.writestr(f"word/{name}.xml", f"<w:{root} {NAMESPACES}>{content}</w:{root}>")
    return buffer.getvalue()


def read_docx(body: str, **parts: str) -> Document:
    found = read_bytes(docx_bytes(body, **parts), "test.docx")
    assert isinstance(found, Document), found
    return found


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def par(*content: str, style: str = "", properties: str = "") -> str:
    """A paragraph; content without a tag becomes a run."""
    runs = "".join(part if part.startswith("<") else run(part) for part in content)
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{runs}</w:p>"


def cell(*paragraphs: str, properties: str = "") -> str:
    inner = "".join(part if part.startswith("<") else par(part) for part in paragraphs)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def row(*cells: str, properties: str = "") -> str:
    inner = "".join(part if part.startswith(("<w:tc", "<w:sdt")) else cell(part) for part in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def bold(text: str) -> str:
    return cell(par(run(text, "<w:b/>")))


def fixture(name: str) -> Document:
    # without OCR: a test may not depend on what is installed
    found = read_document(FIXTURES / name, limits=replace(DEFAULT, ocr=False))
    assert isinstance(found, Document), found
    return found


def source(name: str) -> Document:
    return read_markdown((FIXTURES / name).read_text(encoding="utf-8"))


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in document.blocks]


def body(document: Document) -> list[Block]:
    outside = (BlockKind.TOC, BlockKind.HEADER, BlockKind.FOOTER)
    return [block for block in document.blocks if block.kind not in outside]
