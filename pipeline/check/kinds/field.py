"""``field.v1``: a form asks, and somebody filled it in. For documents about one pupil.

First the document is cut into answers: every sentence, item and cell with the labels that it stands under, nearest
first ("Uitkomst:", the first cell of the row, the column, the line that introduces the list, the headings). Then the
answers under the labels of the criterion are judged. An empty answer, an instruction, an unticked box, a plan for later
or a quote of the law is no answer; an answer without what the criterion needs is general. Where a document has no such
label at all, sentences that speak for themselves (``signs``) and the learned model are a second source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.check.forms.answer import Answer, as_passage, depth_of
from pipeline.check.forms.cut import cut
from pipeline.check.forms.dates import dates
from pipeline.check.forms.no_answer import no_answer
from pipeline.check.forms.params import Params
from pipeline.check.forms.route import look_along
from pipeline.check.forms.rows import count_entries, count_words, has_needs, open_tables, treats
from pipeline.check.forms.signatures import look_for_consent
from pipeline.check.forms.term import established, in_time, look_between
from pipeline.check.forms.words import form_word
from pipeline.check.passages import Passage
from pipeline.check.reading import Reading
from pipeline.check.sighting import By, Look, Refusal, Sighting
from pipeline.check.words import found
from pipeline.result import Reason

__all__ = ["Params", "cut", "dates", "look"]


def look(reading: Reading, params: Params) -> Look:
    """Look for the field and judge what is filled in."""
    if not reading.passages:
        return Look(seen=False)
    answers = cut(reading.document)
    if not _applies(reading, answers, params):
        return Look(seen=False, applies=False)
    if params.signed:
        return look_for_consent(reading, answers, params)
    if params.steps:
        return look_along(reading, answers, params)
    if params.reaches:
        return look_between(reading, answers, params)
    return _asked(reading, answers, params)


def _applies(reading: Reading, answers: Sequence[Answer], params: Params) -> bool:
    said = [a for a in answers if a.ticked is not False and (a.text or a.ticked)]
    if any(
        found(params.not_applicable, _said(a))
        # "signals were weighed, nothing serious" is the field itself and no reason to leave it out
        and not (params.needs and not a.asked and found(params.needs, a.text))
        and no_answer(reading, a, as_passage(reading, a)) in (None, Reason.PLANNED)
        for a in said
    ):
        return False
    if params.applies_with:
        told = (a for a in said if not a.blank and found(params.applies_with, a.text))
        if not any(
            no_answer(reading, a, as_passage(reading, a)) in (None, Reason.PLANNED)
            and not found(params.refuse, _said(a))
            for a in told
        ):
            return False
    if params.since is not None:
        day = established(answers, params.established)
        if day is not None and day < params.since:
            return False
    return True


def _said(answer: Answer) -> str:
    return f"{answer.labels[0]}: {answer.text}" if answer.labels else answer.text


def _asked(reading: Reading, answers: Sequence[Answer], params: Params) -> Look:
    shows: list[Sighting] = []
    general: list[Sighting] = []
    refused: list[Refusal] = []
    nearest: Passage | None = None
    start = established(answers, params.established) if params.established else None
    fields = {
        id(a): depth
        for a in answers
        if (depth := depth_of(a, params.labels, params.not_labels, params.not_under)) is not None
    }
    open_rows = open_tables(answers, fields) if params.each else set()
    before: Answer | None = None
    fate: Reason | None = None
    for answer in answers:
        depth = fields.get(id(answer))
        passage = as_passage(reading, answer)
        blocked = depth is None and any(found((*params.not_labels, *params.not_under), x) for x in answer.labels)
        sign = not answer.blank and not blocked and found(params.signs, answer.text)
        learned = (
            depth is None and not blocked and not fields and reading.label(passage, params.label) >= params.learned_from
        )
        broad = not answer.blank and not blocked and found(params.general_signs, answer.text)
        if depth is None and not (sign or learned or broad):
            continue
        nearest = nearest or passage
        if answer.blank and not (params.none_is_answer and form_word("none").fullmatch(answer.text)):
            continue
        reason = _reason(reading, answer, passage, params)
        if (
            reason is None
            and fate is not None
            and before is not None
            and before.block == answer.block
            and form_word("leans").match(answer.text)
        ):
            reason = fate
        # a question denies nothing of the answer behind it
        before, fate = answer, None if reason is Reason.HEADING_ONLY else reason
        if reason is not None:
            refused.append(Refusal(passage=passage, reason=reason, score=0.7))
            continue
        by = By.BOTH if learned else By.WORDS
        score = round(max(0.9 if depth is not None else 0.7, reading.label(passage, params.label)), 3)
        sighting = Sighting(passage=passage, score=score, by=by)
        weak = (
            found(params.general, answer.text)
            or count_words(answer, params) < params.min_words
            or answer.group in open_rows
        )
        whole = sign or ((depth is not None or learned) and has_needs(answer, answers, fields, params))
        if not in_time(answer.row if params.needs_in == "row" else answer.text, start, params):
            refused.append(Refusal(passage=passage, reason=Reason.NOT_FOUND, score=0.7))
        elif whole and not weak:
            shows.append(sighting)
        elif treats(answer, params, broad=broad or answer.group in open_rows):
            general.append(replace(sighting, score=min(score, 0.6)))
    if params.entries and count_entries(reading, shows) < params.entries:
        general, shows = [*shows, *general], []
    return Look(seen=bool(shows), shows=tuple(shows), general=tuple(general), refused=tuple(refused), nearest=nearest)


def _reason(reading: Reading, answer: Answer, passage: Passage, params: Params) -> Reason | None:
    if not params.questions and answer.text.rstrip().endswith("?") and (answer.leads or not answer.asked):
        return Reason.HEADING_ONLY
    if found(params.refuse, answer.text):
        return Reason.NOT_FOUND
    return no_answer(reading, answer, passage)
