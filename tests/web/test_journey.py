"""The whole way in a real browser: upload, feedback, the file with remarks, a better draft, what was solved.

With axe-core on every page of it, on a phone and on a desk, with JavaScript and without.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from portal import DOSSIER, LIMIT_MB, PASSWORD, PROFILE, Served, word_file
from seeing import assert_fine

from pipeline import steps
from pipeline.report.report_json import render_json
from pipeline.store import record
from pipeline.store.record import Kept
from pipeline.web.sessions import now

WIDTHS = (360, 1280)
EXTRA = "Wij werken samen met de GGD Flevoland en met Jeugdhulp De Brug: elke maand is er overleg over leerlingen."
HARD = "Basisondersteuning is wat elke school biedt."


@contextmanager
def somebody(
    chromium: Browser, served: Served, login: str, *, scripts: bool = True, width: int = 1280
) -> Iterator[Page]:
    """A browser in which somebody is logged in; what it complains about is a failure."""
    context = chromium.new_context(
        java_script_enabled=scripts, viewport={"width": width, "height": 800}, accept_downloads=True
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{served.address}/inloggen")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("main form button")
    yield page
    assert complaints == []
    context.close()


def is_complaint(said: ConsoleMessage) -> bool:
    """A page that is refused on purpose is told as an error too."""
    return said.type == "error" and "413" not in said.text


def upload(page: Page, *files: Path, field: str = "#files") -> None:
    page.set_input_files(field, files)
    page.locator("form.upload", has=page.locator(field)).locator("button").click()


@pytest.fixture
def first(tmp_path) -> Path:
    path = tmp_path / "profiel, concept.docx"
    path.write_bytes(word_file("Onze school staat in een groene wijk.", HARD))
    return path


@pytest.fixture
def second(tmp_path) -> Path:
    path = tmp_path / "profiel, beter.docx"
    path.write_bytes(word_file(EXTRA, HARD))
    return path


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_a_first_draft_to_a_better_one(chromium, served, tmp_path, first, second, scripts):
    with somebody(chromium, served, "noor", scripts=scripts) as page:
        page.goto(served.address)
        upload(page, first)
        page.wait_for_selector("article.finding", timeout=60_000)
        assert page.locator("section[id^=lijst-]").first.get_attribute("id") == "lijst-missing"
        gap = page.locator('[id="anb.beleid.ketenpartners"]')
        expect(gap).to_contain_text("Wat u kunt doen")

        gap.locator("summary", has_text="Voorbeeld").click()
        expect(gap.locator(".example")).to_contain_text("Vervang het door uw eigen tekst")
        with page.expect_download() as found:
            page.click("text=Download uw document met opmerkingen")
        with_remarks = Document(found.value.path())
        assert found.value.suggested_filename == "profiel, concept, met opmerkingen.docx"
        assert HARD in [paragraph.text for paragraph in with_remarks.paragraphs]
        assert list(with_remarks.comments)

        upload(page, second, field="#next")
        page.wait_for_selector("#versies", timeout=60_000)
        solved = page.locator(".versions li", has_text="Samenwerking met ketenpartners")
        expect(solved).to_contain_text("was niet gevonden, nu aangetroffen")

        solved.locator("a").click()
        page.locator('[id="anb.beleid.ketenpartners"] blockquote a').first.click()
        assert page.locator("mark:target").inner_text() in EXTRA
        page.locator("mark:target + a.back").click()
        assert page.url.endswith("#anb.beleid.ketenpartners")

        page.click("text=Verwijder alles van dit document")
        expect(page.locator("[role=status]").first).to_contain_text("verwijderd")
        assert page.locator("main table a", has_text="profiel, beter.docx").count() == 0


def test_keyboard_is_enough(chromium, served, first):
    with somebody(chromium, served, "zuid") as page:
        page.goto(served.address)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
        page.set_input_files("#files", first)  # the dialog of the system is not the page's
        page.focus("#files")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("article.finding", timeout=60_000)

        page.focus("#document")
        page.keyboard.press("End")
        page.wait_for_function("document.querySelector('#document').scrollTop >= 0")
        page.focus("article.finding summary")
        page.keyboard.press("Enter")
        assert page.locator("article.finding details").first.get_attribute("open") is not None


def test_dropped_file_is_chosen(chromium, served, first):
    with somebody(chromium, served, "noor") as page:
        page.goto(served.address)
        dropped = page.evaluate_handle("""() => {
            const data = new DataTransfer();
            data.items.add(new File(["# Profiel"], "gesleept.md"));
            data.items.add(new File(["# Profiel"], "nog een.md"));
            return data;
        }""")
        page.dispatch_event("[data-drop]", "drop", {"dataTransfer": dropped})

        assert page.evaluate("[...document.querySelector('#files').files].map(one => one.name)") == [
            "gesleept.md",
            "nog een.md",
        ]
        expect(page.locator("[data-sending]")).to_have_text("2 bestanden gekozen.")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_too_large_is_told_with_the_limit(chromium, served, tmp_path, scripts):
    large = tmp_path / "groot.docx"
    large.write_bytes(bytes((LIMIT_MB * 3) * 1024 * 1024))
    with somebody(chromium, served, "noor", scripts=scripts) as page:
        page.goto(served.address)
        if scripts:
            upload(page, large)
            expect(page.locator("[data-sending]")).to_contain_text(f"Er mag hooguit {LIMIT_MB} MB")
            return
        with page.expect_response("**/concept") as answer:
            upload(page, large)
        assert answer.value.status == 413
        expect(page.locator("main")).to_contain_text(f"hooguit {LIMIT_MB} MB")


@pytest.mark.parametrize("width", WIDTHS, ids=lambda width: f"{width}px")
def test_pages_are_for_everybody(chromium, served, first, second, monkeypatch, width):
    with somebody(chromium, served, "noor", width=width) as page:
        page.goto(served.address)
        assert_fine(page, "start")

        upload(page, PROFILE)
        page.wait_for_selector("article.finding", timeout=60_000)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert_fine(page, "feedback")

        upload(page, first, field="#next")
        page.wait_for_selector("#versies", timeout=60_000)
        assert_fine(page, "versies")

        page.goto(served.address)
        page.goto(f"{served.address}/dossier")
        assert_fine(page, "dossier")
        upload(page, *DOSSIER.glob("*.docx"))
        page.wait_for_selector("#ingevuld", timeout=60_000)
        assert_fine(page, "opp")

        page.goto(f"{served.address}/scholen")
        assert_fine(page, "scholen, leeg")

        monkeypatch.setattr("pipeline.web.routes.drafts._PATIENCE_S", 0)
        page.goto(served.address)
        with page.expect_navigation():
            upload(page, PROFILE, second, first)
        page.goto(f"{served.address}/?stil")
        assert_fine(page, "lijst")


def test_page_of_a_file_that_can_not_be_read_is_for_everybody(chromium, served, tmp_path):
    broken = tmp_path / "kapot.docx"
    broken.write_bytes(b"PK\x03\x04")
    with somebody(chromium, served, "noor") as page:
        page.goto(served.address)
        upload(page, broken)
        page.wait_for_selector(".notice.bad", timeout=60_000)
        assert_fine(page, "niet te lezen")


@pytest.mark.parametrize("width", WIDTHS, ids=lambda width: f"{width}px")
def test_pages_of_staff_are_for_everybody(chromium, served, width):
    report = steps.check_file(PROFILE)
    begun = record.begin_run(served.engine, what="nightly", inboxes=["profielen"], program="1", now=now())
    kept = Kept(label=PROFILE.name, digest=str(hash(render_json([report]))), report=report)
    record.keep_reports(served.engine, begun.id, "profielen", [kept])
    record.finish_run(served.engine, begun.id, now=now(), documents=1, checked=1, removed=0, unreadable=0)
    with somebody(chromium, served, "consulent", width=width) as page:
        page.goto(f"{served.address}/team")
        assert_fine(page, "overzicht")

        page.locator('a[href^="/scholen/"]').first.click()
        article = page.locator("article.finding").first
        article.locator("summary", has_text="oordeel").or_(article.locator("summary", has_text="besluit")).last.click()
        article.locator("textarea").fill("De school liet dit zien.")
        article.locator("button", has_text="Bewaar").click()
        expect(page.locator(".decision").first).to_contain_text("De school liet dit zien.")
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert_fine(page, "school")
