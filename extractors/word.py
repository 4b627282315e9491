"""Reads DOCX: a walk over the XML of the body in document order, with what a reader of the document sees."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from lxml import etree

from extractors.document import Block, BlockKind, Document, SourceFile
from extractors.normalise import clean, clean_line, split_bullet, strip_page_label
from extractors.sections import with_sections
from extractors.tables import GridCell, GridRow, table_blocks
from extractors.word_headings import Line, blocks_of_each
from extractors.word_numbering import Numbering
from extractors.word_package import Package, R, W, children_of, int_of, is_on, value_of, whole_number
from extractors.word_styles import Styles
from extractors.word_text import Paragraph, TextReader, prepare

_PARAGRAPH, _TABLE, _ROW, _CELL = W + "p", W + "tbl", W + "tr", W + "tc"
_CELL_PROPERTIES, _SPAN, _MERGE, _SHADE, _VAL = (W + name for name in ("tcPr", "gridSpan", "vMerge", "shd", "val"))
_SEPARATORS = ("separator", "continuationSeparator", "continuationNotice")


class Reading(NamedTuple):
    """A document with what its blocks were made from."""

    document: Document
    flow: list[Line | list[Block]]
    blocks: list[list[Block]]
    """Those of each item of the flow."""
    rows: dict[int, list[list[list[Paragraph]]]]
    """Table number to the paragraphs of each cell of each row."""


def read_word(data: bytes, source: SourceFile) -> Document:
    """The document; raises KeyError, BadZipFile or XMLSyntaxError for a damaged file."""
    return read_flow(data, source).document


def read_flow(data: bytes, source: SourceFile, *, before: Callable[[etree._Element], None] | None = None) -> Reading:
    """As ``read_word``, with what each block was made from.

    Args:
        data: The file.
        source: Its identity.
        before: Is given the tree of the main part as it stands in the file, before changes are accepted in it.
    """
    package = Package(data)
    root = package.xml(package.main)
    body = None if root is None else root.find(W + "body")
    if root is None or body is None:
        raise KeyError(package.main)
    # without rendered page breaks nothing is known about pages, and a guessed page is a defect
    paged = next(body.iter(W + "lastRenderedPageBreak"), None) is not None
    walk = _Walk(package, paged=paged)
    if before is not None:
        before(root)
    prepare(root)
    flow = list(walk.flow(body))
    blocks = blocks_of_each(flow)
    running = _running(package, body, walk.styles)
    document = Document(
        source=source,
        blocks=with_sections([*itertools.chain.from_iterable(blocks), *running]),
        pages=walk.page if paged else None,
        properties=package.properties(),
    )
    return Reading(document, flow, blocks, walk.rows)


class _Walk:
    """One pass over the body: counts pages, tables and list numbers while it goes."""

    def __init__(self, package: Package, *, paged: bool) -> None:
        self.styles = Styles(package.styles())
        self.page = 1
        self.rows: dict[int, list[list[list[Paragraph]]]] = {}
        self._numbering = Numbering(package.linked(package.main, "numbering"), self.styles)
        self._text = TextReader(self.styles)
        self._notes = {kind: _notes(package, kind) for kind in ("footnote", "endnote")}
        self._tables = 0
        self._paged = paged

    def flow(self, parent: etree._Element) -> Iterator[Line | list[Block]]:
        """Lines and tables of a body, a text box or the cell of a layout table."""
        carried: Paragraph | None = None
        for child in parent:
            if child.tag == _PARAGRAPH:
                paragraph = self._paragraph(child)
                if carried is not None:
                    paragraph.text = carried.text + paragraph.text
                    paragraph.parts = carried.parts + paragraph.parts
                    paragraph.runs = carried.runs + paragraph.runs
                carried = paragraph if paragraph.joins_next and paragraph.text else None
                if carried is not None:
                    continue
                yield from self._lines(paragraph)
            elif child.tag == _TABLE:
                yield from self._table(child)

    def _paragraph(self, element: etree._Element) -> Paragraph:
        """Reads a paragraph and sets its page, the one where its text starts."""
        paragraph = self._text.read(element)
        self.page += paragraph.page - 1
        paragraph.page = self.page
        self.page += paragraph.breaks
        return paragraph

    def _lines(self, paragraph: Paragraph) -> Iterator[Line | list[Block]]:
        if paragraph.lead and paragraph.num_id is None and paragraph.style.heading is None and not paragraph.toc:
            yield from self._headed(paragraph)
        elif clean(paragraph.text):
            yield self._line(paragraph)
        for note in self._note_texts(paragraph):
            yield Line(raw=note, page=self._shown(paragraph.page), kind=BlockKind.FOOTNOTE, source=paragraph)
        for box in paragraph.boxes:
            yield from self.flow(box)

    def _headed(self, paragraph: Paragraph) -> Iterator[Line]:
        """A bold line and the text below it, typed as one paragraph with a soft line break."""
        whole = self._line(paragraph)
        yield replace(whole, raw=whole.raw[: paragraph.lead], bold=True)
        yield replace(whole, raw=whole.raw[paragraph.lead + 1 :], bold=False)

    def _line(self, paragraph: Paragraph) -> Line:
        style = paragraph.style
        heading = style.heading
        if paragraph.outline is not None:
            heading = paragraph.outline if paragraph.outline <= 9 else None
        label, list_level = None, style.list_level if heading is None else None
        if paragraph.num_id not in (None, "0") and not paragraph.toc:
            label = self._numbering.label(str(paragraph.num_id), paragraph.num_level)
            if label is not None and heading is None:
                list_level = max(list_level or 1, paragraph.num_level + 1)
        return Line(
            raw=paragraph.text,
            page=self._shown(paragraph.page),
            heading=heading,
            list_level=list_level,
            label=clean_line(label or ""),
            toc=paragraph.toc,
            bold=paragraph.bold,
            size=paragraph.size,
            source=paragraph,
        )

    def _shown(self, page: int) -> int | None:
        return page if self._paged else None

    def _note_texts(self, paragraph: Paragraph) -> list[str]:
        if not paragraph.notes:
            return []
        found = [self._notes[kind].get(note_id, "") for kind, note_id in paragraph.notes]
        return [text for text in found if text]

    def _table(self, table: etree._Element) -> Iterator[Line | list[Block]]:
        rows = [row for row in table.iterchildren(_ROW) if row.find(f"{W}trPr/{W}hidden") is None]
        grids = [_spans(row) for row in rows]
        width = max((cell.column + cell.span for grid in grids for cell in grid), default=0)
        if width <= 1 or all(len(grid) <= 1 for grid in grids) or self._has_headings(table):
            yield from self._layout_table(grids)
            return
        number = self._tables
        self._tables += 1
        style = self.styles.get(value_of(table.find(W + "tblPr"), "tblStyle"), "table")
        marked_bold = style.header_row_bold and _first_row_look(table)
        nested: list[etree._Element] = []
        later: list[Line | list[Block]] = []
        grid_rows: list[GridRow] = []
        sources = self.rows[number] = []
        for index, (row, grid) in enumerate(zip(rows, grids, strict=True)):
            sources.append([])
            grid_rows.append(self._row(row, grid, nested, later, sources[-1], styled_bold=marked_bold and index == 0))
        yield table_blocks(grid_rows, number)
        for inner in nested:
            yield from self._table(inner)
        yield from later

    def _row(
        self,
        row: etree._Element,
        grid: list[_Cell],
        nested: list[etree._Element],
        later: list[Line | list[Block]],
        sources: list[list[Paragraph]],
        *,
        styled_bold: bool,
    ) -> GridRow:
        start = end = self.page
        first_page: int | None = None
        cells: list[GridCell] = []
        for place in grid:
            # a row that runs over a page holds the same page break once in every cell
            self.page = start
            if not place.continues_above:
                texts: list[str] = []
                bold = True
                sources.append([])
                for paragraph in self._cell_paragraphs(place.element, nested):
                    text = self._cell_text(paragraph)
                    if text:
                        texts.append(text)
                        sources[-1].append(paragraph)
                        bold = bold and paragraph.bold
                        first_page = first_page or paragraph.page
                    later.extend(
                        Line(raw=note, page=self._shown(paragraph.page), kind=BlockKind.FOOTNOTE, source=paragraph)
                        for note in self._note_texts(paragraph)
                    )
                cells.append(
                    GridCell(
                        column=place.column,
                        span=place.span,
                        text="\n".join(texts),
                        bold=styled_bold or (bold and bool(texts)),
                        shade=place.shade,
                    )
                )
            end = max(end, self.page)
        self.page = end
        marked = bool(is_on(row.find(W + "trPr"), "tblHeader"))
        return GridRow(cells=tuple(cells), page=self._shown(first_page or start), marked=marked)

    def _cell_paragraphs(self, cell: etree._Element, nested: list[etree._Element]) -> Iterator[Paragraph]:
        """The paragraphs of a cell with those of its text boxes; tables inside are put aside in ``nested``."""
        for child in cell:
            if child.tag == _PARAGRAPH:
                paragraph = self._paragraph(child)
                yield paragraph
                for box in paragraph.boxes:
                    yield from self._cell_paragraphs(box, nested)
            elif child.tag == _TABLE:
                nested.append(child)

    def _cell_text(self, paragraph: Paragraph) -> str:
        text = clean(paragraph.text)
        if not text:
            return ""
        if paragraph.num_id not in (None, "0"):
            label = self._numbering.label(str(paragraph.num_id), paragraph.num_level)
            return f"{clean_line(label)} {text}" if label else text
        return split_bullet(text)[1] if len(text) > 2 and text[0] in "•▪●" else text

    def _layout_table(self, grids: list[list[_Cell]]) -> Iterator[Line | list[Block]]:
        """A table of one column, or one with headings in it, only places text: its content is ordinary text."""
        for index, grid in enumerate(grids):
            for cell in grid:
                if cell.continues_above:
                    continue
                items = list(self.flow(cell.element))
                if index + 1 < len(grids) and len(items) == 1 and isinstance(items[0], Line) and cell.shade:
                    items[0].bold = True
                yield from items

    def _has_headings(self, table: etree._Element) -> bool:
        named = (element.get(W + "val") for element in table.iter(W + "pStyle"))
        return any(name is not None and self.styles.get(name).heading is not None for name in named)


class _Cell(NamedTuple):
    """A cell with its place in the grid."""

    element: etree._Element
    column: int
    span: int
    continues_above: bool
    shade: str | None


def _spans(row: etree._Element) -> list[_Cell]:
    """The cells of a row with their grid column and span."""
    column = int_of(row.find(W + "trPr"), "gridBefore") or 0
    found: list[_Cell] = []
    for cell in row.iterchildren(_CELL):
        own = children_of(cell.find(_CELL_PROPERTIES))
        spans, merge, shade = own.get(_SPAN), own.get(_MERGE), own.get(_SHADE)
        span = max(1, whole_number(spans.get(_VAL)) or 1) if spans is not None else 1
        continues = merge is not None and merge.get(_VAL, "continue") == "continue"
        found.append(_Cell(cell, column, span, continues, None if shade is None else _shade(shade)))
        column += span
    return found


def _shade(shade: etree._Element) -> str | None:
    fill = shade.get(W + "fill")
    return None if fill is None or fill.lower() in ("auto", "ffffff") else fill.upper()


def _first_row_look(table: etree._Element) -> bool:
    look = table.find(f"{W}tblPr/{W}tblLook")
    if look is None:
        return False
    first_row = look.get(W + "firstRow")
    if first_row is not None:
        return first_row in ("1", "true", "on")
    value = look.get(W + "val", "0")
    return all(character in "0123456789abcdefABCDEF" for character in value) and bool(int(value, 16) & 0x20)


def _notes(package: Package, kind: str) -> dict[str, str]:
    """Texts of the footnotes or endnotes by id."""
    root = package.linked(package.main, kind + "s")
    if root is None:
        return {}
    prepare(root)
    reader = TextReader(Styles(None))
    found: dict[str, str] = {}
    for note in root.iterchildren(W + kind):
        if note.get(W + "type") not in _SEPARATORS:
            texts = (clean(reader.read(element).text) for element in note.iter(_PARAGRAPH))
            found[note.get(W + "id", "")] = "\n".join(text for text in texts if text)
    return found


def _running(package: Package, body: etree._Element, styles: Styles) -> list[Block]:
    """Running headers and footers, each text once."""
    relations = package.relations(package.main)
    seen: set[tuple[BlockKind, str]] = set()
    blocks: list[Block] = []
    for kind, name in ((BlockKind.HEADER, "headerReference"), (BlockKind.FOOTER, "footerReference")):
        for reference in body.iter(W + name):
            relation = relations.get(reference.get(R + "id", ""))
            root = None if relation is None else package.xml(relation.target)
            if root is None:
                continue
            for text in _running_texts(root, styles):
                if (kind, text) not in seen:
                    seen.add((kind, text))
                    blocks.append(Block(kind=kind, text=text))
    return blocks


def _running_texts(root: etree._Element, styles: Styles) -> Iterable[str]:
    prepare(root)
    reader = TextReader(styles)
    # the fields that count pages give no text, so a number that is left is one of the document
    texts = (strip_page_label(clean_line(reader.read(element).text), bare=False) for element in root.iter(_PARAGRAPH))
    return [text for text in texts if any(character.isalpha() for character in text)]
