"""Forms: an answer emptied, a date moved past the year, a signature taken away. Exactly that verdict turns."""

# ruff: noqa: E501  (texts of forms, as they stand)

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest

from pipeline.check.run import Examined

SOURCES = Path(__file__).parents[2] / "sample_docs" / "dossiers" / "jorrit" / "source"
Verdicts = dict[str, str]


@lru_cache
def source(name: str) -> str:
    return (SOURCES / f"{name}.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def verdicts(check_text: Callable[..., Examined]) -> Callable[[str, str], Verdicts]:
    done: dict[tuple[str, str], Verdicts] = {}

    def of(norm: str, text: str) -> Verdicts:
        if (norm, text) not in done:
            report = check_text(text, norm=norm).report
            done[norm, text] = {f.requirement: str(f.verdict) for f in report.findings}
        return done[norm, text]

    return of


def rows(*lines: str) -> str:
    return "\n".join(lines)


OPP = [
    pytest.param(
        [
            ("zwak werkgeheugen; vergeet een opdracht met meer dan twee stappen", ""),
            ("komt zonder hulp niet op gang", ""),
        ],
        {"opp.belemmerend": "missing"},
        id="cells-emptied",
    ),
    pytest.param(
        [
            ("sterk in bouwen en in alles wat hij kan zien en aanraken", "....."),
            ("ouders oefenen drie keer per week de tafels", "n.t.b."),
        ],
        {"opp.bevorderend": "missing"},
        id="dots-and-ntb",
    ),
    pytest.param(
        [
            (
                "Verwachte uitstroombestemming: vmbo basisberoepsgerichte leerweg.",
                "Verwachte uitstroombestemming: ......",
            )
        ],
        {"opp.uitstroom": "missing"},
        id="destination-emptied",
    ),
    pytest.param(
        [
            (
                "De volgende evaluatie is op 26 januari 2026 en op 22 juni 2026, met ouders en Jorrit.",
                "De volgende evaluatie is op 26 januari 2028, met ouders en Jorrit.",
            )
        ],
        {"opp.evaluatie-jaarlijks": "missing"},
        id="evaluation-past-the-year",
    ),
    pytest.param(
        [("| R. Waanders | 01-09-2025 | w.g. |", "| | | |"), ("| I. Pelk | 01-09-2025 | w.g. |", "| | | |")],
        {"opp.instemming": "missing"},
        id="signatures-taken-away",
    ),
    pytest.param(
        [
            ("01-09-2025 | w.g. |\n| Ouder 2", "| voor gezien |\n| Ouder 2"),
            ("| I. Pelk | 01-09-2025 | w.g. |", "| | | |"),
        ],
        {"opp.instemming": "missing"},
        id="signed-for-having-seen-it",
    ),
    pytest.param(
        [('Jorrit zegt: "Ik wil een klas waar het niet zo vol is, en ik wil techniek doen."', "")],
        # the talk with the parents stands under "Ouders en leerling": the subject is still treated
        {"opp.hoorrecht": "partial"},
        id="view-of-the-pupil-emptied",
    ),
    pytest.param(
        [("behaald: 38 van de 40 goed", ""), ("deels behaald: lukt in de ochtend, na de pauze niet", "")],
        {"opp.evaluatie-doelen": "missing"},
        id="outcomes-emptied",
    ),
    pytest.param(
        [("deels behaald: lukt in de ochtend, na de pauze niet", "")],
        {"opp.evaluatie-doelen": "partial"},
        id="one-outcome-emptied",
    ),
]
ABC = [
    pytest.param(
        [("| R. Waanders | 13 januari 2025 | w.g. |", "| | | |"), ("| I. Pelk | 13 januari 2025 | w.g. |", "| | | |")],
        {"abc.toestemming": "partial"},
        id="signatures-taken-away",
    ),
    pytest.param(
        [
            ("☒ Wij geven toestemming", "☐ Wij geven toestemming"),
            ("| R. Waanders | 13 januari 2025 | w.g. |", "| | | |"),
            ("| I. Pelk | 13 januari 2025 | w.g. |", "| | | |"),
        ],
        {"abc.toestemming": "missing"},
        id="box-and-signatures",
    ),
    pytest.param(
        [
            (
                "Wat heeft Jorrit nodig om een half uur aan een taak te werken, en kan onze school dat ook in groep 7 en 8 nog bieden?",
                "n.t.b.",
            )
        ],
        {"abc.hulpvraag": "missing"},
        id="question-emptied",
    ),
    pytest.param(
        [("☒ SBO", "☐ SBO")],
        {"abc.gevraagd-arrangement": "missing"},
        id="box-unticked",
    ),
    pytest.param(
        [("De eigen rekenlijn gaat door tot de zomer. De rekenspecialist kijkt twee keer mee in de groep.", "volgen")],
        {"abc.leerlingbespreking": "partial"},
        id="agreements-to-come",
    ),
    pytest.param(
        [("28 november 2024, gesprek met beide ouders over de afspraken", "")],
        {"abc.ouders-geinformeerd": "partial"},
        id="contact-emptied",
    ),
]


def turned(of: Callable[[str, str], Verdicts], norm: str, name: str, changes: list[tuple[str, str]]) -> Verdicts:
    text = source(name)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    before, after = of(norm, source(name)), of(norm, text)
    return {k: v for k, v in after.items() if before[k] != v}


@pytest.mark.parametrize(("changes", "wanted"), OPP)
def test_opp(changes: list[tuple[str, str]], wanted: Verdicts, verdicts: Callable[[str, str], Verdicts]):
    assert turned(verdicts, "opp", "opp", changes) == wanted


@pytest.mark.parametrize(("changes", "wanted"), ABC)
def test_abc(changes: list[tuple[str, str]], wanted: Verdicts, verdicts: Callable[[str, str], Verdicts]):
    assert turned(verdicts, "abc", "abc", changes) == wanted


def test_consent_within_six_weeks_of_enrolment(verdicts: Callable[[str, str], Verdicts]):
    text = source("opp").replace("| Eerste OPP | 17 februari 2025 |", "| Inschrijfdatum | 18 augustus 2025 |")
    late = text.replace("18 augustus 2025", "18 mei 2025")

    assert verdicts("opp-wet", text)["opp-wet.termijn"] == "met"
    before, after = verdicts("opp-wet", text), verdicts("opp-wet", late)
    assert {k: v for k, v in after.items() if before[k] != v} == {"opp-wet.termijn": "missing"}
