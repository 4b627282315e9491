"""One source as Word and as PDF by three programs gives the same blocks and the same verdicts.

`tests/extractors/make_fixtures.py` makes the files; `scripts/bench_reading.py --only round-trips` measures long ones.
"""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from extractors.document import BlockKind, Document
from extractors.markdown import read_markdown
from extractors.registry import read_document
from pipeline.check.run import Examined
from pipeline.steps import examine_document

HERE = Path(__file__).parent
OUTSIDE = (BlockKind.TOC, BlockKind.HEADER, BlockKind.FOOTER)
PDFS = ["libreoffice.pdf", "chromium.pdf", "reportlab.pdf"]


def read(name: str) -> Document:
    found = read_document(HERE / name)
    assert isinstance(found, Document), found
    return found


def blocks(document: Document) -> list[tuple[str, str, bool]]:
    return [
        (block.kind.value, " ".join(block.text.split()), block.is_header_row)
        for block in document.blocks
        if block.kind not in OUTSIDE
    ]


def verdicts(document: Document) -> dict[str, str]:
    examined = examine_document(document, norm="anb", sector="po")
    assert isinstance(examined, Examined)
    return {finding.requirement: finding.verdict.value for finding in examined.report.findings}


@pytest.fixture(scope="module")
def expected() -> Document:
    return read_markdown((HERE / "source.md").read_text(encoding="utf8"))


@pytest.mark.parametrize("name", ["word.docx", *PDFS])
def test_the_blocks_are_those_of_the_source(name: str, expected: Document) -> None:
    wanted, found = blocks(expected), blocks(read(name))
    matching = difflib.SequenceMatcher(None, wanted, found, autojunk=False).get_matching_blocks()
    assert sum(match.size for match in matching) >= 0.97 * max(len(wanted), len(found))


@pytest.mark.parametrize("name", PDFS)
def test_the_verdicts_are_those_of_the_word_file(name: str) -> None:
    assert verdicts(read(name)) == verdicts(read("word.docx"))
