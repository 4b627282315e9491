"""Decisions, conditions, date rules and procedures as checked values: ``norm/data/dossier/``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pipeline.check.lexicon import read_yaml
from pipeline.check.words import Words
from pipeline.norm.data_dir import DATA_DIR
from pipeline.pupil.spec import LookSpec

DOSSIER_DATA = DATA_DIR / "dossier"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceText(_Data):
    """A text that the data comes from."""

    id: str
    title: str
    url: str | None = None


class SourcePlace(_Data):
    """Where in a source something stands: id of the text, and its heading to the letter."""

    seed: str
    heading: str


class Decision(_Data):
    id: str
    title: str
    documents: tuple[str, ...]
    """Kinds, in the order of the source."""
    conditions: tuple[str, ...]
    asked: str
    """By which a requested arrangement is this decision."""
    source: SourcePlace


class Condition(_Data):
    """``present``: somebody was there; ``consent``: the parents agreed to the plan."""

    id: str
    name: str
    rule: Literal["present", "consent"]
    who: str = ""
    there: str = ""
    not_there: str = ""
    later: str = ""
    source: SourcePlace


class Check(_Data):
    """A rule on dates. ``support-term``: how long there was support; ``report-age``: how old the newest report is."""

    id: str
    decisions: tuple[str, ...]
    rule: Literal["support-term", "report-age"]
    asks: str
    months: int
    recent_months: int = 0
    kinds: tuple[str, ...] = ()
    titles: str = ""
    says: str = ""
    source: SourcePlace


class Decisions(_Data):
    sources: tuple[SourceText, ...]
    decisions: tuple[Decision, ...]
    conditions: tuple[Condition, ...]
    checks: tuple[Check, ...]


class Track(_Data):
    """How one track of a step is seen; see the head of ``routes.yaml``."""

    means: str
    done: tuple[LookSpec, ...] = ()
    under: Words = ()
    not_labels: str = ""
    said: Words = ()
    said_of_route: Words = ()
    not_said: str = ""
    only_under: bool = False
    planned: Words = ()
    not_done: str = ""
    contact: str = ""
    consent: bool = False
    opp_consent: bool = False


class Step(_Data):
    step: int
    title: str
    source: SourcePlace
    tracks: Mapping[str, Track]


class OrderRule(_Data):
    """The step that comes first, and the one that may only follow it."""

    id: str
    asks: str
    first: int
    second: int


class Route(_Data):
    id: str
    title: str
    context: str = ""
    tracks: Mapping[str, str]
    steps: tuple[Step, ...]
    rule: OrderRule | None = None


class Contact(_Data):
    who: str
    verb: str
    label: str
    not_labels: str


class Routes(_Data):
    sources: tuple[SourceText, ...]
    not_done: str
    not_done_if_own: str
    routes: tuple[Route, ...]
    contact: Contact


@lru_cache(maxsize=1)
def decisions() -> Decisions:
    """The shipped decisions."""
    return Decisions.model_validate(read_yaml(DOSSIER_DATA / "decisions.yaml"))


@lru_cache(maxsize=1)
def routes() -> Routes:
    """The shipped procedures."""
    return Routes.model_validate(read_yaml(DOSSIER_DATA / "routes.yaml"))
