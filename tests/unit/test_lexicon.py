"""Where the entries of a lexicon stand in a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.check.lexicon import LexiconError, Lexicons, entries, pattern, read_yaml

PARTNERS = [
    {"name": "GGD", "variants": ["ggd"], "category": "jeugdgezondheid"},
    {"name": "GGD Flevoland", "category": "jeugdgezondheid"},
    {"name": "leerplicht", "person_forms": ["leerplichtambtenaar"]},
    {"name": "Horizon", "case_sensitive": True, "variants": ["stichting horizon"]},
    {"name": "samenwerking jeugd", "variants_case": ["SJ"]},
]
NOT_PARTNERS = [{"name": "leerplicht onderzoek"}, {"name": "GGD-gebouw"}]
PATTERN = {"pattern": r"(?P<name>\w+coaches|\w+coach)\b", "exclude": ["Lifecoach"]}


@pytest.fixture(scope="module")
def lexicons() -> Lexicons:
    found = [*entries("partners", PARTNERS), *entries("not-partners", NOT_PARTNERS)]
    found += entries("roles", [{"name": "taalcoach"}])
    return Lexicons(found, [pattern("roles", PATTERN)], [("coaches", "coach")])


def named(lexicons: Lexicons, text: str, lexicon: str = "partners") -> list[tuple[str, str]]:
    return [(h.name, text[h.start : h.end]) for h in lexicons.hits([text])[0] if h.entry.lexicon == lexicon]


FOUND = [
    # name, text, dictionary form and what stands there
    ("as written", "Wij bellen de GGD.", [("GGD", "GGD")]),
    ("in lower case", "wij bellen de ggd", [("GGD", "ggd")]),
    ("longest of two", "De GGD Flevoland komt langs.", [("GGD Flevoland", "GGD Flevoland")]),
    ("both, apart", "De GGD Flevoland is een GGD.", [("GGD Flevoland", "GGD Flevoland"), ("GGD", "GGD")]),
    ("a person stands for it", "De leerplichtambtenaar belt.", [("leerplicht", "leerplichtambtenaar")]),
    ("slash between two", "leerplicht/GGD", [("leerplicht", "leerplicht"), ("GGD", "GGD")]),
    ("name that is a word too, as name", "Horizon helpt ons.", [("Horizon", "Horizon")]),
    ("name that is a word too, as word", "Er gloort iets aan de horizon.", []),
    ("name that is a word too, in a longer form", "Wij bellen Stichting Horizon.", [("Horizon", "Stichting Horizon")]),
    ("abbreviation as written", "De SJ komt.", [("samenwerking jeugd", "SJ")]),
    ("abbreviation in lower case", "de sj komt", []),
    ("inside another word", "Wij doen aan leerplichtwerk.", []),
    ("what is no partner takes its place", "Het leerplicht onderzoek loopt.", []),
    ("what is no partner beside one that is", "Het leerplicht onderzoek van de GGD.", [("GGD", "GGD")]),
    ("nothing", "Wij lezen.", []),
    ("empty", "", []),
]


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in FOUND], ids=[c[0] for c in FOUND])
def test_entries_are_found(lexicons, text: str, expected: list[tuple[str, str]]) -> None:
    assert named(lexicons, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Er is een rouwcoach.", [("rouwcoach", "rouwcoach")]),
        ("Er zijn twee rekencoaches.", [("rekencoach", "rekencoaches")]),
        ("Wij huren een lifecoach in.", []),
        ("Onze taalcoach helpt.", [("taalcoach", "taalcoach")]),
    ],
)
def test_productive_forms_are_found_unless_excluded_or_known(lexicons, text: str, expected) -> None:
    assert named(lexicons, text, "roles") == expected


def test_hits_stand_in_order_of_place_for_each_text(lexicons) -> None:
    first, second = lexicons.hits(["GGD, leerplicht en Horizon", "Niets."])

    assert [h.start for h in first] == sorted(h.start for h in first)
    assert second == ()


def test_what_is_no_form_is_a_fact() -> None:
    (entry,) = entries("partners", [PARTNERS[0]])

    assert entry.facts == {"category": "jeugdgezondheid"}
    assert (entry.name, entry.forms) == ("GGD", ("ggd", "GGD"))


def test_lexicon_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"weg\.yaml is er niet"):
        read_yaml(tmp_path / "weg.yaml")


def test_lexicon_that_is_no_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "stuk.yaml").write_text("- name: GGD\n- {name: [\n", encoding="utf-8")

    with pytest.raises(LexiconError, match=r"stuk\.yaml:\d+: geen geldige YAML"):
        read_yaml(tmp_path / "stuk.yaml")
