from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.normalise import clean, join_lines, number_label, split_bullet, strip_page_label, toc_entry


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a\xa0b\tc  d", "a b c d"),
        ("proﬁel en ﬂexibel", "profiel en flexibel"),
        ("onder\u00adsteuning", "ondersteuning"),
        ("☑ ja \uf0a8 nee ✓", "☒ ja ☐ nee ☒"),
        ("ge\u0308valueerd", "gëvalueerd"),
        ("regel een \n\n  regel twee", "regel een\nregel twee"),
    ],
)
def test_text_is_cleaned(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("lines", "vocabulary", "hyphenated", "expected"),
    [
        (["een lange", "regel"], "", False, "een lange regel"),
        (["de ondersteu-", "ning"], "", True, "de ondersteuning"),
        (["de ondersteu-", "ning"], "ondersteuning", False, "de ondersteuning"),
        (["sociaal-", "emotioneel"], "sociaal emotioneel", True, "sociaal-emotioneel"),
        (["sociaal-", "emotioneel"], "", False, "sociaal-emotioneel"),
        (["taal-", "en rekenonderwijs"], "", True, "taal- en rekenonderwijs"),
        (["ja/", "nee"], "", False, "ja/nee"),
        (["groep 5 -", "8"], "", False, "groep 5 - 8"),
        (["onder\u00ad", "steuning"], "", False, "ondersteuning"),
        (["ib-", "er en NT2-", "Docent"], "", False, "ib-er en NT2-Docent"),
    ],
)
def test_lines_are_joined_without_losing_real_hyphens(
    lines: list[str], vocabulary: str, hyphenated: bool, expected: str
) -> None:
    assert join_lines(lines, frozenset(vocabulary.split()), hyphenated=hyphenated) == expected


def test_a_word_cut_by_a_narrow_column_is_put_together() -> None:
    assert join_lines(["Aanwezi", "g"], narrow=True) == "Aanwezig"
    assert join_lines(["groep", "drie"], narrow=True) == "groep drie"


@pytest.mark.parametrize(
    ("text", "bullet", "rest"),
    [
        ("• plusklas", "•", "plusklas"),
        ("- plusklas", "-", "plusklas"),
        ("– plusklas", "–", "plusklas"),
        ("•plusklas", "•", "plusklas"),
        ("o leeskring", "o", "leeskring"),
        ("ouders", "", "ouders"),
        ("-5 graden", "", "-5 graden"),
        ("-", "", "-"),
    ],
)
def test_typed_bullets_are_recognised(text: str, bullet: str, rest: str) -> None:
    assert split_bullet(text) == (bullet, rest)


@pytest.mark.parametrize(
    ("text", "label"), [("1. stap", "1."), ("b) stap", "b)"), ("12 leerlingen", ""), ("1.2 Kop", ""), ("A. Kop", "")]
)
def test_typed_numbers_are_recognised(text: str, label: str) -> None:
    assert number_label(text) == label


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("1. Inleiding ........ 3", "1. Inleiding"),
        ("Inleiding\t12", "Inleiding"),
        ("Inleiding . . . . . 4", "Inleiding"),
        ("Wij hebben 12 leerlingen", None),
        ("Groep 3", None),
    ],
)
def test_lines_of_a_table_of_contents_are_recognised(line: str, title: str | None) -> None:
    assert toc_entry(line) == title


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SOP 2024-2025 | pagina 3 van 12", "SOP 2024-2025"),
        ("SOP 2024-2025 7", "SOP 2024-2025"),
        ("Pagina 3", ""),
        ("versie 2, oktober 2025", "versie 2, oktober 2025"),
        ("OBS De Rietkraag", "OBS De Rietkraag"),
    ],
)
def test_page_numbers_leave_running_text(text: str, expected: str) -> None:
    assert strip_page_label(text) == expected
