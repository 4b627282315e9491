"""What is said: short at what is there, why and what to do at what is vague, an example for what is missing."""

from __future__ import annotations

from pipeline.annotate.remarks import remarks_of
from pipeline.result import (
    DocumentInfo,
    Evidence,
    Finding,
    NormInfo,
    NormText,
    PrivacyMark,
    Profile,
    Reason,
    Report,
    RequirementText,
    School,
    Summary,
    Verdict,
)


def requirement(name: str, title: str) -> RequirementText:
    return RequirementText(
        id=name, title=title, group="g", group_title="Groep", core=True, level=None, asks=f"Gevraagd is {title}.",
        why="Daarom.", advice="Beschrijf het.", source="ANB", example=f"Een voorbeeld van {title}.",
    )  # fmt: skip


NORM = NormText(
    id="anb",
    version="2024-08",
    title="Almeerse Norm",
    requirements=(requirement("a", "Ambities"), requirement("b", "Partners"), requirement("c", "Expertise")),
)


def seen(block: int, start: int, end: int) -> Evidence:
    return Evidence(quote="x" * (end - start), page=2, block=block, start=start, end=end, section=None)


def finding(name: str, verdict: Verdict, *evidence: Evidence, reason: Reason | None = None) -> Finding:
    return Finding(
        requirement=name, verdict=verdict, confidence=0.9, criteria={}, evidence=evidence, reason=reason,
        message=f"Waarom {name}.", advice=f"Doe iets aan {name}.",
    )  # fmt: skip


def report(*findings: Finding, kind: str = "sop", privacy: tuple[PrivacyMark, ...] = ()) -> Report:
    return Report(
        document=DocumentInfo(
            path="x.docx", sha256="0", format="docx", pages=None, kind=kind, sector="po", school_year=None
        ),
        school=School(), norm=NormInfo(id="anb", version="2024-08"),
        summary=Summary(met=1, partial=2, missing=3, review=4), findings=findings, profile=Profile(),
        privacy=privacy, error=None,
    )  # fmt: skip


def said(*findings: Finding, **how: object) -> list[tuple[int, int, int | None, list[str]]]:
    at = remarks_of(report(*findings, **how), NORM).at[1:]  # type: ignore[arg-type]
    return [(one.block, one.start, one.end, [line.text for line in one.lines]) for one in at]


def test_what_is_there_is_short_and_at_its_best_passage_alone() -> None:
    assert said(finding("a", Verdict.MET, seen(4, 0, 9), seen(7, 0, 5))) == [(4, 0, 9, ["✓ Aangetroffen: Ambities"])]


def test_what_is_vague_has_why_and_advice_and_points_to_its_other_passages() -> None:
    vague = finding("b", Verdict.PARTIAL, seen(4, 2, 9), seen(7, 0, 5), reason=Reason.GENERAL)
    assert said(vague) == [
        (4, 2, 9, ["◐ Deels: Partners", "Waarom b.", "Tip: Doe iets aan b."]),
        (7, 0, 5, ["◐ Hoort ook bij: Partners (deels)"]),
    ]


def test_quotes_that_overlap_share_one_remark_with_the_gravest_first() -> None:
    findings = (
        finding("a", Verdict.MET, seen(4, 0, 9)),
        finding("c", Verdict.MET, seen(4, 3, 12)),
        finding("b", Verdict.REVIEW, seen(4, 11, 20), reason=Reason.UNCLEAR),
    )
    lines = ["? Zelf nagaan: Partners", "Waarom b.", "Tip: Doe iets aan b.", "✓ Aangetroffen: Ambities en Expertise"]
    assert said(*findings) == [(4, 0, 20, lines)]
    assert remarks_of(report(*findings), NORM).at[1].verdict == "review"


def test_quotes_beside_one_another_stay_apart() -> None:
    both = said(finding("a", Verdict.MET, seen(4, 0, 9)), finding("c", Verdict.MET, seen(4, 9, 12)))
    assert [(start, end) for _, start, end, _ in both] == [(0, 9), (9, 12)]


def test_what_is_missing_stands_at_the_end_in_the_order_of_the_norm_with_an_example() -> None:
    missing = [finding(name, Verdict.MISSING, reason=Reason.NOT_FOUND) for name in ("c", "a")]
    (chapter,) = remarks_of(report(*missing), NORM).end
    assert chapter.heading == "Nog niet gevonden"
    assert [item[0].text for item in chapter.items] == ["Ambities", "Expertise"]
    assert [line.text for line in chapter.items[0][1:]] == [
        "Gevraagd: Gevraagd is Ambities.",
        "Waarom a.",
        "Tip: Doe iets aan a.",
        "Voorbeeld van een verzonnen school, te vervangen door uw eigen tekst: Een voorbeeld van Ambities.",
    ]
    assert chapter.items[0][-1].example


def test_a_question_without_a_passage_stands_at_the_end_too() -> None:
    (chapter,) = remarks_of(report(finding("a", Verdict.REVIEW, reason=Reason.UNREADABLE)), NORM).end
    assert (chapter.heading, chapter.items[0][0].text) == ("Zelf nagaan", "Ambities")


def test_personal_data_are_spoken_of_in_a_document_about_a_school_alone() -> None:
    marks = (PrivacyMark(category="person", block=3), PrivacyMark(category="email", block=3))
    ((block, _, end, lines),) = said(privacy=marks)
    assert (block, end) == (3, None)
    assert lines[0] == "! Persoonsgegevens van een leerling of ouder: naam en e-mailadres"
    assert said(privacy=marks, kind="opp") == []
    opening = remarks_of(report(privacy=marks, kind="opp"), NORM).at[0]
    assert "zorgvuldig" in opening.lines[-1].text


def test_the_first_remark_says_what_this_is_and_what_it_is_not() -> None:
    opening = remarks_of(report(finding("a", Verdict.MISSING, reason=Reason.NOT_FOUND)), NORM).at[0]
    text = " ".join(line.text for line in opening.lines)
    assert "Almeerse Norm, versie 2024-08" in text
    assert "1 aangetroffen, 2 deels, 4 zelf nagaan, 3 niet gevonden" in text
    assert "Niet gevonden betekent niet: niet aanwezig" in text
    assert "achteraan" in text
    assert "achteraan" not in " ".join(line.text for line in remarks_of(report(), NORM).at[0].lines)
