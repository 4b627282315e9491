"""The few ways of seeing a criterion, by versioned name. A change of meaning is a new version beside the old one."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.check.kinds import ambition, distinct, field, items, named, statement
from pipeline.check.sighting import Kind

KINDS: Mapping[str, Kind] = {
    "statement.v1": Kind(statement.Params, statement.look),
    "items.v1": Kind(items.Params, items.look),
    "named.v1": Kind(named.Params, named.look),
    "distinct.v1": Kind(distinct.Params, distinct.look),
    "ambition.v1": Kind(ambition.Params, ambition.look),
    "field.v1": Kind(field.Params, field.look),
}
