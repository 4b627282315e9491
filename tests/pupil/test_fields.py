"""Fields of a form about a pupil: label beside answer in tables, paragraphs and headings; what is no answer; places."""

# ruff: noqa: E501  (texts of forms, as they stand)

from __future__ import annotations

import datetime as dt

import pytest

from extractors.markdown import read_markdown
from pipeline.pupil.facts import form_facts
from pipeline.pupil.spec import params_of, pupil_spec
from pipeline.pupil.values import AbcFacts, Agreed, OppFacts

CASES = [
    pytest.param(
        "opp", "| Naam leerling | Sem de Wit |\n|---|---|\n| Groep | 6 |", "leerling", ["Sem de Wit"], id="row"
    ),
    pytest.param("opp", "Leerling: Sem de Wit. Groep 6, schooljaar 2025-2026.", "leerling", ["Sem de Wit"], id="line"),
    pytest.param(
        "abc", "## Gegevens\n\nSem de Wit, geboren 30 april 2016, Almere.", "leerling", ["Sem de Wit"], id="born"
    ),
    pytest.param("opp", "| Naam | R. Bakker |\n|---|---|\n\n", "groep", [], id="nothing-asked"),
    pytest.param(
        "opp",
        "## Ondertekening ouders\n\n| Naam | Datum |\n|---|---|\n| R. Bakker | 1-9-2025 |",
        "leerling",
        [],
        id="parent",
    ),
    pytest.param("opp", "Geboortedatum: 14-06-2016", "geboortedatum", ["14-06-2016"], id="birthdate"),
    pytest.param("opp", "Geboren op 2 mei 2017. Groep 5.", "groep", ["5"], id="group-in-line"),
    pytest.param("opp", "De groep van 27 kinderen is druk.", "groep", [], id="group-is-no-number"),
    pytest.param(
        "opp", "## Belemmerende factoren\n\n- snel moe\n- .....", "belemmerende_factoren", ["snel moe"], id="list"
    ),
    pytest.param("opp", "Belemmerende factoren: n.t.b.", "belemmerende_factoren", [], id="later"),
    pytest.param(
        "opp",
        "| Bevorderend | Belemmerend |\n|---|---|\n| goed geheugen | |\n| | snel moe |\n\nSem is tien jaar.",
        "bevorderende_factoren",
        ["goed geheugen"],
        id="column",
    ),
    pytest.param(
        "abc", "## Hulpvraag\n\nFormuleer de vraag van de leerkracht of de ouders.", "hulpvraag", [], id="printed"
    ),
    pytest.param(
        "abc",
        "## Hulpvraag\n\nHoe help ik Sem om te beginnen?",
        "hulpvraag",
        ["Hoe help ik Sem om te beginnen?"],
        id="question",
    ),
    pytest.param(
        "abc",
        "| Gevraagd | ☐ AB ☒ SBO ☐ SO cluster 4 |\n|---|---|\n| Toelichting | zie de bespreking van vandaag |",
        "gevraagd_arrangement",
        ["SBO"],
        id="box",
    ),
    pytest.param("abc", "## Besluit\n\n☐ SBO ☐ ambulante begeleiding", "gevraagd_arrangement", [], id="unticked"),
    pytest.param(
        "aanvraag-tlv",
        "| Gevraagde schoolsoort | SBO |\n|---|---|\n| Duur | een jaar |",
        "gevraagd_arrangement",
        ["SBO"],
        id="request",
    ),
    pytest.param(
        "onderwijskundig-rapport",
        "## Resultaten\n\n| Vak | Toets | Niveau |\n|---|---|---|\n| Rekenen | Cito juni 2025 | V |",
        "toetsgegevens",
        ["Rekenen: Cito juni 2025, V"],
        id="results-row",
    ),
    pytest.param(
        "oudervragenlijst",
        "| Vraag | Antwoord |\n|---|---|\n| Wat verwacht u van school? | Rust in de klas. |",
        "wens_ouders",
        ["Rust in de klas."],
        id="parents",
    ),
    pytest.param(
        "abc",
        "## Vragen aan ouders\n\n| Wat helpt thuis? | Als ze iets wil zeggen, niet aankijken. |\n|---|---|\n| x | |",
        "wens_ouders",
        [],
        id="no-wish",
    ),
    pytest.param(
        "opp",
        "## Jeugdhulp\n\nEr is geen jeugdhulp betrokken.",
        "jeugdhulp",
        ["Er is geen jeugdhulp betrokken."],
        id="none-is-said",
    ),
    pytest.param(
        "opp",
        "## Mening van de leerling\n\nDe ib-er heeft met Sem gesproken.",
        "wens_leerling",
        [],
        id="talk-without-view",
    ),
]


@pytest.mark.parametrize(("kind", "text", "field", "wanted"), CASES)
def test_field(kind: str, text: str, field: str, wanted: list[str]):
    facts = form_facts(read_markdown(text), kind)

    assert [v.text for v in facts.fields.get(field, ())] == wanted


@pytest.mark.parametrize(("kind", "text"), [pytest.param(c.values[0], c.values[1], id=c.id) for c in CASES])
def test_every_quote_is_a_literal_slice(kind: str, text: str):
    document = read_markdown(text)

    for values in form_facts(document, kind).fields.values():
        for value in values:
            assert document.text_at(value.block, value.start, value.end) == value.quote


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("## Instemming\n\nOuders stemmen in met het handelingsdeel, getekend op 1-9-2025.", Agreed.GIVEN),
        ("## Instemming\n\n☒ Ouders stemmen in met het handelingsdeel.", Agreed.UNDATED),
        ("## Instemming\n\n☐ Ouders stemmen in met het handelingsdeel.", Agreed.UNSIGNED),
        ("## Instemming\n\nOuders stemmen niet in met het handelingsdeel.", Agreed.REFUSED),
        (
            "## Ondertekening\n\n| Ouder stemt in met handelingsdeel | Datum | Handtekening |\n|---|---|---|\n| Moeder | | |\n\nDit plan is met ouders besproken.",
            Agreed.UNSIGNED,
        ),
        ("## Doelen\n\nSem leest in juni 2026 AVI-M5.", Agreed.UNKNOWN),
    ],
)
def test_consent(text: str, state: Agreed):
    facts = form_facts(read_markdown(text), "opp")

    assert isinstance(facts, OppFacts)
    assert facts.consent.state is state


def test_dates_of_a_plan():
    text = (
        "| Eerste OPP | 17 februari 2025 |\n|---|---|\n| Datum van dit OPP | 1-9-2025 |\n| Op school sinds | 24-8-2020 |\n\n"
        "| Doel vorig plan | Resultaat op 25 augustus 2025 |\n|---|---|\n| AVI M4 | behaald |"
    )
    facts = form_facts(read_markdown(text), "opp")

    assert isinstance(facts, OppFacts)
    days = (facts.established, facts.first_plan, facts.enrolled, facts.evaluated)
    assert [d.day if d else None for d in days] == [
        dt.date(2025, 9, 1),
        dt.date(2025, 2, 17),
        dt.date(2020, 8, 24),
        dt.date(2025, 8, 25),
    ]


def test_goal_keeps_its_row():
    text = "## Doelen\n\n| Doel | Aanpak | Wie | Wanneer |\n|---|---|---|---|\n| Leest AVI-M5 met vijf fouten | Ralfi | assistent | dagelijks |"
    facts = form_facts(read_markdown(text), "opp")

    assert isinstance(facts, OppFacts)
    (goal,) = facts.goals
    assert (goal.goal.text, goal.approach, goal.who, goal.when) == (
        "Leest AVI-M5 met vijf fouten",
        "Ralfi",
        "assistent",
        "dagelijks",
    )


def test_logbook_has_the_dated_lines_alone():
    text = (
        "## Logboek\n\n| Datum | Wat |\n|---|---|\n| 3-9-2025 | gesprek met vader |\n| 9-10-2025 | consultatie |\n| | |"
    )
    facts = form_facts(read_markdown(text), "abc")

    assert isinstance(facts, AbcFacts)
    assert [e.day for e in facts.logbook] == [dt.date(2025, 9, 3), dt.date(2025, 10, 9)]


@pytest.mark.parametrize(
    ("kind", "text", "day"),
    [
        ("toestemming", "| Naam | Datum |\n|---|---|\n| R. Bakker | 31 oktober 2025 |", dt.date(2025, 10, 31)),
        ("deskundigenrapportage", "Geboren: 2-5-2017\n\nDatum onderzoek: 12 juni 2023", dt.date(2023, 6, 12)),
        ("abc", "Formulier gestart op: 9-9-2024\n\n## Logboek\n\n- 3-2-2025: overleg", dt.date(2025, 2, 3)),
        ("opp", "## Evaluatie\n\nWij evalueren op 5 februari 2026.", None),
        ("opp", "Geboortedatum: 2-5-2017", None),
    ],
)
def test_day_of_a_document(kind: str, text: str, day: dt.date | None):
    found = form_facts(read_markdown(text), kind).day

    assert (found.day if found else None) == day


def test_every_look_has_a_recognition():
    for field in pupil_spec().fields:
        for look in field.looks:
            assert look.find or params_of(look)
