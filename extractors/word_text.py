"""The text of Word paragraphs as a reader sees it: tracked changes accepted, content controls and checkboxes kept."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from lxml import etree

from extractors.normalise import CHECKED, UNCHECKED
from extractors.word_package import MC, W14, M, W, children_of, int_of, is_on, state_of, value_of, whole_number
from extractors.word_styles import Style, Styles

_SKIPPED_FIELDS = ("PAGE", "NUMPAGES", "SECTIONPAGES")
_FLAT = [
    W + name for name in ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "dir", "bdo", "sdt", "sdtContent")
]
_FLAT += [MC + "AlternateContent", MC + "Choice"]
_GONE = [W + name for name in ("del", "moveFrom", "sdtPr", "sdtEndPr", "rPrChange", "pPrChange", "tcPrChange", "rt")]
_GONE += [MC + "Fallback"]
_FIXED = {W + "tab": "\t", W + "cr": "\n", W + "noBreakHyphen": "-", W + "ptab": "\t"}
_TEXT = (W + "t", M + "t")
_BOX = W + "txbxContent"
_RUN, _PPR, _RPR, _PSTYLE, _RSTYLE = (W + name for name in ("r", "pPr", "rPr", "pStyle", "rStyle"))
_OUTLINE, _NUMBERING, _FONTS = (W + name for name in ("outlineLvl", "numPr", "rFonts"))
_BOLD, _LINE, _HIDDEN, _SIZE, _COLOUR = (W + name for name in ("b", "u", "vanish", "sz", "color"))
_MATHS = (M + "oMath", M + "oMathPara")
_PLAIN = W + "t"
_VAL = W + "val"
_SYMBOL_FONTS = ("wingdings", "symbol", "webdings")
_PICTURE_FONTS = ("wingdings", "webdings")
# the character style that Word gives to "Klik om tekst in te voeren", by its English and Dutch ids
_PLACEHOLDER_STYLES = ("PlaceholderText", "Tekstvantijdelijkeaanduiding")
_WHITE = "FFFFFF"


@dataclass(slots=True, kw_only=True)
class Paragraph:
    """One paragraph as read, before it is known whether it is a heading."""

    text: str
    style: Style
    bold: bool = False
    """Every visible letter is bold (or underlined)."""
    size: int = 0
    """Half points, of the largest part of the text."""
    page: int = 1
    breaks: int = 0
    """Rendered page breaks inside, counted before and after the first text."""
    num_id: str | None = None
    num_level: int = 0
    outline: int | None = None
    toc: bool = False
    lead: int = 0
    """Length of a bold first line, parted by a soft line break from ordinary text: a heading typed with its text."""
    joins_next: bool = False
    """The paragraph mark is a tracked deletion: with the change accepted the text goes on in the next paragraph."""
    boxes: list[etree._Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    """The text in pieces, one a run with visible text; ``text`` is all of them together."""
    runs: list[etree._Element] = field(default_factory=list)
    """The run of each piece: where in the file it comes from."""
    element: etree._Element | None = None


def prepare(root: etree._Element) -> None:
    """Turns the tree, in place, into what a reader sees: changes accepted, controls filled, each text box once."""
    _accept_deletions(root)
    for sdt in list(root.iter(W + "sdt")):
        _settle_control(sdt)
    for simple in list(root.iter(W + "fldSimple")):
        if simple.get(W + "instr", "").split()[:1] and simple.get(W + "instr", "").split()[0] in _SKIPPED_FIELDS:
            _remove(simple)
    etree.strip_elements(root, *_GONE, with_tail=False)
    etree.strip_tags(root, *_FLAT, W + "fldSimple", W + "ruby", W + "rubyBase")


def _accept_deletions(root: etree._Element) -> None:
    for mark in list(root.iter(W + "del")):
        parent = mark.getparent()
        if parent is None:
            continue
        if parent.tag == W + "rPr":
            holder = parent.getparent()
            if holder is not None and holder.tag == W + "pPr":
                holder.set("joins-next", "1")
        elif parent.tag == W + "trPr":
            _remove(parent.getparent())


def _settle_control(sdt: etree._Element) -> None:
    """A content control becomes its value: the state of a checkbox, nothing for a placeholder, else its content."""
    properties = sdt.find(W + "sdtPr")
    content = sdt.find(W + "sdtContent")
    if properties is None or content is None:
        return
    texts = list(content.iter(W + "t", W + "sym"))
    box = properties.find(W14 + "checkbox")
    if box is not None:
        checked = box.find(W14 + "checked")
        state = checked is not None and checked.get(W14 + "val", "1") in ("1", "true", "on")
        for index, element in enumerate(texts):
            element.tag = W + "t"
            element.text = (CHECKED if state else UNCHECKED) if index == 0 else ""
    elif is_on(properties, "showingPlcHdr") or _all_placeholder(content):
        for element in texts:
            element.tag = W + "t"
            element.text = ""


def _all_placeholder(content: etree._Element) -> bool:
    """Whether all text in a control has the look of a placeholder; some programs forget to say so."""
    looks = [value_of(run.find(W + "rPr"), "rStyle") for run in content.iter(W + "r") if run.find(W + "t") is not None]
    return bool(looks) and all(look in _PLACEHOLDER_STYLES for look in looks)


def _remove(element: etree._Element | None) -> None:
    if element is not None and (parent := element.getparent()) is not None:
        parent.remove(element)


class TextReader:
    """Reads paragraphs in order; knows which field (table of contents, page number) is open."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._open: list[list[str | bool]] = []

    @property
    def in_toc(self) -> bool:
        """Whether a table of contents field is open."""
        return bool(self._open) and any(str(entry[0]).startswith("TOC") for entry in self._open)

    def read(self, element: etree._Element) -> Paragraph:
        """The paragraph of a ``w:p`` element of a prepared tree."""
        properties = element.find(_PPR)
        own = children_of(properties)
        style = self._styles.get(_value(own.get(_PSTYLE)))
        paragraph = Paragraph(text="", style=style, toc=self.in_toc or style.toc, element=element)
        if properties is not None:
            outline = whole_number(_value(own.get(_OUTLINE)))
            paragraph.outline = None if outline is None else outline + 1
            paragraph.joins_next = "joins-next" in properties.attrib
            numbering = own.get(_NUMBERING)
            if numbering is not None:
                paragraph.num_id = value_of(numbering, "numId")
                paragraph.num_level = int_of(numbering, "ilvl") or 0
        if paragraph.num_id is None and style.num_id is not None:
            paragraph.num_id, paragraph.num_level = style.num_id, style.num_level
        if properties is None and len(element) == 0:
            return paragraph
        parts, runs = paragraph.parts, paragraph.runs
        weights: list[bool] = []
        sizes: dict[int, int] = {}
        bold = seen = False
        for child in element:
            if child is properties:
                continue
            if child.tag == _RUN:
                text, strong, size = self._run(child, paragraph, started=seen)
            elif child.tag in _MATHS:
                text, strong, size = "".join(t.text or "" for t in child.iter(M + "t")), False, style.size
            else:
                continue
            if text:
                parts.append(text)
                runs.append(child)
                weights.append(strong)
                if visible := len(text.strip()):
                    bold = strong and (bold or not seen)
                    seen = True
                    sizes[size] = sizes.get(size, 0) + visible
        paragraph.text = "".join(parts)
        paragraph.lead = _lead(parts, weights) if weights and weights[0] and "\n" in paragraph.text else 0
        paragraph.bold = bold
        paragraph.size = max(sizes, key=sizes.__getitem__) if sizes else style.size
        paragraph.toc = paragraph.toc or self.in_toc
        return paragraph

    def _run(self, run: etree._Element, paragraph: Paragraph, *, started: bool) -> tuple[str, bool, int]:
        properties = run.find(_RPR)
        style = paragraph.style
        fonts = None
        strong, hidden, size = style.bold or style.underlined, style.hidden, style.size
        if properties is not None:
            own = children_of(properties)
            fonts = own.get(_FONTS)
            character = _value(own.get(_RSTYLE))
            if character is not None:
                named = self._styles.get(character, "character")
                strong, hidden = strong or named.bold, hidden or named.hidden
            own_bold, own_line = state_of(own.get(_BOLD)), state_of(own.get(_LINE))
            if own_bold is not None or own_line is not None:
                strong = bool(own_bold if own_bold is not None else style.bold) or bool(own_line)
            own_hidden = state_of(own.get(_HIDDEN))
            hidden = hidden if own_hidden is None else own_hidden
            size = whole_number(_value(own.get(_SIZE))) or size
            hidden = hidden or (_value(own.get(_COLOUR)) == _WHITE and _on_white(run, properties))
        parts: list[str] = []
        for child in run:
            if child is properties:
                continue
            if child.tag == _PLAIN and not self._open:
                parts.append(child.text or "")
            else:
                self._piece(child, paragraph, parts, started=started)
        text = "".join(parts)
        if fonts is not None and fonts.get(W + "ascii", "").lower().startswith(_PICTURE_FONTS):
            # a letter in such a font is a picture: "þ" shows a ticked box
            text = "".join(chr(0xF000 | ord(c)) if 0x20 < ord(c) < 0x100 else c for c in text)
        return ("" if hidden else text), strong, size

    def _piece(self, child: etree._Element, paragraph: Paragraph, parts: list[str], *, started: bool) -> None:
        tag = child.tag
        if tag in _TEXT:
            if child.text and not (self._open and self._skipping()):
                parts.append(child.text)
        elif tag in _FIXED:
            parts.append(_FIXED[tag])
        elif tag == W + "br":
            if child.get(W + "type") not in ("page", "column"):
                parts.append("\n")
        elif tag == W + "lastRenderedPageBreak":
            if started or parts:
                paragraph.breaks += 1
            else:
                paragraph.page += 1
        elif tag == W + "fldChar":
            self._field(child, paragraph, parts)
        elif tag == W + "instrText":
            if self._open and self._open[-1][1] is False:
                self._open[-1][0] = str(self._open[-1][0]) + (child.text or "").strip().upper()
                if self.in_toc:
                    paragraph.toc = True
        elif tag == W + "sym":
            parts.append(_symbol(child))
        elif tag in (W + "footnoteReference", W + "endnoteReference"):
            paragraph.notes.append((tag[len(W) :].removesuffix("Reference"), child.get(W + "id", "")))
        elif tag in (W + "drawing", W + "pict", W + "object"):
            paragraph.boxes.extend(child.iter(_BOX))

    def _skipping(self) -> bool:
        """Inside the instructions of a field, or in the result of a field that only shows a page number."""
        return any(entry[1] is False or str(entry[0]).startswith(_SKIPPED_FIELDS) for entry in self._open)

    def _field(self, element: etree._Element, paragraph: Paragraph, parts: list[str]) -> None:
        kind = element.get(W + "fldCharType")
        if kind == "begin":
            self._open.append(["", False])
            box = element.find(f"{W}ffData/{W}checkBox")
            if box is not None:
                state = is_on(box, "checked")
                parts.append(CHECKED if (is_on(box, "default") if state is None else state) else UNCHECKED)
            choices = element.find(f"{W}ffData/{W}ddList")
            if choices is not None:
                parts.append(_chosen(choices))
        elif kind == "separate" and self._open:
            self._open[-1][1] = True
        elif kind == "end" and self._open:
            paragraph.toc = paragraph.toc or self.in_toc
            self._open.pop()


def _value(element: etree._Element | None) -> str | None:
    return None if element is None else element.get(_VAL)


def _lead(parts: list[str], weights: list[bool]) -> int:
    """Length of the first line when it is bold and nothing below it is; else 0."""
    whole = "".join(parts)
    line = whole.partition("\n")[0]
    strong = "".join(itertools.takewhile(str.strip, (part for part, bold in zip(parts, weights, strict=True) if bold)))
    if not line.strip() or len(line) == len(whole) or strong.strip() != line.strip():
        return 0
    return len(line) if whole[len(line) :].strip() else 0


def _chosen(choices: etree._Element) -> str:
    """What a drop-down field of an old form shows: it has no text of its own, only the number of the choice."""
    chosen = int_of(choices, "result")
    chosen = int_of(choices, "default") if chosen is None else chosen
    entries = [entry.get(W + "val", "") for entry in choices.iterchildren(W + "listEntry")]
    return entries[chosen or 0] if 0 <= (chosen or 0) < len(entries) else ""


def _on_white(run: etree._Element, properties: etree._Element) -> bool:
    """Whether white letters stand on paper: no colour behind them, and no cell, box or style that may give one."""
    if properties.find(W + "shd") is not None or properties.find(W + "highlight") is not None:
        return False
    paragraph = run.getparent()
    own = None if paragraph is None else paragraph.find(W + "pPr")
    if own is not None and (own.find(W + "shd") is not None or own.find(W + "pStyle") is not None):
        return False
    return next(run.iterancestors(W + "tc", _BOX), None) is None


def _symbol(element: etree._Element) -> str:
    """A character from a symbol font, in the private range where ``normalise`` knows boxes and bullets."""
    try:
        code = int(element.get(W + "char", ""), 16)
    except ValueError:
        return ""
    if element.get(W + "font", "").lower().startswith(_SYMBOL_FONTS):
        code = 0xF000 | (code & 0xFF)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
