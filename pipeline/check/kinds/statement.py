"""``statement.v1``: somewhere the school says so. The base of the other kinds.

A passage shows the criterion when it is the school's own statement in an allowed stance and either the model gives its
label, or one of the ``signs`` stands in it; ``needs`` must then be found in the passage or its surroundings as well.
What is on the subject without that is general.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pipeline.check.kinds.patterns import Patterns
from pipeline.check.passages import Box, Passage, Unit
from pipeline.check.reading import Reading, spoken
from pipeline.check.shorthand import in_full
from pipeline.check.sighting import By, Look, Refusal, Sighting
from pipeline.check.voice import HELD_BACK, Stance
from pipeline.check.words import Words, found, may_stand_in, surface
from pipeline.result import Reason

_PLANNED = {
    Stance.NOT_YET: Reason.PLANNED,
    Stance.AMBITION: Reason.PLANNED,
    Stance.NOT_OFFERED: Reason.EXPLICITLY_ABSENT,
}


class Params(BaseModel):
    """Parameters; words are regular expressions, ignoring case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str | None = None
    """Output of the learned model; None for a norm that it was not trained on."""
    # 0.5 and 0.6: best of a grid on the labelled profiles, sentences scored under their heading
    met_from: float = 0.5
    touch_from: float = 0.6
    signs: Patterns = ()
    needs: Patterns = ()
    needs_lexicon: tuple[str, ...] = ()
    needs_in: Literal["passage", "near", "block", "under", "next", "section"] = "block"
    """``near``: the passage with its label and nearest heading; ``block``: with the sentences around it that
    go on; ``under``: these with the heading; ``next``: with the sentences before and after it."""
    sign_lexicon: tuple[str, ...] = ()
    """An entry of these lexicons is a sign too, where the model gives at least ``sign_from``."""
    sign_from: float = 0.1
    sign_with: Patterns = ()
    """Words that must stand with an entry of ``sign_lexicon``; then no label is needed."""
    sure_is_enough: float = 2.0
    """From this probability, by the encoder and by both, the passage may do without ``needs`` and ``own`` (2: never).
    For a requirement of one criterion: the model does not tell the parts of a requirement from each other."""
    needs_or_nothing: bool = False
    """What shows the label without its needs is about something near by, and not even general."""
    also: Patterns = ()
    """Words that must stand in the passage or right above it, besides ``needs``."""
    rival: str | None = None
    """Another label: where the model finds that one likelier, the passage is about the other thing."""
    tick_is_general: bool = False
    """A ticked box without any explanation treats the subject, no more."""
    beside: bool = False
    """The passage itself or one next to it must have the label."""
    beside_lexicon: tuple[str, ...] = ()
    """Or an entry of these lexicons stands in one of them."""
    own: bool = False
    """The passage must speak of the school ("wij", "onze", a role in it), unless it is an answer in a form."""
    general: Patterns = ()
    general_pair: Patterns = ()
    """Two expressions that treat the subject in general when both stand in the passage, in any order."""
    refuse: Patterns = ()
    about: Patterns = ()
    """Where given, the passage or its headings must be on this subject before it counts as general."""
    stances: tuple[Stance, ...] = (Stance.OFFERED, Stance.REACHED, Stance.NEUTRAL, Stance.CONDITIONAL)
    contradicts: bool = False
    """A plain denial elsewhere in the document makes it undecided: a protocol is there or it is not."""
    strict_stance: bool = False
    """A passage counts only when its stance is one of ``stances``, however unsure."""
    conditional_is_general: bool = False
    general_lexicon: tuple[str, ...] = ()
    """An entry of these lexicons treats the subject in general, where the model gives at least ``sign_from``."""
    weak: Patterns = ()
    """A passage that shows only because of the model and matches this is general."""


def look(reading: Reading, params: Params) -> Look:
    """Look through all passages for statements."""
    shows: list[Sighting] = []
    general: list[Sighting] = []
    refused: list[Refusal] = []
    nearest: tuple[float, Passage] | None = None
    doubtful: list[Sighting] = []
    worded = _Worded(reading, params)
    for passage in worded.worth_a_look():
        score, touch = reading.label(passage, params.label), reading.touch(passage, params.label)
        said = spoken(passage)
        sign = worded.has_sign(passage) or has_sign_entry(reading, passage, params, score)
        broad = worded.is_broad(passage) or (
            score >= params.sign_from and any(reading.hits(passage, name) for name in params.general_lexicon)
        )
        strength = max(score, touch * _TOUCH_COUNTS, 0.7 if sign else 0.0, 0.4 if broad else 0.0)
        if strength < _WEAKEST:
            continue
        if nearest is None or strength > nearest[0]:
            nearest = (strength, passage)
        reason = why_not(reading, passage, params)
        if reason is not None:
            refused.append(Refusal(passage=passage, reason=reason, score=strength))
            continue
        by_model = score >= params.met_from and reading.encoder_label(passage, params.label) >= 0.2
        by = By.BOTH if sign and by_model else By.WORDS if sign else By.MODEL
        sighting = Sighting(passage=passage, score=round(max(score, 0.6 if sign else 0.0), 3), by=by)
        conditional = params.conditional_is_general and reading.voice(passage).stance is Stance.CONDITIONAL
        weak = (not sign and found(params.weak, said)) or (
            params.tick_is_general and passage.unit is Unit.ROW and passage.box is Box.YES
        )
        weak = weak or (not sign and params.rival is not None and reading.label(passage, params.rival) > score)
        sure = _sureness(reading, passage, params) >= params.sure_is_enough
        whole = (
            (sure or (has_needs(reading, passage, params) and is_own(reading, passage, params)))
            and (
                not params.also
                or found(params.also, f"{passage.label or ''} | {passage.intro or ''} | {_led_up(passage)}{said}")
            )
            and is_beside(reading, passage, params)
        )
        if (by_model or sign) and whole and not conditional and not weak:
            shows.append(sighting)
        elif params.needs_or_nothing and not whole and not broad:
            doubtful += [sighting] if _is_sure(reading, passage, params) else []
        elif (by_model or sign or broad or (touch >= params.touch_from and score >= 0.06)) and (
            not params.about or found(params.about, f"{near(passage)} | {said}")
        ):
            general.append(sighting)
        else:
            doubtful += [sighting] if _is_sure(reading, passage, params) else []
    torn = params.contradicts and bool(shows) and _is_denied(reading, shows, refused)
    return Look(
        seen=None if torn else bool(shows),
        why_unsure=Reason.CONTRADICTION if torn else None,
        shows=tuple(shows),
        general=tuple(general),
        refused=tuple(refused),
        nearest=nearest[1] if nearest else None,
        doubtful=tuple(doubtful),
    )


_WEAKEST, _TOUCH_COUNTS = 0.25, 0.8


class _Worded:
    """In which passages the words of the parameters stand, asked of the whole document at once."""

    def __init__(self, reading: Reading, params: Params) -> None:
        self._reading, self._params = reading, params
        self._signs = frozenset(may_stand_in(params.signs, reading.spoken))
        self._general = frozenset(may_stand_in(params.general, reading.spoken))
        self._pair = frozenset(may_stand_in(params.general_pair[:1], reading.spoken))

    def has_sign(self, passage: Passage) -> bool:
        return passage.index in self._signs and found(self._params.signs, spoken(passage))

    def is_broad(self, passage: Passage) -> bool:
        said = spoken(passage)
        return (passage.index in self._general and found(self._params.general, said)) or (
            passage.index in self._pair and _both(self._params.general_pair, said)
        )

    def worth_a_look(self) -> Iterable[Passage]:
        """Those that the model or a word may make something of; the others say nothing of the criterion."""
        reading, params = self._reading, self._params
        if params.sign_lexicon or params.general_lexicon:
            return reading.passages
        worded = self._signs | self._general | self._pair
        return [
            p
            for p in reading.passages
            if p.index in worded
            or reading.label(p, params.label) >= _WEAKEST
            or reading.touch(p, params.label) * _TOUCH_COUNTS >= _WEAKEST
        ]


# Read off 61 labelled profiles: of the verdicts "missing" with such a passage one in two is wrong, on documents that
# nobody had tuned to four of four; it concerns one verdict in a hundred.
_SURE = 0.7


def _is_sure(reading: Reading, passage: Passage, params: Params) -> bool:
    return _sureness(reading, passage, params) >= _SURE


def _sureness(reading: Reading, passage: Passage, params: Params) -> float:
    return min(reading.label(passage, params.label), reading.encoder_label(passage, params.label))


_PLAIN = 0.7  # a denial as sure as the evidence that it speaks against


def _is_denied(reading: Reading, shows: Sequence[Sighting], refused: Sequence[Refusal]) -> bool:
    """Whether another place in the document says by a ticked box or in so many words that it is not there."""
    at = {s.passage.block for s in shows}
    return any(
        r.reason is Reason.EXPLICITLY_ABSENT
        and r.score >= _PLAIN
        and r.passage.block not in at
        and reading.voice(r.passage).cue in ("box", "words")
        for r in refused
    )


def _both(pair: Words, text: str) -> bool:
    return bool(pair) and all(found((words,), text) for words in pair)


def _led_up(passage: Passage) -> str:
    """What the sentence was read with: "Dat duurt niet langer dan zes weken" says of what in the one before it."""
    leans = passage.unit is Unit.SENTENCE and surface("goes_on").search(passage.text)
    return f"{passage.reads} | " if leans and passage.reads else ""


def answered(passage: Passage) -> str:
    """What the school itself says: the answer without the question of the form before it."""
    question = bool(passage.label) and str(passage.label).rstrip().endswith("?")
    if passage.unit is Unit.ANSWER and question and passage.box is not Box.YES:  # a ticked "ja" affirms the question
        return in_full(passage.text)
    return spoken(passage)


def has_sign_entry(reading: Reading, passage: Passage, params: Params, score: float) -> bool:
    """Whether an entry of the sign lexicons stands in the passage, with the words or the label that it needs."""
    if not params.sign_lexicon:
        return False
    spoken_of = (passage, *(p for p in reading.listed(passage) if p.unit is not Unit.ITEM))
    hits = [
        h
        for name in params.sign_lexicon
        for p in spoken_of
        for h in reading.hits(p, name)
        if h.entry.facts.get("partners") != "no"
    ]
    if not hits:
        return False
    return (
        found(params.sign_with, f"{near(passage)} | {passage.text}") if params.sign_with else score >= params.sign_from
    )


def why_not(reading: Reading, passage: Passage, params: Params) -> Reason | None:
    """Why a passage on the subject is no evidence; None when nothing stands in the way."""
    voice = reading.voice(passage)
    if voice.refused is not None:
        return voice.refused
    if found(params.refuse, spoken(passage)):
        return Reason.GENERAL
    if voice.stance not in params.stances:
        sure = (
            0.45 if voice.cue != "model" else 0.6
        )  # a stance that only the model gives is right in four of five cases
        if params.strict_stance or passage.box in (Box.NO, Box.NOT_YET) or voice.certainty >= sure:
            return _PLANNED.get(voice.stance, Reason.GENERAL)
    return None


def has_needs(reading: Reading, passage: Passage, params: Params) -> bool:
    """Whether what must stand with the passage does, in the passage, its block or its section."""
    if not params.needs and not params.needs_lexicon:
        return True
    if params.needs_in in ("near", "under") and found(params.needs, f"{near(passage)} | {_asked(reading, passage)}"):
        return True
    return any(
        found(params.needs, answered(p)) or any(reading.hits(p, name) for name in params.needs_lexicon)
        for p in surroundings(reading, passage, params.needs_in, params.label)
    )


def _asked(reading: Reading, passage: Passage) -> str:
    """The question in the same paragraph that the passage answers: it says what the answer is about."""
    for before in reversed(reading.passages[max(0, passage.index - passage.sentence) : passage.index]):
        if before.block != passage.block:
            break
        if before.text.endswith("?"):
            return before.text
    return ""


def is_own(reading: Reading, passage: Passage, params: Params) -> bool:
    """Whether the passage speaks of the school itself; an answer in a form does."""
    if not params.own or passage.unit in (Unit.ANSWER, Unit.ROW, Unit.ITEM):
        return True
    named = reading.own_name is not None and reading.own_name.search(passage.text) is not None
    # a sentence that goes on ("Bijvoorbeeld met de consulent ...") speaks of whom the one before it speaks
    return named or surface("speaks_of_school").search(passage.reads or passage.text) is not None


def is_beside(reading: Reading, passage: Passage, params: Params) -> bool:
    """Whether the passage or one next to it, in its block or the next block of its section, has the label."""
    if not params.beside or reading.label(passage, params.label) >= 0.5:
        return True
    near_by = (
        p for p in reading.passages[max(0, passage.index - 2) : passage.index + 3] if p.section == passage.section
    )
    return any(
        reading.voice(p).refused is None
        and (reading.label(p, params.label) >= 0.5 or any(reading.hits(p, name) for name in params.beside_lexicon))
        for p in near_by
    )


def near(passage: Passage) -> str:
    """The nearest context: label, column, list intro and the heading right above."""
    return " | ".join(
        x for x in (passage.section[-1] if passage.section else "", passage.header, passage.label, passage.intro) if x
    )


def surroundings(reading: Reading, passage: Passage, where: str, label: str | None) -> Iterable[Passage]:
    """The passage alone, its neighbours in the block, or everything of its section that is the school's statement."""
    if where in ("passage", "near"):
        return (passage,)
    if where == "section" and passage.section:
        return tuple(
            p
            for p in reading.passages
            if p.section == passage.section and reading.voice(p).refused is None and abs(p.block - passage.block) <= 3
        )
    mates = [p for p in reading.around(passage, 1) if p is passage or reading.voice(p).refused is None]
    if where == "next":
        return mates
    listed = reading.listed(passage)
    return [
        p
        for p in mates
        if p is passage
        or reading.label(p, label) >= 0.2
        or (p.index > passage.index and surface("goes_on").search(p.text))
        or surface("goes_on").search(passage.text)
    ] + [p for p in listed if reading.voice(p).refused is None]


def held_back(reading: Reading, passage: Passage) -> bool:
    """Whether the passage denies or postpones what it speaks of."""
    return reading.voice(passage).stance in HELD_BACK


def best(sightings: Sequence[Sighting]) -> Sighting | None:
    """The strongest sighting, the first of equals."""
    return max(sightings, key=lambda s: (s.score, -s.passage.index), default=None)
