"""Web pages: what stands on them in order, with menu, header and footer apart; nothing run, followed or lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import fixture, kinds

from extractors.document import Document, ReadCode, ReadError
from extractors.registry import read_bytes


def page(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


def read(data: bytes) -> Document:
    found = read_bytes(data, "pagina.html")
    assert isinstance(found, Document), found
    return found


def blocks(body: str) -> list[tuple[str, str]]:
    return kinds(read(page(body)))


def test_a_page_of_a_schoolgids():
    document = fixture("schoolgids-page.html")
    found = kinds(document)
    assert found[:5] == [
        ("toc", "Ons aanbod"),
        ("toc", "Het team"),
        ("heading", "Schoolgids 2025-2026: ondersteuning"),
        (
            "paragraph",
            "Op De Wilgenkring krijgt elk kind de begeleiding die het nodig heeft – ook als leren moeilijk is.",
        ),
        ("heading", "Ons aanbod"),
    ]
    assert [text for kind, text in found if kind == "header"] == [
        "Wij gebruiken cookies.",
        "OBS De Wilgenkring",
        "Onze school",
        "Ouders",
    ]
    assert [text for kind, text in found if kind == "footer"] == ["Stichting Plasland, Almere"]
    text = "\n".join(text for _, text in found)
    for never in ("script", "Dit ziet niemand", "geheim", "Verstuur", "Ga naar de inhoud", "color"):
        assert never not in text
    for folded in ("Wij bieden geen rolstoelgymnastiek.", "Wij spreken ouders drie keer per jaar."):
        assert folded in text
    assert document.properties == {
        "modified": "2025-09-14T10:22:31",
        "site": "OBS De Wilgenkring",
        "title": "Ondersteuning - OBS De Wilgenkring",
    }


def test_sections_and_levels_of_a_page():
    document = fixture("schoolgids-page.html")
    folded = next(block for block in document.blocks if "rolstoel" in block.text)
    assert folded.section == ("Schoolgids 2025-2026: ondersteuning", "Ons aanbod", "Wat bieden wij niet?")
    assert [(b.text, b.level) for b in document.blocks if b.kind == "item"] == [
        ("Extra instructie", 1),
        ("in de groep", 2),
        ("buiten de groep", 2),
        ("Dyslexiebegeleiding", 1),
        ("3. Signaleren", 1),
        ("4. Handelen", 1),
    ]


def test_cells_know_their_place_and_header():
    document = fixture("schoolgids-page.html")
    rows = [block for block in document.blocks if block.table == 0]
    assert [[row.text[c.start : c.end] for c in row.cells] for row in rows] == [
        ["Wie", "Wanneer"],
        ["Intern begeleider", "maandag", "ochtend"],
        ["vrijdag", "ochtend\nmiddag"],
    ]
    assert [cell.column for cell in rows[2].cells] == [1, 2]
    assert [cell.header for cell in rows[1].cells] == ["Wie", "Wanneer", "Wanneer"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("<p>een<br>twee", [("paragraph", "een\ntwee")], id="line break"),
        pytest.param("<p>een <b>twee</b>drie", [("paragraph", "een tweedrie")], id="inline"),
        pytest.param("los<div>in</div>na", [("paragraph", "los"), ("paragraph", "in"), ("paragraph", "na")], id="div"),
        pytest.param("<pre>a  b\nc</pre>", [("paragraph", "a b\nc")], id="pre"),
        pytest.param(
            "<div role=heading aria-level=2>Kop</div><p>Tekst.",
            [("heading", "Kop"), ("paragraph", "Tekst.")],
            id="role",
        ),
        pytest.param("<p>☑ ja &#9744; nee", [("paragraph", "☒ ja ☐ nee")], id="typed boxes"),
        pytest.param("<p>&lt;b&gt; &amp; &euro;", [("paragraph", "<b> & €")], id="entities"),
        pytest.param("<table><tr><td>Alleen.</table>", [("paragraph", "Alleen.")], id="one cell"),
        pytest.param("<table><tr><td><td>", [], id="empty table"),
        pytest.param("<svg><text>nee</text></svg><p>Ja.", [("paragraph", "Ja.")], id="drawing"),
        pytest.param("<header><h1>Titel</h1></header><p>Ja.", [("heading", "Titel"), ("paragraph", "Ja.")], id="title"),
        pytest.param(
            "<header><h1>Site</h1></header><main><h1>Titel</h1><p>Ja.</main>",
            [("heading", "Titel"), ("paragraph", "Ja."), ("header", "Site")],
            id="own title",
        ),
        pytest.param(
            "<p>Voor.<footer>Onder</footer><footer>Onder</footer>",
            [("paragraph", "Voor."), ("footer", "Onder")],
            id="footer once",
        ),
        pytest.param(
            "<table><tr><th>Naam<td>Noor<tr><th>Groep<td>7</table>",
            [("row", "Naam | Noor"), ("row", "Groep | 7")],
            id="form",
        ),
        pytest.param(
            "<table><tr><td>a<td>b<tr><td colspan=99999999999>c</table>", [("row", "a | b"), ("row", "c")], id="span"
        ),
    ],
)
def test_what_a_visitor_sees(body: str, expected: list[tuple[str, str]]):
    if not expected:
        assert isinstance(read_bytes(page(body), "x"), ReadError)
        return
    assert blocks(body) == expected


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<html><p>één café</p>".encode("cp1252"), "één café"),
        ('<html><meta charset="iso-8859-1"><p>“één”</p>'.encode("cp1252"), "“één”"),
        ('<html><meta charset="iso-8859-1"><p>één</p>'.encode(), "één"),
        ("\ufeff<html><p>één</p>".encode(), "één"),
        ("\ufeff<html><p>één</p>".encode("utf-16-le"), "één"),
        ('<html><meta charset="iso-8859-15"><p>€ één</p>'.encode("iso-8859-15"), "€ één"),
        ('<html><meta charset="hex"><p>één</p>'.encode("cp1252"), "één"),
        ('<?xml version="1.0" encoding="utf-8"?><html><p>één</p></html>'.encode(), "één"),
        (b"<html><p>a\x00b</p>", None),
    ],
)
def test_encodings(data: bytes, text: str | None):
    found = read_bytes(data, "x")
    assert isinstance(found, Document if text else ReadError)
    if isinstance(found, Document):
        assert found.blocks[0].text == text


def test_a_page_that_points_to_files_opens_none(tmp_path):
    secret = tmp_path / "geheim.txt"
    secret.write_text("geheime tekst")
    entity = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e SYSTEM "{secret.as_uri()}">]><html><p>Ja. &e;</p></html>'
    linked = f'<html><iframe src="{secret.as_uri()}"></iframe><object data="{secret}"></object><p>Ja.</p></html>'
    for data in (entity, linked):
        assert "geheime" not in repr(read_bytes(data.encode(), "x"))


@pytest.mark.parametrize("opened", ["<div>", "<b>", "<ul><li>", "<table><tr><td>"])
def test_nesting_without_end_is_refused(opened: str):
    found = read_bytes(page(opened * 100_000 + "eind"), "x")
    assert isinstance(found, ReadError)
    assert found.code is ReadCode.TOO_LARGE


@settings(max_examples=60, deadline=None)
@given(
    parts=st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<li>",
                "<td>",
                "<tr>",
                "<ul>",
                "</ul>",
                "<h2>",
                "<table>",
                "</table>",
                "<dl>",
                "<dd>",
                "<div>",
            ]
            + ["tekst "] * 6
        )
    )
)
def test_any_soup_is_read_and_cells_point_into_their_row(parts: list[str]):
    found = read_bytes(page("".join(parts)), "x")
    if isinstance(found, ReadError):
        assert found.code is ReadCode.NO_TEXT
        return
    assert "".join(b.text for b in found.blocks).count("tekst") == parts.count("tekst ")
    for block in found.blocks:
        for cell in block.cells:
            assert 0 <= cell.start <= cell.end <= len(block.text)
