import pytest

from extractors.markdown import read_markdown
from pipeline.check.privacy import privacy_marks


def _categories(text, kind):
    return {mark.category for mark in privacy_marks(read_markdown(text), kind)}


_FORMS = [
    (
        (
            "# OPP\n\n| Naam | Noor Sewnarain |\n|---|---|\n| Geboortedatum | 14-06-2016 |\n| BSN | 000000012 |\n"
            "| Adres | Waterdreef 118 |\n| Telefoon | 06-00000117 |\n| E-mail | thuis@voorbeeld.example |"
        ),
        {"person", "birthdate", "bsn", "address", "phone", "email"},
    ),
    ("# OPP\n\n| Naam | |\n|---|---|\n| Geboortedatum | ........ |\n| BSN | n.t.b. |", set()),
    ("# OPP\n\nTobias Hekman, geboren 19 augustus 2019, Schoolwerf 7 te Almere.", {"person", "birthdate", "address"}),
    ("# OPP\n\nGeboortedatum 19-06-2018\n\nTelefoon 06-00000733 (vader)", {"birthdate", "phone"}),
    (
        "# ABC\n\n| Naam school | OBS De Zwaan |\n|---|---|\n| Intern begeleider | J. Bos |\n| Tel. IB | 036-5312345 |",
        set(),
    ),
    (
        (
            "# OPP\n\n| Gegevens school | > |\n|---|---|\n| Naam | OBS De Zwaan |\n| Adres | Jolpad 3 |\n"
            "| Gegevens leerling | > |\n| Naam | Ali Yildirim |"
        ),
        {"person"},
    ),
    (
        (
            "# OPP\n\n| Rol | Naam | Telefoon |\n|---|---|---|\n| Intern begeleider | J. Post | 036-5312345 |\n"
            "| Moeder | A. Yildirim | 06-00000345 |"
        ),
        {"person", "phone"},
    ),
    ("# OPP\n\nDoel 1 is op 3 mei 2025 behaald. Evaluatie op 12-12-2025, vaardigheidsscore 148.", set()),
    ("# OPP\n\n| Ouders | Hij komt moe thuis en wil niet naar school, hij slaapt slecht. |\n|---|---|", set()),
]


@pytest.mark.parametrize(("text", "categories"), _FORMS)
def test_form_about_a_pupil(text, categories):
    assert _categories(text, "opp") == categories


_PROFILES = [
    ("Sem uit groep 5 oefent elke dag tien minuten.", {"person"}),
    ("De moeder van Yara belde ons in mei.", {"person"}),
    ("Bel de moeder van Yara op 06-00000345 of mail yara@voorbeeld.example.", {"person", "phone", "email"}),
    ("Onze aanpak hielp Tariqson uit groep 7 vooruit.", {"person"}),
    ("Sem is geboren op 3 mei 2016.", {"person", "birthdate"}),
    ("BSN 111222333 staat in het dossier.", {"bsn"}),
    ("Kinderen uit groep 7 lezen met kleuters. Leesmaatjes uit groep 8 helpen.", set()),
    ("Juf Inge uit groep 5 is gedragsspecialist. Meester Tom zit in de MR.", set()),
    ("Intern begeleider: J. Abma, telefoon 036-5312345, j.abma@voorbeeld.example", set()),
    ("OBS De Zwaan, Wierdenpad 12, 1355 ZZ Almere. Tel. 036 531 23 45.", set()),
    ("De ouders van De Rietkraag denken mee. Wij gebruiken Estafette in groep 4.", set()),
    ("Ons rekeningnummer is 123456789. De school is op 3 mei 2001 geopend.", set()),
    ("| Leerlingen | 540 |\n|---|---|\n| Ouders | denken mee bij elk plan |", set()),
]


@pytest.mark.parametrize(("text", "categories"), _PROFILES)
def test_document_about_the_school(text, categories):
    assert _categories(text, "sop") == categories
    assert _categories(text, None) == categories


def test_one_mark_for_a_category_in_a_block_and_no_values():
    text = (
        "# ABC-formulier Quinty\n\nQuinty Ramdhani, geboren 30 april 2014.\n\nBroer van Quinty.\n\nTekst zonder naam."
    )
    marks = privacy_marks(read_markdown(text), "abc")
    assert [(m.category, m.block) for m in marks] == [("person", 0), ("person", 1), ("birthdate", 1), ("person", 2)]
    assert all(set(m.model_dump()) == {"category", "block"} for m in marks)


def test_a_list_of_contents_is_not_marked():
    assert privacy_marks(read_markdown("[toc] Sem uit groep 5\n\n# Profiel\n\nTekst."), "sop") == ()
