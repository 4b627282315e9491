"""Damaged PDF files that fuzzing found: the document is read as far as it goes."""

import io

import pytest
from making import FIXTURES
from pypdf import PdfWriter
from pypdf.generic import ByteStringObject, NameObject

from extractors.document import Document
from extractors.registry import read_bytes

FORM = FIXTURES / "form-fields.pdf"


def written(writer: PdfWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def texts(data: bytes) -> list[str]:
    document = read_bytes(data, name="formulier.pdf")
    assert isinstance(document, Document), document
    return [block.text for block in document.blocks]


@pytest.mark.parametrize("keys", [("/Subtype",), ("/Rect",), ("/Subtype", "/Rect")])
def test_field_without_sort_or_place_is_left_out(keys: tuple[str, ...]):
    writer = PdfWriter(clone_from=FORM)
    fields = writer.pages[0]["/Annots"]
    for key in keys:
        del fields[0].get_object()[key]
    read = texts(written(writer))
    assert read
    assert len(" ".join(read)) <= len(" ".join(texts(FORM.read_bytes())))


def test_property_that_is_no_text_is_left_out():
    writer = PdfWriter(clone_from=FORM)
    writer.add_metadata({"/Author": "De school"})
    writer._info.get_object()[NameObject("/Title")] = ByteStringObject(b"\xfe\xff\xdc\x00\x00a")
    document = read_bytes(written(writer), name="formulier.pdf")
    assert isinstance(document, Document)
    assert document.properties["author"] == "De school"
    assert "title" not in document.properties
