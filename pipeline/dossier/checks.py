"""Rules on dates inside and between documents, held against one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from extractors.document import BlockKind, Document
from pipeline.dossier.data import Check
from pipeline.dossier.folder import Piece
from pipeline.dossier.said import words
from pipeline.pupil.values import OppFacts

_TITLE_BLOCKS = 4  # where a report says what it is


@dataclass(frozen=True, slots=True)
class Outcome:
    """``text`` names the message, ``facts`` fill it."""

    holds: bool | None
    text: str
    facts: dict[str, str] = field(default_factory=dict)


def check(spec: Check, pieces: Sequence[Piece], day: dt.date | None) -> Outcome:
    """Whether a rule holds on a day; None when the documents don't tell."""
    if day is None:
        return Outcome(None, "no-day")
    return _support_term(spec, pieces, day) if spec.rule == "support-term" else _report_age(spec, pieces, day)


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months on; the last of the month where there is no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    last = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month, min(day.day, last))


def _support_term(spec: Check, pieces: Sequence[Piece], day: dt.date) -> Outcome:
    plans = [p.facts for p in pieces if isinstance(p.facts, OppFacts)]
    if not plans:
        return Outcome(None, "no-plan")
    started = min(_days(d.day for f in plans for d in (f.first_plan, f.established) if d), default=None)
    if started is None:
        return Outcome(None, "no-start")
    facts = {"start": _said(started), "day": _said(day), "months": str(spec.months)}
    if months_later(started, spec.months) > day:
        return Outcome(False, "too-short", facts)
    evaluated = max(_days(_evaluated(f) for f in plans), default=None)
    if evaluated is None:
        return Outcome(None, "not-evaluated", facts)
    facts |= {"evaluated": _said(evaluated), "recent": str(spec.recent_months)}
    if months_later(evaluated, spec.recent_months) < day:
        return Outcome(False, "evaluated-long-ago", facts)
    return Outcome(True, "term-holds", facts)


def _evaluated(plan: OppFacts) -> dt.date | None:
    """When goals were evaluated: as written, else with the plan in which the outcomes stand."""
    if plan.evaluated is not None:
        return plan.evaluated.day
    told = plan.fields.get("evaluatie_vorig_plan")
    return plan.established.day if told and plan.established is not None else None


def _days(found: Iterable[dt.date | None]) -> list[dt.date]:
    return [d for d in found if d is not None]


def _report_age(spec: Check, pieces: Sequence[Piece], day: dt.date) -> Outcome:
    reports = [p for p in pieces if p.document is not None and _is_report(spec, p, p.document)]
    if not reports:
        return Outcome(None, "no-report")
    dated = [(p.facts.day.day, p.path) for p in reports if p.facts is not None and p.facts.day is not None]
    if not dated:
        return Outcome(None, "no-date", {"path": reports[0].path})
    newest, path = max(dated)
    facts = {"path": path, "date": _said(newest), "day": _said(day), "months": str(spec.months)}
    holds = months_later(newest, spec.months) >= day
    return Outcome(holds, "report-holds" if holds else "report-old", facts)


def _is_report(spec: Check, piece: Piece, document: Document) -> bool:
    if piece.facts is None or (spec.kinds and piece.kind not in spec.kinds):
        return False
    if piece.is_form and not spec.kinds and piece.kind != "deskundigenrapportage":
        return False
    told = [b.text for b in document.blocks if b.kind is not BlockKind.TOC]
    if any(words(spec.titles).search(text) for text in told[:_TITLE_BLOCKS]):
        return True
    return bool(spec.says) and any(words(spec.says).search(text) for text in told)


def _said(day: dt.date) -> str:
    return f"{day.day}-{day.month}-{day.year}"
