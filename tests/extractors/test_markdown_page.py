"""Markdown as site builders write it, and what is no document although it is text."""

from __future__ import annotations

import pytest
from making import kinds

from extractors.document import Document, ReadCode, ReadError
from extractors.registry import read_bytes

PAGE = """\
---
title: "Schoolgids De Wilgenkring"
date: 2025-09-01
layout: page
---

Ondersteuning
=============

Op *onze* school werken wij
met **vaste** afspraken. Zie [de site](http://example.invalid).

## Wat wij bieden

* Rekenhulp
    1. in de groep
* [x] Leeshulp
* [ ] Zwemles

| Wie | Wanneer |
|-----|---------|
| IB'er | maandag \\| dinsdag |

<script>nee()</script>
"""


def test_a_page_with_front_matter():
    document = read_bytes(PAGE.encode(), "schoolgids.md")
    assert isinstance(document, Document)
    assert document.source.format == "markdown"
    assert document.properties == {"title": "Schoolgids De Wilgenkring", "created": "2025-09-01"}
    assert kinds(document) == [
        ("heading", "Ondersteuning"),
        ("paragraph", "Op onze school werken wij met vaste afspraken. Zie de site."),
        ("heading", "Wat wij bieden"),
        ("item", "Rekenhulp"),
        ("item", "1. in de groep"),
        ("item", "☒ Leeshulp"),
        ("item", "☐ Zwemles"),
        ("row", "Wie | Wanneer"),
        ("row", "IB'er | maandag | dinsdag"),
    ]
    row = document.blocks[-1]
    assert [row.text[c.start : c.end] for c in row.cells] == ["IB'er", "maandag | dinsdag"]


@pytest.mark.parametrize(
    ("text", "name", "is_document"),
    [
        ("# Kop\n\nEen zin van meer dan vijf woorden.", "x", True),
        ("Kop\n===\n\nEen zin van meer dan vijf woorden.", "x", True),
        ("Zomaar een zin zonder enige opmaak erin.", "brief.txt", True),
        ("Zomaar een zin zonder enige opmaak erin.", "brief", False),
        ("sleutel: waarde\nander: 3\n", "instelling", False),
        ("a;b;c\n1;2;3\n", "tabel.csv", False),
        ("<?xml version='1.0'?><gegevens/>", "x.xml", False),
        ("\x01\x02 # kop \x03", "x.md", False),
    ],
)
def test_what_counts_as_a_document(text: str, name: str, is_document: bool):
    found = read_bytes(text.encode(), name)
    assert isinstance(found, Document) is is_document
    if isinstance(found, ReadError):
        assert found.code is ReadCode.UNSUPPORTED_FORMAT


@pytest.mark.parametrize("text", [">" * 5000 + " x", "- " * 3000 + "x", "[" * 20000, "*a " * 20000, "`" * 30000])
def test_odd_markdown_ends(text: str):
    assert isinstance(read_bytes(f"# Kop\n\n{text}".encode(), "x.md"), Document | ReadError)
