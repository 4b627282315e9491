"""Marks around values in a rendered Word document, and what becomes of them: comments, and the style of open fields.

A template is filled with text alone, so that anybody's own template works; the marks are characters of the private use
area, which no document holds. After rendering each mark becomes a run of its own.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor
from docx.text.run import Run
from lxml.etree import _Element

OPEN_STYLE = "Dekkend open"
_START, _TEXT, _END = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"{_START}(o|\\d+){_TEXT}([^{_END}]*){_END}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ue000-\ue002]")


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    mark: str | None


def clean(text: str) -> str:
    """A text that XML and marks can hold, on one line."""
    return " ".join(_CONTROL.sub(" ", text).split())


def marked(text: str, number: int | None) -> str:
    """A value with its number, or an open field (None)."""
    return f"{_START}{'o' if number is None else number}{_TEXT}{clean(text)}{_END}"


def apply_marks(document: WordDocument, comments: Mapping[int, str], author: str) -> None:
    """Turn the marks of a rendered document into runs with comments, and open fields into runs with their style.

    Args:
        document: Rendered; changed in place.
        comments: What is said about each numbered value.
        author: Of the comments.
    """
    _make_style(document)
    for run in [r for r in document.element.body.iter(qn("w:r")) if _START in "".join(_texts(r))]:
        _split(document, run, comments, author)


def without_marks(word: bytes) -> bytes:
    """The file without the marks that are left: in running headers and footers, where no comment is allowed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if re.fullmatch(r"word/(?:header|footer|footnotes|endnotes)\d*\.xml", item.filename):
                text = re.sub(r"&#(5734[4-6]);", lambda m: chr(int(m[1])), data.decode("utf-8"))
                data = _MARK.sub(lambda m: m[2], text).encode("utf-8")
            new.writestr(item, data)
    return made.getvalue()


def _texts(run: _Element) -> Iterator[str]:
    return (t.text or "" for t in run.iter(qn("w:t")))


def _split(document: WordDocument, run: _Element, comments: Mapping[int, str], author: str) -> None:
    """The run cut at its marks: a run for every piece, with the looks of the old one."""
    look = run.find(qn("w:rPr"))
    parent = run.getparent()
    assert parent is not None
    at = parent.index(run)
    for child in [c for c in run if c.tag != qn("w:rPr")]:
        for piece, element in _pieces(child):
            new = OxmlElement("w:r")
            if look is not None:
                new.append(copy.deepcopy(look))
            new.append(element)
            parent.insert(at, new)
            at += 1
            _dress(document, new, piece, comments, author)
    parent.remove(run)


def _pieces(child: _Element) -> Iterator[tuple[_Piece, _Element]]:
    if child.tag != qn("w:t"):
        yield _Piece("", None), child
        return
    text, last = child.text or "", 0
    for match in _MARK.finditer(text):
        if match.start() > last:
            yield _text(text[last : match.start()], None)
        yield _text(match[2], match[1])
        last = match.end()
    if last < len(text):
        yield _text(text[last:], None)


def _text(text: str, mark: str | None) -> tuple[_Piece, _Element]:
    element = OxmlElement("w:t")
    element.text = text
    element.set(qn("xml:space"), "preserve")
    return _Piece(text, mark), element


def _dress(document: WordDocument, element: _Element, piece: _Piece, comments: Mapping[int, str], author: str) -> None:
    if piece.mark is None:
        return
    run = Run(cast("Any", element), cast("Any", document))  # python-docx has no public way to wrap an element
    if piece.mark == "o":
        run.style = document.styles[OPEN_STYLE]
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW  # not every program shows the highlight of a style
    elif not any(a.tag == qn("w:txbxContent") for a in element.iterancestors()):  # Word takes no comment in a text box
        document.add_comment(run, text=comments[int(piece.mark)], author=author, initials="d")
        _around_control(element)


def _around_control(run: _Element) -> None:
    """A comment inside a content control around words is put around the control: not every program shows it inside."""
    content = run.getparent()
    if content is None or content.tag != qn("w:sdtContent"):
        return
    control = content.getparent()
    start, end = run.getprevious(), run.getnext()
    if control is None or start is None or end is None or end.getnext() is None:
        return
    reference = end.getnext()
    assert reference is not None
    control.addprevious(start)
    control.addnext(end)
    end.addnext(reference)


def _make_style(document: WordDocument) -> None:
    if OPEN_STYLE in [s.name for s in document.styles]:
        return
    style = document.styles.add_style(OPEN_STYLE, WD_STYLE_TYPE.CHARACTER)
    style.font.highlight_color = WD_COLOR_INDEX.YELLOW
    style.font.italic = True
    style.font.color.rgb = RGBColor(0x5C, 0x47, 0x00)
