import pytest

from extractors.markdown import read_markdown
from pipeline.check.document_kind import document_kind

_PUPIL = "| Leerling | Sem de Wit |\n|---|---|\n| Geboortedatum | 3-3-2015 |\n\n"

_BY_TITLE = [
    ("sop", "# Schoolondersteuningsprofiel OBS De Rietzanger\n\nWij bieden basisondersteuning."),
    ("sop", "# Ons ondersteuningsaanbod 2025-2026\n\nOBS De Rietzanger\n\nOnze school heeft een rekenspecialist."),
    (
        "sop",
        (
            "[boldline] OBS De Rietzanger\n\n[boldline] Bijlage bij de schoolgids: schoolondersteuningsprofiel\n\n"
            "Basisondersteuning, extra ondersteuning en ambities."
        ),
    ),
    (
        "schoolgids",
        (
            "[boldline] Daltonschool De Rietzanger\n\n[boldline] Schoolgids 2025-2026\n\n"
            "Schooltijden en vakanties. Basisondersteuning en extra ondersteuning: zie het schoolondersteuningsprofiel."
        ),
    ),
    ("opp", "# Ontwikkelingsperspectief van Sem\n\nSem krijgt basisondersteuning op onze school."),
    ("abc", "# ABC-formulier\n\n" + _PUPIL + "## Toestemming ouders\n\n## Onderwijskundig rapport\n\n## OPP\n\nvolgt"),
    ("abc", "| ABC-formulier | > |\n|---|---|\n| Leerling | Sem |\n\nObserveren en signaleren."),
    ("wop", "# Wijkondersteuningsprofiel\n\nDe scholen in de wijk schreven samen dit profiel."),
    ("zelfscan", "# Almeerse Norm Basisondersteuning: zelfscan OBS De Rietzanger\n\nScore 3."),
    ("onderwijskundig-rapport", "# Onderwijskundig rapport ten behoeve van het ondersteuningsteam\n\n" + _PUPIL),
    ("okr", "# Onderwijskundig rapport (OKR)\n\n" + _PUPIL),
    ("deskundigenrapportage", "# Verslag psychologisch onderzoek\n\n" + _PUPIL),
    ("toestemming", "# Toestemmingsverklaring\n\nOndergetekende geeft toestemming voor de aanvraag van een TLV."),
    ("oudervragenlijst", "# Vragenlijst voor ouders\n\nWat gaat goed bij uw kind?"),
    ("aanvraag-tlv", "# Aanvraagformulier toelaatbaarheidsverklaring (TLV)\n\n" + _PUPIL),
    ("aanvraag-ab", "# Aanvraag toekenning ambulante begeleiding\n\n" + _PUPIL),
    ("aanmelding-cvl", "# Aanmelding CvL cluster 2\n\n" + _PUPIL),
]


@pytest.mark.parametrize(("kind", "text"), _BY_TITLE)
def test_the_title_tells(kind, text):
    assert document_kind(read_markdown(text)) == kind


_OTHER_PAPERS = [
    "# Nieuwsbrief 12\n\nOns schoolondersteuningsprofiel en de schoolgids staan op de site.",
    "# Notulen MR, bespreking schoolondersteuningsprofiel\n\nHet SOP is besproken.",
    "# Appeltaart\n\nNeem vijf appels en 200 gram bloem.",
    "# Factuur 2025-001\n\n| Omschrijving | Bedrag |\n|---|---|\n| Advies OPP | 500 |",
    "# Almeerse Norm Basisondersteuning\n\nZorgplicht, basisondersteuning en extra ondersteuning.",
    (
        "# Stappenplan ondersteuningstraject\n\nObserveren en signaleren, collegiale consultatie, leerlingbespreking, "
        "ondersteuningsteam, handelingsvraag, logboek en toestemming."
    ),
    "Kun je mij het ABC-formulier en het OPP sturen? Groet van de administratie.",
    "",
]


@pytest.mark.parametrize("text", _OTHER_PAPERS)
def test_other_papers_have_no_kind(text):
    assert document_kind(read_markdown(text)) is None


_PROFILE_WORDS = (
    "Onze school biedt basisondersteuning en extra ondersteuning. Het samenwerkingsverband denkt mee. De intern "
    "begeleider en de orthopedagoog helpen bij dyslexie, hoogbegaafdheid en NT2. Wij kennen grenzen aan onze zorg. Wij "
    "gebruiken de meldcode. De jeugdverpleegkundige komt elke maand. Onze ambities vragen scholing."
)


def test_without_a_title_the_words_of_a_profile_tell():
    assert document_kind(read_markdown("# Wat u van onze school mag verwachten\n\n" + _PROFILE_WORDS)) == "sop"


def test_groeidocument_is_a_profile_or_a_form():
    form = (
        "## Uitstroombestemming\n\nvmbo\n\n## Belemmerend\n\nx\n\n## Bevorderend\n\ny\n\n## Handelingsdeel\n\nDoelen."
    )
    assert document_kind(read_markdown("# Groeidocument\n\n" + _PROFILE_WORDS)) == "sop"
    assert document_kind(read_markdown("# Groeidocument\n\n" + _PUPIL + form)) == "opp"


def test_the_file_name_is_not_looked_at():
    document = read_markdown("# Toestemmingsformulier\n\nHandtekening ouder:", "schoolgids_sop_opp.docx")
    assert document_kind(document) == "toestemming"


def test_lines_of_a_list_of_contents_are_no_titles():
    text = "# Welkom\n\n4. Ontwikkelingsperspectief ......... 12\n\n" + _PROFILE_WORDS
    assert document_kind(read_markdown(text)) == "sop"
