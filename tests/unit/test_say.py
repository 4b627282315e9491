"""The Dutch sentences of findings and errors: all there, filled in, and literal where they quote."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
import yaml

import pipeline.check.say
from extractors.document import Note, ReadCode
from pipeline.check.say import dutch
from pipeline.result import Finding, Reason, Verdict

MESSAGES = yaml.safe_load((Path(pipeline.check.say.__file__).parent / "messages.yaml").read_text(encoding="utf-8"))
LONG = "Onze meldcode is in ontwikkeling " + "en wordt geschreven met veel hulp van alle collega's " * 6 + "en ouders."


def finding(examined, requirement: str) -> Finding:
    return next(f for f in examined.report.findings if f.requirement == requirement)


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_sentence(reason: Reason) -> None:
    assert re.search(r"[.}]$", MESSAGES["findings"][reason])


@pytest.mark.parametrize("code", list(ReadCode))
def test_every_code_says_what_is_the_matter_and_what_to_do(code: ReadCode) -> None:
    text = dutch().error(code)

    assert len(re.findall(r"[.!?](?:\s|$)", text)) >= 2
    assert "{" not in text


def test_no_norm_for_a_kind_names_the_kind() -> None:
    assert "(wop)" in dutch().error("no-norm", kind="wop")


@pytest.mark.parametrize("group", ["findings", "errors"])
def test_texts_hold_no_facts_that_nobody_fills_in(group: str) -> None:
    known = {"where", "count", "sector", "date", "missing", "searched", "nearest", "section", "page", "quote", "place"}
    asked = {name for text in MESSAGES[group].values() for _, name, _, _ in string.Formatter().parse(text) if name}

    assert asked <= known | {"kind"}


@pytest.mark.parametrize(("sector", "words"), [("po", "het primair onderwijs"), ("vo", "het voortgezet onderwijs")])
def test_sector_is_written_in_full(sector: str, words: str) -> None:
    assert words in dutch().sector(sector)


def test_met_says_where_and_on_how_many_places(check_text) -> None:
    chapters = "## Veiligheid\n\nWij werken met de meldcode.\n\n## Zorgen\n\nDe ib'er kent de stappen van de meldcode."
    found = finding(check_text(f"# Profiel\n\n{chapters}"), "anb.protocol.meldcode")

    assert found.verdict is Verdict.MET
    assert re.fullmatch("Gevonden op 2 plaatsen in ‘(Veiligheid|Zorgen)’.", found.message)


def test_partial_tells_what_is_missing(check_text) -> None:
    text = "# Profiel\n\n## Volgen\n\nWij volgen de leerlingen met Cito Leerling in Beeld."
    found = finding(check_text(text), "anb.structuur.volgsysteem")

    assert found.verdict is Verdict.PARTIAL
    assert "ten minste twee keer per jaar" in found.message


def test_missing_says_not_found_and_never_not_there(check_text) -> None:
    examined = check_text("# Profiel\n\nDe school heeft acht groepen.")

    for found in examined.report.findings:
        assert found.verdict is not Verdict.MISSING or found.message.startswith("Niet gevonden. Gezocht in 1 passages.")
        assert "niet aanwezig" not in found.message


def test_plan_is_quoted_as_what_came_nearest(check_text) -> None:
    text = "# Profiel\n\n## Straks\n\nOnze meldcode is nog in ontwikkeling."
    found = finding(check_text(text), "anb.protocol.meldcode")

    assert found.reason is Reason.PLANNED
    assert "“Onze meldcode is nog in ontwikkeling.” (Straks)" in found.message


def test_long_quote_is_cut_at_a_word(check_text) -> None:
    found = finding(check_text(f"# Profiel\n\n## Straks\n\n{LONG}"), "anb.protocol.meldcode")
    quote = re.search("“(.+?)”", found.message)

    assert quote is not None
    shown, dots = quote[1][:-2], quote[1][-2:]
    assert dots == " …"
    assert len(shown) <= 160
    assert LONG.startswith(f"{shown} ")


def test_sector_of_the_document_takes_requirements_away(check_text) -> None:
    examined = check_text("# Profiel\n\nWij werken met een eigen leerlijn.", sector="vo")
    found = finding(examined, "anb.thema.moeilijk-lerend")

    assert found.verdict is Verdict.NOT_APPLICABLE
    assert found.message == "Deze eis geldt niet voor het voortgezet onderwijs."


def test_advice_comes_with_every_gap_and_only_with_gaps(check_text) -> None:
    for found in check_text("# Profiel\n\nWij werken met de meldcode.").report.findings:
        assert bool(found.advice) is (found.verdict is not Verdict.MET)


@pytest.mark.parametrize(
    ("notes", "words"),
    [
        ([("page-ocr", 3)], "Van bladzijde 3 is alleen een scan opgeslagen."),
        ([("page-ocr", n) for n in (2, 4, 5, 6, 9)], "Van de bladzijden 2, 4-6 en 9 is"),
        ([("page-without-text", 1), ("page-without-text", 2)], "Van de bladzijden 1-2 is alleen een afbeelding"),
        ([("broken-encoding", None)], "Een deel van de letters"),
    ],
)
def test_notes_name_the_pages_as_a_person_would(notes, words: str) -> None:
    (found,) = dutch().notes([Note(code=code, page=page) for code, page in notes])

    assert found.message.startswith(words)
    assert found.code == notes[0][0]


def test_a_picture_on_a_page_is_nothing_to_say() -> None:
    assert dutch().notes([Note(code="page-picture", page=1)]) == ()


@pytest.mark.parametrize(("found", "words"), [("office", "LibreOffice"), ("image", "foto"), ("x", "Dit soort bestand")])
def test_what_was_found_may_have_a_text_of_its_own(found: str, words: str) -> None:
    assert words in dutch().error(ReadCode.UNSUPPORTED_FORMAT, found=found)
