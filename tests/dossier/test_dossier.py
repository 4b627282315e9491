"""The sample dossiers come out as a careful reader says, and one change in a document turns one thing."""

# ruff: noqa: E501  (texts of forms, as they stand)

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from extractors.markdown import read_markdown
from pipeline.check.document_kind import document_kind
from pipeline.cli import main
from pipeline.dossier.checks import months_later
from pipeline.dossier.data import decisions, routes
from pipeline.dossier.folder import Piece, read_folder
from pipeline.dossier.run import UnknownDecisionError, examine_dossier
from pipeline.dossier_result import Dossier
from pipeline.pupil.facts import form_facts
from pipeline.pupil.spec import params_of

DOSSIERS = Path(__file__).parents[2] / "sample_docs" / "dossiers"
NAMES = ("jorrit", "samira")


def expected_of(name: str) -> dict[str, Any]:
    return yaml.safe_load((DOSSIERS / name / "expected.yaml").read_text(encoding="utf-8"))


def from_sources(name: str, **changed: tuple[str, str]) -> tuple[Piece, ...]:
    """The documents of a dossier from their Markdown; ``changed`` replaces a text in one of them."""
    pieces = []
    for path in sorted((DOSSIERS / name / "source").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if path.stem in changed:
            old, new = changed[path.stem]
            assert old in text
            text = text.replace(old, new)
        document = read_markdown(text)
        kind = document_kind(document)
        facts = form_facts(document, kind)
        pieces.append(Piece(path=path.name, document=document, kind=kind or "unknown", facts=facts))
    return tuple(pieces)


def flat(dossier: Dossier) -> dict[str, object]:
    """Everything that a dossier decides, by name."""
    found: dict[str, object] = {f"missing {k}": True for k in dossier.missing}
    found |= {f"condition {k}": v for k, v in dossier.conditions.items()}
    found |= {f"check {c.id}": c.holds for c in dossier.checks}
    found |= {f"step {s.route} {s.step} {s.track}": s.status for s in dossier.steps}
    return found


def turned(name: str, decision: str = "sbo", **changed: tuple[str, str]) -> dict[str, tuple[object, object]]:
    before = flat(examine_dossier(name, from_sources(name), decision=decision)[0])
    after = flat(examine_dossier(name, from_sources(name, **changed), decision=decision)[0])
    return {k: (before.get(k), after.get(k)) for k in before | after if before.get(k) != after.get(k)}


@pytest.fixture(scope="module", params=NAMES)
def sample(request: pytest.FixtureRequest) -> tuple[Dossier, dict[str, Any]]:
    name = request.param
    expected = expected_of(name)
    pieces = read_folder(DOSSIERS / name / "documents")
    return examine_dossier(name, pieces, decision=expected["decision"])[0], expected


def test_kinds_and_dates_follow_from_the_content(sample: tuple[Dossier, dict[str, Any]]):
    dossier, expected = sample
    found = {
        d.path: {"kind": d.kind, "date": d.date} | ({"error": d.error} if d.error else {}) for d in dossier.documents
    }

    assert found == expected["documents"]


def test_missing_conditions_and_checks(sample: tuple[Dossier, dict[str, Any]]):
    dossier, expected = sample

    assert list(dossier.missing) == expected["missing"]
    assert dossier.conditions == expected["conditions"]
    assert {c.id: c.holds for c in dossier.checks if c.id in expected["checks"]} == expected["checks"]


def test_steps(sample: tuple[Dossier, dict[str, Any]]):
    dossier, expected = sample
    wrong = []
    for step in dossier.steps:
        of_route = expected["steps"][step.route]
        wanted = (of_route.get(step.track, {}) if step.track else of_route).get(step.step, "unknown")
        if step.status != wanted:
            wrong.append((step.route, step.step, step.track, step.status, wanted))

    assert wrong == []


def test_all_steps_of_both_routes_are_there(sample: tuple[Dossier, dict[str, Any]]):
    places = [(s.route, s.step, s.track) for s in sample[0].steps]

    assert places == [
        *(("drechtsteden", n, t) for n in range(1, 9) for t in ("school", "ouders", "meldcode")),
        *(("almere-hgo-po", n, None) for n in range(1, 8)),
    ]


def test_what_is_told_has_evidence(sample: tuple[Dossier, dict[str, Any]]):
    assert all(bool(s.evidence) == (s.status != "unknown") for s in sample[0].steps)


def test_evidence_is_literal():
    pieces = read_folder(DOSSIERS / "samira" / "documents")
    blocks = {p.path: p.document.blocks for p in pieces if p.document}
    dossier, texts = examine_dossier("samira", pieces, decision="sbo")
    quotes = [e for s in dossier.steps for e in s.evidence] + [e for c in texts.condition_evidence.values() for e in c]

    assert quotes
    assert all(e.quote in blocks[e.path][e.block].text for e in quotes)


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        pytest.param(
            {
                "opp": (
                    "| R. Waanders | 01-09-2025 | w.g. |\n| Ouder 2 stemt in met het handelingsdeel | I. Pelk | 01-09-2025 | w.g. |",
                    "| | | |\n| Ouder 2 stemt in met het handelingsdeel | | | |",
                )
            },
            {"condition instemming ouders OPP": (True, False)},
            id="signatures-taken-away",
        ),
        pytest.param(
            {"opp": ("17 februari 2025", "17 augustus 2025")},
            {"check tlv-almere-po.half-jaar": (True, False)},
            id="support-began-later",
        ),
        pytest.param(
            {"opp": ("Resultaat op 25 augustus 2025", "Resultaat op 25 augustus 2024")},
            {"check tlv-almere-po.half-jaar": (True, False)},
            id="evaluated-long-ago",
        ),
        pytest.param(
            {"onderzoek": ("Datum verslag | 7 november 2025", "Datum verslag | 7 november 2023")},
            {"check tlv-almere-po.onderzoek": (True, False)},
            id="research-past-two-years",
        ),
        pytest.param(
            {
                "abc": (
                    "| Contact met ouders | 28 november 2024, gesprek met beide ouders over de afspraken |",
                    "| Contact met ouders | |",
                )
            },
            {"step drechtsteden 3 ouders": ("done", "unknown")},
            id="contact-emptied",
        ),
        pytest.param(
            {"abc": ("Niet aan de orde: er zijn thuis geen hulpvragen.", ".....")},
            {"step drechtsteden 6 school": ("not_done", "unknown")},
            id="dots-say-nothing",
        ),
        pytest.param(
            {"aanvraag": ("# Aanvraag toelaatbaarheidsverklaring", "# Nieuwsbrief van de school")},
            {"missing aanvraag-tlv": (None, True)},
            id="request-is-no-request",
        ),
    ],
)
def test_one_change_turns_one_thing(changed: dict[str, tuple[str, str]], wanted: dict[str, tuple[object, object]]):
    assert turned("jorrit", **changed) == wanted


def test_skipped_step_is_not_done():
    line = "| Datum | 30 september 2024, leerkracht en intern begeleider |\n| Uitkomst | Zes weken lang een starthulp van vijf minuten bij elke taak en een eigen rekenlijn op het niveau van groep 4. |"
    found = turned("jorrit", abc=(line, "| Datum | deze stap is overgeslagen |\n| Uitkomst | |"))

    assert found["step drechtsteden 2 school"] == ("done", "not_done")


def test_consent_to_an_older_plan_is_no_consent():
    older, newer = (p for name in NAMES for p in from_sources(name) if p.kind == "opp")
    newest = replace(newer, facts=replace(newer.facts, day=replace(newer.facts.day, day=dt.date(2026, 1, 1))))  # type: ignore[union-attr,arg-type]
    dossier, _ = examine_dossier("x", (older, newest), decision="sbo")

    assert dossier.conditions == {"instemming ouders OPP": False}


def test_report_to_the_parents_comes_first():
    def made(to_parents: str, with_school: str) -> bool | None:
        text = (
            "# Gespreksverslag\n\nDe aanvraag handelingsgerichte ondersteuning liep via Indigo.\n\n"
            f"Het verslag ging op {to_parents} eerst naar de ouders.\n\n"
            f"Na akkoord van de ouders zijn de resultaten op {with_school} met de leerkracht besproken."
        )
        document = read_markdown(text)
        piece = Piece(path="v.docx", document=document, facts=form_facts(document, None))
        return next(c.holds for c in examine_dossier("x", (piece,))[0].checks if c.id == "almere-hgo-po.eerst-ouders")

    assert made("3 november 2025", "10 november 2025") is True
    assert made("10 november 2025", "3 november 2025") is False


def test_decision_follows_from_what_is_asked():
    dossier, texts = examine_dossier("jorrit", from_sources("jorrit"))

    assert dossier.decision == "sbo"
    assert texts.asked_in is not None
    assert examine_dossier("samira", from_sources("samira"))[0].decision is None


def test_unknown_decision_names_those_that_exist():
    with pytest.raises(UnknownDecisionError) as problem:
        examine_dossier("x", from_sources("samira"), decision="vso")

    assert "so-3-4" in problem.value.hint


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        (dt.date(2025, 8, 31), 6, dt.date(2026, 2, 28)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
        (dt.date(2025, 12, 15), 1, dt.date(2026, 1, 15)),
        (dt.date(2025, 12, 15), 24, dt.date(2027, 12, 15)),
    ],
)
def test_months_later(day: dt.date, months: int, wanted: dt.date):
    assert months_later(day, months) == wanted


def test_every_part_of_the_data_has_its_source():
    data, procedures = decisions(), routes()
    known = {s.id for s in (*data.sources, *procedures.sources)}
    places = [x.source for x in (*data.decisions, *data.conditions, *data.checks)]
    places += [s.source for r in procedures.routes for s in r.steps]

    assert {p.seed for p in places} <= known
    assert all(p.heading for p in places)
    for route in procedures.routes:
        for step in route.steps:
            for track in step.tracks.values():
                assert all(params_of(look) for look in track.done)


def test_command_line_prints_the_contract(capsys: pytest.CaptureFixture[str]):
    status = main(["dossier", str(DOSSIERS / "samira" / "documents"), "--decision", "sbo", "--format", "json"])
    made = json.loads(capsys.readouterr().out)

    assert status == 3  # one file can't be read
    assert list(made) == ["schema", "decision", "documents", "missing", "conditions", "checks", "steps"]
    assert made["schema"] == "dekkend.dossier/1"


def test_same_folder_same_text(capsys: pytest.CaptureFixture[str]):
    command = ["dossier", str(DOSSIERS / "jorrit" / "documents"), "--format", "json"]
    texts = [(main(command), capsys.readouterr().out) for _ in range(2)]

    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nergens"], "is er niet"),
        ([str(Path(__file__))], "is geen map"),
        ([str(DOSSIERS / "samira" / "documents"), "--decision", "vso"], "vso"),
        ([str(DOSSIERS / "samira" / "documents"), "--date", "morgen"], "morgen"),
    ],
)
def test_wrong_use_is_told(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]):
    assert main(["dossier", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_page_escapes_and_shows_every_step(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    import docx  # noqa: PLC0415

    word = docx.Document()
    word.add_heading("ABC-formulier", 0)
    word.add_paragraph("Naam leerling: Sem de Wit")
    word.add_heading("Stap 1. Signaleren", 1)
    word.add_paragraph("Sem schrijft <script>alert(1)</script> op zijn blad en loopt weg van zijn tafel.")
    word.save(str(tmp_path / "abc.docx"))
    main(["dossier", str(tmp_path), "--decision", "sbo", "--format", "html"])
    page = capsys.readouterr().out

    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert page.count('<th scope="row">') == 1 + 8  # one file, eight steps; the route without evidence is one line
