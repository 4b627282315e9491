"""Reports of fictitious schools for the tests of pipeline.report: every verdict, long texts, and hostile content."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pipeline.result import (
    Ambition,
    DocumentInfo,
    ErrorInfo,
    Evidence,
    Expertise,
    Finding,
    NormInfo,
    NormText,
    NotOffered,
    Offer,
    Partner,
    PrivacyMark,
    Profile,
    Reason,
    Report,
    RequirementText,
    School,
    Summary,
    Training,
    Verdict,
)

SCRIPT = "<script>alert('hoi')</script>"
FORMULA = '=HYPERLINK("http://voorbeeld.example";"klik")'

# In the order of the norm, which is not the order of the verdicts.
REQUIREMENTS = (
    ("anb.kwaliteit.inspectie", "Oordeel van de inspectie", "kwaliteit", "Basiskwaliteit", False),
    ("anb.beleid.basisondersteuning", "Geboden basisondersteuning", "beleid", "Ondersteuningsbeleid", True),
    ("anb.beleid.extra-ondersteuning", "Geboden extra ondersteuning", "beleid", "Ondersteuningsbeleid", True),
    ("anb.beleid.niet-geboden", "Ondersteuning die de school niet biedt", "beleid", "Ondersteuningsbeleid", True),
    ("anb.beleid.expertise", "Expertise in de school", "beleid", "Ondersteuningsbeleid", True),
    ("anb.beleid.ketenpartners", "Samenwerking met ketenpartners", "beleid", "Ondersteuningsbeleid", True),
    ("anb.beleid.ambities", "Ambities van de school", "beleid", "Ondersteuningsbeleid", True),
    ("anb.structuur.zat", "Zorgadviesteam", "structuur", "Ondersteuningsstructuur", False),
    ("anb.protocol.medisch-handelen", "Protocol medisch handelen", "protocol", "Protocollen", False),
    ("anb.thema.moeilijk-lerend", "Moeilijk lerend", "thema", "Thema's", False),
)

VERDICTS = {
    "anb.kwaliteit.inspectie": (Verdict.PARTIAL, Reason.GENERAL),
    "anb.beleid.basisondersteuning": (Verdict.MET, None),
    "anb.beleid.extra-ondersteuning": (Verdict.PARTIAL, Reason.INCOMPLETE),
    "anb.beleid.niet-geboden": (Verdict.MISSING, Reason.REFERENCE_ONLY),
    "anb.beleid.expertise": (Verdict.MET, None),
    "anb.beleid.ketenpartners": (Verdict.MET, None),
    "anb.beleid.ambities": (Verdict.REVIEW, Reason.CONTRADICTION),
    "anb.structuur.zat": (Verdict.MET, None),
    "anb.protocol.medisch-handelen": (Verdict.MISSING, Reason.NOT_FOUND),
    "anb.thema.moeilijk-lerend": (Verdict.NOT_APPLICABLE, None),
}
READING_ORDER = (
    "anb.beleid.niet-geboden",
    "anb.protocol.medisch-handelen",
    "anb.kwaliteit.inspectie",
    "anb.beleid.extra-ondersteuning",
    "anb.beleid.ambities",
    "anb.beleid.basisondersteuning",
    "anb.beleid.expertise",
    "anb.beleid.ketenpartners",
    "anb.structuur.zat",
    "anb.thema.moeilijk-lerend",
)


def make_norm(identifier: str = "anb", *, requirements: tuple[Any, ...] = REQUIREMENTS) -> NormText:
    return NormText(
        id=identifier,
        version="2024-08",
        title="Almeerse Norm Basisondersteuning",
        requirements=tuple(
            RequirementText(
                id=name,
                title=title,
                group=group,
                group_title=group_title,
                core=core,
                level="wettelijk" if core else "basisnorm",
                asks=f"Er wordt gevraagd: {title.lower()}.",
                why=f"Ouders willen dit weten: {title.lower()}.",
                advice="Beschrijf dit.",
                source="ANB 2024-08, hoofdstuk 3",
            )
            for name, title, group, group_title, core in requirements
        ),
    )


def make_evidence(quote: str, *, page: int | None = 4, section: str | None = "6. Externe partners") -> Evidence:
    return Evidence(quote=quote, page=page, block=57, start=0, end=len(quote), section=section)


def make_finding(requirement: str, verdict: Verdict, reason: Reason | None, **changes: Any) -> Finding:
    seen = verdict not in (Verdict.MISSING, Verdict.NOT_APPLICABLE)
    values: dict[str, Any] = {
        "requirement": requirement,
        "verdict": verdict,
        "confidence": 0.97,
        "criteria": {"aanbod": verdict is Verdict.MET, "regelmaat": None},
        "evidence": (make_evidence(f"Citaat over {requirement}."),) if seen else (),
        "reason": reason,
        "message": "" if verdict is Verdict.MET else f"Toelichting bij {requirement}.",
        "advice": "" if verdict is Verdict.MET else f"Advies bij {requirement}.",
    }
    return Finding(**values | changes)


def make_report(**changes: Any) -> Report:
    findings = tuple(make_finding(name, *VERDICTS[name]) for name, *_ in REQUIREMENTS)
    values: dict[str, Any] = {
        "document": DocumentInfo(
            path="sop-zonnewijzer.docx",
            sha256="0123456789abcdef" * 4,
            format="docx",
            pages=9,
            kind="sop",
            sector="po",
            school_year="2025-2026",
        ),
        "school": School(
            name="De Zonnewijzer",
            brin="12AB",
            board="Stichting Zon",
            district="Almere Haven",
            municipality="Almere",
        ),
        "norm": NormInfo(id="anb", version="2024-08"),
        "summary": Summary(**Counter(finding.verdict.value for finding in findings)),
        "findings": findings,
        "profile": make_profile(),
        "privacy": (),
        "error": None,
    }
    return Report(**values | changes)


def make_profile() -> Profile:
    return Profile(
        expertise=(
            Expertise(name="gedragsspecialist", scope="school", quote="Onze gedragsspecialist helpt.", block=31),
        ),
        partners=(Partner(name="GGD Flevoland", category="jeugdgezondheid", quote="Met de GGD Flevoland.", block=57),),
        offered=(
            Offer(text="Rekenhulp in een klein groepje.", theme="rekenen", level=3, block=40),
            Offer(text="Een rustige werkplek.", theme=None, level=None, block=41),
        ),
        not_offered=(NotOffered(text="Wij bieden nog geen plusklas.", status="not_yet", theme=None, block=63),),
        ambitions=(Ambition(text="In 2027 starten wij een leeskring.", layer="basis", horizon="2027", block=70),),
        training=(Training(text="Het team volgt een cursus.", block=71),),
    )


def make_hostile() -> Report:
    """A report whose every text from the document or its name tries to be something else than text."""
    evil = make_finding(
        "anb.beleid.ketenpartners",
        Verdict.PARTIAL,
        Reason.GENERAL,
        evidence=(
            make_evidence(SCRIPT, section='"><img src=x onerror=alert(1)>'),
            make_evidence(FORMULA),
            make_evidence("+31 6\x1b[31mrood\x07\u202e {{ 7 * 7 }}"),
            make_evidence("=1+1"),
        ),
        message=SCRIPT,
        advice=SCRIPT,
    )
    return make_report(
        document=DocumentInfo(
            path=f"{SCRIPT}.docx", sha256=None, format="docx", pages=None, kind="sop", sector=None, school_year=SCRIPT
        ),
        school=School(name=FORMULA, board=SCRIPT, district='" onmouseover="alert(1)', brin="@SUM(A1)"),
        findings=(evil,),
        summary=Summary(partial=1),
        profile=Profile(
            expertise=(Expertise(name=FORMULA, scope="school", quote=SCRIPT, block=1),),
            partners=(Partner(name=SCRIPT, category=SCRIPT, quote="-2+3", block=2),),
            not_offered=(NotOffered(text=SCRIPT, status="not", theme=None, block=3),),
            ambitions=(Ambition(text="\t=cmd()", layer=None, horizon=SCRIPT, block=4),),
        ),
    )


def make_error(code: str = "no-text", path: str = "scan.pdf", **document: Any) -> Report:
    info: dict[str, Any] = dict.fromkeys(DocumentInfo.model_fields) | {"path": path} | document
    return Report(
        document=DocumentInfo(**info),
        school=School(),
        norm=None,
        summary=Summary(),
        findings=(),
        profile=Profile(),
        privacy=(),
        error=ErrorInfo(code=code, message="Dit bestand is een scan zonder tekst."),
    )


def make_pupil_report() -> Report:
    return make_report(
        document=make_report().document.model_copy(update={"path": "opp-pietje-puk.docx", "kind": "opp"}),
        norm=NormInfo(id="opp", version="2025-08"),
        findings=(
            make_finding("opp.doelen", Verdict.MET, None, evidence=(make_evidence("Pietje Puk leert lezen."),)),
            make_finding("opp.instemming", Verdict.MISSING, Reason.NOT_FOUND, message="Over Pietje Puk."),
        ),
        summary=Summary(met=1, missing=1),
        profile=Profile(),
        privacy=(PrivacyMark(category="person", block=11), PrivacyMark(category="bsn", block=12)),
    )
