"""What was read of a document as a self-contained HTML page: every block with its kind, place and section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.document import Block, Document
from pipeline.report.labels import read_labels
from pipeline.report.pages import page_environment


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    text: str
    header: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A block as the template shows it; texts are plain, the template escapes them."""

    number: int
    kind: str
    word: str
    text: str
    marks: tuple[str, ...]
    cells: tuple[_Cell, ...]
    depth: int | None
    uncertain: str
    is_header_row: bool
    new_page: str
    new_path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    id: str
    word: str
    count: int


def render_document(document: Document, notes: Sequence[str]) -> str:
    """The page of a document that was read; ``notes`` are sentences on the reading itself."""
    words = read_labels()["extract"]
    counts = Counter(block.kind.value for block in document.blocks)
    return _page(
        name=document.source.name,
        facts=_facts(document, words),
        notes=tuple(notes),
        legend=tuple(_Kind(id=kind, word=word, count=counts[kind]) for kind, word in words["kinds"].items()),
        blocks=tuple(_shown(document.blocks, words)),
        error=None,
    )


def render_unread(name: str, message: str) -> str:
    """The page of a file that could not be read."""
    return _page(name=name, facts=(), notes=(), legend=(), blocks=(), error=message)


def _page(**values: object) -> str:
    return page_environment().get_template("extract.html.j2").render(**values)


def _facts(document: Document, words: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    source = document.source
    known = {
        "name": source.name,
        "format": source.format,
        "size": words["bytes"].format(count=source.size),
        "pages": "" if document.pages is None else str(document.pages),
        "blocks": str(len(document.blocks)),
        "sha256": source.sha256,
    }
    facts = [(words["facts"][name], value) for name, value in known.items() if value]
    facts += [(words["properties"].get(name, name), value) for name, value in document.properties.items()]
    return tuple(facts)


def _shown(blocks: Sequence[Block], words: Mapping[str, Any]) -> Iterator[_Shown]:
    page: int | None = None
    path: tuple[str, ...] | None = None
    for number, block in enumerate(blocks):
        new_page = block.page is not None and block.page != page
        yield _Shown(
            number=number,
            kind=block.kind.value,
            word=words["kinds"][block.kind.value],
            text=block.text,
            marks=tuple(_marks(block, words)),
            cells=tuple(
                _Cell(
                    text=block.text[cell.start : cell.end], header=cell.header or "", place=f"{cell.start}-{cell.end}"
                )
                for cell in block.cells
            ),
            depth=block.level,
            uncertain=words["uncertain"] if block.uncertain else "",
            is_header_row=block.is_header_row,
            new_page=words["page"].format(page=block.page) if new_page else "",
            new_path=(" › ".join(block.section) or words["no_section"]) if block.section != path else "",
        )
        page, path = block.page if new_page else page, block.section


def _marks(block: Block, words: Mapping[str, Any]) -> Iterator[str]:
    if block.level is not None:
        yield words["level"].format(level=block.level)
    if block.table is not None:
        yield words["table"].format(table=block.table)
    if block.is_header_row:
        yield words["header_row"]
    yield f"0-{len(block.text)}"
