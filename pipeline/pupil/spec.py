"""How the fields of a pupil's file are read: ``norm/data/pupil/fields.yaml`` as checked values.

A look is a recognition of a shipped norm, one of its own, or expressions that cut a value out of a line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipeline.check.forms.dates import date_pattern
from pipeline.check.forms.params import Params
from pipeline.check.lexicon import LexiconError, read_yaml
from pipeline.check.words import Words
from pipeline.norm.data_dir import DATA_DIR
from pipeline.norm.load import load_norm

PUPIL_DATA = DATA_DIR / "pupil"
_NAME = (
    r"(?-i:[A-ZÀ-ÖØ-Þ][\w’'-]+)"
    r"(?:\s+(?:van|de|der|den|el|al|ten|ter|'t)){0,2}(?:\s+(?-i:[A-ZÀ-ÖØ-Þ][\w’'-]+)(?:\s+(?:van|de|der|den|el|al))?)*"
    r"(?<![\s.])"
)


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LookSpec(_Data):
    """One way to look for a field; exactly one of ``use``, ``see`` and ``find``."""

    use: str | None = None
    see: Params | None = None
    find: Words = ()
    kinds: tuple[str, ...] = ()
    not_kinds: tuple[str, ...] = ()
    labels_only: bool = False
    general: bool = False
    near: bool = False
    added: Mapping[str, Any] = Field(default_factory=dict, alias="with")

    @model_validator(mode="after")
    def _is_one_way(self) -> LookSpec:
        if sum((self.use is not None, self.see is not None, bool(self.find))) != 1:
            raise ValueError("one of use, see and find")
        return self

    def fits(self, kind: str | None) -> bool:
        """Whether documents of this kind are looked at."""
        return kind not in self.not_kinds and (not self.kinds or kind in self.kinds)


class FieldSpec(_Data):
    """A field: its texts, its shape and where it is looked for."""

    id: str
    title: str
    asks: str
    many: bool = False
    extra: bool = False
    shape: Literal["text", "row", "short"] = "text"
    apart: bool = False
    newest: bool = False
    after: bool = False
    compare: Literal["dates"] | Words = ()
    looks: tuple[LookSpec, ...] = ()


class _Dates(_Data):
    own: tuple[str, ...]
    said: Words
    growing: tuple[str, ...]
    not_written: str


class _PlanDates(_Data):
    established: Words
    first: Words
    first_said: Words
    enrolled: Words
    evaluated: str


class PupilSpec(_Data):
    """All of ``fields.yaml``."""

    fields: tuple[FieldSpec, ...]
    dates: _Dates
    plan_dates: _PlanDates
    goal_columns: Mapping[str, str]
    plain_columns: str

    def field(self, name: str) -> FieldSpec:
        """The field with this id.

        Raises:
            KeyError: there is none.
        """
        for field in self.fields:
            if field.id == name:
                return field
        raise KeyError(name)


@lru_cache(maxsize=1)
def pupil_spec() -> PupilSpec:
    """The shipped fields, loaded once."""
    return PupilSpec.model_validate(read_yaml(PUPIL_DATA / "fields.yaml"))


@lru_cache(maxsize=128)
def recognition(criterion: str) -> Params:
    """The parameters of a ``field.v1`` recognition of a shipped norm, by criterion key (``opp.doelen/doel``).

    Raises:
        LexiconError: there is no such recognition, or it is of another kind.
    """
    found = load_cached(criterion.split(".", 1)[0]).get(criterion)
    if found is None:
        raise LexiconError(f"De herkenning '{criterion}' is er niet, of is geen field.v1.")
    return found


@lru_cache(maxsize=8)
def load_cached(norm: str) -> Mapping[str, Params]:
    """All ``field.v1`` recognitions of a shipped norm."""
    loaded = load_norm(norm)
    return {key: Params(**found.params) for key, found in loaded.recognitions.items() if found.kind == "field.v1"}


def params_of(look: LookSpec) -> Params:
    """The parameters of a look: lists of ``with`` come on top of those of the norm, other values take their place."""
    base = look.see if look.see is not None else recognition(look.use or "")
    changes: dict[str, Any] = {
        name: (*getattr(base, name), *value) if isinstance(value, list) else value for name, value in look.added.items()
    }
    if look.labels_only:
        changes |= {"signs": (), "general_signs": ()}
    return base.model_copy(update=changes) if changes else base


@lru_cache(maxsize=256)
def expression(text: str) -> re.Pattern[str]:
    """An expression of the data, ignoring case, with NAME and DATE filled in."""
    return re.compile(text.replace("NAME", _NAME).replace("DATE", date_pattern()), re.IGNORECASE)
