"""``named.v1``: at least so many distinct entries of a lexicon, named in the school's own voice.

For roles the place of work is told apart: a hired or visiting specialist is expertise, but not in the school.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.check.kinds import statement
from pipeline.check.kinds.patterns import Patterns
from pipeline.check.lexicon import Hit
from pipeline.check.passages import Box, Passage, Unit
from pipeline.check.reading import Reading, spoken
from pipeline.check.sighting import By, Look, Refusal, Sighting
from pipeline.check.voice import HELD_BACK, Stance
from pipeline.check.words import found as found_in
from pipeline.check.words import surface
from pipeline.result import Reason


class Params(statement.Params):
    """``statement.v1`` plus the lexicon; a passage counts from ``from_label``, or under ``sections``."""

    lexicon: str
    at_least: int = 2
    other_labels: tuple[str, ...] = ()
    from_label: float = 0.3
    sections: Patterns = ()
    passing_is_general: bool = False
    """An entry that only acts in a sentence about something else treats the subject in general."""
    passing_at_least: int | None = None
    """So many distinct entries, those that only act among them, are enough: schools tell who is there by their work."""
    inside_only: bool = False
    """Count only entries that work in the school itself."""
    only: tuple[str, ...] = ()
    """Where given, only entries with one of these categories."""


def look(reading: Reading, params: Params) -> Look:
    """Collect the entries; fewer than ``at_least`` distinct ones, or external ones only, is general."""
    shows: dict[str, Sighting] = {}
    acting: dict[str, Sighting] = {}
    lacking: set[str] = set()
    general: list[Sighting] = []
    refused: list[Refusal] = []
    for passage, hit in named(reading, params.lexicon):
        if params.only and hit.entry.facts.get("category") not in params.only:
            continue
        score = max(reading.label(passage, name) for name in (params.label, *params.other_labels))
        in_section = found_in(params.sections, passage.context)
        passing = score < params.from_label and not in_section
        if passing and not (params.passing_is_general and hit.entry.forms):
            continue
        sighting = Sighting(
            passage=passage,
            score=round(max(score, 0.6 if in_section else 0.0), 3),
            by=By.BOTH,
            start=hit.start,
            end=hit.end,
            item=hit.name,
        )
        reason = _why_not(reading, passage, hit, params)
        key = str(hit.entry.facts.get("group") or hit.name).lower()
        if reason is not None:
            refused.append(Refusal(passage=passage, reason=reason, score=score))
            lacking.add(key)
        elif params.inside_only and scope(passage, hit) == "external":
            general.append(sighting)
        else:
            if passing and not (hit.entry.facts.get("usual") == "school" and hit.entry.facts.get("passing", True)):
                general.append(sighting)
                continue
            place = acting if passing else shows
            if key not in place or place[key].score < sighting.score:
                place[key] = sighting
    talk = statement.look(reading, params)
    nearest = talk.nearest
    merged = tuple(refused) + talk.refused
    found = _in_order(shows.values())
    if len(found) >= params.at_least:
        return Look(seen=True, shows=found, refused=merged, nearest=nearest)
    # a role that is to come or lacks by one sentence is not there because another sentence lets it act
    all_found = _in_order({**{k: s for k, s in acting.items() if k not in lacking}, **shows}.values())
    if params.passing_at_least is not None and len(all_found) >= params.passing_at_least:
        return Look(seen=True, shows=all_found, refused=merged, nearest=nearest)
    rest = tuple(s for s in (*talk.shows, *talk.general))
    return Look(seen=False, general=(*all_found, *general, *rest), refused=merged, nearest=nearest)


def _in_order(sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
    return tuple(sorted(sightings, key=lambda s: (s.passage.index, s.start or 0)))


def named(reading: Reading, lexicon: str) -> Iterator[tuple[Passage, Hit]]:
    """Every entry with the passage that it stands in; label cells count with their row."""
    for block, hits in reading.block_hits.items():
        mates = reading.by_block.get(block, ())
        for hit in hits:
            if hit.entry.lexicon != lexicon or not hit.entry.facts.get("counts", True):
                continue
            text = reading.document.blocks[block].text
            if lexicon == "partners" and (
                _is_part_of_next(text, hit, hits) or surface("is_a_school").match(text, hit.end)
            ):
                continue
            inside = [p for p in mates if p.start <= hit.start and hit.end <= p.end]
            passage = inside[0] if inside else (mates[0] if mates and mates[0].label is not None else None)
            if passage is not None and not (lexicon == "partners" and _is_field(text, passage, hit)):
                yield passage, hit


def _is_field(text: str, passage: Passage, hit: Hit) -> bool:
    """A label of the contact details ("Gemeente: Almere", a row "Gemeente"), no partner; under partners it is one."""
    if not hit.entry.facts.get("weak"):
        return False
    label = passage.unit in (Unit.ANSWER, Unit.ROW) and passage.label == text[hit.start : hit.end]
    alone = surface("field_mark").match(text, hit.end) is not None and surface("line_start").search(text[: hit.start])
    above = " | ".join(x for x in (*passage.section, passage.intro, passage.header) if x)
    return bool((label or alone) and not surface("partner_heading").search(above))


def _is_part_of_next(text: str, hit: Hit, hits: Sequence[Hit]) -> bool:
    """One partner is named: a person with the organisation behind it ("de opvoedadviseur van het buurtteam")."""
    mates = [h for h in hits if h.entry.lexicon == hit.entry.lexicon]
    after = next((h for h in mates if h.start > hit.end), None)
    if after is not None and not after.entry.facts.get("weak"):
        return surface("belongs_to").fullmatch(text[hit.end : after.start]) is not None
    # "de leerplichtambtenaar van de gemeente": the first says which part of it
    before = next((h for h in reversed(mates) if h.end < hit.start), None) if hit.entry.facts.get("weak") else None
    return before is not None and surface("belongs_to").fullmatch(text[before.end : hit.start]) is not None


def scope(passage: Passage, hit: Hit) -> str:
    """``school`` or ``external``: by the ticked box, the headings, the words of the sentence, else what is usual."""
    if passage.box is Box.EXTERNAL:
        return "external"
    if passage.box is Box.YES:
        return "school"
    above = " | ".join(x for x in (*passage.section[-2:], passage.intro, passage.header) if x)
    if surface("outside_heading").search(above) and not surface("inside_heading").search(above):
        return "external"
    text = spoken(passage)
    if surface("outside").search(text):
        return "external"
    if hit.entry.facts.get("usual", "school") == "external" and not surface("inside").search(text):
        return "external"
    return "school"


def _why_not(reading: Reading, passage: Passage, hit: Hit, params: Params) -> Reason | None:
    reason = statement.why_not(reading, passage, params)
    if reason is not None and not (reason is Reason.EXPLICITLY_ABSENT and is_hired(reading, passage)):
        return reason
    return Reason.PLANNED if held(reading, passage, hit) else None


def is_hired(reading: Reading, passage: Passage) -> bool:
    """Whoever is spoken of is there, from outside ("is niet in dienst; die huren wij in")."""
    voice = reading.voice(passage)
    if voice.cue not in ("words", "model"):
        return False  # a heading or a later sentence denies all of it, whoever employs them
    return voice.stance is Stance.NOT_OFFERED and surface("outside").search(spoken(passage)) is not None


def held(reading: Reading, passage: Passage, hit: Hit) -> bool:
    """Whether the entry is denied or yet to come: "(i.o.)", "vacature", a wish, a refusal."""
    text = reading.document.blocks[passage.block].text
    after, before = text[hit.end : hit.end + 45], text[passage.start : hit.start]
    vacant = passage.unit is Unit.ROW and surface("not_filled").search(passage.reads or "")
    voice = reading.voice(passage)
    if is_hired(reading, passage) and not surface("not_there_yet").search(after):
        return False
    return (
        bool(vacant)
        or bool(surface("not_there_yet").search(after))
        or bool(surface("still_learning").search(before))
        or (voice.stance in HELD_BACK and voice.certainty >= 0.6)
    )
