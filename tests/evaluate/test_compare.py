"""Comparing: kinds of wrong, places of quotes, lists."""

from __future__ import annotations

import pytest

from extractors.markdown import read_markdown
from pipeline.evaluate.compare import Outcome, Places, compare, outcome, overlap
from pipeline.evaluate.labels import Gold, GoldExpertise, GoldProfile, GoldSchool, GoldVerdict, LabelError
from pipeline.result import (
    DocumentInfo,
    Evidence,
    Expertise,
    Finding,
    NormInfo,
    NotOffered,
    Offer,
    Partner,
    PrivacyMark,
    Profile,
    Report,
    School,
    Summary,
    Verdict,
)

TEXT = """\
# De Wilg

Wij werken samen met de GGD. Ook de leerplicht komt langs.

Sondevoeding geven wij niet.

Op de gang hangt een klok.
"""
DOCUMENT = read_markdown(TEXT)


def evidence(quote: str, *, shift: int = 0) -> Evidence:
    block = next(i for i, b in enumerate(DOCUMENT.blocks) if quote in b.text)
    start = DOCUMENT.blocks[block].text.index(quote) + shift
    return Evidence(quote=quote, page=None, block=block, start=start, end=start + len(quote), section=None)


def finding(verdict: str, *quotes: Evidence, requirement: str = "n.eis") -> Finding:
    reason = None if verdict in ("met", "not_applicable") else "not-found"
    return Finding.model_validate(
        {
            "requirement": requirement,
            "verdict": verdict,
            "confidence": 0.9,
            "criteria": {"a": verdict == "met"},
            "evidence": quotes,
            "reason": reason,
            "message": "",
            "advice": "",
        }
    )


def report(*findings: Finding, profile: Profile | None = None, school: School | None = None) -> Report:
    return Report(
        document=DocumentInfo(
            path="x", sha256=None, format="docx", pages=None, kind="sop", sector="po", school_year=None
        ),
        school=school or School(),
        norm=NormInfo(id="n", version="1"),
        summary=Summary(),
        findings=findings,
        profile=profile or Profile(),
        privacy=(PrivacyMark(category="person", block=1), PrivacyMark(category="person", block=2)),
        error=None,
    )


def gold(label: GoldVerdict, **more: object) -> Gold:
    return Gold(kind="sop", norm="n", sector="po", verdicts={"n.eis": label}, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("label", "said", "expected"),
    [
        ("met", "met", Outcome.RIGHT),
        ("missing", "met", Outcome.WRONGLY_MET),
        ("met", "missing", Outcome.WRONGLY_MISSING),
        ("partial", "met", Outcome.OTHER),
        ("met", "partial", Outcome.OTHER),
        ("missing", "partial", Outcome.OTHER),
        ("not_applicable", "missing", Outcome.OTHER),
        ("met", "review", Outcome.REVIEW),
        ("missing", "review", Outcome.REVIEW),
    ],
)
def test_kinds_of_wrong_are_told_apart(label: str, said: str, expected: Outcome) -> None:
    assert outcome(Verdict(label), Verdict(said)) is expected


@pytest.mark.parametrize(
    ("accepted", "quote", "placed"),
    [
        ("Wij werken samen met de GGD.", "Wij werken samen met de GGD.", True),
        ("Wij wer-\n  ken samen met de GGD. Ook de leerplicht komt langs.", "Ook de leerplicht komt langs.", True),
        ("Wij werken samen", "Wij werken samen met de GGD.", True),
        ("Ook de leerplicht komt langs.", "Wij werken samen met de GGD.", False),
        ("Dit staat er niet.", "Wij werken samen met de GGD.", False),
        # cut by a page: nowhere in one piece, but the quote is part of it
        ("Voorheen: Wij werken samen met de GGD. En toen verder.", "Wij werken samen met de GGD.", True),
    ],
)
def test_a_quote_is_in_place_when_it_overlaps_an_accepted_one(accepted: str, quote: str, placed: bool) -> None:
    label = GoldVerdict(verdict=Verdict.MET, evidence=(accepted,))

    judged = compare("x", gold(label), DOCUMENT, report(finding("met", evidence(quote)))).verdicts[0]

    assert judged.placed is placed
    assert judged.in_place == int(placed)


@pytest.mark.parametrize(("label", "said"), [("missing", "met"), ("met", "missing")])
def test_place_counts_only_where_both_saw_something(label: str, said: str) -> None:
    quotes = (evidence("Wij werken samen met de GGD."),) if said == "met" else ()
    accepted = ("Wij werken samen met de GGD.",) if label == "met" else ()

    judged = compare(
        "x", gold(GoldVerdict(verdict=Verdict(label), evidence=accepted)), DOCUMENT, report(finding(said, *quotes))
    ).verdicts[0]

    assert judged.placed is None


def test_a_quote_that_is_not_the_slice_it_points_to_is_not_literal() -> None:
    quotes = (evidence("Wij werken samen"), evidence("Ook de leerplicht", shift=2))

    judged = compare("x", gold(GoldVerdict(verdict=Verdict.MET)), DOCUMENT, report(finding("met", *quotes))).verdicts[0]

    assert (len(judged.quotes), judged.literal) == (2, 1)


def test_facts_are_compared_without_case_and_none_is_right_for_none() -> None:
    label = gold(GoldVerdict(verdict=Verdict.MISSING), school=GoldSchool(name="De Wilg", brin="12AB"))
    said = report(finding("missing"), school=School(name="de  wilg", board="Stichting Oost"))

    facts = {fact.name: fact.right for fact in compare("x", label, DOCUMENT, said).facts}

    assert facts == {
        "kind": True,
        "sector": True,
        "school_year": True,
        "name": True,
        "brin": False,
        "board": False,
        "district": True,
    }


def test_lists_are_compared_by_name_and_passages_by_place() -> None:
    profile = Profile(
        expertise=(
            Expertise(name="Gedragsspecialist", scope="school", quote="de GGD", block=1),
            Expertise(name="logopedist", scope="school", quote="staat er niet", block=1),
        ),
        partners=(Partner(name="GGD", category="x", quote="de GGD", block=1),),
        not_offered=(
            NotOffered(text="Sondevoeding geven wij niet.", status="not", theme=None, block=2),
            NotOffered(text="Op de gang hangt een klok.", status="not", theme=None, block=3),
        ),
        offered=(
            Offer(text="GGD", theme="rekenen", level=1, block=1),
            Offer(text="GGD", theme="rekenen", level=3, block=1),
            Offer(text="GGD", theme=None, level=2, block=1),
        ),
    )
    label = gold(
        GoldVerdict(verdict=Verdict.MISSING),
        profile=GoldProfile(
            expertise=(
                GoldExpertise(name="gedragsspecialist", scope="school"),
                GoldExpertise(name="logopedist", scope="external"),
            ),
            partners=("ggd", "leerplicht"),
            not_offered=("Sondevoeding geven", "wij niet."),
            offered_themes={"rekenen": 2, "nt2": 1},
        ),
        privacy=("person", "bsn"),
    )

    compared = compare("x", label, DOCUMENT, report(finding("missing"), profile=profile))
    counts = {one.name: (one.said, one.right, one.gold, one.found) for one in compared.lists}
    texts = {one.name: (one.extra, one.missed) for one in compared.lists}

    assert counts == {
        "expertise": (2, 1, 2, 1),
        "expertise_name": (2, 2, 2, 2),
        "partners": (1, 1, 2, 1),
        "not_offered": (2, 1, 2, 2),
        "ambitions": (0, 0, 0, 0),
        "themes": (1, 1, 2, 1),
        "privacy": (1, 1, 2, 1),
    }
    assert texts["partners"] == ((), ("leerplicht",))
    assert texts["not_offered"] == (("Op de gang hangt een klok.",), ())
    assert [(level.name, level.gold, level.said) for level in compared.levels] == [("rekenen", "2", "3")]
    assert (compared.profile_quotes, compared.profile_literal) == (8, 7)


def test_a_label_for_a_requirement_that_the_norm_lacks_is_an_error() -> None:
    said = report(finding("met", evidence("GGD"), requirement="n.b"))

    with pytest.raises(LabelError, match=r"n\.eis"):
        compare("x", gold(GoldVerdict(verdict=Verdict.MET)), DOCUMENT, said)


def test_every_place_of_a_quote_that_stands_twice_counts() -> None:
    places = Places(read_markdown("Hallo daar.\n\nHallo daar.\n"))

    assert [any(overlap(places.of_slice(b, 0, 5), s) for s in places.of_text("Hallo")) for b in (0, 1)] == [True, True]
