"""Reads the small Markdown in which labelled test documents are written.

Headings, paragraphs, ``- `` items, pipe tables (first row is the header row, ``>`` continues the cell to its left) and
directives in brackets: ``[toc]``, ``[toc] one line``, ``[header: …]``, ``[footer: …]``, ``[boldline] …``,
``[pagebreak]``, ``[cols 2]``. Running headers and footers come after the body, as in the other formats.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from extractors.document import Block, BlockKind, Document, SourceFile
from extractors.normalise import clean_line
from extractors.sections import with_sections
from extractors.tables import GridCell, GridRow, table_blocks

_HEADING = re.compile(r"(#{1,6}) +(.*)")
_RUNNING = re.compile(r"\[(header|footer): (.*)\]")
_TOC_LINE = re.compile(r"\[toc\] +(.*)")
_LAYOUT = re.compile(r"\[(?:pagebreak|cols \d)\]")
_BOLD_LINE = "[boldline] "


def read_markdown(text: str, name: str = "document.md") -> Document:
    """A document from the small Markdown; never fails, since anything else is a paragraph."""
    data = text.encode()
    source = SourceFile(name=name, sha256=hashlib.sha256(data).hexdigest(), format="markdown", size=len(data))
    blocks = list(_blocks(text))
    entries = [
        Block(kind=BlockKind.TOC, text=block.text, level=None) for block in blocks if block.kind is BlockKind.HEADING
    ]
    expanded: list[Block] = []
    for block in blocks:
        expanded.extend(entries if block.kind is BlockKind.TOC and not block.text else [block])
    body = [block for block in expanded if block.kind not in (BlockKind.HEADER, BlockKind.FOOTER)]
    running = [block for block in expanded if block.kind in (BlockKind.HEADER, BlockKind.FOOTER)]
    return Document(source=source, blocks=with_sections([*body, *running]))


def _blocks(text: str) -> Iterator[Block]:
    """The blocks in the order of the file; a TOC block without text stands for all headings."""
    paragraph: list[str] = []
    table: list[str] = []
    tables = 0
    last_level = 0
    for line in [*(raw.strip() for raw in text.splitlines()), ""]:
        single = _single(line, last_level)
        if paragraph and (not line or line.startswith("|") or single):
            yield Block(kind=BlockKind.PARAGRAPH, text=clean_line(" ".join(paragraph)))
            paragraph = []
        if table and not line.startswith("|"):
            yield from table_blocks(_rows(table), tables, first_is_header=True)
            table = []
            tables += 1
        if line.startswith("|"):
            table.append(line)
        elif single:
            if line.startswith("#"):
                last_level = single.level or 1
            yield single
        elif line and not _LAYOUT.fullmatch(line):
            paragraph.append(line)


def _single(line: str, last_level: int) -> Block | None:
    """The block of a line that is a block by itself."""
    if heading := _HEADING.fullmatch(line):
        return Block(kind=BlockKind.HEADING, text=clean_line(heading[2]), level=len(heading[1]))
    if line.startswith(_BOLD_LINE):
        return Block(kind=BlockKind.HEADING, text=clean_line(line[len(_BOLD_LINE) :]), level=last_level + 1)
    if line.startswith("- "):
        return Block(kind=BlockKind.ITEM, text=clean_line(line[2:]), level=1)
    if running := _RUNNING.fullmatch(line):
        kind = BlockKind.HEADER if running[1] == "header" else BlockKind.FOOTER
        return Block(kind=kind, text=clean_line(running[2]))
    if line == "[toc]":
        return Block(kind=BlockKind.TOC, text="")
    if entry := _TOC_LINE.fullmatch(line):
        return Block(kind=BlockKind.TOC, text=clean_line(entry[1]))
    return None


def _rows(lines: list[str]) -> list[GridRow]:
    rows: list[GridRow] = []
    for index, line in enumerate(lines):
        texts = [text.strip() for text in line.removeprefix("|").removesuffix("|").split("|")]
        if index == 1 and all(set(text) <= set("-: ") for text in texts):
            continue
        cells: list[GridCell] = []
        for column, text in enumerate(texts):
            if text == ">" and cells:
                last = cells.pop()
                cells.append(GridCell(column=last.column, text=last.text, span=last.span + 1))
            else:
                cells.append(GridCell(column=column, text=clean_line(text)))
        rows.append(GridRow(cells=tuple(cells)))
    return rows
