"""What a reader is shown of a pupil's file: Dutch words, dates and places, for the text and the page alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from pipeline.dossier_result import Dossier, DossierEvidence, DossierStep, DossierTexts
from pipeline.report.labels import label
from pipeline.report.shown import Word


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownQuote:
    """A literal quote and where it stands: the file and, where known, the page."""

    text: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDocument:
    path: str
    kind: str
    date: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAnswer:
    """A condition or a check: what it asks, the answer and what shows it."""

    id: str
    asks: str
    answer: Word
    message: str
    quotes: tuple[ShownQuote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCell:
    """One track of a step."""

    track: str
    means: str
    status: Word
    quotes: tuple[ShownQuote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    number: int
    title: str
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRoute:
    id: str
    title: str
    source: str
    tracks: tuple[str, ...]
    steps: tuple[ShownStep, ...]
    silent: bool
    """No document says anything about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDossier:
    name: str
    decision: str
    decision_source: str
    asked_in: ShownQuote | None
    decisions: tuple[tuple[str, str], ...]
    day: str
    day_from: str
    documents: tuple[ShownDocument, ...]
    missing: tuple[str, ...]
    conditions: tuple[ShownAnswer, ...]
    checks: tuple[ShownAnswer, ...]
    routes: tuple[ShownRoute, ...]


@cache
def dossier_words() -> Mapping[str, Any]:
    """The table of words: ``templates/report/dossier.yaml``."""
    words: Mapping[str, Any] = yaml.safe_load((files("templates") / "report" / "dossier.yaml").read_text("utf-8"))
    return words


def view_dossier(dossier: Dossier, texts: DossierTexts) -> ShownDossier:
    """Everything in the order and the words in which it is shown."""
    evidence = texts.condition_evidence
    return ShownDossier(
        name=texts.pupil or texts.folder,
        decision=texts.decision.title if texts.decision else "",
        decision_source=texts.decision.source if texts.decision else "",
        asked_in=_quote(texts.asked_in) if texts.asked_in else None,
        decisions=tuple((d.id, d.title) for d in texts.decisions),
        day=_day(texts.day),
        day_from=texts.day_from or "",
        documents=tuple(
            ShownDocument(
                path=d.path,
                kind="" if d.kind == "unknown" else label("kinds", d.kind),
                date=_day(d.date),
                error=texts.errors.get(d.path, d.error or ""),
            )
            for d in dossier.documents
        ),
        missing=tuple(label("kinds", kind) for kind in dossier.missing),
        conditions=tuple(
            _answer(name, name[:1].upper() + name[1:], holds, "", evidence.get(name, ()))
            for name, holds in dossier.conditions.items()
        ),
        checks=tuple(_answer(c.id, texts.check_asks.get(c.id, c.id), c.holds, c.message, ()) for c in dossier.checks),
        routes=tuple(_routes(dossier, texts)),
    )


def _routes(dossier: Dossier, texts: DossierTexts) -> list[ShownRoute]:
    by_place = {(s.route, s.step, s.track or ""): s for s in dossier.steps}
    shown = []
    for route in texts.routes:
        steps = tuple(
            ShownStep(
                number=step.step,
                title=step.title,
                cells=tuple(
                    _cell(by_place[route.id, step.step, track], route.tracks.get(track, ""), means)
                    for track, means in step.means.items()
                ),
            )
            for step in route.steps
        )
        silent = all(s.status == "unknown" for s in dossier.steps if s.route == route.id)
        tracks = tuple(route.tracks.values())
        shown.append(
            ShownRoute(id=route.id, title=route.title, source=route.source, tracks=tracks, steps=steps, silent=silent)
        )
    return shown


def _cell(step: DossierStep, track: str, means: str) -> ShownCell:
    return ShownCell(
        track=track,
        means=means,
        status=_word("statuses", step.status),
        quotes=tuple(map(_quote, step.evidence)),
    )


def _answer(name: str, asks: str, holds: bool | None, message: str, evidence: Sequence[DossierEvidence]) -> ShownAnswer:
    key = {True: "true", False: "false", None: "null"}[holds]
    quotes = tuple(map(_quote, evidence))
    return ShownAnswer(id=name, asks=asks, answer=_word("answers", key), message=message, quotes=quotes)


def _word(table: str, key: str) -> Word:
    row = dossier_words()[table][key]
    return Word(id=row["icon"], word=row["word"], heading="", intro="", mark=row["mark"])


def _quote(evidence: DossierEvidence) -> ShownQuote:
    page = dossier_words()["text"]["page"].format(page=evidence.page) if evidence.page else ""
    return ShownQuote(text=evidence.quote, place=", ".join(x for x in (evidence.path, page) if x))


def _day(iso: str | None) -> str:
    if iso is None:
        return ""
    day = dt.date.fromisoformat(iso)
    return f"{day.day}-{day.month}-{day.year}"
