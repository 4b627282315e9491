"""Comments in a school's own Word document, and an end with what was not found; nothing else in the file changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from xml.sax.saxutils import escape, quoteattr

from extractors.document import SourceFile
from extractors.word_origin import read_word_with_origins
from extractors.word_package import Package, W, value_of
from pipeline.annotate.made import Annotated
from pipeline.annotate.package import WordFile, declared
from pipeline.annotate.remarks import Chapter, Line, Remark, Remarks, with_quote, with_unplaced, words
from pipeline.annotate.word_places import Cut, Range, range_of
from pipeline.annotate.xml_bytes import Part

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_GREY = "595959"


@dataclass(slots=True)
class _Marks:
    """What comes to one place in the bytes."""

    cut: Cut
    ends: list[str] = field(default_factory=list)
    starts: list[str] = field(default_factory=list)


def annotate_word(data: bytes, remarks: Remarks, source: SourceFile) -> Annotated:
    """The document with a comment for each remark.

    Raises:
        KeyError, BadZipFile, XMLSyntaxError: the file is damaged.
    """
    document, origins = read_word_with_origins(data, source)
    package = Package(data)
    file = WordFile(data, package.main)
    part = Part(file.read(package.main))
    existing = next((r.target for r in package.relations(package.main).values() if r.kind == "comments"), None)
    numbers = count(_first_free(part, None if existing is None else Part(file.read(existing))))
    marks: dict[int, _Marks] = {}
    comments: list[tuple[int, tuple[Line, ...]]] = []
    unplaced: list[tuple[Remark, str]] = []
    placed = whole = 0
    for remark in remarks.at:
        block = document.blocks[remark.block]
        quote = block.text[remark.start : remark.end]
        found = range_of(part, origins[remark.block], block.text, remark.start, remark.end)
        if found is None:
            unplaced.append((remark, quote))
            continue
        placed += remark.verdict != "opening"
        whole += not found.exact and remark.end is not None
        number = next(numbers)
        _mark(marks, found, number, file.namespace)
        comments.append((number, remark.lines if found.exact else with_quote(remark, quote)))
    for here in marks.values():
        part.add(here.cut.place, "".join([here.cut.before, *here.ends, *here.starts, here.cut.after]))
    _keep_spaces(part, [here.cut.text for here in marks.values() if here.cut.text is not None])
    _add_end(part, with_unplaced(remarks, unplaced), package, file.namespace)
    file.write(package.main, part.bytes())
    if comments:
        file.add_comments(lambda own: "".join(_comment(number, lines, own) for number, lines in comments), existing)
    notes = (words()["notes"]["signature"],) if file.signed else ()
    return Annotated(
        data=file.bytes(),
        placed=placed,
        whole=whole,
        unplaced=len(unplaced),
        at_end=sum(len(chapter.items) for chapter in remarks.end),
        notes=notes,
    )


def _first_free(part: Part, comments: Part | None) -> int:
    """A number that no comment has, in the document or in the part for comments."""
    used = [
        one.attribute(number, "id")
        for one in (part, comments)
        if one is not None
        for number, element in enumerate(one.elements)
        if element.name in ("comment", "commentRangeStart", "commentRangeEnd", "commentReference")
    ]
    return max((int(value) for value in used if value and value.isdigit()), default=-1) + 1


def _mark(marks: dict[int, _Marks], found: Range, number: int, namespace: str) -> None:
    start = marks.setdefault(found.start.place, _Marks(found.start))
    own = declared(found.start.prefix, namespace)
    start.starts.append(f'<w:commentRangeStart{own} w:id="{number}"/>')
    end = marks.setdefault(found.end.place, _Marks(found.end))
    own = declared(found.end.prefix, namespace)
    end.ends.append(f'<w:commentRangeEnd{own} w:id="{number}"/><w:r{own}><w:commentReference w:id="{number}"/></w:r>')


def _keep_spaces(part: Part, texts: Sequence[int]) -> None:
    """A text that now ends in a space must say that it counts."""
    for number in dict.fromkeys(texts):
        if part.attribute(number, "space") is None:
            part.add(part.elements[number].inner - 1, ' xml:space="preserve"')


def _comment(number: int, lines: Sequence[Line], own: str) -> str:
    author, initials = quoteattr(words()["author"]), quoteattr(words()["initials"])
    paragraphs = "".join(f"<w:p>{_run(line.text, bold=line.strong)}</w:p>" for line in lines)
    return f'<w:comment{own} w:id="{number}" w:author={author} w:initials={initials}>{paragraphs}</w:comment>'


def _run(text: str, *, bold: bool = False, example: bool = False) -> str:
    look = ("<w:b/>" if bold else "") + (f'<w:i/><w:color w:val="{_GREY}"/>' if example else "")
    look += '<w:lang w:val="nl-NL"/>'
    clean = escape(_FORBIDDEN.sub("", text))
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{clean}</w:t></w:r>'


def _add_end(part: Part, chapters: Sequence[Chapter], package: Package, namespace: str) -> None:
    """The chapters behind the last text, before the properties of the last section."""
    body = next((number for number in part.children(0) if part.elements[number].name == "body"), None)
    if not chapters or body is None:
        return
    last = [part.elements[number] for number in part.children(body)][-1:]
    place = last[0].start if last and last[0].name == "sectPr" else part.elements[body].close
    own = declared(part.elements[body].prefix, namespace)
    styles = _heading_styles(package)
    written: list[str] = []
    for index, chapter in enumerate(chapters):
        written.append(_paragraph(Line(text=chapter.heading), own, styles.get(1), first=index == 0, heading=1))
        written.append(_paragraph(Line(text=chapter.intro), own))
        for item in chapter.items:
            written.append(_paragraph(item[0], own, styles.get(2), heading=2))
            written += [_paragraph(line, own) for line in item[1:]]
    part.add(place, "".join(written))


def _heading_styles(package: Package) -> dict[int, str]:
    """The ids of the document's own styles for headings of level 1 and 2."""
    found: dict[int, str] = {}
    styles = package.styles()
    for style in () if styles is None else styles.iterchildren(W + "style"):
        name = (value_of(style, "name") or "").lower()
        if style.get(W + "type") == "paragraph" and name in ("heading 1", "heading 2"):
            found.setdefault(int(name[-1]), style.get(W + "styleId", ""))
    return found


def _paragraph(line: Line, own: str, style: str | None = None, *, first: bool = False, heading: int = 0) -> str:
    """A paragraph of the end, as the placeholder of a content control.

    A placeholder is not the school's text, for Word and for dekkend: who types there replaces it, and a document that
    is checked again gets no credit for our examples.
    """
    properties = f"<w:pStyle w:val={quoteattr(style)}/>" if style else ""
    properties += "<w:keepNext/>" if heading else ""
    properties += "<w:pageBreakBefore/>" if first else ""
    if heading:
        properties += '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'
        properties += "" if style else f'<w:outlineLvl w:val="{heading - 1}"/>'
    run = _run(line.text, bold=line.strong or (bool(heading) and not style), example=line.example)
    control = f"<w:sdtPr><w:temporary/><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run}</w:sdtContent>"
    return f"<w:p{own}><w:pPr>{properties}</w:pPr><w:sdt>{control}</w:sdt></w:p>"
