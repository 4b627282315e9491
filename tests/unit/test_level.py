"""The level of an offer on the ondersteuningskaart: for whom, and where."""

from __future__ import annotations

import pytest

from pipeline.check.level import support_level


@pytest.mark.parametrize(
    ("level", "text"),
    [
        (1, "Alle groepen krijgen elke week een les uit de methode."),
        (1, "Kanjertraining in alle groepen."),
        (2, "Leerlingen met een dyslexieverklaring krijgen extra tijd."),
        (2, "Wie snel klaar is, werkt aan verrijking."),
        (2, "Vanaf groep 6 kan een kind een eigen leerlijn krijgen."),
        (3, "De leesspecialist leest met een groepje van vier."),
        (3, "Op vrijdag is er de denktank voor negen leerlingen."),
        (3, "Zij werken buiten de klas met de rekencoördinator."),
        (3, "Een faalangsttraining van acht bijeenkomsten."),
        (4, "Een ambulant begeleider helpt bij het arrangement."),
        (2, "n1 Lijn 3; n2 extra leestijd in de klas; n3 in ontwikkeling"),
        (3, "niveau 3: leeshulp door de assistent"),
    ],
)
def test_level_of_an_offer(level: int, text: str) -> None:
    assert support_level(text, extra=False) == level


def test_column_that_names_the_level_decides() -> None:
    assert support_level("verlengde instructie", extra=False, column="N3") == 3


def test_extra_support_without_a_word_is_level_two() -> None:
    assert support_level("Maatjes", extra=True) == 2
