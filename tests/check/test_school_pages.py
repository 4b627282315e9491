"""Pages as schools write them: roles told by their work, typed lists, chapters without a title of a profile."""

import pytest

from extractors.markdown import read_markdown
from pipeline.check.document_kind import document_kind
from pipeline.check.run import Examined
from pipeline.result import Verdict
from pipeline.steps import examine_document


def _verdict(text, requirement):
    examined = examine_document(read_markdown(text), norm="anb")
    assert isinstance(examined, Examined)
    return next(f.verdict for f in examined.report.findings if f.requirement == f"anb.{requirement}")


_BOTH_ACT = (
    "# Leerlingenzorg\n\nDe remedial teacher leest in de ochtend met een paar kinderen. "
    "De zorgcoördinator houdt bij wie er nog op de wachtlijst staat."
)


def test_two_roles_that_are_told_by_their_work_are_expertise():
    assert _verdict(_BOTH_ACT, "beleid.expertise") is Verdict.MET


@pytest.mark.parametrize(
    "second",
    [
        "Een zorgcoördinator zoeken wij nog.",
        "De vertrouwenspersoon luistert naar ieder kind.",
        "Een leerkracht wordt opgeleid tot zorgcoördinator.",
    ],
)
def test_one_role_and_somebody_who_is_not_there_stays_partial(second):
    text = "# Leerlingenzorg\n\nDe remedial teacher leest in de ochtend met een paar kinderen.\n\n" + second
    assert _verdict(text, "beleid.expertise") is Verdict.PARTIAL


def test_a_list_that_is_typed_with_dashes_belongs_to_its_introduction():
    text = (
        "# Begeleiding\n\nHet zorgteam bestaat uit:\n\n-schoolzorgcoördinator\n\n-orthopedagoog\n\n"
        "-schoolmaatschappelijk werk\n\nZij komen om de twee weken bij elkaar, elke dinsdag, voor het zorgoverleg."
    )
    assert _verdict(text, "beleid.expertise") is Verdict.MET
    assert _verdict(text, "structuur.zat") is Verdict.MET


@pytest.mark.parametrize(
    "field", ["Gemeente: Almere", "Gemeente Veenland", "| Gegevens | |\n|---|---|\n| Gemeente | Almere |"]
)
def test_the_address_of_a_school_names_no_partner(field):
    assert _verdict(f"# Contactgegevens\n\n{field}", "beleid.ketenpartners") is Verdict.MISSING


def test_a_partner_in_a_table_of_partners_may_be_the_municipality():
    text = "# Externe partners\n\n| Wie | Waarvoor |\n|---|---|\n| Gemeente | vervoer naar school |\n| JGZ | groei |"
    assert _verdict(text, "beleid.ketenpartners") is Verdict.MET


def test_a_paragraph_of_the_law_is_no_offer_where_no_sentence_is_the_schools():
    law = (
        "Ook kinderen met extra ondersteuning horen erbij. Dat betekent dat scholen voor elk kind een plek zoeken. "
        "Dat kan op de eigen school, met extra ondersteuning in de klas, of in het speciaal onderwijs."
    )
    assert _verdict(f"# Inleiding\n\n{law}", "beleid.extra-ondersteuning") is Verdict.MISSING


def test_a_contents_list_in_one_line_is_no_evidence():
    text = (
        "# Schoolondersteuningsprofiel\n\nInhoud 1. Inleiding 2 2. De leerlingen en ouders 4 2.1 Het team 5 "
        "3. Handelingsgericht werken 6 3.1 Externe partners 8 4. Extra ondersteuning 9 5. Ambities en scholing 11"
    )
    for requirement in ("beleid.extra-ondersteuning", "beleid.scholing", "hgw.fasen", "beleid.ketenpartners"):
        assert _verdict(text, requirement) is Verdict.MISSING


def test_a_theme_that_is_helped_is_at_least_named():
    text = "# Begeleiding\n\nLeerlingen kunnen bij ons terecht voor rekenondersteuning."
    assert _verdict(text, "thema.rekenen") is Verdict.PARTIAL
    assert _verdict("# Begeleiding\n\nDit is te rekenen tot de begeleiding.", "thema.rekenen") is Verdict.MISSING


def test_who_gets_it_and_what_is_an_offer():
    text = "# Begeleiding\n\nLeerlingen met dyscalculie krijgen in het eerste leerjaar RT."
    assert _verdict(text, "thema.rekenen") is Verdict.MET


_PAGE = (
    "# Zorg op school\n\nBij ons op school overlegt de intern begeleider met het ondersteuningsteam wanneer een kind "
    "meer hulp nodig heeft."
)


def test_a_page_on_support_is_read_as_a_profile():
    assert document_kind(read_markdown(_PAGE)) == "sop"


@pytest.mark.parametrize(
    "text",
    [
        "# Begeleiding\n\nWij bieden de aangesloten scholen een intern begeleider en een ondersteuningsteam.",
        "# Hulp gevraagd\n\nOnze school zoekt ouders voor het versieren van de hal.",
        "# Nieuwsbrief: zorg op school\n\n" + _PAGE,
    ],
)
def test_a_page_of_others_or_on_something_else_is_not(text):
    assert document_kind(read_markdown(text)) is None
