"""Which value goes into which field: the newest document first, what contradicts it shown, nothing without a source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.check.privacy import has_bsn
from pipeline.dossier.decision import day_of
from pipeline.dossier.folder import Piece
from pipeline.plan_result import Plan, PlanConflict, PlanValue
from pipeline.pupil.read import days_in
from pipeline.pupil.spec import FieldSpec, PupilSpec, expression, pupil_spec
from pipeline.pupil.values import Value

NEWEST = "nieuwste bron"
_Found = tuple[Piece, Value]


def fill(
    pieces: Sequence[Piece],
    *,
    offers: Sequence[PlanValue] = (),
    spec: PupilSpec | None = None,
    names: Sequence[str] | None = None,
) -> Plan:
    """Fill the fields from the forms of a folder.

    Args:
        pieces: The files of the pupil, read.
        offers: What the school offers for these needs, from its profile.
        spec: The fields; default the shipped ones.
        names: Only these fields, in this order, and those that the contract names; default all. A name that is no
            field is left open: a template asks for it.

    Returns:
        The plan. A field with a BSN in it stays open, and so does consent: that is to one plan.
    """
    spec = spec or pupil_spec()
    forms = sorted((p for p in pieces if p.is_form), key=day_of, reverse=True)
    wanted = [f for f in spec.fields if names is None or not f.extra or f.id in names]
    fields: dict[str, tuple[PlanValue, ...]] = {}
    conflicts: list[PlanConflict] = []
    for field in wanted:
        found = [(p, v) for p in forms for v in _values(p, field) if not has_bsn(v.quote)]
        if field.id == "aanbod_school":
            fields[field.id] = tuple(offers)
        elif field.many:
            fields[field.id] = _all_of(field, found, forms)
        else:
            chosen, conflict = _one_of(field, found)
            fields[field.id] = chosen
            conflicts += [conflict] if conflict else []
    known = {f.id for f in spec.fields}
    fields |= {name: () for name in names or () if name not in known}
    empty = tuple(name for name, values in fields.items() if not values)
    return Plan(fields=fields, open=empty, conflicts=tuple(conflicts))


def _values(piece: Piece, field: FieldSpec) -> Sequence[Value]:
    return piece.facts.fields.get(field.id, ()) if piece.facts else ()


def _all_of(field: FieldSpec, found: Sequence[_Found], forms: Sequence[Piece]) -> tuple[PlanValue, ...]:
    """Every value once, the newest document first."""
    if field.newest and found:
        found = [(p, v) for p, v in found if p is found[0][0]]
    if field.after and forms:
        last = day_of(forms[0])
        found = [(p, v) for p, v in found if any(d > last for d in days_in(v.quote))]
    kept: dict[str, PlanValue] = {}
    for piece, value in found:
        kept.setdefault(_plain(value.text), _as_plan(piece, value))
    return tuple(kept.values())


def _one_of(field: FieldSpec, found: Sequence[_Found]) -> tuple[tuple[PlanValue, ...], PlanConflict | None]:
    """The newest value, and the conflict with older ones that say something else."""
    if not found:
        return (), None
    piece, newest = found[0]
    others = [v for _, v in found[1:] if not _agree(field, newest.text, v.text)]
    chosen = (_as_plan(piece, newest),)
    if not others:
        return chosen, None
    older = dict.fromkeys(v.text for v in reversed(others))
    return chosen, PlanConflict(field=field.id, values=(*older, newest.text), chosen=newest.text, why=NEWEST)


def _agree(field: FieldSpec, one: str, other: str) -> bool:
    """Whether two values say the same, as far as the field compares them."""
    if field.compare == "dates":
        return set(days_in(one)) == set(days_in(other))
    if field.compare:
        words = expression("|".join(f"(?:{w})" for w in field.compare))
        found = [{m.group().lower() for m in words.finditer(text)} for text in (one, other)]
        return found[0] <= found[1] or found[1] <= found[0]
    # "OBS De Zevensteek, groep 7" and "OBS De Zevensteek (97ZV)", "Jorrit" and his full name are no conflict
    a, b = (_plain(_ADDED.split(text)[0]) for text in (one, other))
    return a in b or b in a


_ADDED = re.compile(r"[,(]")


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def _as_plan(piece: Piece, value: Value) -> PlanValue:
    text = " ".join(value.text.split())
    return PlanValue(value=text, quote=value.quote, path=piece.path, page=value.page, block=value.block)


def texts_of_needs(plan: Plan, names: Sequence[str]) -> str:
    """What some fields say, as one text: to find the themes of the pupil's needs."""
    fields: Mapping[str, tuple[PlanValue, ...]] = plan.fields
    return "\n".join(v.value for name in names for v in fields.get(name, ()))
