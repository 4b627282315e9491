"""``distinct.v1``: at least so many of a list of things (phases of a cycle, principles), each seen by its words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from pipeline.check.kinds import statement
from pipeline.check.kinds.patterns import Patterns
from pipeline.check.passages import Passage
from pipeline.check.reading import Reading
from pipeline.check.sighting import By, Look, Refusal, Sighting
from pipeline.check.words import found as found_in
from pipeline.check.words import may_stand_in


class Params(statement.Params):
    """``groups``: name of the thing to its words. ``within``: all in one block (with its list) or anywhere."""

    groups: dict[str, Patterns]
    at_least: int = 4
    within: Literal["block", "document"] = "document"
    from_label: float = 0.0
    """A passage counts from this probability of the label, when its block names two things, or under ``sections``."""
    sections: Patterns = ()
    by_label: dict[str, str] = Field(default_factory=dict)
    """Other labels whose evidence shows a group too: label to group."""
    label_is_enough: float = 2.0
    """From this probability the model's word for the whole is taken (2: never)."""


def look(reading: Reading, params: Params) -> Look:
    """Count the groups in the school's own statements."""
    seen: dict[object, dict[str, Sighting]] = {}
    refused: list[Refusal] = []
    worded = {group: frozenset(may_stand_in(words, reading.spoken)) for group, words in params.groups.items()}
    for passage in reading.passages:
        named = [group for group, at in worded.items() if passage.index in at]
        groups = _groups(reading, passage, params, named)
        if not groups:
            continue
        reason = statement.why_not(reading, passage, params)
        if reason is not None:
            refused.append(Refusal(passage=passage, reason=reason, score=0.3))
            continue
        place = seen.setdefault(_place(passage, params), {})
        for group, score in groups.items():
            if group not in place or place[group].score < score:
                place[group] = Sighting(
                    passage=passage, score=score, by=By.BOTH if score > 0.6 else By.WORDS, item=group
                )
    talk = statement.look(reading, params)
    best = max(seen.values(), key=len, default={})
    sure = tuple(s for s in talk.shows if s.score >= params.label_is_enough)
    if len(best) >= params.at_least or sure:
        shows = _once(best.values()) if len(best) >= params.at_least else sure
        return Look(seen=True, shows=shows, refused=(*refused, *talk.refused), nearest=talk.nearest)
    general = _once(best.values()) if params.within == "document" else ()
    return Look(
        seen=False,
        general=(*general, *talk.shows, *talk.general),
        refused=(*refused, *talk.refused),
        nearest=talk.nearest,
    )


def _groups(reading: Reading, passage: Passage, params: Params, named: Iterable[str]) -> dict[str, float]:
    score = reading.label(passage, params.label)
    text = statement.answered(passage)
    found = dict.fromkeys((g for g in named if found_in(params.groups[g], text)), round(max(0.6, score), 3))
    if len(found) < 2 and score < params.from_label and not found_in(params.sections, passage.context):
        found = {}
    for label, group in params.by_label.items():
        if reading.label(passage, label) >= params.met_from:
            found.setdefault(group, reading.label(passage, label))
    return found


def _place(passage: Passage, params: Params) -> object:
    if params.within == "document":
        return None
    # items of one list belong together: phases are often a list
    return passage.section if passage.unit == "item" else passage.block


def _once(sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
    unique = {s.passage.index: s for s in sightings}
    return tuple(unique[i] for i in sorted(unique))
