from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extractors.document import BlockKind
from extractors.markdown import read_markdown

SAMPLE = """[header: Kop van de pagina]
# Profiel

[toc]

## 1. Wie wij zijn

Een alinea
over twee regels.
- eerste
- tweede

[boldline] Lezen

| Wat | Wie |
|---|---|
| instructie | leerkracht |
| samen. | > |

[toc] Losse regel
[pagebreak]
## 2. Slot
"""


def test_blocks_come_in_reading_order_with_running_text_last() -> None:
    found = [(block.kind.value, block.text) for block in read_markdown(SAMPLE).blocks]
    assert found == [
        ("heading", "Profiel"),
        ("toc", "Profiel"),
        ("toc", "1. Wie wij zijn"),
        ("toc", "Lezen"),
        ("toc", "2. Slot"),
        ("heading", "1. Wie wij zijn"),
        ("paragraph", "Een alinea over twee regels."),
        ("item", "eerste"),
        ("item", "tweede"),
        ("heading", "Lezen"),
        ("row", "Wat | Wie"),
        ("row", "instructie | leerkracht"),
        ("row", "samen."),
        ("toc", "Losse regel"),
        ("heading", "2. Slot"),
        ("header", "Kop van de pagina"),
    ]


def test_a_bold_line_is_a_heading_below_the_last_real_one() -> None:
    blocks = {block.text: block for block in read_markdown(SAMPLE).blocks if block.kind is BlockKind.HEADING}
    assert blocks["Lezen"].level == 3
    assert blocks["Lezen"].section == ("Profiel", "1. Wie wij zijn")
    assert blocks["2. Slot"].section == ("Profiel",)


def test_cells_point_into_the_text_and_know_their_column_header() -> None:
    rows = [block for block in read_markdown(SAMPLE).blocks if block.kind is BlockKind.ROW]
    assert [row.is_header_row for row in rows] == [True, False, False]
    assert [(rows[1].text[c.start : c.end], c.header) for c in rows[1].cells] == [
        ("instructie", "Wat"),
        ("leerkracht", "Wie"),
    ]
    assert len(rows[2].cells) == 1


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    document = read_markdown(text)
    for block in document.blocks:
        assert block.text == block.text.strip()
