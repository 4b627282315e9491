"""``named.v1``: at least so many distinct entries of a lexicon, named in the school's own voice.

For roles the place of work is told apart: a hired or visiting specialist is expertise, but not in the school.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.check.kinds import statement
from pipeline.check.lexicon import Hit
from pipeline.check.passages import Box, Passage
from pipeline.check.reading import Reading
from pipeline.check.sighting import By, Look, Refusal, Sighting
from pipeline.check.voice import HELD_BACK, Stance
from pipeline.result import Reason


class Params(statement.Params):
    """``statement.v1`` plus the lexicon. ``from_label``: a passage counts from this probability, or under ``sections``."""

    lexicon: str
    at_least: int = 2
    other_labels: tuple[str, ...] = ()
    from_label: float = 0.3
    sections: tuple[str, ...] = ()
    passing_is_general: bool = False
    """An entry that only acts in a sentence about something else treats the subject in general."""
    inside_only: bool = False
    """Count only entries that work in the school itself."""
    only: tuple[str, ...] = ()
    """Where given, only entries with one of these categories."""


def look(reading: Reading, params: Params) -> Look:
    """Collect the entries; fewer than ``at_least`` distinct ones, or external ones only, is general."""
    shows: dict[str, Sighting] = {}
    general: list[Sighting] = []
    refused: list[Refusal] = []
    for passage, hit in named(reading, params.lexicon):
        if params.only and hit.entry.facts.get("category") not in params.only:
            continue
        score = max(reading.label(passage, name) for name in (params.label, *params.other_labels))
        in_section = statement.found(params.sections, passage.context)
        passing = score < params.from_label and not in_section
        if passing and not params.passing_is_general:
            continue
        sighting = Sighting(
            passage=passage, score=round(max(score, 0.6 if in_section else 0.0), 3), by=By.BOTH, start=hit.start, end=hit.end, item=hit.name
        )
        reason = _why_not(reading, passage, hit, params)
        if reason is not None:
            refused.append(Refusal(passage=passage, reason=reason, score=score))
        elif passing:
            general.append(sighting)
        elif params.inside_only and scope(passage, hit, reading) == "external":
            general.append(sighting)
        else:
            key = str(hit.entry.facts.get("group") or hit.name).lower()
            if key not in shows or shows[key].score < sighting.score:
                shows[key] = sighting
    talk = statement.look(reading, params)
    nearest = talk.nearest
    merged = tuple(refused) + talk.refused
    found = tuple(sorted(shows.values(), key=lambda s: (s.passage.index, s.start or 0)))
    if len(found) >= params.at_least:
        return Look(seen=True, shows=found, refused=merged, nearest=nearest)
    rest = tuple(s for s in (*talk.shows, *talk.general))
    return Look(seen=False, general=(*found, *general, *rest), refused=merged, nearest=nearest)


def named(reading: Reading, lexicon: str) -> Iterator[tuple[Passage, Hit]]:
    """Every entry with the passage that it stands in; label cells count with their row."""
    for block, hits in reading.block_hits.items():
        mates = reading.by_block.get(block, ())
        for hit in hits:
            if hit.entry.lexicon != lexicon or not hit.entry.facts.get("counts", True):
                continue
            inside = [p for p in mates if p.start <= hit.start and hit.end <= p.end]
            passage = inside[0] if inside else (mates[0] if mates and mates[0].label is not None else None)
            if passage is not None:
                yield passage, hit


_OUTSIDE = (
    r"\bextern|ingehuurd|inhuur|inhuren|huren\b|\bniet (?:bij ons )?in dienst\b|bovenschool|van (?:het|ons) (?:school)?bestuur|samenwerkingsverband|"
    r"\bswv\b|passend onderwijs almere|vanuit (?:de|het) (?:gemeente|stichting|bestuur)|van (?:een )?(?:praktijk|instelling|bureau|stichting|organisatie)|"
    r"buiten de school|op afroep|via (?:een|het|de) (?:bureau|bestuur|stichting|arrangement|instelling|gemeente)|zelfstandig gevestigd|verbonden aan (?:het|de) (?:swv|samenwerkingsverband|bestuur|wijk)|"
    r"van (?:de )?(?:ggd|jgz|gemeente)|ambulant|beroep doen op|komt (?:\w+ ){0,6}(?:op|naar|in) (?:de |onze )?school|behandelt|huurt|\bhun\b"
)
_INSIDE = r"\bin ons team\b|\bons team\b|\bin (?:eigen )?dienst\b(?<!niet in dienst)|eigen\b|onze (?:school)?\b|binnen (?:de|onze) school|\bwij hebben\b|\bhebben wij\b|aan onze school verbonden|vast\w* aanwezig"


def scope(passage: Passage, hit: Hit, reading: Reading) -> str:
    """``school`` or ``external``: by the ticked box, the headings, the words of the sentence, else what is usual."""
    if passage.box is Box.EXTERNAL:
        return "external"
    if passage.box is Box.YES:
        return "school"
    above = " | ".join(x for x in (*passage.section[-2:], passage.intro, passage.header) if x)
    if statement.found((r"\bextern|buiten de school|van buiten|ingehuurd|partner|samenwerking met",), above) and not statement.found(
        (r"binnen|intern\b|in (?:de|onze) school",), above
    ):
        return "external"
    text = statement.spoken(passage)
    if statement.found((_OUTSIDE,), text):
        return "external"
    if hit.entry.facts.get("usual", "school") == "external" and not statement.found((_INSIDE,), text):
        return "external"
    return "school"


_NOT_THERE_YET = r"^[^.;,|]{0,25}(?:\(i\.?\s?o\.?\)|in opleiding|vacature|wordt (?:nog )?opgeleid|nog niet)"


def _why_not(reading: Reading, passage: Passage, hit: Hit, params: Params) -> Reason | None:
    reason = statement.why_not(reading, passage, params)
    if reason is not None:
        return reason
    return Reason.PLANNED if held(reading, passage, hit) else None


def held(reading: Reading, passage: Passage, hit: Hit) -> bool:
    """Whether the entry is denied or yet to come: "(i.o.)", "vacature", a wish, a refusal."""
    after = reading.document.blocks[passage.block].text[hit.end : hit.end + 45]
    vacant = passage.reads and statement.found(("vacature|in opleiding",), passage.reads)
    voice = reading.voice(passage)
    # "een schoolpsycholoog is niet in dienst; die huren wij in": there, from outside
    hired = voice.stance is Stance.NOT_OFFERED and statement.found((_OUTSIDE,), statement.spoken(passage))
    if hired and not statement.found((_NOT_THERE_YET,), after):
        return False
    return bool(vacant) or statement.found((_NOT_THERE_YET,), after) or (voice.stance in HELD_BACK and voice.certainty >= 0.6)
