"""The lexicons parse, no form is claimed twice, every regex does what its examples say."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / "pipeline" / "norm" / "data" / "lexicons"
# lexicons of entries with a name and variants, and the keys that hold such entries
ENTRY_FILES = {
    "roles": ["entries"],
    "partners": ["entries"],
    "facilities": ["entries"],
    "systems": ["entries"],
    "meetings": ["entries"],
    "cycles": ["entries"],
}
OTHER_FILES = ["methods", "principles", "places"]
THEMES = {"lezen-spelling", "rekenen", "hoogbegaafdheid", "moeilijk-lerend", "sociaal-emotioneel", "nt2"}
PHASES = ["signaleren", "begrijpen", "plannen", "uitvoeren", "evalueren"]


def load(name: str) -> dict[str, Any]:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def entries(name: str) -> list[dict[str, Any]]:
    data = load(name)
    return [entry for key in ENTRY_FILES[name] for entry in data[key]]


def forms(entry: dict[str, Any]) -> Iterator[str]:
    """All forms of an entry; those that are matched with their case start with "="."""
    yield f"={entry['name']}" if entry.get("case_sensitive") else entry["name"].lower()
    for key in ("variants", "person_forms"):
        yield from (form.lower() for form in entry.get(key, []))
    yield from (f"={form}" for form in entry.get("variants_case", []))


def patterns(name: str) -> list[dict[str, Any]]:
    return load(name)["patterns"]


def compiled(rule: dict[str, Any]) -> re.Pattern[str]:
    return re.compile(rule["pattern"], re.IGNORECASE if rule.get("flags") is None else 0)


ALL_PATTERNS = [(name, rule) for name in ("roles", "partners", "facilities", "meetings") for rule in patterns(name)]


@pytest.mark.parametrize("name", [*ENTRY_FILES, *OTHER_FILES])
def test_parses_to_a_mapping(name):
    assert isinstance(load(name), dict)


@pytest.mark.parametrize("name", ENTRY_FILES)
def test_names_are_unique(name):
    count = Counter(entry["name"].lower() for entry in entries(name))
    assert not [form for form, times in count.items() if times > 1]


@pytest.mark.parametrize("name", ENTRY_FILES)
def test_no_form_is_claimed_twice(name):
    count = Counter(form for entry in entries(name) for form in forms(entry))
    assert not [form for form, times in count.items() if times > 1]


@pytest.mark.parametrize("name", ENTRY_FILES)
def test_forms_are_clean(name):
    for entry in entries(name):
        for form in forms(entry):
            assert form == " ".join(form.split())
            assert form.strip("=")


@pytest.mark.parametrize(("name", "least"), [("roles", 170), ("partners", 170)])
def test_is_broad(name, least):
    assert len(entries(name)) >= least


def test_roles_have_their_fields():
    for role in entries("roles"):
        assert isinstance(role["counts"], bool), role["name"]
        assert role["usual"] in {"school", "external", "either"}, role["name"]
        assert set(role.get("themes", [])) <= THEMES, role["name"]


@pytest.mark.parametrize("name", ["leerkracht", "mentor", "teamleider", "directeur", "onderwijsassistent", "conciërge"])
def test_ordinary_functions_are_no_special_expertise(name):
    (role,) = [role for role in entries("roles") if role["name"] == name]
    assert not role["counts"]


def test_roles_of_one_group_count_alike():
    counts: dict[str, set[bool]] = {}
    for role in entries("roles"):
        if "group" in role:
            counts.setdefault(role["group"], set()).add(role["counts"])
    assert not [group for group, values in counts.items() if len(values) > 1]


def test_partners_have_a_category():
    assert all(partner["category"] for partner in entries("partners"))
    assert all(isinstance(partner["takes_place"], bool) for partner in entries("partners"))


def test_forms_shared_by_roles_and_partners_are_listed_with_a_reason():
    shared = load("partners")["shared_with_roles"]
    assert all(group["reason"] for group in shared)
    allowed = {form.lower() for group in shared for form in group["forms"]}
    roles = {form.lstrip("=").lower() for role in entries("roles") for form in forms(role)}
    partners = {form.lstrip("=").lower() for partner in entries("partners") for form in forms(partner)}
    assert roles & partners - allowed == set()
    assert allowed - (roles & partners) == set()


def test_the_school_system_is_no_partner():
    data = load("partners")
    excluded = {form for entry in data["not_partners"] for form in forms(entry)}
    generic = {form.lower() for form in data["generic"]}
    partners = {form for partner in data["entries"] for form in forms(partner)}
    assert excluded & partners == set()
    assert generic & partners == set()
    assert {"samenwerkingsverband", "passend onderwijs almere", "=SWV", "=MR"} <= excluded


@pytest.mark.parametrize(("name", "rule"), ALL_PATTERNS)
def test_pattern_finds_its_examples_and_no_more(name, rule):
    regex = compiled(rule)
    assert "name" in regex.groupindex, name
    for example in rule["examples"]:
        hit = regex.search(example)
        assert hit, example
        assert hit["name"].lower() not in rule["exclude"], example
    for text in rule["not"]:
        hit = regex.search(text)
        assert hit is None or hit["name"].lower() in rule["exclude"], text


def test_singular_rules_change_the_ending():
    assert all(plural != single for plural, single in load("roles")["singular"])


def test_phases_in_order_and_regexes_compile():
    phases = load("cycles")["phases"]
    assert [phase["name"] for phase in sorted(phases, key=lambda phase: phase["order"])] == PHASES
    for phase in phases:
        assert len(phase["words"]) >= 20
        for pattern in phase["patterns"]:
            re.compile(pattern, re.IGNORECASE)


def test_a_phase_word_belongs_to_one_phase():
    count = Counter(word.lower() for phase in load("cycles")["phases"] for word in phase["words"])
    assert not [word for word, times in count.items() if times > 1]


def test_principles_recognise_their_examples():
    principles = load("principles")["principles"]
    assert len(principles) == 7
    for principle in principles:
        words = "|".join(re.escape(word) for word in sorted(principle["words"], key=len, reverse=True))
        either = re.compile("|".join([rf"(?<!\w)(?:{words})(?!\w)", *principle["patterns"]]), re.IGNORECASE)
        for example in principle["examples"]:
            assert either.search(example), (principle["name"], example)


def test_every_theme_has_names_and_words():
    themes = load("methods")["themes"]
    assert {theme["theme"] for theme in themes} == THEMES
    for theme in themes:
        assert len(theme["names"]) >= 40, theme["theme"]
        assert len(theme["words"]) >= 40, theme["theme"]
        lower = [form.lower() for form in [*theme["names"], *theme["words"]]]
        assert len(lower) == len(set(lower)), theme["theme"]


def test_a_neighbourhood_stands_in_one_district():
    districts = load("places")["districts"]
    count = Counter(place.lower() for district in districts for place in district["neighbourhoods"])
    assert not [place for place, times in count.items() if times > 1]
    assert len({district["name"] for district in districts}) == len(districts)
