"""``ambition.v1``: a concrete ambition in one of two layers: for all pupils (basis) or for some (extra).

A plan that has been carried out is neither ambition nor offer; a plan of the board is not the school's.
"""

from __future__ import annotations

from typing import Literal

from pipeline.check.kinds import statement
from pipeline.check.kinds.patterns import Patterns
from pipeline.check.passages import Passage
from pipeline.check.reading import Reading, spoken
from pipeline.check.sighting import By, Look, Refusal, Sighting
from pipeline.check.voice import Stance
from pipeline.check.words import found as found_in
from pipeline.check.words import surface
from pipeline.result import Reason


class Params(statement.Params):
    """``layer`` to look for; words that tell the layers apart; words that make an ambition general."""

    layer: Literal["basis", "extra"]
    stances: tuple[Stance, ...] = (Stance.AMBITION, Stance.NOT_YET, Stance.OFFERED, Stance.NEUTRAL)
    basis: Patterns = ()
    extra: Patterns = ()
    headings: Patterns = ()
    vague: Patterns = ()
    done: Patterns = ()
    others: Patterns = ()


def look(reading: Reading, params: Params) -> Look:
    """Look for ambitions in the layer; an ambition of the other layer, or a vague one, is not shown here."""
    shows: list[Sighting] = []
    general: list[Sighting] = []
    refused: list[Refusal] = []
    nearest: Passage | None = None
    for passage, score in ambitions(reading, params):
        nearest = nearest or passage
        reason = why_no_ambition(reading, passage, params)
        if reason is not None:
            refused.append(Refusal(passage=passage, reason=reason, score=score))
            continue
        sighting = Sighting(passage=passage, score=score, by=By.MODEL)
        found = layer(reading, passage, params)
        if found is None or is_vague(reading, passage, params):
            general.append(sighting)
        elif found == params.layer:
            shows.append(sighting)
    return Look(seen=bool(shows), shows=tuple(shows), general=tuple(general), refused=tuple(refused), nearest=nearest)


def ambitions(reading: Reading, params: Params) -> list[tuple[Passage, float]]:
    """Passages that may be ambitions: by the label, or by a stance that looks ahead under a heading that does."""
    found = []
    for passage in reading.passages:
        score, touch = reading.label(passage, params.label), reading.touch(passage, params.label)
        voice = reading.voice(passage)
        ahead = voice.stance in (Stance.AMBITION, Stance.NOT_YET) and (voice.cue != "model" or voice.certainty >= 0.6)
        if ahead and score < 0.35 and found_in(params.vague, passage.text):
            found.append((passage, 0.4))
            continue
        likely = score >= 0.35 or (touch >= 0.6 and score >= 0.15)
        if (ahead and likely and (score >= params.met_from or _under_ambitions(passage, params))) or (
            score >= params.met_from and _under_ambitions(passage, params)
        ):
            found.append((passage, round(max(score, 0.5 if ahead else 0.0), 3)))
    return found


def _under_ambitions(passage: Passage, params: Params) -> bool:
    """Under a heading or label that looks ahead, what is told in the present tense is a goal too."""
    return found_in(params.headings, statement.near(passage)) or bool(surface("year_ahead").search(passage.text))


def why_no_ambition(reading: Reading, passage: Passage, params: Params) -> Reason | None:
    """Template or law, carried out already, or the plan of somebody else."""
    voice = reading.voice(passage)
    if voice.refused is not None:
        return voice.refused
    text = spoken(passage)
    if found_in(params.others, text) or found_in(params.done, text):
        return Reason.GENERAL
    if voice.stance is Stance.REACHED or (voice.stance is Stance.NOT_OFFERED and voice.certainty >= 0.5):
        return Reason.EXPLICITLY_ABSENT
    return None


def is_vague(reading: Reading, passage: Passage, params: Params) -> bool:
    """Says no more than that the school wants to do well."""
    text = passage.text
    weak = reading.label(passage, params.label) < params.met_from
    return (found_in(params.vague, text) and not any(c.isdigit() for c in text)) or (
        weak and len(text.split()) < 14 and reading.voice(passage).stance is not Stance.AMBITION
    )


def layer(reading: Reading, passage: Passage, params: Params) -> Literal["basis", "extra"] | None:
    """For all pupils or for some: by the nearest words that tell, in the text first, then above it; None: neither."""
    for text in (
        passage.text,
        " | ".join(x for x in (passage.intro, passage.label, passage.header) if x),
        *reversed(passage.section),
    ):
        extra, basis = found_in(params.extra, text), found_in(params.basis, text)
        if extra != basis:
            return "extra" if extra else "basis"
    scores = (
        reading.label(passage, "anb.beleid.extra-ondersteuning"),
        reading.label(passage, "anb.beleid.basisondersteuning"),
    )
    if max(scores) < 0.15:
        return None
    return "extra" if scores[0] > scores[1] else "basis"
