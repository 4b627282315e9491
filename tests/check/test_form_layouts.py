"""Forms about a pupil as schools lay them out: ticks with an explanation, results in a cell, lines to sign."""

import pytest

from extractors.markdown import read_markdown
from pipeline.check.run import Examined
from pipeline.result import Verdict
from pipeline.steps import examine_document

CASES = [
    (
        "opp.leerling",
        "met",
        "Aanleiding\n\n☒ verzuim ☐ gedrag\n\nToelichting: Mirre miste vorig jaar 40 lesuren wiskunde.",
    ),
    (
        "opp.leerling",
        "met",
        "[boldline] Beeld van Mirre\n\nZij leest vlot en raakt de draad kwijt bij lange opdrachten.",
    ),
    ("opp.belemmerend", "met", "Wat lukt nog niet?\n\n☒ agenda invullen\n☐ samenwerken"),
    ("opp.bevorderend", "missing", "Wat lukt nog niet?\n\n☒ agenda invullen\n☐ samenwerken"),
    ("opp.uitstroom", "met", "Wij denken bij Mirre aan vmbo-kader of een mbo-opleiding."),
    ("opp.hoorrecht", "partial", "Met Mirre hebben we ook gepraat."),
    ("opp.hoorrecht", "partial", "12-10-2025 kindgesprek gevoerd."),
    ("opp.hoorrecht", "missing", "Met vader hebben we ook gepraat."),
    ("opp.evaluatie-doelen", "met", "| Doel | Evaluatie |\n|---|---|\n| AVI-E4 | behaald: E4 in juni |"),
    ("opp.ouders", "met", "03-10-2025 gesprek ouders: moeder vraagt of zij thuis mee kan lezen."),
    ("opp.ouders", "partial", "Vader is per mail op de hoogte gebracht van het plan."),
    (
        "opp.instemming",
        "partial",
        "Instemming met het handelingsdeel\n\n☒ ja ☐ nee\n\nHandtekening ouder:     Datum:\n\nWat vind je? (leerling)",
    ),
    ("opp.jeugdhulp", "met", "## Hulp buiten school\n\nDe wijkcoach en de mentor gebruiken hetzelfde weekschema."),
    (
        "abc.meldcode",
        "met",
        "## Meldcode\n\nDe signalen zijn op 3 november gewogen met de aandachtsfunctionaris; geen vermoeden.",
    ),
    ("abc.meldcode", "not_applicable", "## Meldcode\n\nEr is geen vermoeden van huiselijk geweld."),
    (
        "abc.oudervragenlijst",
        "met",
        "## Vragenlijst ouders\n\nWaar maakt u zich zorgen over? Ze slaapt slecht en eet weinig, al een maand lang.",
    ),
]


@pytest.mark.parametrize(("requirement", "verdict", "text"), CASES)
def test_the_layout_is_understood(requirement, verdict, text):
    pupil = "| Leerling | Mirre Blok |\n|---|---|\n| Geboortedatum | 2-2-2014 |\n\n"
    title = "# ABC-formulier" if requirement.startswith("abc") else "# Ontwikkelingsperspectief"
    examined = examine_document(read_markdown(f"{title}\n\n{pupil}{text}"), norm=requirement.split(".")[0])
    assert isinstance(examined, Examined)
    found = next(f.verdict for f in examined.report.findings if f.requirement == requirement)
    assert found is Verdict(verdict)
