"""Annotations in PDF: on the letters of the passage, behind the bytes of the file, and never read as the school's."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject
from word_files import squeezed

from extractors.document import BlockKind, Document
from extractors.limits import DEFAULT
from extractors.registry import read_bytes
from pipeline.annotate.errors import AnnotateError
from pipeline.annotate.pdf import annotate_pdf
from pipeline.annotate.remarks import Chapter, Line, Remark, Remarks

_ROOT = Path(__file__).parents[2]
_FIXTURES = _ROOT / "tests" / "extractors" / "fixtures"
_FILES = sorted(
    path
    for folder in ("sample_docs", "tests/gold", "tests/extractors/fixtures", "tests/round_trips")
    for path in (_ROOT / folder).rglob("*.pdf")
    if "scan" not in path.stem and path.stem != "password"
)
_LONG = "Wij bieden een rustklas, één keer per week (\u0105\u2612) en \\ meer. " * 30
_END = (
    Chapter(
        heading="Nog niet gevonden",
        intro="Uitleg.",
        items=tuple((Line(text=f"Eis {n}", strong=True), Line(text=_LONG, example=True)) for n in range(5)),
    ),
)


@cache
def read(path: Path) -> Document:
    return reread(path.read_bytes())


def reread(data: bytes) -> Document:
    document = read_bytes(data, "x.pdf", limits=DEFAULT.__class__(ocr=False))
    assert isinstance(document, Document)
    return document


def remark(block: int, start: int = 0, end: int | None = None, verdict: str = "met") -> Remark:
    return Remark(block=block, start=start, end=end, lines=(Line(text="gezien"),), verdict=verdict)


def annotations(data: bytes) -> list[tuple[int, DictionaryObject]]:
    """Page, from 1, and annotation of everything that is ours and has a text."""
    return [
        (number, one.get_object())
        for number, page in enumerate(PdfReader(io.BytesIO(data)).pages, start=1)
        for one in page.get("/Annots", ())
        if one.get_object().get("/T") == "dekkend"
    ]


def marked_texts(data: bytes) -> list[str]:
    """What stands under each highlight; one that goes on on the next page has its text there too."""
    document = pypdfium2.PdfDocument(data)
    found: list[str] = []
    letters: dict[int, list[tuple[float, float, str]]] = {}
    for number, one in annotations(data):
        if number not in letters:
            text = document[number - 1].get_textpage()
            letters[number] = []
            for index in range(text.count_chars()):
                left, bottom, right, top = text.get_charbox(index, loose=True)
                letters[number].append(((left + right) / 2, (bottom + top) / 2, text.get_text_range(index, 1)))
        quads = [float(value) for value in one["/QuadPoints"]]
        boxes = [(quads[at], quads[at + 5], quads[at + 2], quads[at + 1]) for at in range(0, len(quads), 8)]
        under = [
            letter
            for x, y, letter in letters[number]
            if any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in boxes)
        ]
        if "/Contents" in one:
            found.append("")
        found[-1] += "".join(under)
    return found


def letters_of(text: str) -> str:
    return "".join(sorted(c for c in squeezed(text) if c.isalnum()))


# what was filled in stands in no text layer, so that this test can't read it
@pytest.mark.parametrize(
    "path", [p for p in _FILES if p.stem not in ("form-fields", "filled-form")], ids=lambda path: path.stem
)
def test_highlights_stand_on_the_letters_of_their_passage(path: Path) -> None:
    data = path.read_bytes()
    document = read(path)
    wanted = [
        (index, len(block.text) // 4, len(block.text) - len(block.text) // 5)
        for index, block in enumerate(document.blocks)
        if block.kind not in (BlockKind.HEADER, BlockKind.FOOTER, BlockKind.FOOTNOTE, BlockKind.TOC)
    ]
    wanted = [one for one in wanted if sum(c.isalnum() for c in document.text_at(*one)) >= 4]
    made = annotate_pdf(data, Remarks(at=tuple(remark(*one) for one in wanted), end=()), document)
    assert (made.placed, made.whole, made.unplaced) == (len(wanted), 0, 0)
    assert made.data.startswith(data)
    found = marked_texts(made.data)
    same = [letters_of(f) == letters_of(document.text_at(*o)) for f, o in zip(found, wanted, strict=True)]
    assert sum(same) >= 0.9 * len(wanted)


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_reading_it_again_gives_the_document_that_was_sent(path: Path) -> None:
    data = path.read_bytes()
    document = read(path)
    at = tuple(remark(i, 0, len(b.text)) for i, b in enumerate(document.blocks) if b.text)
    made = annotate_pdf(data, Remarks(at=at, end=_END), document)
    assert made.data.startswith(data)
    assert made.placed + made.unplaced == len(at)
    again = reread(made.data)
    assert again.blocks == document.blocks
    assert again.pages == document.pages
    assert len(PdfReader(io.BytesIO(made.data)).pages) > (document.pages or 0)


def test_the_end_says_it_all_in_letters_that_every_viewer_has() -> None:
    path = _FIXTURES / "lists.pdf"
    made = annotate_pdf(path.read_bytes(), Remarks(at=(), end=_END), read(path)).data
    pages = PdfReader(io.BytesIO(made)).pages
    added = pages[read(path).pages :]
    text = " ".join(" ".join(page.extract_text() for page in added).split())
    assert text.startswith(
        "Nog niet gevonden Uitleg. Eis 0 Wij bieden een rustklas, één keer per week (a[x]) en \\ meer."
    )
    assert text.count("rustklas") == 150
    assert len(added) > 1
    for page in added:
        rows = []
        page.extract_text(visitor_text=lambda _text, _cm, matrix, _font, _size, rows=rows: rows.append(matrix[5]))
        assert min(row for row in rows if row) >= 60


def _boxes(path: Path, wanted: list[tuple[int, int, int]]) -> list[tuple[int, list[float]]]:
    """Page and rectangle of a highlight on each of these passages."""
    made = annotate_pdf(path.read_bytes(), Remarks(at=tuple(remark(*one) for one in wanted), end=()), read(path))
    found = [(page, [float(value) for value in one["/Rect"]]) for page, one in annotations(made.data)]
    assert len(found) == len(wanted)
    return found


def test_a_passage_that_stands_there_more_than_once_is_marked_where_it_was_read() -> None:
    path = _ROOT / "sample_docs" / "sop-vo-wissellast" / "sop-vo-wissellast.pdf"
    blocks = read(path).blocks
    cells = [
        (index, cell.start, cell.end)
        for index, block in enumerate(blocks)
        for cell in block.cells
        if block.page == 3 and block.text[cell.start : cell.end] in ("mentor", "teamleider")
    ]
    boxes = _boxes(path, cells)
    assert len(cells) > 3
    # each on its own line, and those from top to bottom in the order of the rows
    heights = [box[1] for _, box in boxes]
    assert heights == sorted(heights, reverse=True)
    assert len({tuple(box) for _, box in boxes}) == len(cells)


def test_a_short_answer_is_not_marked_inside_a_longer_word() -> None:
    path = _ROOT / "sample_docs" / "abc-po-merel" / "abc-po-merel.pdf"
    blocks = read(path).blocks
    row = next(i for i, block in enumerate(blocks) if block.text.startswith("Spelling | III | II"))
    above = next(i for i, block in enumerate(blocks) if block.text.startswith("Rekenen | II | I"))
    cell = blocks[row].cells[2]
    (_, label), (_, answer), (_, other) = _boxes(path, [(row, 0, 8), (row, cell.start, cell.end), (above, 0, 7)])
    assert abs(label[1] - answer[1]) < 2
    assert answer[0] > label[2] + 100
    assert other[1] > label[1] + 5


def test_a_scan_gets_a_note_on_its_page_with_the_passage_in_it() -> None:
    path = _ROOT / "sample_docs" / "sop-po-vuurdoornhof" / "sop-po-vuurdoornhof.pdf"
    document = read(path)
    scanned = (_FIXTURES / "scan.pdf").read_bytes()
    made = annotate_pdf(scanned, Remarks(at=(remark(3, 0, 12), remark(4, 0, 12)), end=()), document)
    found = annotations(made.data)
    assert [one["/Subtype"] for _, one in found] == ["/Text", "/Text"]
    assert [one["/Contents"] for _, one in found] == [
        f"gezien\nHet gaat om: “{document.text_at(block, 0, 12).strip()}”" for block in (3, 4)
    ]
    assert made.whole == 2
    boxes = [[float(v) for v in one["/Rect"]] for _, one in found]
    assert boxes[0][1] > boxes[1][3]


def test_a_passage_on_a_page_that_is_not_there_stands_at_the_end() -> None:
    path = _FIXTURES / "lists.pdf"
    long = read(_ROOT / "sample_docs" / "sop-po-sporenlinde" / "sop-po-sporenlinde.pdf")
    last = max(i for i, block in enumerate(long.blocks) if block.page == 3)
    made = annotate_pdf(path.read_bytes(), Remarks(at=(remark(last, 0, 9),), end=()), long)
    assert (made.placed, made.unplaced) == (0, 1)
    assert "Opmerkingen zonder plaats" in PdfReader(io.BytesIO(made.data)).pages[-1].extract_text()


def test_annotations_of_others_stay() -> None:
    path = _FIXTURES / "form-fields.pdf"
    data = path.read_bytes()
    before = [one.idnum for one in PdfReader(io.BytesIO(data)).pages[0]["/Annots"].get_object()]
    made = annotate_pdf(data, Remarks(at=(remark(0, 0, 5),), end=()), read(path)).data
    after = [one.idnum for one in PdfReader(io.BytesIO(made)).pages[0]["/Annots"].get_object()]
    assert after[: len(before)] == before
    assert len(after) == len(before) + 2


def _changed(path: Path, change: str) -> bytes:
    writer = PdfWriter(clone_from=path)
    if change == "locked":
        writer.encrypt("", owner_password="eigenaar", algorithm="AES-256-R5")
    else:
        form = DictionaryObject({NameObject("/Fields"): ArrayObject()})
        if change == "xfa":
            form[NameObject("/XFA")] = ArrayObject()
        else:
            form[NameObject("/SigFlags")] = NumberObject(3)
        writer.root_object[NameObject("/AcroForm")] = form
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


@pytest.mark.parametrize("change", ["locked", "xfa"])
def test_what_can_hold_no_annotations_is_told(change: str) -> None:
    path = _FIXTURES / "lists.pdf"
    with pytest.raises(AnnotateError) as told:
        annotate_pdf(_changed(path, change), Remarks(at=(remark(0),), end=()), read(path))
    assert told.value.message
    assert told.value.hint


def test_a_signature_is_spoken_of() -> None:
    path = _FIXTURES / "lists.pdf"
    data = _changed(path, "signed")
    made = annotate_pdf(data, Remarks(at=(remark(0),), end=()), read(path))
    assert made.data.startswith(data)
    assert "ondertekend" in made.notes[0]


def test_a_file_that_no_library_can_add_to_is_told() -> None:
    path = _FIXTURES / "lists.pdf"
    with pytest.raises(AnnotateError):
        annotate_pdf(b"%PDF-1.4\nrubbish", Remarks(at=(), end=()), read(path))
