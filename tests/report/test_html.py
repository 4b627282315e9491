from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from pipeline.report.html import render_html
from pipeline.report.labels import read_labels
from pipeline.report.pages import safe_href
from pipeline.result import PrivacyMark, Report, Verdict

from .factory import (
    READING_ORDER,
    SCRIPT,
    make_error,
    make_finding,
    make_hostile,
    make_norm,
    make_pupil_report,
    make_report,
)


class Page(HTMLParser):
    """The tags and the text of a page."""

    VOID = frozenset({"meta", "br", "path", "circle", "rect", "use", "input", "img", "link"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def ids(self) -> list[str]:
        return [value for _, attrs in self.tags if (value := attrs.get("id"))]

    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.tags if re.fullmatch(r"h[1-6]", tag)]


PAGES = {
    "school": (make_report(), make_norm()),
    "pupil": (make_pupil_report(), None),
    "hostile": (make_hostile(), make_norm()),
    "error": (make_error(), None),
}


@pytest.mark.parametrize(("report", "norm"), PAGES.values(), ids=PAGES.keys())
def test_page_is_well_formed(report: Report, norm: object) -> None:
    page = Page(render_html(report, norm))  # type: ignore[arg-type]
    assert page.open == []
    assert len(page.ids()) == len(set(page.ids()))
    levels = page.headings()
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_language_is_dutch_and_nothing_is_fetched() -> None:
    page = Page(render_html(make_report(), make_norm()))
    assert ("html", {"lang": "nl"}) in page.tags
    assert not [tag for tag, _ in page.tags if tag in ("script", "link", "img", "iframe")]
    assert not re.search(r"url\(|@import|https?:", render_html(make_report(), make_norm()))


def test_every_finding_is_there_once_in_reading_order() -> None:
    ids = Page(render_html(make_report(), make_norm())).ids()
    assert tuple(value for value in ids if value in READING_ORDER) == READING_ORDER


def test_every_internal_link_has_its_target() -> None:
    page = Page(render_html(make_report(), make_norm()))
    links = [href[1:] for _, attrs in page.tags if (href := attrs.get("href")) and href.startswith("#")]
    assert "anb.beleid.ketenpartners" in links
    assert set(links) <= set(page.ids())


def test_gap_shows_what_is_asked_where_we_searched_and_what_to_do() -> None:
    text = Page(render_html(make_report(), make_norm())).text
    for part in (
        "Er wordt gevraagd: protocol medisch handelen. Bron: ANB 2024-08, hoofdstuk 3",
        "Waar wij zochten Toelichting bij anb.protocol.medisch-handelen.",
        "Wat u kunt doen Advies bij anb.protocol.medisch-handelen.",
    ):
        assert part in text


def test_quotes_are_literal_with_their_place() -> None:
    page = render_html(make_report(), make_norm())
    assert "<q>Citaat over anb.beleid.ketenpartners.</q><footer>6. Externe partners, blz. 4</footer>" in page


def test_more_than_three_quotes_are_all_there() -> None:
    text = Page(render_html(make_hostile(), make_norm())).text
    assert "Nog 1 passage" in text
    assert "=1+1" in text


def test_found_requirement_has_no_advice() -> None:
    met = make_finding("anb.structuur.zat", Verdict.MET, None, advice="Doe dit.")
    page = render_html(make_report(findings=(met,)), make_norm())
    assert "Doe dit." not in page


def test_requirement_that_does_not_apply_was_not_searched_for() -> None:
    other = make_finding("anb.thema.moeilijk-lerend", Verdict.NOT_APPLICABLE, None, message="Deze eis is voor het po.")
    text = Page(render_html(make_report(findings=(other,)), make_norm())).text
    assert "Deze eis is voor het po." in text
    assert "Waar wij zochten" not in text


def test_no_scores_or_percentages() -> None:
    text = Page(render_html(make_report(), make_norm())).text
    assert "%" not in text
    assert "0.97" not in text
    assert "niet aanwezig op school" in text
    assert "niet aanwezig" not in text.replace("Niet gevonden betekent niet: niet aanwezig op school", "")


def test_nothing_from_a_document_is_markup() -> None:
    text = render_html(make_hostile(), make_norm(), document_href="javascript:alert(1)")
    page = Page(text)
    assert SCRIPT not in text
    assert not [tag for tag, _ in page.tags if tag in ("script", "img")]
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert SCRIPT in page.text
    assert "{{ 7 * 7 }}" in page.text


@pytest.mark.parametrize(
    ("href", "safe"),
    [
        ("map/sop.docx", "map/sop.docx"),
        ("../a b.docx", "../a b.docx"),
        ("https://school.example/sop.pdf", "https://school.example/sop.pdf"),
        ("javascript:alert(1)", "./javascript:alert(1)"),
        ("JavaScript:alert(1)", "./JavaScript:alert(1)"),
        (" javascript:alert(1)", "./ javascript:alert(1)"),
        ("java\nscript:alert(1)", "./java\nscript:alert(1)"),
        ("data:text/html,x", "./data:text/html,x"),
        ("http://[", "./http://["),
    ],
)
def test_addresses_never_run(href: str, safe: str) -> None:
    assert safe_href(href) == safe


def test_privacy_warning_names_category_and_place() -> None:
    report = make_report(privacy=(PrivacyMark(category="phone", block=3), PrivacyMark(category="phone", block=11)))
    text = Page(render_html(report, make_norm())).text
    assert "persoonsgegevens van een leerling of ouder" in text
    assert "Telefoonnummer: tekstblokken 4, 12" in text
    assert "persoonsgegevens" not in Page(render_html(make_report(), make_norm())).text


def test_unreadable_file_says_why_and_what_to_do() -> None:
    text = Page(render_html(make_error(), None)).text
    assert "Niet te lezen: scan zonder tekst" in text
    assert "Dit bestand is een scan zonder tekst." in text
    assert "doorzoekbare pdf" in text
    assert "aangetroffen" not in text


def test_document_is_linked_when_its_place_is_known() -> None:
    assert '<a href="../sop.docx">sop-zonnewijzer.docx</a>' in render_html(
        make_report(), make_norm(), document_href="../sop.docx"
    )


def test_two_renderings_are_the_same() -> None:
    assert render_html(make_report(), make_norm()) == render_html(make_report(), make_norm())


def test_profile_lists_everything() -> None:
    text = Page(render_html(make_report(), make_norm())).text
    for part in (
        "gedragsspecialist",
        "GGD Flevoland",
        "Een rustige werkplek.",
        "Wij bieden nog geen plusklas.",
        "2027",
    ):
        assert part in text


def test_verdict_is_never_colour_alone() -> None:
    page = render_html(make_report(), make_norm())
    for verdict, words in read_labels()["verdicts"].items():
        assert page.count(f'href="#icon-{verdict}"') > 0
        assert words["word"] in page
