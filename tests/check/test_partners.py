"""Which partners a profile names, and by what name."""

import pytest

from extractors.markdown import read_markdown
from pipeline.check.run import Examined
from pipeline.steps import examine_document


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Logopediepraktijk Het Mondje behandelt op dinsdag drie leerlingen.", "Logopediepraktijk Het Mondje"),
        ("Met wijkteam Buiten bespreken wij elke maand de zorgen thuis.", "wijkteam Buiten"),
        ("De logopedist van praktijk De Klank komt op maandag.", "logopediepraktijk De Klank"),
        ("Een logopediepraktijk in de wijk behandelt drie leerlingen.", "logopediepraktijk"),
    ],
)
def test_a_partner_goes_by_its_own_name(text, name):
    document = read_markdown(f"# Schoolondersteuningsprofiel OBS De Zwaan\n\n## Onze ketenpartners\n\n{text}")
    examined = examine_document(document, norm="anb")
    assert isinstance(examined, Examined)
    assert [partner.name for partner in examined.report.profile.partners] == [name]
