"""A draft from upload to deletion: whose it is, how long it stays, what is on disk, what comes of the next version."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import logging
import re
from types import SimpleNamespace

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from portal import DOSSIER, PDF, PROFILE, word_file

from pipeline.web import drafts as desk_module
from pipeline.web.drafts import Desk, FullError, State
from pipeline.web.uploads import Upload
from pipeline.web.vault import seal

SECRET = "Zwaluwstaartje"
POOR = word_file("Onze school staat in een groene wijk.", "Basisondersteuning is wat elke school biedt.")
PARTNERS = "Wij werken samen met de GGD Flevoland en met Jeugdhulp De Brug: elke maand is er overleg over leerlingen."


def test_page_says_before_the_upload_what_happens_with_the_file(noor):
    page = noor.get("/").text

    assert page.index("na 24 uur vanzelf verwijderd") < page.index('type="file"')
    assert "hooguit 2 MB" in page


def test_feedback_puts_gaps_before_what_is_met(noor):
    _, page = noor.feedback(PROFILE)
    headings = re.findall(r'<section id="lijst-(\w+)"', page)

    assert headings == [verdict for verdict in ("missing", "partial", "review", "met") if verdict in headings]
    assert {"missing", "partial", "met"} <= set(headings)
    assert "Voorbeeld van zo&#39;n passage" in page
    assert "Vervang het door uw eigen tekst" in page


@pytest.mark.parametrize("file", [PROFILE, PDF], ids=["docx", "pdf"])
def test_every_quote_leads_to_its_passage_and_back(noor, file):
    _, page = noor.feedback(file)
    links = re.findall(r'href="#(plek-\d+)"', page)

    assert len(links) > 20
    assert [link for link in links if page.count(f'id="{link}"') != 1] == []
    assert set(re.findall(r'class="back" href="#([^"]+)"', page)) <= set(
        re.findall(r'<article [^>]*id="([^"]+)"', page)
    )


def test_marked_text_is_the_quote(noor):
    _, page = noor.feedback(PROFILE)
    marked = re.search(r'<mark class="v-partial" id="plek-1">(.*?)</mark>', page)
    assert marked is not None

    assert f"<q>{marked[1]}</q>" in page


def test_several_files_become_several_drafts(noor):
    answer = noor.send(("een.docx", POOR), ("twee.docx", word_file(PARTNERS)))
    page = noor.get(answer.headers["location"]).text

    assert answer.headers["location"] == "/"
    assert "een.docx" in page
    assert "twee.docx" in page


def test_file_that_can_not_be_read_says_why(noor):
    _, page = noor.feedback(("tabel.xlsx", b"PK\x05\x06" + bytes(18)))

    assert "Niet te lezen" in page
    assert "Wat u kunt doen" in page
    assert "Stuur een verbeterde versie" in page


def test_next_version_shows_what_was_solved_and_what_stayed(noor):
    first, _ = noor.feedback(("concept.docx", POOR))
    number = first.rpartition("/")[2]
    _, page = noor.feedback(
        ("concept 2.docx", word_file("Basisondersteuning is wat elke school biedt.", PARTNERS)), previous=number
    )
    versions = page[page.index("Sinds uw vorige versie") :]

    assert re.search(r"Opgelost \(\d+\).*?Samenwerking met ketenpartners", versions, re.DOTALL)
    assert "Nog hetzelfde:" in versions
    assert "Nieuw (" not in versions


def test_version_before_of_somebody_else_is_not_compared(noor, zuid):
    theirs, _ = zuid.feedback(("concept.docx", POOR))
    _, page = noor.feedback(("concept.docx", word_file(PARTNERS)), previous=theirs.rpartition("/")[2])

    assert "Sinds uw vorige versie" not in page


def test_versions_of_another_norm_are_not_compared(noor):
    first, _ = noor.feedback(("concept.docx", POOR), norm="meierij")
    _, page = noor.feedback(("concept.docx", POOR), previous=first.rpartition("/")[2])

    assert "aan een andere norm getoetst" in page


def test_deleting_is_at_once_and_for_good(portal, noor):
    before = set(portal.app.state.desk.folder.iterdir())
    address, _ = noor.feedback(("weg.docx", POOR))
    made = set(portal.app.state.desk.folder.iterdir()) - before
    answer = noor.post(f"{address}/verwijderen")

    assert "verwijderd" in answer.text
    assert noor.get(address).status_code == 404
    assert made
    assert not [file for file in made if file.exists()]


def test_file_comes_back_with_remarks_as_a_download(noor):
    address, _ = noor.feedback(PROFILE)
    answer = noor.get(f"{address}/document")
    with_remarks = Document(io.BytesIO(answer.content))

    assert answer.headers["content-disposition"].startswith("attachment;")
    assert [p.text for p in with_remarks.paragraphs][:20] == [p.text for p in Document(PROFILE).paragraphs][:20]
    assert len(list(with_remarks.comments)) > 10


def test_pdf_comes_back_as_a_pdf(noor):
    address, _ = noor.feedback(PDF)
    answer = noor.get(f"{address}/document")

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(PDF.read_bytes())


def test_kind_of_file_without_remarks_says_so(noor):
    html = b"<!doctype html><html><body><h1>Schoolondersteuningsprofiel</h1><p>Wij werken samen met de GGD.</p>"
    address, page = noor.feedback(("profiel.html", html))
    answer = noor.get(f"{address}/document")

    assert "/document" not in re.findall(r'href="([^"]+)"', page)
    assert answer.status_code == 409
    assert "Sla het op als Word-document" in answer.text


def test_zelfscan_has_every_requirement_with_its_quote_and_room_to_answer(noor):
    address, page = noor.feedback(PROFILE)
    answer = noor.get(f"{address}/zelfscan")
    sheet = load_workbook(io.BytesIO(answer.content))["Zelfscan"]
    rows = list(sheet.iter_rows(values_only=True))

    assert rows[0][:5] == ("Onderwerp", "Eis", "Wat wordt gevraagd", "Soort eis", "Uit het document")
    assert len(rows) - 1 == page.count("<article ") == 38
    met = [row for row in rows[1:] if row[4] == "aangetroffen"]
    assert len(met) == 30
    assert all(row[6] for row in met)
    assert all(row[9:] == (None, None, None) for row in rows[1:])


def test_dossier_becomes_a_plan_in_word(noor):
    answer = noor.send(*sorted(DOSSIER.glob("*.docx")), PROFILE, to="/dossier")
    address, page = noor.when_done(answer.headers["location"])
    plan = Document(io.BytesIO(noor.get(f"{address}/word").content))
    text = "".join(node.text or "" for node in plan.element.iter(qn("w:t")))  # fields may stand in content controls

    assert "Jorrit Waanders-Pelk" in text
    assert "Instemming met het handelingsdeel" in page[page.index("Nog open") : page.index("Ingevuld (")]
    assert "sop-po-zevensteek.docx" in page


def test_dossier_without_anything_for_a_plan_says_so(noor):
    answer = noor.send(("leeg.docx", b""), to="/dossier")
    _, page = noor.when_done(answer.headers["location"])

    assert "Er is niets ingevuld" in page
    assert "leeg.docx: niet te lezen" in page


def test_what_is_on_disk_is_not_the_document(portal, noor):
    noor.feedback(("geheim.docx", word_file(f"{SECRET} is een leerling.")))
    noor.feedback(("geheim.html", f"<html><body><p>{SECRET} is een leerling.</p></body></html>".encode()))
    kept = list(portal.app.state.desk.folder.iterdir())

    assert kept
    assert not [file for file in kept if SECRET.encode() in file.read_bytes() or file.read_bytes().startswith(b"PK")]
    assert not [file.name for file in kept if "geheim" in file.name]
    assert all(file.stat().st_mode & 0o077 == 0 for file in kept)


def test_no_text_and_no_name_of_a_document_in_the_log(noor, caplog):
    caplog.set_level(logging.DEBUG)
    address, _ = noor.feedback((f"{SECRET}.docx", word_file(f"{SECRET} werkt samen met de GGD.")))
    noor.get(f"{address}/document")
    noor.feedback((f"{SECRET}.pdf", f"%PDF-1.4 {SECRET}".encode()))
    said = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)

    assert "request" in said
    assert SECRET not in said


def test_school_sees_only_its_own_drafts(noor, zuid):
    address, _ = noor.feedback(("van-noor.docx", word_file(PARTNERS)))
    plan = noor.send(*sorted(DOSSIER.glob("*.docx"))[:1], to="/dossier").headers["location"]
    noor.when_done(plan)
    theirs = [address, f"{address}/document", f"{address}/zelfscan", plan, f"{plan}/word"]

    assert {path: noor.get(path).status_code for path in theirs} == dict.fromkeys(theirs, 200)
    assert {path: zuid.get(path).status_code for path in theirs} == dict.fromkeys(theirs, 404)
    assert zuid.post(f"{address}/verwijderen").status_code == 404
    assert "van-noor.docx" not in zuid.get("/").text
    assert noor.get(address).status_code == 200


@pytest.mark.parametrize("login", ["consulent", "beheerder"])
def test_staff_do_not_see_drafts_of_schools(portal, noor, login):
    address, _ = noor.feedback(("van-noor.docx", POOR))

    assert portal.person(login).get(address).status_code == 404


def settings_of(**named):
    return SimpleNamespace(**{"keep_hours": 24, "max_upload_mb": 2, "workers": 1, **named})


class Still:
    """Stands for the workers: nothing is done until ``go`` is set."""

    def __init__(self, **_named) -> None:
        self.workers = 1
        self.go = asyncio.Event()

    async def run(self, _work, _task):
        await self.go.wait()

    def stop(self) -> None:
        pass


@pytest.fixture
def still(monkeypatch):
    monkeypatch.setattr(desk_module, "Checker", Still)


async def at_desk(act, *, settings=None, now=None):
    desk = Desk(settings or settings_of(), **({"now": now} if now else {}))
    await desk.start()
    try:
        return await act(desk)
    finally:
        await desk.stop()


def upload_to(desk: Desk, name="een.docx") -> Upload:
    return Upload(name, seal(b"x", desk.folder))


@pytest.mark.usefixtures("still")
class TestDesk:
    def test_draft_goes_when_its_time_is_over(self):
        clock = [dt.datetime(2026, 1, 1, tzinfo=dt.UTC)]

        async def act(desk):
            upload = upload_to(desk)
            draft = desk.check(1, upload)
            clock[0] += dt.timedelta(hours=2, seconds=-1)
            desk.delete_old()
            assert desk.find(1, draft.id) is draft
            clock[0] += dt.timedelta(seconds=1)
            assert desk.find(1, draft.id) is None, "also before the sweep came by"
            desk.delete_old()
            assert not upload.sealed.path.exists()

        asyncio.run(at_desk(act, settings=settings_of(keep_hours=2), now=lambda: clock[0]))

    def test_place_counts_those_before(self):
        async def act(desk):
            made = [desk.check(1, upload_to(desk)) for _ in range(3)]
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert [draft.state for draft in made] == [State.CHECKING, State.WAITING, State.WAITING]
            assert [desk.place(draft) for draft in made] == [0, 1, 2]

        asyncio.run(at_desk(act))

    def test_deleting_one_that_is_being_checked_lets_the_next_go_on(self):
        async def act(desk):
            first, second = (desk.check(1, upload_to(desk)) for _ in range(2))
            await asyncio.sleep(0.01)
            desk.remove(first)
            await asyncio.sleep(0.01)
            assert second.state is State.CHECKING
            assert await desk.wait(first, 1), "who waits for it hears that there is nothing to wait for"

        asyncio.run(at_desk(act))

    def test_nothing_is_left_on_disk_when_the_server_stops(self):
        async def act(desk):
            desk.check(1, upload_to(desk))
            return desk.folder

        assert not asyncio.run(at_desk(act)).exists()

    def test_who_has_too_much_is_told_so_and_others_go_on(self, monkeypatch):
        monkeypatch.setattr(desk_module, "_MOST_OF_ONE", 2)

        async def act(desk):
            for _ in range(2):
                desk.ensure_room(1)
                desk.check(1, upload_to(desk))
            with pytest.raises(FullError) as full:
                desk.ensure_room(1)
            assert full.value.own
            desk.ensure_room(2)

        asyncio.run(at_desk(act))

    def test_queue_has_an_end(self, monkeypatch):
        monkeypatch.setattr(desk_module, "_MOST_WAITING", 3)

        async def act(desk):
            for owner in range(3):
                desk.check(owner, upload_to(desk))
            with pytest.raises(FullError) as full:
                desk.ensure_room(9)
            assert not full.value.own

        asyncio.run(at_desk(act))


def test_waiting_page_tells_the_place_and_looks_again_by_itself_until_asked_not_to(portal, noor, monkeypatch):
    monkeypatch.setattr("pipeline.web.routes.drafts._PATIENCE_S", 0)
    addresses = [noor.send(PROFILE).headers["location"] for _ in range(4)]
    answer = noor.get(addresses[-1])
    quiet = noor.get(addresses[-1] + "?stil")

    assert re.search(r"nog (één|\d+) documenten? voor u aan de beurt", answer.text)
    assert int(answer.headers["refresh"]) > 0
    assert "refresh" not in quiet.headers
    assert "Kijk of het klaar is" in quiet.text
    for address in addresses:
        noor.when_done(address)
