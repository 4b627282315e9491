"""Whose statement a passage is and what it says of the offer. Every kind of recognition uses this; none repeats it.

First what the structure shows (column of instructions, list of terms, ticked box), then precise cues, then the learned
model. Cues abstain: a passage without a cue is not "offered" by default, the model tells (rules alone fell from 0.98 to
0.38 macro-F1 on sentences that were written after them).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.check.classifier import Scores
from pipeline.check.finder import Finder
from pipeline.check.lexicon import read_yaml
from pipeline.check.passages import Box, Passage, Unit
from pipeline.check.words import surface
from pipeline.result import Reason


class Stance(StrEnum):
    """What a passage says of what it speaks about."""

    OFFERED = "offered"
    NOT_OFFERED = "not_offered"
    NOT_YET = "not_yet"
    AMBITION = "ambition"
    REACHED = "reached"
    CONDITIONAL = "conditional"
    NEUTRAL = "neutral"


HELD_BACK = frozenset({Stance.NOT_OFFERED, Stance.NOT_YET, Stance.AMBITION})
"""Stances that deny or postpone: never evidence that something is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """``refused`` is the reason why the passage is no statement of the school, None when it is one."""

    refused: Reason | None
    stance: Stance
    certainty: float
    """Probability of the stance, 0..1; 1 when the structure shows it."""
    cue: str
    """What decided: ``box``, ``heading``, ``column``, ``words`` or ``model``."""


@dataclass(frozen=True, slots=True)
class Cues:
    """What stands in ``lexicons/voice.yaml``."""

    section: dict[Reason, Finder]
    column: dict[Reason, Finder]
    text: dict[str, tuple[Finder, ...]]
    foreign: Finder
    foreign_intro: Finder
    explains: Finder
    always_explains: Finder
    every_school: Finder
    system: Finder
    elsewhere: Finder
    together: Finder
    own_people: Finder
    plainly_own: Finder
    example_of: Finder
    leans: Finder
    leans_inside: Finder
    present: Finder
    about_itself: Finder
    about_itself_not: Finder
    takes_back: Finder
    takes_back_what: Finder
    own: Finder
    glossary_line: Finder
    stance: dict[str, tuple[Finder, ...]]
    limits: Finder
    denies: Finder
    instead: Finder
    ambitions: Finder
    past: Finder


_PLAIN_PATTERNS = (
    "every_school",
    "system",
    "elsewhere",
    "together",
    "own_people",
    "plainly_own",
    "example_of",
    "leans",
    "leans_inside",
    "present",
    "about_itself",
    "about_itself_not",
    "takes_back",
    "takes_back_what",
)


@lru_cache(maxsize=4)
def load_cues(path: Path) -> Cues:
    """Read the cues of a ``voice.yaml``."""
    data: dict[str, Any] = read_yaml(path)

    refused = data["refused"]
    return Cues(
        section={Reason(k): Finder(v["section"]) for k, v in refused.items() if "section" in v},
        column={Reason(k): Finder(v["column"]) for k, v in refused.items() if "column" in v},
        text={k: tuple(map(Finder, v.get("text", ()))) for k, v in refused.items()},
        **{name: Finder(refused["definition-only"][name]) for name in ("foreign", "foreign_intro", "explains")},
        **{name: Finder(data[name]) for name in _PLAIN_PATTERNS},
        always_explains=Finder("|".join(f"(?:{x})" for x in refused["definition-only"]["always"])),
        own=Finder(data["own"]),
        glossary_line=Finder(data["glossary_line"]),
        stance={k: tuple(map(Finder, v)) for k, v in data["stance"].items()},
        limits=Finder(data["headings"]["limits"]),
        denies=Finder(data["headings"]["denies"]),
        instead=Finder(data["headings"]["instead"]),
        ambitions=Finder(data["headings"]["ambitions"]),
        past=Finder(data["headings"]["past"]),
    )


# Traps of the model that refuse a passage, with the probability from which they do. The trap head was not scored when
# it was trained; on the 502 evidence passages of the labelled profiles 0.96 refuses one.
_LEARNED_TRAPS = {
    "definition": Reason.DEFINITION_ONLY,
    "template": Reason.TEMPLATE_TEXT,
    "law": Reason.DEFINITION_ONLY,
    "reference": Reason.REFERENCE_ONLY,
    "toc": Reason.HEADING_ONLY,
}
_TRAP_FROM = 0.96
_CUE_WEIGHT = {Stance.NOT_YET: 0.6, Stance.NOT_OFFERED: 0.35, Stance.AMBITION: 0.35, Stance.CONDITIONAL: 0.3}
_AMONG_OTHERS = 1.6  # read off the labelled documents; 2.2 gives the same verdicts
_LATER = ("not_yet", "ambition")
_BOX_STANCE = {Box.NO: Stance.NOT_OFFERED, Box.NOT_YET: Stance.NOT_YET, Box.UNTICKED: Stance.NEUTRAL}


def hear_all(
    passages: Sequence[Passage], scores: Sequence[Scores | None], cues: Cues, own_name: str | None = None
) -> tuple[Voice, ...]:
    """Judge all passages in reading order.

    A sentence that leans on the one before it ("Het wordt ...", "Daarin krijgen ...") shares its fate: after a
    definition it explains on, after a plan it tells of the plan.

    Args:
        passages: In reading order.
        scores: Of each passage; None where the model did not look.
        cues: Words and headings.
        own_name: The school's name: a sentence that names it speaks of this school.
    """
    name = name_pattern(own_name)
    voices: list[Voice] = []
    for passage, score in zip(passages, scores, strict=True):
        voice = hear(passage, score, cues, name)
        before = voices[-1] if passage.sentence > 0 and voices else None
        voices.append(_leaning(passage, voice, before, cues) if before else voice)
    voices = _of_the_system(passages, voices, cues, name)
    return _without_glossaries(passages, _taken_back(passages, voices, cues))


def _of_the_system(
    passages: Sequence[Passage], voices: list[Voice], cues: Cues, own_name: re.Pattern[str] | None
) -> list[Voice]:
    """Refuse the whole of a paragraph in which the law or the samenwerkingsverband explains and this school is silent.

    One sentence says so ("Dat betekent dat scholen ..."), those around it go on in the same voice without a cue.
    """
    heard = list(voices)
    blocks: dict[int, list[int]] = {}
    for i, passage in enumerate(passages):
        if passage.unit is Unit.SENTENCE:
            blocks.setdefault(passage.block, []).append(i)
    for members in blocks.values():
        explained = any(
            heard[i].refused is Reason.DEFINITION_ONLY and cues.system.search(passages[i].text) for i in members
        )
        if len(members) > 1 and explained and not any(_is_own(passages[i].text, cues, own_name) for i in members):
            for i in members:
                heard[i] = replace(heard[i], refused=heard[i].refused or Reason.DEFINITION_ONLY, cue="paragraph")
    return heard


def _is_own(text: str, cues: Cues, own_name: re.Pattern[str] | None) -> bool:
    return bool(
        cues.own.search(text)
        or cues.plainly_own.search(text)
        or cues.own_people.search(text)
        or (own_name and own_name.search(text))
    )


def _taken_back(passages: Sequence[Passage], voices: list[Voice], cues: Cues) -> list[Voice]:
    """Take back whatever a later sentence denies ("Er is een leesgroep. Die is er op dit moment niet.").

    It reaches back over the sentence before it and those on which that one leans, in the same block; after a list, over
    its items and what introduces them.
    """
    heard = list(voices)
    for i, passage in enumerate(passages[1:], start=1):
        if not (cues.takes_back.search(passage.text) and cues.takes_back_what.search(passage.text)):
            continue
        later = bool(re.search(r"\bnog\b", passage.text))
        denied = Voice(
            refused=None, stance=Stance.NOT_YET if later else Stance.NOT_OFFERED, certainty=0.9, cue="sentence after"
        )
        for j in _reached(passages, i, cues):
            if heard[j].refused is None and (heard[j].stance not in HELD_BACK or heard[j].certainty < _SURE):
                heard[j] = denied
        heard[i] = heard[i] if heard[i].refused else denied
    return heard


_SURE = 0.6  # a stance of the model from here is right in four of five cases


def _reached(passages: Sequence[Passage], i: int, cues: Cues) -> Iterator[int]:
    """The passages that a denial at ``i`` speaks of."""
    denial, before = passages[i], passages[i - 1]
    if denial.unit is Unit.ANSWER:  # the label of the row stands or falls with its answer
        yield from (p.index for p in passages[max(0, i - 8) : i] if p.block == denial.block and p.unit is Unit.ROW)
    if denial.sentence > 0:
        j = i - 1
        yield j
        while passages[j].sentence > 0 and cues.leans.search(passages[j].text):
            j -= 1
            yield j
    elif before.unit is Unit.ITEM and before.section == denial.section:
        j = i - 1
        while j >= 0 and passages[j].unit is Unit.ITEM and passages[j].intro == before.intro:
            yield j
            j -= 1
        if j >= 0 and passages[j].text == before.intro:
            yield j


_GLOSSARY_RUN = 3  # so many lines "IB: intern begeleider" on end are a list of terms, whatever stands above them


def _without_glossaries(passages: Sequence[Passage], voices: Sequence[Voice]) -> tuple[Voice, ...]:
    heard, run = list(voices), 0
    for i, passage in enumerate(passages):
        run = run + 1 if surface("abbreviation_line").match(passage.text) and passage.unit is not Unit.ANSWER else 0
        if run >= _GLOSSARY_RUN:
            for j in range(i - run + 1, i + 1):
                heard[j] = replace(heard[j], refused=heard[j].refused or Reason.DEFINITION_ONLY, cue="list of terms")
    return tuple(heard)


def _leaning(passage: Passage, voice: Voice, before: Voice, cues: Cues) -> Voice:
    if voice.refused is Reason.TEMPLATE_TEXT and before.refused is None and cues.example_of.search(passage.text):
        return replace(voice, refused=None, cue="sentence before")
    if voice.refused is not None:
        return voice
    leans = cues.leans.search(passage.text)
    if leans and before.refused in (Reason.DEFINITION_ONLY, Reason.TEMPLATE_TEXT) and not cues.own.search(passage.text):
        return replace(voice, refused=before.refused, cue="sentence before")
    later = before.refused is None and before.stance in (Stance.NOT_YET, Stance.AMBITION) and before.certainty >= 0.5
    inside = cues.leans_inside.search(passage.text)
    if later and voice.stance is Stance.OFFERED and inside and not cues.present.search(passage.text):
        return replace(voice, stance=before.stance, certainty=before.certainty, cue="sentence before")
    return voice


def name_pattern(own_name: str | None) -> re.Pattern[str] | None:
    """The name without the kind of school before it: in the text OBS De Rietkraag is called De Rietkraag."""
    if not own_name:
        return None
    words = [w for w in re.findall(r"[\w'’-]+", own_name) if len(w) > 3 and not surface("kind_of_school").fullmatch(w)]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b") if words else None


def hear(passage: Passage, scores: Scores | None, cues: Cues, own_name: re.Pattern[str] | None = None) -> Voice:
    """Judge one passage by its structure, its words and, where scores are given, the model."""
    refused, why = _refusal(passage, scores, cues, own_name)
    stance, certainty, cue = _stance(passage, scores, cues)
    if (
        refused is None
        and any(p.search(passage.text) for p in cues.stance["past"])
        and not cues.present.search(passage.text)
    ):
        return Voice(refused=None, stance=Stance.NOT_OFFERED, certainty=0.7, cue="words")
    return Voice(refused=refused, stance=stance, certainty=certainty, cue=why if refused else cue)


def _refusal(
    passage: Passage, scores: Scores | None, cues: Cues, own_name: re.Pattern[str] | None
) -> tuple[Reason | None, str]:
    for reason, pattern in cues.column.items():
        if passage.header and pattern.search(passage.header):
            return reason, "column"
    for reason, pattern in cues.section.items():
        if any(_stands_above(pattern, h) for h in passage.section):
            return reason, "heading"
    if passage.box is Box.UNTICKED and (passage.text.startswith("☐") or passage.reads is not None):
        return Reason.NOT_FOUND, "box"
    text = passage.text
    if any(p.search(text) for p in cues.text["template-text"]):
        return Reason.TEMPLATE_TEXT, "words"
    if text.endswith("?") and ":" not in text and passage.box is None:
        return Reason.HEADING_ONLY, "words"
    if any(p.search(text) for p in cues.text["heading-only"]):
        return Reason.HEADING_ONLY, "words"
    if cues.about_itself.search(text) and not cues.about_itself_not.search(text):
        return Reason.DEFINITION_ONLY, "words"
    if own_name and not own_name.search(text) and cues.elsewhere.search(text) and not cues.together.search(text):
        return Reason.DEFINITION_ONLY, "words"
    plainly = bool(cues.plainly_own.search(text) or (own_name and own_name.search(text)))
    if not plainly and _others_speak(passage, cues):
        return Reason.DEFINITION_ONLY, "heading"
    own = plainly or bool(cues.own.search(text))
    if not own and passage.unit not in (Unit.ANSWER, Unit.ROW) and cues.every_school.search(text):
        return Reason.DEFINITION_ONLY, "words"
    if any(p.search(text) for p in cues.text["reference-only"]):
        return Reason.REFERENCE_ONLY, "words"
    doubtful = scores is None or _trap(scores) >= 0.25
    if cues.always_explains.search(text):
        return Reason.DEFINITION_ONLY, "words"
    if (doubtful or not own) and any(p.search(text) for p in cues.text["definition-only"]):
        return Reason.DEFINITION_ONLY, "words"
    if doubtful and not own and cues.glossary_line.search(text):
        return Reason.DEFINITION_ONLY, "words"
    if (
        doubtful
        and any(p.search(text) for p in cues.text["law"])
        and not re.search(r"\b(?:wij|we|onze)\b", text, re.IGNORECASE)
    ):
        return Reason.DEFINITION_ONLY, "words"
    if scores is not None and not own:
        name, value = max(((t, scores.trap[t]) for t in _LEARNED_TRAPS), key=lambda x: x[1])
        if value >= _TRAP_FROM:
            return _LEARNED_TRAPS[name], "model"
    return None, ""


def _others_speak(passage: Passage, cues: Cues) -> bool:
    """Under a heading of the law or the samenwerkingsverband, or in a list that such a sentence introduces."""
    if any(_stands_above(cues.foreign, h) for h in passage.section[-2:]) or (
        passage.intro and _stands_above(cues.foreign_intro, passage.intro)
    ):
        return True
    explained = bool(passage.section) and _stands_above(cues.explains, passage.section[-1])
    return explained and not cues.own.search(passage.text)


def _trap(scores: Scores) -> float:
    return sum(scores.trap[t] for t in (*_LEARNED_TRAPS, "swv-text"))


def _stance(passage: Passage, scores: Scores | None, cues: Cues) -> tuple[Stance, float, str]:
    if passage.box in _BOX_STANCE:
        return _BOX_STANCE[passage.box], 1.0, "box"
    text = passage.text
    denial = not _any(cues, "no_denial", text)
    if _denied_above(passage, cues):
        return Stance.NOT_OFFERED, 0.9, "heading"
    # of "Dit doen wij nog niet: ..." what stands before the colon denies all that follows it
    outright = _any(cues, "outright", text) and not _any(cues, "no_denial", text.split(":")[0])
    if outright or _any(cues, "open", text):
        return Stance.NOT_YET, 0.9, "words"
    fired = {
        Stance.NOT_YET: denial and _any(cues, "not_yet", text),
        Stance.NOT_OFFERED: denial and _any(cues, "not_offered", text),
        Stance.AMBITION: _any(cues, "ambition", text),
        Stance.CONDITIONAL: _any(cues, "conditional", text),
    }
    if scores is None:
        if _under(cues.limits, passage):
            return Stance.NOT_OFFERED, 0.9, "heading"
        if _under(cues.ambitions, passage):
            return Stance.AMBITION, 0.8, "heading"
        said = [s for s, on in fired.items() if on]
        return (said[0], 0.8, "words") if said else (Stance.NEUTRAL, 0.5, "words")
    learned = dict(scores.stance)
    if not denial:
        learned["not_offered"] *= 0.25  # "geen enkel probleem", "niet langer dan": the model hears the negation alone
    # a cue and a heading each weigh like a voter beside the model; the numbers were read off the labelled sentences
    # scored together with the sentences before it, the model heard these as well: the words of this one weigh more
    weight = _AMONG_OTHERS if passage.reads is not None and passage.sentence > 0 else 1.0
    for stance, on in fired.items():
        if on:
            learned[stance] += _CUE_WEIGHT[stance] * weight
    if _under(cues.limits, passage) and denial:
        learned["not_offered"] += 0.35
    if _under(cues.ambitions, passage):
        learned["ambition"] += 0.3
    if _under(cues.past, passage):
        learned["reached"] += 0.5
    total = sum(learned.values())
    best = max(learned, key=lambda k: learned[k])
    cued = fired.get(Stance(best), False)
    # "not yet" and "we want to" are both later: between them the model need not choose
    share = sum(learned[k] for k in _LATER) if best in _LATER else learned[best]
    return Stance(best), round(max(share / total, 0.5 if cued else 0.0), 3), "words" if cued else "model"


def _denied_above(passage: Passage, cues: Cues) -> bool:
    """Under "Wat wij niet bieden" everything is denied, but for what the school does instead."""
    near = (passage.section[-1] if passage.section else "", passage.label or "", passage.intro or "")
    return any(_stands_above(cues.denies, h) for h in near if h) and not cues.instead.search(passage.text)


def _any(cues: Cues, name: str, text: str) -> bool:
    return any(p.search(text) for p in cues.stance[name])


def _under(pattern: Finder, passage: Passage) -> bool:
    near = (*passage.section[-2:], passage.label or "", passage.intro or "", passage.header or "")
    return any(_stands_above(pattern, h) for h in near if h)


@lru_cache(maxsize=8192)
def _stands_above(pattern: Finder, heading: str) -> bool:
    """Whether a heading, label or introduction has it: many passages stand under the same."""
    return pattern.search(heading) is not None
