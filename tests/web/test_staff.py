"""What staff see and do, and what a school sees of the store: its own schools alone."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import re
import sys
import time

import pytest
from portal import PROFILE, Portal, running_portal

from pipeline import steps
from pipeline.report.report_json import render_json
from pipeline.result import Reason, Report, Verdict
from pipeline.store import decisions, record
from pipeline.store.read import standing_now
from pipeline.store.record import Kept
from pipeline.web.nights import Nights

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
KETENPARTNERS = "anb.beleid.ketenpartners"


@pytest.fixture(scope="module")
def profile() -> Report:
    return steps.check_file(PROFILE)


def of_school(report: Report, name: str, brin: str | None, **changes) -> Report:
    document = report.document.model_copy(update={"path": f"{name}.docx", **changes})
    return report.model_copy(
        update={"school": report.school.model_copy(update={"name": name, "brin": brin}), "document": document}
    )


def without(report: Report, requirement: str) -> Report:
    """As if the document said nothing of it."""
    findings = tuple(
        one.model_copy(update={"verdict": Verdict.MISSING, "reason": Reason.NOT_FOUND, "evidence": ()})
        if one.requirement == requirement
        else one
        for one in report.findings
    )
    return report.model_copy(update={"findings": findings})


def run(engine, *reports: Report, at=NOON) -> int:
    begun = record.begin_run(engine, what="nightly", inboxes=["profielen"], program="1", now=at)
    kept = [
        Kept(label=one.document.path, digest=hashlib.sha256(render_json([one]).encode()).hexdigest(), report=one)
        for one in reports
    ]
    record.keep_reports(engine, begun.id, "profielen", kept)
    record.finish_run(engine, begun.id, now=at, documents=len(reports), checked=len(reports), removed=0, unreadable=0)
    return begun.id


@pytest.fixture(scope="module")
def with_schools(tmp_path_factory, profile):
    """A portal with a store: two schools with a BRIN, one without, two runs, a digest, and settings for a night."""
    folder = tmp_path_factory.mktemp("staff")
    reports = folder / "verslagen"
    reports.mkdir()
    (reports / "bericht.txt").write_text("dekkend: 1 hiaat opgelost <b>", encoding="utf-8")
    night = folder / "nightly.yaml"
    night.write_text("inboxes: []\n", encoding="utf-8")
    with running_portal(folder, reports=reports, nightly=night) as portal:
        noord, zuid, west = ("De Noordster", "12AB"), ("De Zuidwester", "34CD"), ("De Westhoek / Oost", None)
        run(
            portal.engine,
            *(of_school(without(profile, KETENPARTNERS), *one, sha256="1" * 64) for one in (noord, zuid, west)),
        )
        run(portal.engine, of_school(profile, *noord), at=NOON + dt.timedelta(days=1))
        yield portal


@pytest.fixture
def consulent(with_schools: Portal):
    return with_schools.person("consulent")


def test_overview_has_schools_runs_and_the_digest(consulent):
    page = consulent.get("/team").text

    assert all(name in page for name in ("De Noordster", "De Zuidwester", "De Westhoek / Oost"))
    assert "dekkend: 1 hiaat opgelost &lt;b&gt;" in page
    assert re.search(r'<th scope="row">2</th>\s*<td data-label="Begonnen">21 nov 2026', page)


def test_every_school_of_the_list_can_be_opened(consulent):
    links = re.findall(r'href="(/scholen/[^"]+)"', consulent.get("/team").text)

    assert len(links) == 3
    assert {consulent.get(html.unescape(link)).status_code for link in links} == {200}


def test_school_page_shows_verdicts_quotes_and_what_changed(consulent):
    page = consulent.get("/scholen/12AB").text

    assert page.count('class="finding ') == 38
    assert page.index("v-missing") < page.index("v-met")
    assert "Opgelost: Samenwerking met ketenpartners (niet gevonden → aangetroffen)" in page
    assert re.search(r"<q>[^<]{20,}</q>", page)


def decide(person, requirement, verdict, reason, *, school="12AB", page=None):
    shown = page or person.get(f"/scholen/{school}").text
    at = shown.index(f'name="requirement" value="{requirement}"')
    passage = re.search(r'name="passage" value="(\w+)"', shown[at:])
    assert passage is not None
    return person.post(
        "/besluiten",
        {
            "school": school, "kind": "sop", "requirement": requirement, "passage": passage[1], "verdict": verdict,
            "reason": reason,
        },
    )  # fmt: skip


def test_decision_is_shown_as_that_of_a_person_to_the_school_too_and_can_be_withdrawn(with_schools, consulent):
    reason = "De directeur liet dit zien. <i>"
    answer = decide(consulent, "anb.zorgplicht.tussentijds", "met", reason)
    seen = with_schools.person("noor").get("/scholen/12AB").text

    assert "Uw besluit is bewaard" in answer.text
    for page in (answer.text, seen):
        assert re.search(r"<b>Besluit van Consulent</b>.*?aangetroffen in plaats van niet gevonden", page)
        assert "De directeur liet dit zien. &lt;i&gt;" in page
    assert "/intrekken" in answer.text
    assert "/intrekken" not in seen
    assert 'action="/besluiten"' not in seen
    (number,) = [one.id for one in decisions.decisions_on(with_schools.engine, "12AB")]
    gone = consulent.post(f"/besluiten/{number}/intrekken", {"school": "12AB"})
    assert "Besluit van" not in gone.text


def test_confirming_is_a_decision_too(with_schools, consulent):
    answer = decide(consulent, KETENPARTNERS, "met", "Nagelezen.")

    assert "aangetroffen, bevestigd" in answer.text
    decisions.withdraw(
        with_schools.engine, decisions.decisions_on(with_schools.engine, "12AB")[0].id, author="x", now=NOON
    )


def test_decision_lapses_when_the_passage_changes(with_schools, consulent, profile):
    decide(consulent, KETENPARTNERS, "met", "Zij noemden het in het gesprek.", school="34CD")
    run(with_schools.engine, of_school(without(profile, KETENPARTNERS), "De Zuidwester", "34CD", sha256="2" * 64))
    page = consulent.get("/scholen/34CD").text

    assert "Vervallen besluit van Consulent" in page
    assert "De passage is sindsdien veranderd" in page


@pytest.mark.parametrize(("verdict", "reason"), [("met", " "), ("review", "Zo is het.")], ids=["no reason", "review"])
def test_what_is_no_decision_is_refused_in_words(consulent, verdict, reason):
    answer = decide(consulent, "anb.beleid.ambities", verdict, reason)

    assert answer.status_code == 409
    assert 'role="alert"' in answer.text


def test_decision_on_a_passage_that_changed_meanwhile_is_refused(consulent):
    page = re.sub(
        r'name="passage" value="\w+"', f'name="passage" value="{"0" * 64}"', consulent.get("/scholen/12AB").text
    )
    answer = decide(consulent, KETENPARTNERS, "missing", "Niet gezien.", page=page)

    assert answer.status_code == 409
    assert "intussen veranderd" in answer.text


def test_school_sees_its_own_schools_alone(with_schools):
    noor, zuid = with_schools.person("noor"), with_schools.person("zuid")

    assert "De Noordster" in noor.get("/scholen").text
    for other in ("De Zuidwester", "De Westhoek"):
        assert other not in noor.get("/scholen").text
    assert noor.get("/scholen/12AB").status_code == 200
    assert zuid.get("/scholen/12AB").status_code == 404
    assert noor.get("/scholen/34CD").status_code == 404
    assert noor.get("/scholen/naam:de%20westhoek%20%2F%20oost").status_code == 404


def test_school_neither_decides_nor_starts_nor_sees_the_team(with_schools, consulent):
    noor = with_schools.person("noor")
    decide(consulent, KETENPARTNERS, "met", "Nagelezen.")
    (number,) = [one.id for one in decisions.decisions_on(with_schools.engine, "12AB")]
    form = {
        "school": "12AB",
        "kind": "sop",
        "requirement": KETENPARTNERS,
        "passage": "x",
        "verdict": "met",
        "reason": "x",
    }

    assert noor.get("/team").status_code == 403
    assert noor.post("/team/run").status_code == 403
    assert noor.post("/besluiten", form).status_code == 403
    assert noor.post(f"/besluiten/{number}/intrekken", {"school": "12AB"}).status_code == 403
    assert [one.reason for one in decisions.decisions_on(with_schools.engine, "12AB")] == ["Nagelezen."]
    decisions.withdraw(with_schools.engine, number, author="x", now=NOON)


def test_decision_is_withdrawn_under_its_own_school_only(with_schools, consulent):
    decide(consulent, KETENPARTNERS, "met", "Nagelezen.")
    (number,) = [one.id for one in decisions.decisions_on(with_schools.engine, "12AB")]

    assert consulent.post(f"/besluiten/{number}/intrekken", {"school": "34CD"}).status_code == 404
    decisions.withdraw(with_schools.engine, number, author="x", now=NOON)


def command(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def when_over(nights: Nights) -> None:
    until = time.monotonic() + 20
    while nights.is_running and time.monotonic() < until:
        time.sleep(0.05)
    assert not nights.is_running


@pytest.mark.parametrize(
    ("status", "said"), [(0, "is klaar."), (1, "is klaar."), (3, "is klaar."), (2, "is niet gelukt")]
)
def test_run_is_a_process_of_its_own_that_the_page_follows(with_schools, consulent, tmp_path, status, said):
    asked, go = tmp_path / "asked", tmp_path / "go"
    code = (
        "import pathlib, sys, time\n"
        f"pathlib.Path({str(asked)!r}).write_text(' '.join(sys.argv[1:]))\n"
        f"while not pathlib.Path({str(go)!r}).exists(): time.sleep(.05)\n"
        f"sys.exit({status})"
    )
    nights = with_schools.app.state.nights = Nights(command(code))
    page = consulent.post("/team/run").text
    again = consulent.post("/team/run").text
    go.touch()
    when_over(nights)

    assert "Er loopt een run, gestart door Consulent" in page
    assert "Er loopt een run" in again, "one at a time"
    assert asked.read_text() == f"nightly run --config {with_schools.app.state.settings.nightly} --log json"
    assert said in consulent.get("/team").text


def test_without_settings_for_a_night_there_is_no_button(portal):
    person = portal.person("consulent")

    assert 'action="/team/run"' not in person.get("/team").text
    assert person.post("/team/run").status_code == 404


def test_store_without_anything_is_a_page_too(portal, noor):
    assert standing_now(portal.engine) == {}
    assert "nog geen document gelezen" in noor.get("/scholen").text
    assert "nog geen run geweest" in portal.person("beheerder").get("/team").text
