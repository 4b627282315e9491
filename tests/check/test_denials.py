"""A denial reaches over sentences, cells, lists and headings; a passage that only explains or refers is none."""

from __future__ import annotations

import pytest

from pipeline.result import Verdict

LEES = "anb.thema.lezen-spelling"
GROEP = "Vier keer per week leest de leesspecialist met een groepje van vier kinderen die uitvallen bij lezen."


def verdict(check_text, text: str, requirement: str) -> Verdict:
    return next(f.verdict for f in check_text(text).report.findings if f.requirement == requirement)


@pytest.mark.parametrize(
    "text",
    [
        f"# Lezen\n\n{GROEP} Die is er op dit moment niet.",
        f"# Lezen\n\n{GROEP} Dat doen wij nog niet.",
        f"# Lezen\n\nDit doen wij nog niet: {GROEP.lower()}",
        f"# Wat wij nog niet bieden\n\n- {GROEP}",
        f"# Lezen\n\nOns aanbod:\n\n- {GROEP}\n\nDat is er bij ons nog niet.",
        "# Lezen\n\n| Aanbod | Ja/nee |\n|---|---|\n| Leesgroep met de leesspecialist, vier keer per week | nee |",
        "# Lezen\n\n| Aanbod | Ja | Nee |\n|---|---|---|\n| Leesgroep, vier keer per week | | X |",
    ],
    ids=["sentence after", "not yet after", "before the colon", "heading", "after the list", "word in a cell", "cross"],
)
def test_what_is_denied_is_not_there(check_text, text: str) -> None:
    assert verdict(check_text, text, LEES) is not Verdict.MET


@pytest.mark.parametrize(
    "text",
    [
        f"# Lezen\n\n{GROEP} Dat is niet altijd makkelijk.",
        f"# Lezen\n\n{GROEP} Het kost ouders niets.",
        (
            "# Lezen\n\n| Aanbod | Ja/nee | Toelichting |\n|---|---|---|\n"
            "| Leesgroep | ja | vier keer per week met de leesspecialist, voor kinderen die uitvallen bij lezen |"
        ),
    ],
    ids=["hard", "free", "yes"],
)
def test_what_is_not_denied_stays(check_text, text: str) -> None:
    assert verdict(check_text, text, LEES) is Verdict.MET


@pytest.mark.parametrize(
    ("requirement", "text"),
    [
        (
            "anb.beleid.extra-ondersteuning",
            "In het schoolondersteuningsprofiel staat welke extra ondersteuning de school kan bieden aan leerlingen.",
        ),
        (
            "anb.beleid.niet-geboden",
            "Dit is op het moment dat de reguliere mentorbegeleiding niet meer toereikend is.",
        ),
        (
            "anb.beleid.expertise",
            "Afkortingen\n\n- IB'er: interne begeleider\n- RT'er: remedial teacher\n- OPP: ontwikkelingsperspectief",
        ),
    ],
    ids=["about itself", "limit of the mentor", "list of abbreviations"],
)
def test_what_explains_or_refers_is_no_evidence(check_text, requirement: str, text: str) -> None:
    assert verdict(check_text, f"# Ondersteuning\n\n{text}", requirement) is Verdict.MISSING


def test_list_is_read_with_its_introduction(check_text) -> None:
    text = (
        "# Zorg\n\nHet zorgteam bestaat uit:\n\n- intern begeleider\n- jeugdverpleegkundige\n- leerplichtambtenaar\n\n"
        "Ze komen elke maand bij elkaar."
    )

    assert verdict(check_text, text, "anb.structuur.zat") is Verdict.MET


@pytest.mark.parametrize(
    ("requirement", "text"),
    [
        (
            "anb.beleid.ketenpartners",
            "Aan tafel zitten de jeugdverpleegkundige van de GGD en de wijkcoach van de gemeente.",
        ),
        (
            "anb.hgw.fasen",
            "Wij signaleren, zoeken naar een verklaring, maken een plan, voeren het uit en evalueren het.",
        ),
        ("anb.structuur.ouders", "Elk plan maken wij samen met de ouders aan de keukentafel."),
    ],
    ids=["people from outside", "a search", "together with parents"],
)
def test_a_heading_that_denies_reaches_all_that_is_offered(check_text, requirement: str, text: str) -> None:
    assert verdict(check_text, f"# Overleg\n\n{text}", requirement) is Verdict.MET
    assert verdict(check_text, f"# Wat wij nog niet bieden\n\n{text}", requirement) is not Verdict.MET


def test_what_the_school_does_instead_is_not_denied_by_the_heading(check_text) -> None:
    text = "# Wat wij niet bieden\n\nDan zoeken wij samen met de ouders een andere school waar wel plek is."
    assert verdict(check_text, text, "anb.zorgplicht.passende-plek") is Verdict.MET
