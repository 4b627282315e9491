"""The steps of a route: each that took place needs an answer with what the criterion asks."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.check.forms.answer import Answer, as_passage, as_sighting, depth_of, near_labels
from pipeline.check.forms.dates import dates
from pipeline.check.forms.no_answer import no_answer
from pipeline.check.forms.params import Params
from pipeline.check.forms.words import form_word
from pipeline.check.reading import Reading
from pipeline.check.sighting import By, Look, Sighting
from pipeline.check.words import found


def look_along(reading: Reading, answers: Sequence[Answer], params: Params) -> Look:
    """Every step of the route that took place has an answer with ``needs``; some of them is general."""
    contacts: dict[int, list[Sighting]] = {}
    taken: set[int] = set()
    loose: list[Sighting] = []
    for answer in answers:
        passage = as_passage(reading, answer)
        if answer.blank or (answer.text.endswith("?") and not answer.asked):
            continue
        if no_answer(reading, answer, passage) is not None:
            continue
        own = depth_of(answer, params.labels, ()) is not None
        contact = own or (
            found(params.needs, answer.text) and found(params.also, f"{near_labels(answer)} {answer.text}")
        )
        contact = contact and not found(params.refuse, answer.text)
        step = _step(answer, params, contact=own)
        if step is None:
            if contact and dates(answer.row):
                loose.append(as_sighting(reading, answer, By.WORDS, 0.6))
            continue
        if contact:
            contacts.setdefault(step, []).append(as_sighting(reading, answer, By.WORDS, 0.8))
        elif step == 0 or dates(answer.text) or form_word("took_place").search(answer.text):
            taken.add(step)
    taken |= set(contacts)
    shown = [s for sightings in contacts.values() for s in sightings]
    nearest = shown[0].passage if shown else loose[0].passage if loose else None
    if taken and taken <= set(contacts):
        return Look(seen=True, shows=tuple(shown), nearest=nearest)
    return Look(seen=False, general=tuple(shown or loose), nearest=nearest)


def _step(answer: Answer, params: Params, *, contact: bool) -> int | None:
    """The step that an answer belongs to: by its labels, and for a contact by its row ("stap 2 | 3 oktober | …")."""
    if any(found(params.not_labels, label) for label in answer.labels):
        return None
    for label in answer.labels:
        for number, words in enumerate(params.steps):
            if found((words,), label):
                return number
    if contact:
        return next((n for n, words in enumerate(params.steps) if found((words,), answer.row)), None)
    return None
