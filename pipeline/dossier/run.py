"""A folder with the documents of one pupil as a ``Dossier``, with the texts that renderers need beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.check.lexicon import read_yaml
from pipeline.dossier.checks import check
from pipeline.dossier.data import Decision, Decisions, Routes, SourcePlace, decisions, routes
from pipeline.dossier.decision import Shown, asked_for, condition, day_of, missing
from pipeline.dossier.folder import Piece
from pipeline.dossier.route import order_checks, steps_of
from pipeline.dossier.said import spoken
from pipeline.dossier_result import (
    DecisionText,
    Dossier,
    DossierCheck,
    DossierDocument,
    DossierTexts,
    RouteText,
    StepText,
)
from pipeline.errors import DekkendError

_REQUESTS = frozenset({"aanvraag-tlv", "aanvraag-ab", "aanmelding-cvl"})


class UnknownDecisionError(DekkendError):
    """A decision that the data does not have."""

    code = "decision-unknown"


def examine_dossier(
    name: str, pieces: Sequence[Piece], *, decision: str | None = None, day: dt.date | None = None
) -> tuple[Dossier, DossierTexts]:
    """What a file shows.

    Args:
        name: What renderers call the folder.
        pieces: The files, read.
        decision: The decision that is prepared; default the one that the documents ask for, if it is one.
        day: The day against which dates are held; default that of the newest request, else of the newest document.
            Never today: the same files must give the same result.

    Raises:
        UnknownDecisionError: there is no such decision.
    """
    data, procedures = decisions(), routes()
    asked = None if decision else asked_for(data, pieces)
    chosen = _named(data, decision) if decision else asked[0] if asked else None
    documents = tuple(d for p in pieces if (d := spoken(p)) is not None)
    steps = steps_of(procedures, documents)
    origin = None if day else _day_from(pieces)
    against = day or (day_of(origin) if origin else None)
    wanted = [c for c in data.conditions if chosen and c.id in chosen.conditions]
    shown: dict[str, Shown] = {c.name: condition(c, documents) for c in wanted}
    checks = [*_checks(data, chosen, pieces, against), *_order(procedures, steps)]
    dossier = Dossier(
        decision=chosen.id if chosen else None,
        documents=tuple(_document(p) for p in pieces),
        missing=missing(chosen, pieces) if chosen else (),
        conditions={name: holds for name, (holds, _) in shown.items()},
        checks=tuple(made for made, _ in checks),
        steps=steps,
    )
    evidence = {name: found for name, (_, found) in shown.items()}
    texts = DossierTexts(
        folder=name,
        pupil=_pupil(pieces),
        day=against.isoformat() if against else None,
        day_from=origin.path if origin else None,
        asked_in=asked[1] if asked else None,
        decision=_decision_text(data, chosen) if chosen else None,
        decisions=tuple(_decision_text(data, d) for d in data.decisions),
        condition_evidence=evidence,
        check_asks={made.id: text for made, text in checks},
        routes=_route_texts(procedures),
        errors={p.path: p.error.message for p in pieces if p.error},
    )
    return dossier, texts


def read_day(text: str) -> dt.date:
    """A day as a user writes it: 2025-12-01 or 1-12-2025.

    Raises:
        DekkendError: it is no day.
    """
    for form in ("%Y-%m-%d", "%d-%m-%Y"):
        try:
            return dt.datetime.strptime(text.strip(), form).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    raise DekkendError(f"'{text}' is geen datum.", hint="Schrijf de dag als 2025-12-01 of 1-12-2025.")


def _named(data: Decisions, name: str) -> Decision:
    found = next((d for d in data.decisions if d.id == name), None)
    if found is None:
        known = ", ".join(d.id for d in data.decisions)
        raise UnknownDecisionError(f"Het besluit '{name}' is er niet.", hint=f"Kies uit: {known}.")
    return found


def _document(piece: Piece) -> DossierDocument:
    day = piece.facts.day if piece.facts else None
    return DossierDocument(
        path=piece.path,
        kind=piece.kind,
        date=day.day.isoformat() if day else None,
        error=piece.error.code if piece.error else None,
    )


def _day_from(pieces: Sequence[Piece]) -> Piece | None:
    """The newest request, else the newest document with a day."""
    dated = [p for p in pieces if day_of(p) > dt.date.min]
    requests = [p for p in dated if p.kind in _REQUESTS]
    return max(requests or dated, key=day_of, default=None)


def _checks(
    data: Decisions, chosen: Decision | None, pieces: Sequence[Piece], day: dt.date | None
) -> list[tuple[DossierCheck, str]]:
    texts = _messages()["checks"]
    made = []
    for spec in data.checks:
        if chosen is not None and chosen.id in spec.decisions:
            outcome = check(spec, pieces, day)
            message = str(texts[outcome.text]).format(**outcome.facts)
            made.append((DossierCheck(id=spec.id, holds=outcome.holds, message=message), spec.asks))
    return made


def _order(procedures: Routes, steps: Sequence[Any]) -> list[tuple[DossierCheck, str]]:
    texts = _messages()["order"]
    names = {True: "holds", False: "broken", None: "unknown"}
    return [
        (made.model_copy(update={"message": texts[names[made.holds]]}), asks)
        for made, asks in order_checks(procedures, steps)
    ]


@lru_cache(maxsize=1)
def _messages() -> Mapping[str, Mapping[str, str]]:
    texts: Mapping[str, Mapping[str, str]] = read_yaml(Path(__file__).parent / "messages.yaml")
    return texts


def _pupil(pieces: Sequence[Piece]) -> str | None:
    """The name as the newest form has it."""
    newest = sorted((p for p in pieces if p.is_form), key=day_of, reverse=True)
    return next((v.text for p in newest if p.facts and (v := p.facts.first("leerling"))), None)


def _decision_text(data: Decisions, decision: Decision) -> DecisionText:
    return DecisionText(
        id=decision.id,
        title=decision.title,
        documents=decision.documents,
        source=_cited({s.id: s.title for s in data.sources}, decision.source),
    )


def _cited(titles: Mapping[str, str], place: SourcePlace) -> str:
    return f"{titles[place.seed]}, “{place.heading}”"


def _route_texts(procedures: Routes) -> tuple[RouteText, ...]:
    titles = {s.id: s.title for s in procedures.sources}
    return tuple(
        RouteText(
            id=route.id,
            title=route.title,
            source=titles[route.steps[0].source.seed],
            tracks=route.tracks,
            steps=tuple(
                StepText(step=s.step, title=s.title, means={n: t.means for n, t in s.tracks.items()})
                for s in route.steps
            ),
        )
        for route in procedures.routes
    )
