from __future__ import annotations

from typing import Any, Literal, get_args

import pytest

from pipeline.report.labels import certainty, is_about_pupil, read_labels
from pipeline.report.view import ORDER, place_words, shorten, view_report
from pipeline.result import Ambition, Expertise, NotOffered, Offer, Reason, Report, Verdict

from .factory import READING_ORDER, make_error, make_hostile, make_norm, make_report

ERROR_CODES = (
    "not-found",
    "empty-file",
    "unsupported-format",
    "encrypted",
    "corrupt",
    "no-text",
    "too-large",
    "timeout",
    "unknown-kind",
    "internal",
)
THEMES = ("lezen-spelling", "rekenen", "hoogbegaafdheid", "moeilijk-lerend", "sociaal-emotioneel", "nt2")


def literals(model: Any, field: str) -> set[str]:
    annotation = model.model_fields[field].annotation
    options = [annotation, *get_args(annotation)]
    return {value for option in options if getattr(option, "__origin__", None) is Literal for value in get_args(option)}


@pytest.mark.parametrize(
    ("section", "terms"),
    [
        ("verdicts", set(Verdict)),
        ("reasons", set(Reason)),
        ("errors", set(ERROR_CODES)),
        ("scopes", literals(Expertise, "scope")),
        ("statuses", literals(NotOffered, "status")),
        ("layers", literals(Ambition, "layer")),
        ("themes", {*THEMES, "none"}),
        ("support_levels", {"1", "2", "3", "4"}),
        ("privacy", {"person", "birthdate", "bsn", "address", "phone", "email"}),
    ],
)
def test_every_term_of_the_contract_has_a_dutch_word(section: str, terms: set[str]) -> None:
    assert terms == set(read_labels()[section])


def test_every_error_says_what_to_do() -> None:
    for code in ERROR_CODES:
        shown = view_report(make_error(code), None).error
        assert shown
        assert shown.word
        assert shown.advice


def test_an_unknown_error_code_is_shown_as_it_is() -> None:
    shown = view_report(make_error("new-code"), None).error
    assert shown
    assert (shown.word, shown.advice) == ("new-code", "")


def test_missing_is_never_called_absent() -> None:
    word = read_labels()["verdicts"]["missing"]["word"]
    assert word == "niet gevonden"


@pytest.mark.parametrize(
    ("confidence", "word"),
    [
        (1.0, "zeker"),
        (0.85, "zeker"),
        (0.84, "tamelijk zeker"),
        (0.6, "tamelijk zeker"),
        (0.59, "onzeker"),
        (0, "onzeker"),
    ],
)
def test_certainty_has_three_bands(confidence: float, word: str) -> None:
    assert certainty(confidence) == word


def test_order_is_gaps_first_and_within_that_the_norm() -> None:
    shown = view_report(make_report(), make_norm())
    assert tuple(f.id for section in shown.sections for f in section.findings) == READING_ORDER
    assert set(ORDER) == set(Verdict)


def test_order_of_findings_in_the_report_does_not_matter() -> None:
    report = make_report()
    turned = report.model_copy(update={"findings": report.findings[::-1]})
    assert view_report(turned, make_norm()).sections == view_report(report, make_norm()).sections


def test_sections_and_their_groups_hold_the_same_findings() -> None:
    for section in view_report(make_report(), make_norm()).sections:
        assert tuple(f for _, members in section.groups for f in members) == section.findings


def test_finding_that_the_norm_does_not_know_is_shown_last_by_its_id() -> None:
    norm = make_norm()
    shorter = norm.model_copy(update={"requirements": norm.requirements[1:]})
    partial = view_report(make_report(), shorter).sections[1]
    assert [f.title for f in partial.findings] == ["Geboden extra ondersteuning", "anb.kwaliteit.inspectie"]


def test_requirement_without_finding_is_listed_as_not_checked() -> None:
    report = make_report()
    fewer = report.model_copy(update={"findings": report.findings[1:]})
    assert [text.id for text in view_report(fewer, make_norm()).not_checked] == ["anb.kwaliteit.inspectie"]
    assert view_report(report, make_norm()).not_checked == ()


def test_checklist_has_five_cards_with_offered_support_together() -> None:
    cards = view_report(make_report(), make_norm()).cards
    assert [card.title for card in cards] == [
        "Ambities",
        "Expertise",
        "Ketenpartners",
        "Geboden ondersteuning",
        "Niet geboden ondersteuning",
    ]
    assert [f.id for f in cards[3].findings] == ["anb.beleid.basisondersteuning", "anb.beleid.extra-ondersteuning"]
    assert cards[1].glance == "gedragsspecialist"
    assert cards[4].glance == "alleen een verwijzing naar een ander document"


def test_core_requirement_outside_the_checklist_gets_its_own_card() -> None:
    norm = make_norm(requirements=(("anb.structuur.zat", "Zorgadviesteam", "s", "Structuur", True),))
    assert [card.title for card in view_report(make_report(), norm).cards] == ["Zorgadviesteam"]


def test_profile_takes_places_from_evidence_in_the_same_block() -> None:
    profile = view_report(make_report(), make_norm()).profile
    assert profile
    assert profile.partners[0].place == "6. Externe partners, blz. 4"
    assert profile.expertise[0].place == ""


def test_offers_stand_by_theme_with_the_others_last() -> None:
    profile = view_report(make_report(), make_norm()).profile
    assert profile
    assert [(theme, [row.text for row in rows]) for theme, rows in profile.offered] == [
        ("Rekenen", ["Rekenhulp in een klein groepje."]),
        ("Overig aanbod", ["Een rustige werkplek."]),
    ]


def test_offer_with_unknown_theme_is_not_lost() -> None:
    report = make_report()
    offer = Offer(text="Judo.", theme="bewegen", level=None, block=1)
    changed = report.model_copy(update={"profile": report.profile.model_copy(update={"offered": (offer,)})})
    profile = view_report(changed, make_norm()).profile
    assert profile
    assert [(theme, len(rows)) for theme, rows in profile.offered] == [("bewegen", 1)]


@pytest.mark.parametrize(
    ("section", "page", "words"),
    [
        ("6. Externe partners", 4, "6. Externe partners, blz. 4"),
        ("6. Externe partners", None, "6. Externe partners"),
        (None, 4, "blz. 4"),
        (None, None, ""),
    ],
)
def test_place(section: str | None, page: int | None, words: str) -> None:
    assert place_words(section, page) == words


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("kort", "kort"),
        ("een twee drie vier", "een twee…"),
        ("aaaaaaaaaaaaaaa", "aaaaaaaaaaa…"),
        ("een\n twee", "een twee"),
    ],
)
def test_shorten(text: str, short: str) -> None:
    assert shorten(text, 12) == short


@pytest.mark.parametrize(
    ("kind", "about_pupil"),
    [
        ("sop", False),
        ("schoolgids", False),
        ("opp", True),
        ("abc", True),
        ("toestemming", True),
        ("unknown", False),
        (None, False),
    ],
)
def test_documents_about_pupils(kind: str | None, about_pupil: bool) -> None:
    assert is_about_pupil(kind) is about_pupil


@pytest.mark.parametrize("report", [make_report(), make_hostile(), make_error()])
def test_no_norm_text_is_needed(report: Report) -> None:
    shown = view_report(report, None)
    assert sum(len(section.findings) for section in shown.sections) == len(report.findings)
