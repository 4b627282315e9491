"""What a decision asks of a file: documents that are missing, conditions, and which decision the documents ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.dossier.data import Condition, Decision, Decisions
from pipeline.dossier.folder import Piece
from pipeline.dossier.said import Spoken, evidence_in, words
from pipeline.dossier_result import DossierEvidence
from pipeline.pupil.values import Agreed, OppFacts

Shown = tuple[bool | None, tuple[DossierEvidence, ...]]
"""Whether a condition holds, and what shows it."""

_ANSWER = {Agreed.GIVEN: True, Agreed.REFUSED: False, Agreed.UNSIGNED: False}


def missing(decision: Decision, pieces: Sequence[Piece]) -> tuple[str, ...]:
    """Kinds that the decision asks for and no document of the folder is, in the order of the norm."""
    there = {p.kind for p in pieces}
    return tuple(kind for kind in decision.documents if kind not in there)


def day_of(piece: Piece) -> dt.date:
    """The day of a document; the beginning of time where it says none, so that it is the oldest."""
    return piece.facts.day.day if piece.facts is not None and piece.facts.day is not None else dt.date.min


def asked_for(data: Decisions, pieces: Sequence[Piece]) -> tuple[Decision, DossierEvidence] | None:
    """The one decision that the newest request asks for; None when nothing or more than one is asked."""
    for piece in sorted(pieces, key=day_of, reverse=True):
        value = piece.facts.first("gevraagd_arrangement") if piece.is_form and piece.facts else None
        if value is None:
            continue
        fitting = [d for d in data.decisions if words(d.asked).search(value.text)]
        if len(fitting) == 1:
            return fitting[0], evidence_in(piece, value)
        return None
    return None


def condition(spec: Condition, documents: Sequence[Spoken]) -> Shown:
    """Whether a condition is fulfilled, as far as the documents show."""
    return _consent(documents) if spec.rule == "consent" else _presence(spec, documents)


def _consent(documents: Sequence[Spoken]) -> Shown:
    """Consent to the newest plan: an older one was to another plan."""
    plans = [d for d in documents if isinstance(d.piece.facts, OppFacts)]
    if not plans:
        return None, ()
    newest = max(plans, key=lambda d: day_of(d.piece))
    facts = newest.piece.facts
    agreed = facts.consent if isinstance(facts, OppFacts) else None
    if agreed is None:
        return None, ()
    return _ANSWER.get(agreed.state), tuple(newest.evidence(v) for v in agreed.at[:3])


def _presence(spec: Condition, documents: Sequence[Spoken]) -> Shown:
    there: list[DossierEvidence] = []
    absent: list[DossierEvidence] = []
    for document in documents:
        for line in document.lines:
            if not words(spec.who).search(line.text):
                continue
            denied = line.later or words(spec.not_there).search(line.text) or words(spec.later).search(line.text)
            if denied:
                absent.append(document.evidence(line.value))
            elif words(spec.there).search(f"{line.near} | {line.text}"):
                there.append(document.evidence(line.value))
    if there:
        return True, tuple(dict.fromkeys(there))[:3]
    return (False, tuple(dict.fromkeys(absent))[:3]) if absent else (None, ())
