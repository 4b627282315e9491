"""``field.v1`` on whole forms: verdicts on pupil documents in layouts that no recognition was written after."""

from __future__ import annotations

import datetime as dt

import pytest

from extractors.markdown import read_markdown
from pipeline.check.classifier import PassageClassifier
from pipeline.check.facts import Facts
from pipeline.check.kinds.field import Params, cut, dates, look
from pipeline.check.reading import Reading
from pipeline.check.recognise import Ready, make_ready
from pipeline.check.run import examine
from pipeline.check.say import dutch
from pipeline.norm.load import load_norm
from pipeline.result import School

LABEL_TABLE = """\
# OPP Ravi

## Deel 1. Gegevens

| Leerling | Ravi Sital |
|---|---|
| Geboortedatum | 3-5-2014 |
| Groep | 7 |
| Ouders/verzorgers | P. Sital en M. de Boer |
| Groepsleerkracht | meester Teun |
| Datum OPP | 12-9-25 |

## Deel 2. Ontwikkeling

| Karakteristiek van de leerling | Ravi schaakt graag. Hij begint pas aan een taak als iemand naast hem zit. |
|---|---|
| Stimulerende factoren | doorzettingsvermogen; een grote broer die helpt met huiswerk |
| Risicofactoren | vaak verhuisd, veel lesstof gemist |
| Wat heeft de leerkracht nodig? | Meester Teun zoekt hulp bij de instructie op drie niveaus en wil meekijken. |
| Uitstroomprofiel | praktijkonderwijs |
| Motivering van het uitstroomprofiel | DLE 22 bij begrijpend lezen en een IQ van 74, naast veel inzet. |

## Deel 3. Handelingsdeel

| Doel | Aanpak | Wie | Wanneer | Evaluatie |
|---|---|---|---|---|
| Ravi leest in februari een tekst op AVI M5 met hooguit vijf fouten | Ralfi | assistent | vier keer per week | |
| Ravi start binnen twee minuten met zijn taak | startkaart en time-timer | leerkracht | dagelijks | |

## Deel 4. Samen

| Onderwerp | Antwoord |
|---|---|
| Inbreng van de ouders | Vader wil dat Ravi met plezier gaat. Op 4 september 2025 is een uur gesproken. |
| Inbreng van de leerling | "Ik wil niet dat iedereen ziet dat ik een ander boek heb." |
| Is er jeugdhulp betrokken? | nee |
| Evaluatiemomenten | februari 2026 en juni 2026, met ouders |

| Akkoord met het handelingsdeel | Datum | Handtekening |
|---|---|---|
| Vader | 15-9-2025 | P. Sital |
| Moeder | 15-9-2025 | M. de Boer |
| Directeur | 16-9-2025 | w.g. |
"""
LABEL_TABLE_GOLD = {
    "opp.leerling": "met",
    "opp.leerkracht": "met",
    "opp.doelen": "met",
    "opp.handelingsdeel": "met",
    "opp.belemmerend": "met",
    "opp.bevorderend": "met",
    "opp.uitstroom": "met",
    "opp.uitstroom-onderbouwing": "met",
    "opp.evaluatie-jaarlijks": "met",
    "opp.evaluatie-doelen": "missing",
    "opp.ouders": "met",
    "opp.instemming": "met",
    "opp.hoorrecht": "met",
    "opp.jeugdhulp": "not_applicable",
}

PARAGRAPHS = """\
# Ontwikkelingsperspectief

Naam leerling: Lotte Brouwer. Groep: 5. Datum vaststelling: 3 november 2025.

## Aanleiding en huidige situatie

Lotte heeft het afgelopen jaar vier maanden in het ziekenhuis gelegen. Zij is snel moe, haakt na de pauze af en heeft
een achterstand bij rekenen opgelopen (Cito juni 2025: V). Met vriendinnen is zij vrolijk.

## Beschermende en belemmerende factoren

Beschermende factoren:

- zij vraagt om hulp als iets niet lukt
- de groep is haar nooit vergeten en stuurde kaartjes

Belemmerende factoren:

- .....

## Ondersteuningsbehoefte van de leerkracht

De leerkracht heeft ondersteuning nodig.

## Verwacht uitstroomniveau

Lotte gaat na groep 8 naar het voortgezet onderwijs.

Onderbouwing: dit past bij Lotte.

## Doelstellingen

Lotte groeit bij rekenen en voelt zich zekerder.

## Ondersteuning in de klas

Lotte krijgt extra hulp waar nodig, zoveel mogelijk in de groep.

## Samenwerking met ouders

De ouders zijn telefonisch geïnformeerd over dit plan.

## Jeugdhulp

De gezinsbegeleider van het wijkteam komt wekelijks thuis. De school heeft haar nog niet gesproken.

## Mening van het kind

De leerkracht heeft met Lotte gesproken over haar plan.

## Evaluatie

Wij evalueren regelmatig.

Het vorige plan is in oktober met de ouders geëvalueerd.

## Ondertekening

☒ Ouders gaan akkoord met het handelingsdeel.

Datum: ..............

Handtekening ouders: ..............
"""
PARAGRAPHS_GOLD = {
    "opp.leerling": "met",
    "opp.leerkracht": "partial",
    "opp.doelen": "partial",
    "opp.handelingsdeel": "partial",
    "opp.belemmerend": "missing",
    "opp.bevorderend": "met",
    "opp.uitstroom": "partial",
    "opp.uitstroom-onderbouwing": "partial",
    "opp.evaluatie-jaarlijks": "partial",
    "opp.evaluatie-doelen": "partial",
    "opp.ouders": "partial",
    "opp.instemming": "partial",
    "opp.hoorrecht": "partial",
    "opp.jeugdhulp": "partial",
}

RUNNING_TEXT = """\
# Plan voor Yusuf

Yusuf is dertien en zit in de tweede klas van het vmbo. Hij is in januari bij ons gekomen na een jaar zonder school.
In de les is hij beleefd en afwachtend; bij groepswerk loopt hij weg.

Stimulerend is dat hij handig is en graag voor anderen kookt. Belemmerend is zijn slaaptekort, waardoor hij het eerste
uur vaak mist.

De mentor vindt het lastig om in te schatten wanneer hij Yusuf moet aanspreken en vraagt de zorgcoördinator om mee te
denken.

Wij verwachten dat Yusuf uitstroomt naar mbo niveau 2. Deze verwachting baseren wij op zijn cijfers voor de
praktijkvakken (gemiddeld 7,1) en op de stage bij de bakker.

Voor 1 april 2026 is Yusuf vier van de vijf dagen om half negen op school. In mei 2026 werkt hij een blokuur samen met
een klasgenoot.

Daarvoor belt de mentor hem elke ochtend om zeven uur en heeft hij op dinsdag en donderdag een gesprek met de
trajectbegeleider.

Op 14 oktober 2025 is met moeder over dit plan gesproken. Zij vertelde dat Yusuf thuis voor zijn broertjes zorgt.

Yusuf zegt zelf dat hij liever in een kleine klas werkt en dat hij het fijn vindt als iemand hem belt.

Moeder heeft op 21 oktober 2025 schriftelijk ingestemd met het handelingsdeel.

School, moeder en de gezinscoach van het jeugdteam werken met één plan; de afspraken over slapen en opstaan zijn op
school en thuis gelijk.

Op 9 februari 2026 evalueren wij dit plan met moeder en Yusuf.
"""
RUNNING_TEXT_GOLD = dict.fromkeys(LABEL_TABLE_GOLD, "met") | {"opp.evaluatie-doelen": "missing"}

QUESTIONS = """\
# ABC-formulier

Leerling: Sanne Kok, groep 3

## Wat valt op?

Sanne schrijft letters in spiegelbeeld en legt haar potlood na drie woorden neer. Op 1 september 2025 heeft de juf dit
met vader besproken bij de deur.

## Overleg met de intern begeleider

Datum: 15 september 2025

Advies: dagelijks tien minuten schrijfpatroon oefenen met de schrijfwijzer, zes weken lang.

Ouders op de hoogte: ja, gebeld op 16 september 2025

## Bespreking van de leerling in het team (leerlingbespreking)

Datum: 3 november 2025

Afspraken: de vakleerkracht gym doet een motorische screening; een driehoekig potlood voor elke schrijfles.

Ouders op de hoogte: gesprek op 5 november 2025 met beide ouders

## Begeleidingsvraag

Wat heeft Sanne nodig om een zin te kunnen schrijven zonder dat haar hand verkrampt?

## Leerresultaten

| Vakgebied | Januari 2025 | Juni 2025 |
|---|---|---|
| Lezen | | M3 |
| Rekenen | | B |
| Spelling | | D |

## Ouderformulier

Waar is uw kind trots op?

Dat zij haar zusje kan leren fietsen.

Waar maakt u zich zorgen over?

Zij zegt dat haar hand dom is en wil thuis niet meer tekenen.

## Akkoord ouders

Wij geven toestemming voor bespreking met de kinderfysiotherapeut.

Datum: 6 november 2025

Handtekening ouder: F. Kok

## Verslag deskundige

De kinderfysiotherapeut onderzocht Sanne op 20 november 2025. Zij concludeert dat de fijne motoriek op het niveau van
een kind van vijf is en adviseert twaalf behandelingen.

## Wat vragen wij?

Een arrangement motoriek van het samenwerkingsverband, voor een half jaar.

## Logboek

1-9-2025: gesprek met vader. 15-9-2025: consultatie. 3-11-2025: leerlingbespreking.

## Meldcode

Zijn er signalen van huiselijk geweld of kindermishandeling? Nee.
"""
QUESTIONS_GOLD = {
    "abc.signalen": "met",
    "abc.collegiale-consultatie": "met",
    "abc.leerlingbespreking": "met",
    "abc.hulpvraag": "met",
    "abc.logboek": "met",
    "abc.onderwijskundig-rapport": "met",
    "abc.toestemming": "met",
    "abc.oudervragenlijst": "met",
    "abc.ouders-geinformeerd": "met",
    "abc.deskundigen": "met",
    "abc.gevraagd-arrangement": "met",
    "abc.meldcode": "not_applicable",
}

STEP_TABLES = """\
# ABC-formulier ondersteuningstraject

| Leerling | Bram Visser |
|---|---|
| Groep | 8 |

## Stap 1: signalering

| Vraag | Antwoord |
|---|---|
| Welke signalen zijn er? | Het gaat niet goed met Bram. |
| Contact met ouders | |

## Stap 2: collegiale consultatie

| Vraag | Antwoord |
|---|---|
| Wanneer en met wie? | 8-10-2025, juf Anne en de intern begeleider |
| Wat leverde het op? | |

## Stap 3: leerlingbespreking

| Vraag | Antwoord |
|---|---|
| Wanneer? | |
| Afspraken | |

## Stap 4: ondersteuningsteam

| Vraag | Antwoord |
|---|---|
| Hulpvraag | n.t.b. |
| Onderwijskundig rapport | zie ParnasSys |
| Toestemming ouders | ☒ ja ☐ nee |
| Oudervragenlijst | meegegeven op 3-11-2025 |
| Logboek | zie dossier |

## Stap 5: besluit

| Vraag | Antwoord |
|---|---|
| Deskundigenrapportage | aangevraagd bij de orthopedagoog |
| Gevraagd arrangement | ☐ ambulante begeleiding ☐ sbo ☐ so |

## Meldcode

De signalen zijn op 4-11-25 met de aandachtsfunctionaris gewogen; besloten is om geen melding te doen.
"""
STEP_TABLES_GOLD = {
    "abc.signalen": "partial",
    "abc.collegiale-consultatie": "partial",
    "abc.leerlingbespreking": "missing",
    "abc.hulpvraag": "missing",
    "abc.logboek": "missing",
    "abc.onderwijskundig-rapport": "missing",
    "abc.toestemming": "partial",
    "abc.oudervragenlijst": "missing",
    "abc.ouders-geinformeerd": "missing",
    "abc.deskundigen": "missing",
    "abc.gevraagd-arrangement": "missing",
    "abc.meldcode": "met",
}

DOCUMENTS = {
    "label table": (LABEL_TABLE, LABEL_TABLE_GOLD),
    "paragraphs": (PARAGRAPHS, PARAGRAPHS_GOLD),
    "running text": (RUNNING_TEXT, RUNNING_TEXT_GOLD),
    "questions": (QUESTIONS, QUESTIONS_GOLD),
    "step tables": (STEP_TABLES, STEP_TABLES_GOLD),
}


@pytest.fixture(scope="module")
def classifier() -> PassageClassifier:
    return PassageClassifier()


@pytest.fixture(scope="module")
def norms() -> dict[str, Ready]:
    return {name: make_ready(load_norm(name)) for name in ("opp", "abc", "opp-wet")}


@pytest.fixture
def verdicts(classifier, norms):
    def of(text: str, norm: str) -> dict[str, str]:
        facts = Facts(kind="abc" if norm == "abc" else "opp", sector=None, school_year=None, school=School())
        report = examine(read_markdown(text), norms[norm], classifier, facts, dutch()).report
        return {finding.requirement: finding.verdict.value for finding in report.findings}

    return of


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_pupil_document_gets_its_verdicts(verdicts, name: str) -> None:
    text, gold = DOCUMENTS[name]

    assert verdicts(text, next(iter(gold)).partition(".")[0]) == gold


# document, requirement, verdict, and the lines (by their start) with what stands there instead
MUTATIONS = [
    ("label table", "opp.leerkracht", "missing", {"| Wat heeft": "| Behoefte leerkracht | zie groepsplan |"}),
    ("label table", "opp.belemmerend", "missing", {"| Risicofactoren": "| Risicofactoren | ........ |"}),
    ("label table", "opp.bevorderend", "missing", {"| Stimulerende": "| Stimulerende factoren | n.t.b. |"}),
    ("label table", "opp.uitstroom-onderbouwing", "missing", {"| Motivering": "| Motivering | volgt |"}),
    ("label table", "opp.ouders", "missing", {"| Inbreng van de ouders": "| Inbreng van de ouders | - |"}),
    ("label table", "opp.hoorrecht", "missing", {"| Inbreng van de leerling": "| Inbreng van de leerling | |"}),
    ("label table", "opp.jeugdhulp", "partial", {"| Is er jeugdhulp": "| Jeugdhulp | ja, hulp van het wijkteam |"}),
    ("label table", "opp.evaluatie-jaarlijks", "missing", {"| Evaluatiemomenten": "| Evaluatiemomenten | n.t.b. |"}),
    ("label table", "opp.evaluatie-jaarlijks", "missing", {"| Evaluatiemomenten": "| Evaluatiedatum | maart 2027 |"}),
    ("label table", "opp.evaluatie-jaarlijks", "partial", {"| Evaluatiemomenten": "| Evaluatie | regelmatig |"}),
    ("label table", "opp.instemming", "missing", {"| Vader |": "| Vader | | |", "| Moeder |": "| Moeder | | |"}),
    ("label table", "opp.evaluatie-doelen", "partial", {"| Ravi leest": "| AVI M5 | Bouw! | juf | dagelijks | ja |"}),
    ("running text", "opp.leerkracht", "missing", {"De mentor vindt": ""}),
    ("running text", "opp.belemmerend", "missing", {"Stimulerend is": "Stimulerend is dat hij graag kookt."}),
    ("running text", "opp.instemming", "missing", {"Moeder heeft": "Moeder stemt niet in met het handelingsdeel."}),
    ("running text", "opp.hoorrecht", "missing", {"Yusuf zegt": ""}),
    ("questions", "abc.hulpvraag", "missing", {"Wat heeft Sanne nodig": "n.v.t."}),
    ("questions", "abc.toestemming", "missing", {"Datum: 6 nov": "Datum:", "Handtekening": "Handtekening:"}),
    ("questions", "abc.logboek", "partial", {"1-9-2025:": "1-9-2025: gesprek met vader."}),
    ("questions", "abc.leerlingbespreking", "partial", {"Afspraken:": "Afspraken: volgen nog"}),
    ("questions", "abc.ouders-geinformeerd", "partial", {"Ouders op de hoogte: ja": "Ouders op de hoogte:"}),
    ("questions", "abc.onderwijskundig-rapport", "missing", {"| Lezen": "", "| Rekenen": "", "| Spelling": ""}),
    ("questions", "abc.deskundigen", "missing", {"De kinderfysiotherapeut": "Onderzoek is aangevraagd."}),
    ("questions", "abc.meldcode", "missing", {"Zijn er signalen": "Zijn er signalen van huiselijk geweld?"}),
    ("step tables", "abc.gevraagd-arrangement", "met", {"| Gevraagd": "| Gevraagd arrangement | ☐ so ☒ sbo |"}),
    ("step tables", "abc.toestemming", "missing", {"| Toestemming": "| Toestemming ouders | ☐ ja ☒ nee |"}),
]


@pytest.mark.parametrize(("name", "requirement", "expected", "lines"), MUTATIONS)
def test_one_answer_changed_turns_exactly_one_verdict(
    verdicts, name: str, requirement: str, expected: str, lines: dict[str, str]
) -> None:
    text, gold = DOCUMENTS[name]
    changed = "\n".join(
        next((new for start, new in lines.items() if line.startswith(start)), line) for line in text.split("\n")
    )

    assert verdicts(changed, requirement.partition(".")[0]) == gold | {requirement: expected}


def test_a_quote_is_literally_in_the_document(classifier, norms) -> None:
    document = read_markdown(LABEL_TABLE)
    facts = Facts(kind="opp", sector=None, school_year=None, school=School())

    report = examine(document, norms["opp"], classifier, facts, dutch()).report

    assert all(f.evidence for f in report.findings if f.verdict.value in ("met", "partial"))
    assert all(
        e.quote and document.text_at(e.block, e.start, e.end) == e.quote for f in report.findings for e in f.evidence
    )


@pytest.mark.parametrize(
    ("inschrijving", "vaststelling", "expected"),
    [
        ("25-8-25", "29-9-25", "met"),
        ("25 augustus 2025", "14 januari 2026", "missing"),
        ("..........", "29-9-25", "partial"),
        ("", "", "missing"),
    ],
)
def test_the_term_of_six_weeks_is_counted(verdicts, inschrijving: str, vaststelling: str, expected: str) -> None:
    text = f"# OPP\n\nInschrijfdatum: {inschrijving}\n\nDatum vaststelling: {vaststelling}\n\nSem leest graag.\n"

    assert verdicts(text, "opp-wet")["opp-wet.termijn"] == expected


def test_rules_of_the_hoorrecht_do_not_count_for_an_older_plan(verdicts) -> None:
    text = "# OPP\n\n| Datum OPP | 3 februari 2025 |\n|---|---|\n| Groep | 6 |\n\n## Stem van de leerling\n\n.....\n"

    assert verdicts(text, "opp-wet")["opp-wet.inbreng-leerling"] == "not_applicable"
    assert verdicts(text.replace("2025", "2026"), "opp-wet")["opp-wet.inbreng-leerling"] == "missing"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14-06-2016", [dt.date(2016, 6, 14)]),
        ("op 8 december 2015 en 12-3-25", [dt.date(2015, 12, 8), dt.date(2025, 3, 12)]),
        ("november 2025", [dt.date(2025, 11, 1)]),
        ("8 mei", [None]),
        ("score 13-25, klas 2b", []),
    ],
)
def test_dates_are_read_as_they_are_written(text: str, expected: list[dt.date | None]) -> None:
    assert dates(text) == expected


def test_an_unticked_option_is_no_answer() -> None:
    answers = cut(read_markdown("Gevraagd: ☒ ambulante begeleiding ☐ sbo\n"))

    assert [(a.text, a.ticked, a.blank) for a in answers] == [
        ("ambulante begeleiding", True, False),
        ("sbo", False, True),
    ]


def test_a_document_without_text_shows_nothing() -> None:
    reading = Reading(document=read_markdown("# OPP\n"), passages=(), scores=(), voices=())

    assert look(reading, Params(labels=("opp",))).seen is False
