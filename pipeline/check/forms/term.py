"""Dates against one another: whether an answer is in time, and whether a second date follows the first soon enough."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.check.forms.answer import Answer, as_passage, as_sighting, depth_of
from pipeline.check.forms.dates import dates
from pipeline.check.forms.no_answer import no_answer
from pipeline.check.forms.params import Params
from pipeline.check.reading import Reading
from pipeline.check.sighting import By, Look, Refusal, Sighting
from pipeline.check.words import Words, found, regex
from pipeline.result import Reason


def established(answers: Sequence[Answer], labels: Words) -> dt.date | None:
    """The newest date under the labels: of a second version the second."""
    known = [d for a in answers if not a.blank and depth_of(a, labels, ()) is not None for d in dates(a.text) if d]
    if not known:
        known = [d for a in answers if found(labels, a.text) for d in dates(a.text) if d]
    return max(known, default=None)


def in_time(text: str, start: dt.date | None, params: Params) -> bool:
    """Whether a text without dates, or with one that fits, can stand."""
    known = [d for d in dates(text) if d]
    if start is None or not known:
        return True
    if params.same_school_year:
        return any(_school_year(d) == _school_year(start) and d >= start for d in known)
    if params.within_days is not None and not params.reaches:
        # a month more: schools evaluate in the same weeks of the next year, not to the day
        return any(dt.timedelta(0) < d - start <= dt.timedelta(days=params.within_days) for d in known)
    return True


def _school_year(day: dt.date) -> int:
    return day.year if day.month >= 8 else day.year - 1


def look_between(reading: Reading, answers: Sequence[Answer], params: Params) -> Look:
    """Two dates under two labels, the second at most ``within_days`` after the first; one of them is general."""
    first = _dated(reading, answers, params.labels, params.not_labels)
    second = _dated(reading, answers, params.reaches, params.not_labels)
    nearest = next((s.passage for s, _ in (*first, *second)), None)
    limit = dt.timedelta(days=params.within_days or 0)
    for one, start in first:
        for other, end in second:
            if start and end and dt.timedelta(0) <= end - start <= limit:
                return Look(seen=True, shows=(one, other), nearest=nearest)
    if first and second and any(a for _, a in first) and any(b for _, b in second):
        late = tuple(Refusal(passage=s.passage, reason=Reason.NOT_FOUND, score=0.7) for s, _ in second)
        return Look(seen=False, refused=late, nearest=nearest)
    return Look(seen=False, general=tuple(s for s, _ in (*first, *second)), nearest=nearest)


def _dated(
    reading: Reading, answers: Sequence[Answer], labels: Words, not_labels: Words
) -> list[tuple[Sighting, dt.date | None]]:
    dated: list[tuple[Sighting, dt.date | None]] = []
    pattern = regex(labels)
    for answer in answers:
        if answer.blank or no_answer(reading, answer, as_passage(reading, answer)) is not None:
            continue
        depth = depth_of(answer, labels, not_labels)
        inside = pattern.search(answer.text) if pattern else None
        if (depth is None or depth >= len(answer.labels) - answer.heads) and inside is None:
            continue
        text = answer.text if inside is None else answer.text[max(0, inside.start() - 40) :]
        if days := dates(text):
            dated.append((as_sighting(reading, answer, By.WORDS, 0.8), days[0]))
    return dated
