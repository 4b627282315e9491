"""Reads a web page: its text in order, with menu, page header and footer told apart from the content.

lxml's HTML parser repairs what is not well-formed; nothing is fetched, run or followed. What a visitor can open on the
page (folded parts, tabs) is read, what nobody ever sees is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from lxml import etree

from extractors.document import Block, BlockKind, Document, Note, ReadCode, SourceFile
from extractors.html_properties import properties
from extractors.html_table import TABLE_PARTS, grid_rows, is_layout, own_cells, own_rows
from extractors.limits import RefusedError
from extractors.normalise import CHECKED, UNCHECKED, clean, clean_line
from extractors.plain_text import decode
from extractors.sections import with_sections
from extractors.tables import GridCell, GridRow, table_blocks
from extractors.word_headings import Line, to_blocks

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DROPPED = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "canvas", "iframe", "object", "embed", "audio", "video"}
    | {"map", "head", "title", "meta", "link", "base", "datalist", "button"}
)
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html"}
    | {"legend", "li", "main", "menu", "nav", "ol", "optgroup", "p", "pre", "search", "section", "summary", "table"}
    | {"tbody", "td", "tfoot", "th", "thead", "tr", "ul", "caption"}
)
_SIZE = 10  # one size for all text: on a page, size is a matter of style sheets, and those are not read
_CONTENT = frozenset(("main", "article", "section", "aside", "figure"))
_BOLD = frozenset(("b", "strong"))
_SILENT_INPUTS = frozenset(("hidden", "submit", "button", "image", "reset", "file", "password"))
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_FOR_SCREEN_READERS = re.compile(r"\bskip[-_ ]?(?:link|to|nav)|screen-reader", re.IGNORECASE)
_CONTENTS = re.compile(r"\btoc\b|table[-_ ]of[-_ ]contents|inhoudsopgave", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
# lxml takes neither; a page that has them is damaged in that place only
_NO_XML = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff]")


def read_html(data: bytes, source: SourceFile) -> Document:
    """The document of a web page.

    Raises:
        RefusedError: The page is nested deeper than any real one, or is no HTML at all.
    """
    return read_html_text(decode(data), source)


def read_html_text(text: str, source: SourceFile, extra: dict[str, str] | None = None) -> Document:
    """As ``read_html``, for text; ``extra`` are properties that go before those of the page."""
    root = parse(text)
    walk = _Walk(root)
    walk.inside(root, _Place())
    walk.flush()
    notes = (Note(code="broken-encoding"),) if "\ufffd" in text else ()
    return Document(
        source=source,
        blocks=with_sections([*to_blocks(walk.flow), *walk.running]),
        notes=notes,
        properties=dict(sorted({**properties(root), **(extra or {})}.items())),
    )


def parse(text: str) -> etree._Element:
    """The root of the page; links, entities and includes are never followed."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    kept = _NO_XML.sub("", _XML_HEAD.sub("", text)).encode("utf-8", "replace")
    try:
        root: etree._Element | None = etree.fromstring(kept, parser)
    except etree.XMLSyntaxError as error:
        raise RefusedError(ReadCode.CORRUPT) from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise RefusedError(ReadCode.TOO_LARGE, found="nesting")
    if root is None:
        raise RefusedError(ReadCode.CORRUPT)
    return root


@dataclass(frozen=True, slots=True)
class _Place:
    """Where on the page the walk is."""

    area: BlockKind | None = None
    heading: int | None = None
    list_level: int = 0
    bold: bool = False
    literal: bool = False


class _Walk:
    """One pass over the page: gathers running text until a block begins or ends."""

    def __init__(self, root: etree._Element) -> None:
        self.flow: list[Line | list[Block]] = []
        self.running: list[Block] = []
        self._parts: list[tuple[str, bool]] = []
        self._place = _Place()
        self._item: tuple[int, str] | None = None
        self._tables = 0
        self._level = 0
        self._opened = _opened_ids(root)
        # a theme may put the title of the page itself in its header
        titles = [title for title in root.iter("h1") if _text_of(title)]
        self._title_in_header = bool(titles) and all(_in_page_header(title) for title in titles)

    def inside(self, element: etree._Element, place: _Place) -> None:
        """Reads the text and the elements in an element."""
        self._say(element.text, place)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, place)
            self._say(child.tail, place)

    def flush(self) -> None:
        """Ends the running text."""
        parts, self._parts = self._parts, []
        raw = "".join(text for text, _ in parts)
        raw = raw if self._place.literal else re.sub(r" *\n *", "\n", raw).strip(" \n")
        if not clean(raw):
            return
        place = self._place
        if place.area in (BlockKind.HEADER, BlockKind.FOOTER):
            self._run(place.area, clean_line(raw))
            return
        level, label = self._item or (None, "")
        self._item = None
        bold = all(bold for text, bold in parts if text.strip())
        self.flow.append(
            Line(
                raw=raw,
                page=None,
                heading=place.heading,
                list_level=level,
                label=label,
                toc=place.area is BlockKind.TOC,
                bold=bold,
                size=_SIZE,
            )
        )
        self._level = place.heading or self._level

    def _run(self, kind: BlockKind, text: str) -> None:
        block = Block(kind=kind, text=text)
        if block not in self.running:
            self.running.append(block)

    def _say(self, text: str | None, place: _Place) -> None:
        if not text:
            return
        if not self._parts:
            self._place = place
        if not place.literal:
            text = _SPACE.sub(" ", text)
            if text.startswith(" ") and self._parts and self._parts[-1][0].endswith((" ", "\n")):
                text = text[1:]
        self._parts.append((text, place.bold))

    def _element(self, element: etree._Element, place: _Place) -> None:
        tag = str(element.tag).lower()
        if tag == "br":
            self._parts.append(("\n", place.bold))
        elif (tag in _DROPPED and not self._opens(element)) or self._is_hidden(element):
            return
        elif tag in ("input", "select", "textarea"):
            self._say(_answer(element, tag), place)
        elif tag in _BLOCKS or tag == "button" or element.get("role") == "heading":
            self.flush()
            self._block(element, tag, place)
            self.flush()
        else:
            bold = place.bold or tag in _BOLD or "font-weight:bold" in element.get("style", "").replace(" ", "")
            self.inside(element, replace(place, bold=bold) if bold != place.bold else place)

    def _block(self, element: etree._Element, tag: str, place: _Place) -> None:
        area = place.area or _area(element, tag)
        level = _heading_level(element, tag, self._level)
        if level == 1 and area is BlockKind.HEADER and self._title_in_header:
            area = None
        place = replace(place, area=area)
        if level is not None:
            self.inside(element, replace(place, heading=level, list_level=0))
        elif tag == "table" and not area:
            self._table(element, place)
        elif tag == "dl" and not area:
            self._answers(element, place)
        elif tag in ("ul", "ol", "menu"):
            self._list(element, tag, place)
        elif tag == "pre":
            self.inside(element, replace(place, literal=True))
        else:
            self.inside(element, place)

    def _list(self, element: etree._Element, tag: str, place: _Place) -> None:
        if place.area is None and _only_points_inside(element, at_least=3):
            place = replace(place, area=BlockKind.TOC)
        inner = replace(place, list_level=place.list_level + 1)
        number = _whole(element.get("start"), 1)
        self._say(element.text, inner)
        for child in element:
            if child.tag != "li":
                if isinstance(child.tag, str):
                    self._element(child, inner)
            elif not self._is_hidden(child):
                self.flush()
                number = _whole(child.get("value"), number)
                if not place.area:
                    self._item = (inner.list_level, f"{number}." if tag == "ol" else "")
                self.inside(child, inner)
                self.flush()
                self._item = None
                number += 1
            self._say(child.tail, inner)

    def _table(self, element: etree._Element, place: _Place) -> None:
        self._loose(element, place, within=TABLE_PARTS, cells={"tr": ("td", "th")})
        self.flush()
        rows = own_rows(element)
        if is_layout(element, rows):
            for row in rows:
                for cell in row.iterchildren("td", "th"):
                    self.inside(cell, place)
                    self.flush()
            return
        self._add_table(grid_rows(rows, self._cell_lines))

    def _loose(
        self, element: etree._Element, place: _Place, *, within: tuple[str, ...], cells: dict[str, tuple[str, ...]]
    ) -> None:
        """What stands in a table and in none of its cells: its caption, and text that is out of place."""
        self._say(element.text, place)
        for child in element:
            if child.tag in within:
                self._loose(child, place, within=within, cells=cells)
            elif child.tag not in cells.get(str(element.tag), ()) and isinstance(child.tag, str):
                self._element(child, place)
            self._say(child.tail, place)

    def _answers(self, element: etree._Element, place: _Place) -> None:
        """A list of terms: each term with its texts is a row of two cells."""
        self._loose(element, place, within=("div",), cells={"dl": ("dt", "dd"), "div": ("dt", "dd")})
        self.flush()
        rows: list[GridRow] = []
        term = ""
        for child in own_cells(element, ("dt", "dd"), within=("div",)):
            if self._is_hidden(child):
                continue
            text = "\n".join(line.raw for line in self._cell_lines(child))
            if child.tag == "dt":
                term = "\n".join(part for part in (term, clean(text)) if part)
                continue
            rows.append(GridRow(cells=(GridCell(column=0, text=term, bold=True), GridCell(column=1, text=clean(text)))))
            term = ""
        if term:
            rows.append(GridRow(cells=(GridCell(column=0, text=term, bold=True), GridCell(column=1, text=""))))
        self._add_table(rows, first_is_header=False)

    def _add_table(self, rows: list[GridRow], *, first_is_header: bool | None = None) -> None:
        blocks = table_blocks(rows, self._tables, first_is_header=first_is_header)
        if blocks:
            self.flow.append(blocks)
            self._tables += 1

    def _cell_lines(self, cell: etree._Element) -> list[Line]:
        """The lines in a cell, those of lists and tables inside it too."""
        outer = self.flow, self._parts, self._place, self._item
        self.flow, self._parts, self._item = [], [], None
        self.inside(cell, _Place())
        self.flush()
        found = self.flow
        self.flow, self._parts, self._place, self._item = outer
        lines: list[Line] = []
        for entry in found:
            if isinstance(entry, Line):
                lines.append(replace(entry, raw=f"{entry.label} {entry.raw}".strip()))
            else:
                lines.extend(Line(raw=block.text, page=None) for block in entry)
        return lines

    def _opens(self, element: etree._Element) -> bool:
        """Whether this is the button of a folded part: then its words are the title of that part."""
        return element.tag == "button" and bool(element.get("aria-controls") or element.get("data-bs-target"))

    def _is_hidden(self, element: etree._Element) -> bool:
        if _FOR_SCREEN_READERS.search(element.get("class", "")):
            return True
        hidden = "hidden" in element.attrib or _NOT_SHOWN.search(element.get("style", ""))
        return bool(hidden) and element.get("role") != "tabpanel" and element.get("id") not in self._opened


def _opened_ids(root: etree._Element) -> frozenset[str]:
    """Ids of parts of the page that a visitor can fold out."""
    names = ("aria-controls", "data-target", "data-bs-target", "data-toggle-target")
    said = (
        element.get(name, "")
        for element in root.iter()
        for name in names
        if isinstance(element.tag, str) and element.get(name)
    )
    return frozenset(part.lstrip("#") for text in said for part in text.split())


def _area(element: etree._Element, tag: str) -> BlockKind | None:
    """The part of the page that begins with this element: its header, footer, menu or contents."""
    role = element.get("role", "")
    if tag == "nav" or role == "navigation":
        return BlockKind.TOC if _only_points_inside(element, at_least=2) else BlockKind.HEADER
    if role == "banner" or (tag == "header" and not _in_content(element)):
        return BlockKind.HEADER
    if role == "contentinfo" or (tag == "footer" and not _in_content(element)):
        return BlockKind.FOOTER
    if tag == "div" and element.get("title") in ("header", "footer"):  # as LibreOffice writes them
        return BlockKind.HEADER if element.get("title") == "header" else BlockKind.FOOTER
    if tag == "div" and _CONTENTS.search(f"{element.get('id', '')} {element.get('class', '')}"):
        return BlockKind.TOC if _only_points_inside(element, at_least=2) else None
    # consent to cookies and the like stands over the page, not in it
    if tag == "dialog" or role in ("dialog", "alertdialog", "search") or tag == "search":
        return BlockKind.HEADER
    return None


def _in_content(element: etree._Element) -> bool:
    return any(outer.tag in _CONTENT or outer.get("role") == "main" for outer in element.iterancestors())


def _in_page_header(element: etree._Element) -> bool:
    return any(_area(outer, str(outer.tag)) is BlockKind.HEADER for outer in element.iterancestors())


def _only_points_inside(element: etree._Element, *, at_least: int) -> bool:
    """Whether an element is a table of contents: nothing but links to places on the same page."""
    links = [link for link in element.iter("a") if _text_of(link)]
    if len(links) < at_least or not all(link.get("href", "").startswith("#") for link in links):
        return False
    return sum(len(_text_of(link)) for link in links) >= 0.7 * len(_text_of(element))


def _text_of(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _heading_level(element: etree._Element, tag: str, above: int) -> int | None:
    if tag in _HEADINGS:
        return _HEADINGS[tag]
    if element.get("role") == "heading":
        return min(6, max(1, _whole(element.get("aria-level"), 2)))
    if tag in ("summary", "button"):
        # a button or summary inside a heading is that heading
        if any(outer.tag in _HEADINGS for outer in element.iterancestors()):
            return None
        return min(above + 1, 6)
    return None


def _answer(element: etree._Element, tag: str) -> str:
    """What a field of a form shows."""
    if tag == "textarea":
        return f" {_text_of(element)} "
    if tag == "select":
        chosen: Iterable[etree._Element] = (o for o in element.iter("option") if "selected" in o.attrib)
        return " " + ", ".join(_text_of(option) for option in chosen) + " "
    kind = element.get("type", "text").lower()
    if kind in ("checkbox", "radio"):
        return f" {CHECKED if 'checked' in element.attrib else UNCHECKED} "
    return "" if kind in _SILENT_INPUTS else f" {element.get('value', '')} "


def _whole(text: str | None, otherwise: int) -> int:
    found = re.fullmatch(r"\s*(-?\d{1,6})\s*", text or "", re.ASCII)
    return int(found[1]) if found else otherwise
