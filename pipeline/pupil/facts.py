"""One form about a pupil as typed facts: ``OppFacts`` and ``AbcFacts``, and what every such form may say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from extractors.document import BlockKind, Document
from pipeline.check.forms.answer import Answer
from pipeline.check.forms.cut import cut
from pipeline.check.forms.params import Params
from pipeline.check.kinds import field
from pipeline.check.reading import Reading
from pipeline.pupil.consent import consent
from pipeline.pupil.dated import days_under, document_day, said_days
from pipeline.pupil.read import as_value, days_in, fields_of, plain_reading, value_at
from pipeline.pupil.spec import PupilSpec, expression, pupil_spec, recognition
from pipeline.pupil.values import AbcFacts, Day, Entry, FormFacts, Goal, OppFacts, Value

_CONSENT = {"opp": "opp.instemming/instemming", "abc": "abc.toestemming/toestemming"}
_KINDS: Mapping[str, type[FormFacts]] = {"opp": OppFacts, "abc": AbcFacts}
_LOGBOOK = "abc.logboek/regels"


def form_facts(document: Document, kind: str | None, spec: PupilSpec | None = None) -> FormFacts:
    """Read a form about a pupil.

    Args:
        document: The form.
        kind: What kind of document it is (contract, "kind"); ``opp`` gives ``OppFacts``, ``abc`` ``AbcFacts``.
        spec: The fields and dates to look for; default the shipped ones.

    Returns:
        The facts; a field that the form leaves open is not among ``fields``.
    """
    spec = spec or pupil_spec()
    reading = plain_reading(document)
    if not reading.passages:
        return _KINDS.get(kind or "", FormFacts)(kind=kind)
    answers = cut(document)
    shared: dict[str, Any] = {
        "kind": kind,
        "day": document_day(document, answers, kind, spec),
        "fields": fields_of(reading, kind, spec),
    }
    if kind == "opp":
        return _opp(reading, answers, spec, shared)
    if kind == "abc":
        agreed = consent(reading, answers, _consent_params("abc"))
        return AbcFacts(**shared, logbook=tuple(_logbook(reading)), consent=agreed)
    return FormFacts(**shared)


def _opp(reading: Reading, answers: Sequence[Answer], spec: PupilSpec, shared: Mapping[str, Any]) -> OppFacts:
    document, dates = reading.document, spec.plan_dates
    established = max(days_under(document, answers, dates.established), key=lambda d: d.day, default=shared["day"])
    first = [*days_under(document, answers, dates.first), *said_days(document, dates.first_said)]
    return OppFacts(
        **shared,
        established=established,
        first_plan=min(first, key=lambda d: d.day, default=None),
        enrolled=next(iter(days_under(document, answers, dates.enrolled)), None),
        evaluated=_evaluated(document, shared["fields"].get("evaluatie_vorig_plan", ()), spec),
        goals=tuple(_goal(document, goal, spec) for goal in shared["fields"].get("doelen", ())),
        consent=consent(reading, answers, _consent_params("opp")),
    )


def _consent_params(kind: str) -> Params:
    """How consent is seen: that it was given, and its date or signature, in one look."""
    return recognition(_CONSENT[kind]).model_copy(update={"signed": "both"})


def _evaluated(document: Document, outcomes: Sequence[Value], spec: PupilSpec) -> Day | None:
    """The newest day on which outcomes were written: in the outcome, its column or the line that introduces it."""
    days: list[Day] = []
    for outcome in outcomes:
        block = document.blocks[outcome.block]
        about = expression(spec.plan_dates.evaluated)
        headers = " | ".join(c.header for c in block.cells if c.header and about.search(c.header))
        above = block.section[-1] if block.section else ""
        days += [Day(day=d, at=outcome) for d in days_in(f"{outcome.quote} | {headers} | {above}")]
    return max(days, key=lambda d: d.day, default=None)


def _goal(document: Document, goal: Value, spec: PupilSpec) -> Goal:
    block = document.blocks[goal.block]
    if block.kind is not BlockKind.ROW:
        return Goal(goal=goal)
    beside: dict[str, str] = {}
    for cell in block.cells:
        text = block.text[cell.start : cell.end].strip()
        if cell.start <= goal.start < cell.end or not text or not cell.header:
            continue
        for role, words in spec.goal_columns.items():
            if role not in beside and expression(words).search(cell.header):
                beside[role] = text
                break
    return Goal(goal=goal, **beside)


def _logbook(reading: Reading) -> Iterator[Entry]:
    look = field.look(reading, recognition(_LOGBOOK))
    done: set[int] = set()
    for sighting in (*look.shows, *look.general):
        block = reading.document.blocks[sighting.passage.block]
        if block.kind in (BlockKind.ROW, BlockKind.ITEM):
            if sighting.passage.block in done:
                continue
            done.add(sighting.passage.block)
            what = value_at(reading.document, sighting.passage.block, 0, len(block.text))
        else:
            what = as_value(reading, sighting.passage)
        if days := days_in(what.quote):
            yield Entry(day=days[0], what=what)
