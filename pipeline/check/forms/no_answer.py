"""What is no answer, however filled in: a reference, a plan, the law, a text that came with the form."""

from __future__ import annotations

from pipeline.check.forms.answer import Answer
from pipeline.check.forms.words import form_word
from pipeline.check.passages import Passage
from pipeline.check.reading import Reading
from pipeline.result import Reason

# no answer of the labelled pupil documents comes near it; what it refuses are printed explanations without a person
_TRAP_FROM = 0.9


def no_answer(reading: Reading, answer: Answer, passage: Passage) -> Reason | None:
    """Why a filled answer is none after all; None when it is one."""
    text = answer.text
    if _is_printed(answer):
        return Reason.TEMPLATE_TEXT
    if form_word("reference").search(text):
        return Reason.REFERENCE_ONLY
    if form_word("later").search(text):
        return Reason.PLANNED
    if form_word("law").search(text):
        return Reason.DEFINITION_ONLY
    if reading.passages[passage.index].block != answer.block:
        return None  # the block holds no passage of its own: voice and scores would be another's
    voice = reading.voice(passage)
    cued = voice.cue == "column" or (voice.cue == "words" and not answer.asked)
    if (
        voice.refused in (Reason.TEMPLATE_TEXT, Reason.DEFINITION_ONLY)
        and cued
        and not form_word("personal").search(text)
    ):
        return voice.refused
    scores = reading.scores[passage.index]
    if scores is not None and not answer.asked and not form_word("personal").search(text):
        learned = scores.trap.get("template", 0.0) + scores.trap.get("definition", 0.0) + scores.trap.get("law", 0.0)
        if learned >= _TRAP_FROM:
            return Reason.TEMPLATE_TEXT
    return None


def _is_printed(answer: Answer) -> bool:
    """Whether a text came with the form: an instruction, an explanation, an example."""
    text = answer.text
    if any(form_word("not_ours").search(x) for x in answer.labels[len(answer.labels) - answer.heads :]):
        return True
    if (
        form_word("template").search(text)
        or form_word("example").search(text)
        or (answer.group[0] == "table" and form_word("example").search(answer.row))
    ):
        return True
    if answer.group[0] != "text" or not answer.labels:
        return False
    # "Toelichting: wat zien leerkracht en ouders?" and "Beschrijf de situatie: leren, gedrag" are printed;
    # "Toelichting: Sem leest elke dag twintig minuten" was filled in
    helps = bool(form_word("help").fullmatch(answer.labels[0]))
    impersonal = not form_word("personal").search(text)
    return (helps and (impersonal or text.rstrip().endswith("?"))) or (
        impersonal and bool(form_word("template").search(answer.labels[0]))
    )
