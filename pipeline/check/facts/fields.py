"""Where documents say which school they are of: labels with their answers, title pages, running headers, properties."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from extractors.document import Block, BlockKind, Document
from pipeline.check.facts.lexicon import forms
from pipeline.check.passages import is_empty

BRIN = re.compile(r"(?<![\w-])(\d{2}[A-Z]{2})(?:[\s-]?\d{2})?(?![\w])")
RUNNING = frozenset({BlockKind.HEADER, BlockKind.FOOTER})
FRONT = 16  # blocks: title page, first table of fields and first paragraph
SHORT = 220  # characters: a longer block is running text


@dataclass(frozen=True, slots=True)
class Field:
    """A label with its answer: what it is a field of, how far the label is to be trusted (0 is best), and the text."""

    what: str
    rank: int
    value: str
    label: str
    in_header: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A text in which a document says which school it is of."""

    text: str
    weight: float
    running: bool = False
    inside: bool = False
    """Further on in the document."""


def fields_of(document: Document) -> tuple[Field, ...]:
    """Labels with their answers, in the order of the document."""
    found: list[Field] = []
    for number, block in enumerate(document.blocks):
        if block.kind is BlockKind.ROW:
            in_header = block.is_header_row and not _is_form(document, number)
            found.extend(replace(entry, in_header=in_header) for entry in _row_fields(block))
        elif block.kind is not BlockKind.TOC and ":" in block.text:
            found.extend(_line_fields(block.text))
        elif number < FRONT * 2 and block.kind is BlockKind.PARAGRAPH and len(block.text) <= SHORT:
            found.extend(_bare_fields(block.text))
    return tuple(found)


def _is_form(document: Document, number: int) -> bool:
    """Whether the row below is a field too: then the row above it is no header of columns."""
    below = document.blocks[number + 1] if number + 1 < len(document.blocks) else None
    return below is not None and below.table == document.blocks[number].table and any(_row_fields(below))


def _row_fields(block: Block) -> Iterator[Field]:
    texts = [block.text[cell.start : cell.end].strip() for cell in block.cells]
    # a header row names columns, unless it is the first row of a form: "School | De Zwaan | BRIN | 94KP"
    if block.is_header_row and len(texts) > 2 and not all(_label(text) for text in texts[::2]):
        return
    for label, value in pairwise(texts):
        known = _label(label)
        if known and value and not is_empty(value) and not _label(value):
            yield Field(known[0], known[1], value, label, block.is_header_row)
    if len(texts) == 1:
        yield from _line_fields(texts[0])


def _line_fields(text: str) -> Iterator[Field]:
    """Fields in running text: "BRIN: 94KP. Bestuur: Stichting Polderlicht."."""
    for match in forms().labelled.finditer(text):
        known = _label(match["label"])
        value = match["value"].strip()
        if known and value and not is_empty(value):
            yield Field(known[0], known[1], value, match["label"], in_header=False)


def _bare_fields(text: str) -> Iterator[Field]:
    """A field without any mark: what is left of a row of a table without lines in a PDF ("Bestuur Stichting Zwenk")."""
    match = forms().bare.fullmatch(text)
    known = match and _label(match["label"])
    # "Stichting Polderlicht" is a name as a whole
    if match and known and not forms().board.match(text):
        yield Field(known[0], known[1], match["value"], match["label"], in_header=True)


def _label(text: str) -> tuple[str, int] | None:
    text = text.strip().strip(":?*").strip()
    if len(text) > 60:
        return None
    for what, patterns in forms().labels.items():
        for rank, pattern in enumerate(patterns):
            if pattern.fullmatch(text):
                return what, rank
    return None


def values(fields: Iterable[Field], what: str) -> list[Field]:
    """Fields of one sort, the most trusted label first, then the first in the document."""
    return sorted((f for f in fields if f.what == what), key=lambda f: f.rank)


def lines_of(document: Document, *, about_pupil: bool) -> Iterator[Line]:
    """Where documents say which school they are of, with how much such a place counts."""
    body = [b for b in document.blocks if b.kind not in RUNNING and b.kind is not BlockKind.TOC]
    for number, block in enumerate(body):
        if number >= FRONT:
            yield Line(block.text, 1 if not about_pupil else 0.5, inside=True)
        elif block.kind is BlockKind.HEADING:
            # the title, and headings of the first pages that may hold anything
            yield Line(block.text, 30 if number < 4 else 12)
        else:
            yield Line(block.text, 20 if len(block.text) <= SHORT else 12)
    for block in document.blocks:
        if block.kind in RUNNING:
            yield Line(block.text, 25, running=True)
    if title := document.properties.get("title"):
        yield Line(title, 8)
    if site := document.properties.get("site"):
        yield Line(site, 12, running=True)
    # the name of a pupil stands in file names too, and may look like that of a school
    if not about_pupil and (name := file_words(document.source.name)):
        # enough for a name with its type ("OBS De Zwaan"); without one the text has to say it as well
        yield Line(name, 6, running=True)


_CODED = re.compile(r"%[0-9A-Fa-f]{2}|[_+]")
_SUFFIX = re.compile(r"\.[A-Za-z]{2,8}$")


def file_words(name: str) -> str:
    """The words of a file name, without folders and ending: "map.zip/SOP_De_Zwaan.docx" gives "SOP De Zwaan"."""
    stem = _SUFFIX.sub("", name.replace("\\", "/").rsplit("/", 1)[-1])
    words = _CODED.sub(" ", stem)
    # a hyphen is a space where there are no others: "SOP-De-Zwaan-2025-2026"
    return " ".join((words if " " in words.strip() else re.sub(r"-(?!\d\d)|(?<!\d)-", " ", words)).split())
