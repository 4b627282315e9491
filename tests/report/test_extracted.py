"""The page of dekkend extract: every block in order with its kind and place, escaped, nothing from outside."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from extractors.document import Block, BlockKind
from extractors.markdown import read_markdown
from pipeline.report.extracted import render_document, render_unread
from pipeline.report.labels import read_labels
from pipeline.steps import extract

SOURCE = """\
# Kop <script>alert(1)</script>

Tekst & meer.

- Een regel

| Wie | Wanneer |
|---|---|
| "IB'er" | maandag |

[footer: De Zwaan]
"""


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def test_every_block_stands_on_the_page_once_and_in_order():
    document = read_markdown(SOURCE)
    page = _Page(render_document(document, ["Een opmerking."]))
    ids = [attributes["id"] for tag, attributes in page.tags if tag == "li" and "id" in attributes]
    assert ids == [f"b{number}" for number in range(len(document.blocks))]
    for block in document.blocks:
        texts = [block.text[c.start : c.end] for c in block.cells] or [block.text]
        assert all(text in page.text for text in texts)
    assert "Een opmerking." in page.text
    assert "0-13" in page.text  # the place of the paragraph


def test_nothing_of_the_document_is_markup_and_nothing_comes_from_outside():
    page = _Page(render_document(read_markdown(SOURCE, '"><img src=x>.docx'), ["<b>"]))
    assert not {tag for tag, _ in page.tags} & {"script", "img", "b", "link", "iframe"}
    assert all(not (attributes.get("href") or "#").strip("#").startswith("http") for _, attributes in page.tags)
    assert ("html", {"lang": "nl"}) in page.tags


def test_doubt_is_said_in_words():
    document = replace(read_markdown("Tekst."), blocks=(Block(kind=BlockKind.PARAGRAPH, text="T.", uncertain=True),))
    assert "onzeker gelezen" in render_document(document, [])
    assert "onzeker gelezen" not in render_document(read_markdown("Tekst."), [])


@pytest.mark.parametrize("kind", list(BlockKind))
def test_every_kind_has_a_word(kind: BlockKind):
    assert read_labels()["extract"]["kinds"][kind.value]


def test_a_file_that_cannot_be_read_has_a_page_that_says_why(tmp_path):
    assert "beveiligd" in render_unread("x.docx", "Het bestand is beveiligd.")
    page, readable = extract(tmp_path / "weg.docx", as_html=True)
    assert not readable
    assert "niet gevonden" in page


def test_the_same_document_as_json(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("# Kop\n\nEen zin van meer dan vijf woorden.")
    text, readable = extract(path)
    assert readable
    assert '"text": "Kop"' in text
