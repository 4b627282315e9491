"""One document against one norm: from blocks to a report. Pure but for the model and lexicons that it is given."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from extractors.document import Document
from pipeline.check.classifier import Scorer, Scores
from pipeline.check.confidence import confidence
from pipeline.check.facts import Facts
from pipeline.check.lexicon import Hit
from pipeline.check.passages import Passage, passages
from pipeline.check.privacy import privacy_marks
from pipeline.check.profile import school_profile
from pipeline.check.reading import Reading
from pipeline.check.recognise import Ready
from pipeline.check.say import Sayer
from pipeline.check.sighting import Look, Sighting
from pipeline.check.verdict import Decision, decide
from pipeline.check.voice import hear_all, name_pattern
from pipeline.norm.schema import Requirement
from pipeline.result import (
    DocumentInfo,
    Evidence,
    Finding,
    NormInfo,
    Profile,
    Reason,
    Report,
    Summary,
    Verdict,
)

log = logging.getLogger("dekkend")

Sector = Literal["po", "vo"]
_WITH_PROFILE = frozenset({"sop", "schoolgids"})
_MAX_QUOTES = 6
# Share of the pages without any text from which "not found" says little. One empty page in four is more than a cover
# and a back; the labelled documents have none.
_UNREADABLE_FROM = 0.25


@dataclass(frozen=True, slots=True)
class Examined:
    """A report with the looks behind it, for explaining a verdict."""

    report: Report
    reading: Reading
    looks: Mapping[str, Mapping[str, Look]]


def score_passages(
    document: Document, classifier: Scorer, norm: str | None = None
) -> tuple[tuple[Passage, ...], list[Scores]]:
    """Cut the document into passages and score them, each under its heading.

    Args:
        document: What was read.
        classifier: The learned model.
        norm: As for ``PassageClassifier.score``: the norm whose labels decide what the encoder reads.
    """
    cut = passages(document)
    return cut, classifier.score([p.scored_as for p in cut], norm=norm)


# Measured: four profiles without a title that says so show 9 to 24 of the 38 subjects of the ANB; a newsletter,
# minutes, a vacancy, rules on leave and pages of samenwerkingsverbanden at most 4 (the text of the ANB itself 11).
_PROFILE_LABELS, _PROFILE_SURE, _PROFILE_FROM = "anb.", 0.7, 8


def is_likely_profile(document: Document, classifier: Scorer) -> bool:
    """Whether a document that does not name itself speaks of support as a profile does."""
    _, scores = score_passages(document, classifier, _PROFILE_LABELS.rstrip("."))
    seen = {n for s in scores for n, v in s.labels.items() if v >= _PROFILE_SURE and n.startswith(_PROFILE_LABELS)}
    return len(seen) >= _PROFILE_FROM


_CARRIES, _NOTHING_ITSELF, _BORROWED = 0.5, 0.1, 0.3


def without_borrowed(cut: Sequence[Passage], scores: Sequence[Scores], classifier: Scorer) -> list[Scores]:
    """Take back what a sentence only has from the one that it was read with.

    Where the sentence before already carries a label, a sentence that says nothing of it by itself (by the hashed half)
    is no second evidence, and no evidence either when the first is refused.
    """
    found = list(scores)
    suspect = {
        i: [n for n, v in scores[i].labels.items() if v >= _BORROWED and scores[i - 1].labels.get(n, 0.0) >= _CARRIES]
        for i, passage in enumerate(cut)
        if passage.sentence > 0 and passage.reads is not None
    }
    doubted = [i for i, names in suspect.items() if names]
    for i, alone in zip(doubted, classifier.hashed_labels([cut[i].alone_as for i in doubted]), strict=True):
        borrowed = {n: _BORROWED for n in suspect[i] if alone[n] < _NOTHING_ITSELF}
        found[i] = replace(scores[i], labels={**scores[i].labels, **borrowed})
    return found


def read(
    document: Document,
    ready: Ready,
    classifier: Scorer | None,
    own_name: str | None = None,
    board: str | None = None,
) -> Reading:
    """Cut, score and hear the document; lexicon entries with their places."""
    # before the scores, which another process may still be making
    hits = ready.lexicons.hits([b.text for b in document.blocks])
    if classifier is None:
        cut = passages(document)
        scores: Sequence[Scores | None] = [None] * len(cut)
    else:
        cut, scored = score_passages(document, classifier, _labels_of(ready))
        scores = without_borrowed(cut, scored, classifier)
    return Reading(
        document=document,
        passages=cut,
        scores=tuple(scores),
        voices=hear_all(cut, scores, ready.cues, own_name),
        block_hits={i: kept for i, found in enumerate(hits) if (kept := _without_board(found, board))},
        own_name=name_pattern(own_name),
    )


def _without_board(hits: Sequence[Hit], board: str | None) -> tuple[Hit, ...]:
    """The school's own board is no partner ("Stichting Polderlicht" beside "Bestuur")."""
    if not board:
        return tuple(hits)
    return tuple(h for h in hits if h.entry.lexicon != "partners" or h.name.lower() not in board.lower())


def _labels_of(ready: Ready) -> str | None:
    """The norm of the labels that a norm's recognitions use; None when they come from several."""
    labels = {getattr(c.params, "label", None) for group in ready.criteria.values() for c in group} - {None}
    norms = {str(label).split(".")[0] for label in labels}
    return norms.pop() if len(norms) == 1 else None


def examine(document: Document, ready: Ready, classifier: Scorer | None, facts: Facts, say: Sayer) -> Examined:
    """Check a document that was read.

    Args:
        document: What the extractors made of the file.
        ready: The norm with its recognitions.
        classifier: The learned model; None for a norm that does without.
        facts: Kind, sector, school and year of the document; a sector that is given goes before what was read.
        say: Makes the Dutch sentences of the findings.
    """
    privacy = privacy_marks(document, facts.kind)
    reading = read(document, ready, classifier, facts.school.name, facts.school.board)
    looks: dict[str, dict[str, Look]] = {}
    findings = []
    for requirement in ready.requirements:
        finding, seen = _finding(requirement, reading, ready, facts.sector, say)
        looks[requirement.id] = seen
        findings.append(finding)
    counts = {v.value: sum(f.verdict is v for f in findings) for v in Verdict}
    norm = ready.loaded.norm
    report = Report(
        document=DocumentInfo(
            path=document.source.name,
            sha256=document.source.sha256,
            format=document.source.format,
            pages=document.pages,
            kind=facts.kind,
            sector=facts.sector,
            school_year=facts.school_year,
        ),
        school=facts.school,
        norm=NormInfo(id=norm.id, version=norm.version),
        summary=Summary(**counts),
        findings=tuple(findings),
        profile=school_profile(reading, looks) if _is_profile(facts.kind, norm.kinds) else Profile(),
        privacy=privacy,
        error=None,
        notes=say.notes(document.notes),
    )
    return Examined(report, reading, looks)


def _is_profile(kind: str | None, kinds: Sequence[str]) -> bool:
    """A profile, or a document that does not say what it is and is checked by a norm for profiles."""
    return kind in _WITH_PROFILE or (kind is None and not _WITH_PROFILE.isdisjoint(kinds))


def _finding(
    requirement: Requirement, reading: Reading, ready: Ready, sector: Sector | None, say: Sayer
) -> tuple[Finding, dict[str, Look]]:
    if sector is not None and sector not in requirement.sectors:
        return _not_applicable(requirement, say.sector(sector)), {}
    looks: dict[str, Look] = {}
    for criterion in ready.criteria[requirement.id]:
        try:
            looks[criterion.id] = criterion.kind.look(reading, criterion.params)
        except Exception as problem:  # noqa: BLE001  (one recogniser that fails must not cost the other 37 verdicts)
            log.error(  # noqa: TRY400  (a traceback could quote the document)
                "recogniser of %s/%s failed: %s", requirement.id, criterion.id, type(problem).__name__
            )
            looks[criterion.id] = Look(seen=None, why_unsure=Reason.RECOGNISER_FAILED)
    if not all(look.applies for look in looks.values()):
        return _not_applicable(requirement, say.not_applicable()), looks
    decision = _honest(decide(looks, general_counts=True), reading)
    evidence = _evidence(reading, decision, looks)
    return (
        Finding(
            requirement=requirement.id,
            verdict=decision.verdict,
            confidence=confidence(decision, looks, doubtful_text=any(b.uncertain for b in reading.document.blocks)),
            criteria={c: look.seen for c, look in looks.items()},
            evidence=evidence,
            reason=decision.reason,
            message=say.finding(requirement, decision, looks, evidence, reading),
            advice="" if decision.verdict is Verdict.MET else requirement.advice,
        ),
        looks,
    )


def _not_applicable(requirement: Requirement, message: str) -> Finding:
    return Finding(
        requirement=requirement.id,
        verdict=Verdict.NOT_APPLICABLE,
        confidence=1.0,
        criteria={c.id: None for c in requirement.criteria},
        evidence=(),
        reason=None,
        message=message,
        advice="",
    )


def _honest(decision: Decision, reading: Reading) -> Decision:
    """Not found in a document of which much could not be read is no finding."""
    pages = reading.document.pages or 0
    lost = sum(note.code == "page-without-text" for note in reading.document.notes)
    if decision.verdict is Verdict.MISSING and pages and lost / pages >= _UNREADABLE_FROM:
        return Decision(Verdict.REVIEW, Reason.UNREADABLE)
    return decision


def _evidence(reading: Reading, decision: Decision, looks: Mapping[str, Look]) -> tuple[Evidence, ...]:
    """Quotes for what was seen, the strongest first; of a review the places that disagree."""
    if decision.verdict is Verdict.MISSING:
        return ()
    shown = [s for look in looks.values() for s in look.shows]
    if decision.verdict is Verdict.PARTIAL or (decision.verdict is Verdict.REVIEW and not shown):
        # what shows a criterion says more than what treats the subject in general
        shown = shown or [s for look in looks.values() for s in (*look.general, *look.doubtful)]
    chosen = _strongest(shown)
    return tuple(reading.evidence(s.passage) for s in chosen)


def _strongest(sightings: list[Sighting]) -> list[Sighting]:
    """One sighting for each passage, the strongest first."""
    places: dict[int, Sighting] = {}
    for sighting in sightings:
        at = sighting.passage.index
        if at not in places or places[at].score < sighting.score:
            places[at] = sighting
    return sorted(places.values(), key=lambda s: (-s.score, s.passage.index))[:_MAX_QUOTES]
