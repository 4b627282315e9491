from dataclasses import replace

import pytest

from extractors.markdown import read_markdown
from pipeline.check.facts import Facts, school_facts
from pipeline.result import School


def _facts(text, kind="sop"):
    return school_facts(read_markdown(text), kind)


def _school(text, kind="sop"):
    return _facts(text, kind).school


def test_fields_of_a_form():
    facts = _facts(
        "# Schoolondersteuningsprofiel\n\n| Gegevens | > |\n|---|---|\n| Naam school | OBS De Rietzanger, 94KX |\n"
        "| BRIN-nummer: | 94KX01 |\n| Bevoegd gezag | Stichting Plasland |\n| Stadsdeel | Almere-Buiten |\n"
        "| Schooljaar | 2024/2025 |\n\nDe leerkracht van groep 3 en groep 4."
    )
    school = School(
        name="OBS De Rietzanger",
        brin="94KX",
        board="Stichting Plasland",
        district="Almere Buiten",
        municipality="Almere",
    )
    assert facts == Facts(kind="sop", school=school, sector="po", school_year="2024-2025")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "# Profiel\n\n| School | Vakcollege De Sluis (vmbo basis en kader) |\n|---|---|\n| BRIN | 92JX |",
            "Vakcollege De Sluis",
        ),
        ("# SOP 2025-2026 van Daltonschool De Zwaan (98EX), Stichting Plasland", "Daltonschool De Zwaan"),
        ("# Schoolondersteuningsprofiel Plassenlyceum\n\nhavo en atheneum", "Plassenlyceum"),
        ("[footer: Kunstcollege Oever 2024-2025]\n\n# Ondersteuning\n\nTekst.", "Kunstcollege Oever"),
        ("# Ondersteuning op De Zwaan\n\nTekst.", "De Zwaan"),
        (
            "# Wat kan De Sluis voor jou betekenen?\n\nOndersteuningsprofiel van Praktijkcollege De Sluis in Almere.",
            "Praktijkcollege De Sluis",
        ),
        (
            "# KC Zwenk - SOP 2025-2026\n\nBRIN 94JX. Bestuur: Stichting Plasland. Kindcentrum Zwenk, Almere.",
            "Kindcentrum Zwenk",
        ),
        ("School Kindcentrum De Griend (91WX)\n\nBestuur Stichting Plasland", "Kindcentrum De Griend"),
        ("# Ons aanbod\n\nWij werken samen met OBS De Kring en basisschool De Ark.", None),
        ("# Basisondersteuning\n\nOnze school biedt veel.", None),
        ("| School | Thuis |\n|---|---|\n| leest | eet |", None),
    ],
)
def test_name(text, name):
    assert _school(text).name == name


@pytest.mark.parametrize(
    ("text", "board"),
    [
        ("# SOP\n\n90GX, Stichting Stamgroep Almere, Noorderplassen", "Stichting Stamgroep Almere"),
        ("# SOP\n\nMavo en havo. BRIN 95XX. Stichting Scholen aan de Mark.", "Stichting Scholen aan de Mark"),
        (
            "# SOP\n\n| Bestuur | Vereniging PC Onderwijs Dijk |\n|---|---|\n| BRIN | 95XX |",
            "Vereniging PC Onderwijs Dijk",
        ),
        ("# SOP\n\n| Schoolbestuur | dhr. A. Post |\n|---|---|\n| BRIN | 95XX |", None),
        (
            "# SOP\n\n" + "Tekst. " * 40 + "Onze school valt onder Stichting Plasland en dat bevalt.",
            "Stichting Plasland",
        ),
        ("# SOP\n\n" + "Tekst. " * 40 + "Een coach van Stichting Welzijn Plasland helpt.", None),
    ],
)
def test_board(text, board):
    assert _school(text).board == board


def test_fields_one_after_the_other_in_a_line():
    school = _school(
        "# Ondersteuningsprofiel\n\nSchool: Basisschool De Zwaan Brinnummer: 94KX\n"
        "Bestuur: Stichting Plasland Wijk: Almere Haven"
    )
    assert school == School(
        name="Basisschool De Zwaan",
        brin="94KX",
        board="Stichting Plasland",
        district="Almere Haven",
        municipality="Almere",
    )


def test_a_name_that_holds_a_word_for_a_field_stays_whole():
    school = _school("# Profiel\n\nBestuur: Stichting School en Toekomst\nBRIN: 94KP")
    assert (school.board, school.brin) == ("Stichting School en Toekomst", "94KP")


def test_a_word_of_a_sentence_before_a_colon_is_no_field():
    assert _school("# Profiel van OBS De Zwaan\n\nDat geeft rust in de school: De Kring helpt.").name == "OBS De Zwaan"


@pytest.mark.parametrize(
    ("text", "district", "municipality"),
    [
        ("# SOP\n\nBasisschool De Zwaan. Tussen de Vaarten, Almere.", "Tussen de Vaarten", "Almere"),
        ("# SOP\n\n| Wijk | Haven |\n|---|---|\n| BRIN | 94KX |", "Almere Haven", "Almere"),
        ("# SOP\n\n| Wijk | Sterrenburg |\n|---|---|\n| Gemeente | Dordrecht |", "Sterrenburg", "Dordrecht"),
        ("# SOP\n\nBasisschool De Zwaan, Papendrecht (91MX)", None, "Papendrecht"),
        ("# SOP\n\n" + "Wij zijn een kleine school. " * 9 + "Wij liggen aan het water in Almere Haven.", None, None),
        (
            "# SOP\n\n" + "Wij zijn een kleine school. " * 9 + "De school is gelegen in Almere Haven.",
            "Almere Haven",
            "Almere",
        ),
        ("# SOP\n\n" + "Wij zijn er. " * 20 + "Leerlingen uit Almere Buiten komen op de fiets.", None, None),
    ],
)
def test_place(text, district, municipality):
    school = _school(text)
    assert (school.district, school.municipality) == (district, municipality)


def test_the_home_of_a_pupil_is_not_the_place_of_the_school():
    address = "| Leerling | Sem de Wit |\n|---|---|\n| Adres | Jolpad 3, 1361 ZZ Almere Poort |\n"
    text = f"# OPP\n\n{address}| School | OBS De Zwaan |"
    assert _school(text, "opp") == School(name="OBS De Zwaan")


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("# SOP 2025-2026", "2025-2026"),
        ("# SOP\n\n[footer: De Zwaan SOP 25-26]\n\nTekst.", "2025-2026"),
        ("# SOP\n\n| Datum | 2 september 2024 |\n|---|---|\n| BRIN | 92JX |", "2024-2025"),
        ("# SOP\n\n| Datum vaststelling | 12-06-2025 |\n|---|---|\n| BRIN | 92JX |", "2024-2025"),
        ("[footer: versie 2, oktober 2025]\n\n# SOP\n\nTekst.", "2025-2026"),
        ("# SOP 2021-2025\n\nTekst.", None),
        ("# SOP\n\nIn 2019 begon de school. Telefoon 036-5312345.", None),
    ],
)
def test_school_year(text, year):
    assert _facts(text).school_year == year


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("# SOP\n\nDe mentor en de docenten van klas 2 en leerjaar 3 helpen.", "vo"),
        ("# OPP\n\nGroep 8, leerkracht juf Inge. Uitstroom vmbo of havo. Eerder in groep 7.", "po"),
        ("# SOP Plassenlyceum\n\nTekst.", "vo"),
        ("# SOP\n\nOnze leerlingen krijgen hulp.", None),
    ],
)
def test_sector(text, sector):
    assert _facts(text).sector == sector


@pytest.mark.parametrize(
    ("text", "brin"),
    [
        ("# SOP\n\nOBS De Zwaan (94KX)", "94KX"),
        ("# SOP\n\nOBS De Zwaan, brin: 94kx", "94KX"),
        ("# SOP\n\nOBS De Zwaan, Jolpad 3, 1361 ZZ Almere", None),
    ],
)
def test_brin(text, brin):
    assert _school(text).brin == brin


def test_nothing_is_made_up_for_an_empty_document():
    assert school_facts(read_markdown(""), None) == Facts()


def _stored(text, name="document.md", **properties):
    document = read_markdown(text, name)
    return school_facts(replace(document, properties=properties), "sop")


@pytest.mark.parametrize(
    ("text", "name", "properties", "school", "year"),
    [
        # the file name tells what the text does not
        ("# Ondersteuning\n\nWij bieden hulp.", "SOP OBS De Zwaan 2025-2026.docx", {}, "OBS De Zwaan", "2025-2026"),
        ("# Ondersteuning\n\nWij bieden hulp.", "map.zip/SOP_OBS_De_Zwaan.pdf", {}, "OBS De Zwaan", None),
        ("# Ondersteuning\n\nWij bieden hulp.", "SOP-OBS-De-Zwaan-2025-2026.pdf", {}, "OBS De Zwaan", "2025-2026"),
        # and never more than that
        ("# SOP OBS De Kring 2024-2025", "SOP OBS De Zwaan 2025-2026.docx", {}, "OBS De Kring", "2024-2025"),
        ("# Ondersteuning\n\nVersie: mei 2024", "sop 2022-2023 kopie.docx", {}, None, "2023-2024"),
        ("# Ondersteuning\n\nWij bieden hulp.", "SOP definitief versie 3.docx", {}, None, None),
        ("# Ondersteuning\n\nWij bieden hulp.", "Kopie van SOP De Zwaan.docx", {}, None, None),
        ("# Ondersteuning\n\nDe Zwaan helpt. Op De Zwaan is rust.", "SOP De Zwaan.docx", {}, "De Zwaan", None),
        ("# Ondersteuning\n\nWij bieden hulp.", "scan0001.pdf", {"title": "scan0001"}, None, None),
        # properties
        ("# Ondersteuning", "x.html", {"site": "OBS De Zwaan"}, "OBS De Zwaan", None),
        ("# Ondersteuning", "x.pdf", {"title": "SOP OBS De Zwaan 2025-2026"}, "OBS De Zwaan", "2025-2026"),
        ("Sinds 2025.", "x.pdf", {"created": "2025-09-03", "modified": "2026-02-01"}, None, "2025-2026"),
        ("Geen jaar.", "x.pdf", {"created": "2025-09-03", "modified": "2026-02-01"}, None, None),
        ("Sinds 2025.", "x.pdf", {"created": "2013-12-23", "modified": "2026-02-01"}, None, None),
        ("In 2027 willen wij.", "x.pdf", {"created": "2025-09-03"}, None, None),
        ("Sinds 2025.", "x.pdf", {"created": "gisteren"}, None, None),
    ],
)
def test_file_name_and_properties(text, name, properties, school, year):
    facts = _stored(text, name, **properties)
    assert (facts.school.name, facts.school_year) == (school, year)


def test_a_file_name_says_nothing_of_the_school_of_a_pupil():
    document = read_markdown("# Ontwikkelingsperspectief\n\nNaam: Noor", "OPP Noor van OBS De Zwaan.docx")
    assert school_facts(document, "opp").school.name is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("| Datum | 26-11-2025 |\n|---|---|\n| School | De Zwaan |", "2025-11-26"),
        ("# SOP\n\nVastgesteld op 3 november 2025", "2025-11-03"),
        ("# SOP\n\nVersie: mei 2024", "2024-05"),
        ("# SOP\n\nDe open dag is op 3 november 2025.", None),
    ],
)
def test_date_of_the_version(text, date):
    assert _facts(text).date == date
