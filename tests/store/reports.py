"""Reports to put in a store, made from a line a finding."""

from __future__ import annotations

import hashlib

from pipeline.report.report_json import render_json
from pipeline.result import (
    DocumentInfo,
    ErrorInfo,
    Evidence,
    Expertise,
    Finding,
    NormInfo,
    PrivacyMark,
    Profile,
    Reason,
    Report,
    School,
    Summary,
    Verdict,
)
from pipeline.store.record import Kept

MARK = "Zwaluwstaartje"  # stands for everything that may not get into the store
SPECIALIST = Expertise(name="rekencoördinator", scope="school", quote="Onze rekencoördinator", block=7)
_REASONS = {Verdict.MISSING: Reason.NOT_FOUND, Verdict.PARTIAL: Reason.GENERAL, Verdict.REVIEW: Reason.UNCLEAR}


def report(
    path="zonnewijzer.docx",
    *,
    kind="sop",
    school="De Zonnewijzer",
    brin=None,
    year="2025-2026",
    version="2024-08",
    sha="1",
    error=None,
    private=(),
    quotes=None,
    **verdicts,
):
    """A report; ``verdicts`` as ``partners="met"``, ``quotes`` as ``{"partners": "Wij werken samen met de GGD."}``."""
    findings = tuple(
        _finding(name, Verdict(word), (quotes or {}).get(name, "Dit staat er.")) for name, word in verdicts.items()
    )
    counts = {verdict.value: sum(f.verdict is verdict for f in findings) for verdict in Verdict}
    return Report(
        document=DocumentInfo(
            path=path,
            sha256=hashlib.sha256(sha.encode()).hexdigest(),
            format="docx",
            pages=None,
            kind=None if error else kind,
            sector="po",
            school_year=year,
        ),
        school=School() if error else School(name=school, brin=brin, board="Stichting Sterk"),
        norm=None if error else NormInfo(id="anb", version=version),
        summary=Summary(**counts),
        findings=() if error else findings,
        profile=Profile() if error else Profile(expertise=(SPECIALIST,)),
        privacy=tuple(PrivacyMark(category="person", block=block) for block in private),
        error=ErrorInfo(code=error, message=f"Niet te lezen. {MARK}") if error else None,
    )  # fmt: skip


def kept(*args, label=None, **named):
    one = report(*args, **named)
    digest = hashlib.sha256(render_json([one]).encode()).hexdigest()
    return Kept(label=label or one.document.path, digest=digest, report=one)


def _finding(name, verdict, quote):
    shows = verdict in (Verdict.MET, Verdict.PARTIAL)
    place = Evidence(quote=quote, page=None, block=3, start=0, end=len(quote), section=None)
    return Finding(
        requirement=f"anb.{name}",
        verdict=verdict,
        confidence=0.9,
        criteria={"een": verdict is Verdict.MET},
        evidence=(place,) if shows else (),
        reason=_REASONS.get(verdict),
        message="Zo is het.",
        advice="Doe dit.",
    )
