"""Highlights with notes in a school's own PDF, and pages behind it with what was not found.

What is added comes behind the bytes of the file, as PDF foresees: the original stands in it whole.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

from extractors.document import Document
from extractors.pdf_places import Box, Marked, PdfPlaces
from pipeline.annotate.errors import AnnotateError
from pipeline.annotate.made import Annotated
from pipeline.annotate.pdf_pages import FONTS, HEIGHT, WIDTH, contents_of
from pipeline.annotate.remarks import Line, Remark, Remarks, with_quote, with_unplaced, words

# soft enough to read black text through; what it means stands in the note
_COLOURS = {
    "met": (0.72, 0.90, 0.70),
    "partial": (1.0, 0.87, 0.45),
    "review": (0.68, 0.82, 0.98),
    "privacy": (0.98, 0.72, 0.72),
    "opening": (0.85, 0.85, 0.85),
}
_PRINT = 4
_NOTE_SIZE = 20.0
_POPUP = 200.0, 110.0


def annotate_pdf(data: bytes, remarks: Remarks, document: Document) -> Annotated:
    """The document with a highlight or a note for each remark.

    Raises:
        AnnotateError: the file is locked or a form in XFA, or the library can't write it.
    """
    try:
        _refuse_closed(PdfReader(io.BytesIO(data)))
        writer = PdfWriter(io.BytesIO(data), incremental=True)
        return _written(writer, data, remarks, document)
    except AnnotateError:
        raise
    except Exception as error:  # PDFium reads damaged files that do anything to another library
        raise AnnotateError("not_written") from error


def _refuse_closed(reader: PdfReader) -> None:
    """A file with restrictions, and a form in XFA: viewers show that in place of the pages with what was added."""
    if reader.is_encrypted:
        raise AnnotateError("locked")
    form = reader.root_object.get("/AcroForm")
    if form is not None and "/XFA" in form.get_object():
        raise AnnotateError("form")


def _written(writer: PdfWriter, data: bytes, remarks: Remarks, document: Document) -> Annotated:
    places = PdfPlaces(data, document)
    unplaced: list[tuple[Remark, str]] = []
    placed = whole = 0
    notes: dict[int, int] = {}
    pages = len(writer.pages)
    for remark in remarks.at:
        block = document.blocks[remark.block]
        end = len(block.text) if remark.end is None else remark.end
        found = () if remark.verdict == "opening" else places.of(remark.block, remark.start, end)
        if found:
            _highlight(writer, found, remark)
        elif remark.verdict == "opening" or (block.page is not None and block.page <= pages):
            page = 1 if remark.verdict == "opening" else block.page or 1
            _note(writer, page, notes.get(page, 0), with_quote(remark, block.text[remark.start : end]), remark.verdict)
            notes[page] = notes.get(page, 0) + 1
            whole += remark.verdict != "opening"
        else:
            unplaced.append((remark, block.text[remark.start : end]))
            continue
        placed += remark.verdict != "opening"
    chapters = with_unplaced(remarks, unplaced)
    for content in contents_of(chapters) if chapters else ():
        _add_page(writer, content)
    made = io.BytesIO()
    writer.write(made)
    said = (words()["notes"]["signature_pdf"],) if _is_signed(writer) else ()
    return Annotated(
        data=made.getvalue(),
        placed=placed,
        whole=whole,
        unplaced=len(unplaced),
        at_end=sum(len(chapter.items) for chapter in remarks.end),
        notes=said,
    )


def _is_signed(writer: PdfWriter) -> bool:
    form = writer.root_object.get("/AcroForm")
    flags = form.get_object().get("/SigFlags", 0) if form is not None else 0
    return bool(int(flags) & 1)


def _highlight(writer: PdfWriter, found: Sequence[Marked], remark: Remark) -> None:
    """A highlight on each page of the passage; the note is at the first."""
    for index, marked in enumerate(found):
        corners = [number for box in marked.boxes for number in _corners(box)]
        around = _around(marked.boxes)
        annotation = _annotation("/Highlight", around, remark.verdict)
        annotation[NameObject("/QuadPoints")] = _numbers(corners)
        if index == 0:
            _say(annotation, remark.lines)
        _put(writer, marked.page, annotation, around)


def _note(writer: PdfWriter, page: int, place: int, lines: Sequence[Line], verdict: str) -> None:
    """A sticky note at the right edge of a page, one below the other."""
    crop = writer.pages[page - 1].cropbox
    right, top = float(crop.right) - 8.0, float(crop.top) - 8.0 - place * (_NOTE_SIZE + 6.0)
    box = right - _NOTE_SIZE, top - _NOTE_SIZE, right, top
    annotation = _annotation("/Text", box, verdict)
    annotation[NameObject("/Name")] = NameObject("/Comment")
    _say(annotation, lines)
    _put(writer, page, annotation, box)


def _annotation(kind: str, box: Box, verdict: str) -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject(kind),
            NameObject("/Rect"): _numbers(box),
            NameObject("/C"): _numbers(_COLOURS[verdict]),
            NameObject("/F"): NumberObject(_PRINT),
            NameObject("/T"): TextStringObject(words()["author"]),
        }
    )


def _say(annotation: DictionaryObject, lines: Sequence[Line]) -> None:
    annotation[NameObject("/Contents")] = TextStringObject("\n".join(line.text for line in lines))


def _put(writer: PdfWriter, number: int, annotation: DictionaryObject, box: Box) -> None:
    """Add an annotation to a page, with the window that shows its text."""
    page = writer.pages[number - 1]
    own = writer._add_object(annotation)  # noqa: SLF001  (the documented way in for objects of one's own)
    annotation[NameObject("/P")] = page.indirect_reference or NumberObject(0)
    added: list[PdfObject] = [own]
    if "/Contents" in annotation:
        edge, top = float(page.cropbox.right), box[3]
        popup = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Popup"),
                NameObject("/Rect"): _numbers((edge, top - _POPUP[1], edge + _POPUP[0], top)),
                NameObject("/Parent"): own,
            }
        )
        reference = writer._add_object(popup)  # noqa: SLF001
        annotation[NameObject("/Popup")] = reference
        added.append(reference)
    present = page.get("/Annots")
    page[NameObject("/Annots")] = ArrayObject([*(present.get_object() if present is not None else ()), *added])


def _add_page(writer: PdfWriter, content: bytes) -> None:
    page = writer.add_blank_page(WIDTH, HEIGHT)
    stream = DecodedStreamObject()
    stream.set_data(content)
    fonts = {
        NameObject(f"/{key}"): DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject(f"/{name}"),
                NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            }
        )
        for key, name in FONTS.items()
    }
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject(fonts)})
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())  # noqa: SLF001


def _corners(box: Box) -> tuple[float, ...]:
    """The corners in the order that viewers use: upper left, upper right, lower left, lower right."""
    left, bottom, right, top = box
    return left, top, right, top, left, bottom, right, bottom


def _around(boxes: Sequence[Box]) -> Box:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _numbers(values: Sequence[float]) -> ArrayObject:
    return ArrayObject([FloatObject(round(value, 2)) for value in values])
