from __future__ import annotations

import base64
import hashlib
import re

from pipeline.report.index import render_index
from pipeline.report.view import Entry
from pipeline.result import NormInfo, Report, School

from .factory import SCRIPT, make_error, make_hostile, make_norm, make_pupil_report, make_report
from .test_html import Page


def render(*reports: Report) -> str:
    entries = [Entry(report, f"verslag-{number}.html") for number, report in enumerate(reports)]
    return render_index(entries, make_norm(), title="Overzicht Almere", generated="22 november 2026")


def other_school() -> Report:
    return make_report(school=School(name="De Aak", board="Stichting Maan", district="Almere Poort"))


def test_page_is_well_formed() -> None:
    page = Page(render(make_report(), other_school(), make_pupil_report(), make_error(), make_hostile()))
    assert page.open == []
    assert len(page.ids()) == len(set(page.ids()))
    levels = page.headings()
    assert levels[0] == 1
    assert set(levels[1:]) == {2}


def test_every_cell_links_to_its_finding() -> None:
    page = render(make_report())
    for finding in make_report().findings:
        assert page.count(f'href="verslag-0.html#{finding.requirement}"') == 1


def test_schools_stand_by_name_and_not_by_result() -> None:
    page = render(make_report(), other_school())
    assert page.index(">De Aak<") < page.index(">De Zonnewijzer<")
    entries = [Entry(make_report(), "a.html"), Entry(other_school(), "b.html")]
    pages = {render_index(order, make_norm(), title="t", generated="g") for order in (entries, entries[::-1])}
    assert len(pages) == 1


def test_headers_hold_the_whole_title() -> None:
    page = render(make_report())
    for text in make_norm().requirements:
        assert f"<span>{text.title.replace(chr(39), '&#39;')}</span></th>" in page


def test_counts_by_requirement_lead_to_the_documents() -> None:
    page = render(make_report(), other_school())
    assert re.search(r'data-eis="5" data-oordeel="met">2</a>', page)


def test_documents_about_pupils_have_no_names() -> None:
    page = render(make_report(), make_pupil_report())
    assert "pietje" not in page.lower()
    assert "Ontwikkelingsperspectief (OPP), kenmerk 01234567" in page
    assert "1 niet gevonden, 1 aangetroffen" in page


def test_unreadable_document_about_a_pupil_has_no_name_either() -> None:
    page = render(make_error(path="opp-pietje-puk.docx", kind="opp"))
    assert "pietje" not in page.lower()
    assert "Scan zonder tekst" in page


def test_unreadable_files_say_what_to_do() -> None:
    text = Page(render(make_report(), make_error())).text
    assert "scan.pdf" in text
    assert "doorzoekbare pdf" in text


def test_documents_checked_by_another_norm_are_listed_apart() -> None:
    page = render(make_report(), make_report(norm=NormInfo(id="meierij", version="website")))
    assert "Getoetst aan een andere norm" in page
    assert page.count('<tr data-tekst="') == 1


def test_requirement_that_was_not_checked_is_shown_as_such() -> None:
    page = Page(render(make_report(findings=make_report().findings[1:])))
    assert "niet getoetst" in page.text


def test_nothing_from_a_document_is_markup() -> None:
    text = render(make_hostile())
    page = Page(text)
    assert SCRIPT not in text
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]


def test_only_our_own_script_may_run() -> None:
    page = render(make_report())
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src &#39;sha256-{digest}&#39;" in page or f"script-src 'sha256-{digest}'" in page


def test_without_script_everything_is_visible() -> None:
    page = Page(render(make_report(), other_school()))
    hidden = [attrs.get("id") for _, attrs in page.tags if "hidden" in attrs]
    assert hidden == ["filters"]


def test_empty_batch() -> None:
    assert "geen documenten over scholen" in render()


def test_no_scores() -> None:
    assert "%" not in Page(render(make_report(), other_school())).text
