"""What a profile says of the school, in lists: expertise, partners, what is offered and not, ambitions, training.

Independent of the norm: lexicons and the learned labels tell; the looks of the ANB are used where they exist.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from pipeline.check.kinds.named import held, named, scope
from pipeline.check.level import support_level
from pipeline.check.lexicon import Hit
from pipeline.check.passages import Box, Passage
from pipeline.check.reading import Reading, spoken
from pipeline.check.sighting import Look
from pipeline.check.voice import HELD_BACK, Stance
from pipeline.check.words import surface
from pipeline.result import Ambition, Expertise, NotOffered, Offer, Partner, Profile, Training

Looks = Mapping[str, Mapping[str, Look]]

THEMES = ("lezen-spelling", "rekenen", "hoogbegaafdheid", "moeilijk-lerend", "sociaal-emotioneel", "nt2")
_STATUS: Mapping[Stance, Literal["not", "not_yet", "conditional"]] = {
    Stance.NOT_YET: "not_yet",
    Stance.CONDITIONAL: "conditional",
}
_OFFER_FROM = 0.5  # the same threshold as for evidence, see kinds/statement.py


def school_profile(reading: Reading, looks: Looks) -> Profile:
    """Collect the lists, each thing once, in reading order."""
    return Profile(
        expertise=_expertise(reading),
        partners=_partners(reading),
        offered=_offered(reading, looks),
        not_offered=_not_offered(reading, looks),
        ambitions=_ambitions(looks),
        training=_training(looks),
    )


def _present(reading: Reading, lexicon: str) -> list[tuple[Passage, Hit]]:
    """Entries that the school itself names as being there."""
    return [
        (passage, hit)
        for passage, hit in named(reading, lexicon)
        if reading.voice(passage).refused is None
        and passage.box not in (Box.NO, Box.NOT_YET, Box.UNTICKED)
        and not held(reading, passage, hit)
    ]


# A person who treats pupils ("logopedist") is a role; a person who stands for an organisation ("leerplichtambtenaar")
# is that partner and no role.
_TREATS = frozenset({"zorg", "dyslexiezorg", "onderwijsadvies"})
_PARTNER_LABELS = ("anb.beleid.ketenpartners", "anb.structuur.partners-wijk-stad", "anb.structuur.zat")


def _same_place(reading: Reading, passage: Passage, hit: Hit, lexicon: str) -> Hit | None:
    return next(
        (
            h
            for h in reading.block_hits.get(passage.block, ())
            if h.entry.lexicon == lexicon and h.start < hit.end and hit.start < h.end
        ),
        None,
    )


def _expertise(reading: Reading) -> tuple[Expertise, ...]:
    found: dict[str, Expertise] = {}
    last_end: dict[int, int] = {}
    for passage, hit in _present(reading, "roles"):
        partner = _same_place(reading, passage, hit, "partners")
        if partner is not None and partner.entry.facts.get("category") not in _TREATS and passage.box is None:
            continue
        text = reading.document.blocks[passage.block].text
        explains = text[last_end.get(passage.block, 0) : hit.start].strip() == "(" and last_end.get(passage.block)
        last_end[passage.block] = hit.end
        if explains:  # "gedragsspecialist (master SEN)": what the first one is, not a second one
            continue
        key = str(hit.entry.facts.get("group") or hit.name).lower()
        where = scope(passage, hit)
        if key not in found or (found[key].scope == "external" and where == "school"):
            found[key] = Expertise(
                name=hit.name.lower() if hit.entry.forms == () else hit.name,
                scope="external" if where == "external" else "school",
                quote=passage.text,
                block=passage.block,
            )
    return tuple(found.values())


def _partners(reading: Reading) -> tuple[Partner, ...]:
    found: dict[str, Partner] = {}
    for passage, hit in _present(reading, "partners"):
        category = str(hit.entry.facts.get("category") or "overig")
        practice = _practice(reading, passage, hit)
        role = _same_place(reading, passage, hit, "roles")
        if role is not None and practice is None and category in _TREATS:
            continue
        likely = max(reading.label(passage, label) for label in _PARTNER_LABELS)
        weak = bool(hit.entry.facts.get("weak")) or (hit.entry.forms == () and practice is None)
        if likely < (0.5 if weak else 0.2) and not surface("partner_heading").search(passage.context):
            continue
        name = practice or (_with_own_name(reading, hit, passage) if hit.entry.facts.get("takes_place") else hit.name)
        key = str(hit.entry.facts.get("group") or hit.name).lower()
        if key not in found or _fullness(name) > _fullness(found[key].name):
            found[key] = Partner(name=name, category=category, quote=passage.text, block=passage.block)
    return tuple(found.values())


def _fullness(name: str) -> tuple[int, int]:
    """Of two names for one partner the one with a place or own name says more."""
    return sum(word[:1].isupper() for word in name.split()), len(name)


def _practice(reading: Reading, passage: Passage, hit: Hit) -> str | None:
    """A logopedist of praktijk De Klank is partner logopediepraktijk De Klank; None for what is no practice."""
    kinds: Mapping[str, str] = hit.entry.facts.get("practice_of") or {}
    if not hit.name.lower().startswith("praktijk "):
        return _with_own_name(reading, hit, passage) if "praktijk" in hit.name.lower().split(" ")[0] else None
    roles = [h.name for h in reading.hits(passage, "roles") if h.end <= hit.start and h.name in kinds]
    return f"{kinds[roles[-1]]} {hit.name.split(' ', 1)[1]}" if roles else hit.name


def _with_own_name(reading: Reading, hit: Hit, passage: Passage) -> str:
    """The dictionary form, with the place or own name that follows it in the text ("wijkteam Buiten")."""
    after = reading.document.blocks[passage.block].text[hit.end : hit.end + 40].lstrip()
    own = []
    for word in after.split():
        bare = word.strip(".,;:()")
        if not bare[:1].isupper() or not bare.replace("-", "").isalpha():
            break
        own.append(bare)
        if word != bare:
            break
    said = reading.document.blocks[passage.block].text[hit.start : hit.end]
    return f"{said if said[:1].isupper() or said.islower() else hit.name} {' '.join(own)}" if own else hit.name


def _offered(reading: Reading, looks: Looks) -> tuple[Offer, ...]:
    found = []
    for passage in reading.passages:
        voice = reading.voice(passage)
        if voice.refused is not None or voice.stance in HELD_BACK:
            continue
        themes = [t for t in THEMES if _shows(looks, f"anb.thema.{t}", passage)]
        extra = reading.label(passage, "anb.beleid.extra-ondersteuning") >= _OFFER_FROM
        basis = reading.label(passage, "anb.beleid.basisondersteuning") >= _OFFER_FROM
        if not (themes or extra or basis):
            continue
        level = support_level(spoken(passage), extra=extra, column=passage.header or "")
        found += [Offer(text=passage.text, theme=t, level=level, block=passage.block) for t in themes or (None,)]
    return tuple(found)


def _shows(looks: Looks, requirement: str, passage: Passage) -> bool:
    return any(s.passage is passage for look in looks.get(requirement, {}).values() for s in look.shows)


def _theme(reading: Reading, passage: Passage) -> str | None:
    scores = reading.scores[passage.index]
    if scores is None:
        return None
    name = max(scores.theme, key=lambda t: scores.theme[t])
    return None if name == "none" or scores.theme[name] < 0.5 else name


def _not_offered(reading: Reading, looks: Looks) -> tuple[NotOffered, ...]:
    shown = [s for look in looks.get("anb.beleid.niet-geboden", {}).values() for s in look.shows]
    return tuple(
        NotOffered(
            text=s.passage.text,
            status=_STATUS.get(reading.voice(s.passage).stance, "not"),
            theme=_theme(reading, s.passage),
            block=s.passage.block,
        )
        for s in shown
    )


def _ambitions(looks: Looks) -> tuple[Ambition, ...]:
    found: dict[int, Ambition] = {}
    for layer, look in looks.get("anb.beleid.ambities", {}).items():
        for s in look.shows:
            found[s.passage.index] = Ambition(
                text=s.passage.text,
                layer="basis" if layer == "basis" else "extra",
                horizon=_horizon(spoken(s.passage)),
                block=s.passage.block,
            )
    return tuple(found[i] for i in sorted(found))


def _horizon(text: str) -> str | None:
    years = re.findall(r"\b20[2-4]\d(?:\s?[-/–]\s?20[2-4]\d)?", text)
    return years[-1].replace(" ", "") if years else None


def _training(looks: Looks) -> tuple[Training, ...]:
    shown = [s for look in looks.get("anb.beleid.scholing", {}).values() for s in look.shows]
    return tuple(Training(text=s.passage.text, block=s.passage.block) for s in shown)
