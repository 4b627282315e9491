"""Consent in writing: who agreed, how, and whether a date or signature goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.check.forms.answer import Answer, as_passage, as_sighting, near_labels
from pipeline.check.forms.dates import dates
from pipeline.check.forms.no_answer import no_answer
from pipeline.check.forms.params import Params
from pipeline.check.forms.words import form_word
from pipeline.check.reading import Reading
from pipeline.check.sighting import By, Look, Refusal
from pipeline.check.words import found
from pipeline.result import Reason


@dataclass(frozen=True, slots=True)
class _Consent:
    """A statement of consent and how it was made."""

    answer: Answer
    how: Literal["written", "ticked", "printed", "told"]


def look_for_consent(reading: Reading, answers: Sequence[Answer], params: Params) -> Look:
    """Consent with its date or signature.

    A ticked or told consent without date or signature shows that it was given, no more; a printed statement shows
    nothing as long as nobody signed under it.
    """
    statements: list[_Consent] = []
    lines: list[Answer] = []
    refused: list[Refusal] = []
    unticked = False
    for answer in answers:
        passage = as_passage(reading, answer)
        about = f"{near_labels(answer)} | {answer.text}"
        agrees = found(params.agree, answer.text) or _agrees_by_label(answer, params)
        blocked = found(params.refuse, about) or any(found(params.not_labels, x) for x in answer.labels)
        if answer.ticked is False:
            unticked |= agrees and not form_word("disagree").search(answer.text)
            continue
        if answer.blank or blocked:
            continue
        reason = no_answer(reading, answer, passage)
        if reason in (Reason.TEMPLATE_TEXT, Reason.REFERENCE_ONLY, Reason.PLANNED) or (
            reason and not form_word("by_hand").search(answer.text) and not dates(answer.text)
        ):
            if agrees:
                refused.append(Refusal(passage=passage, reason=reason, score=0.7))
            continue
        asked_to_agree = agrees or any(found(params.agree, label) for label in answer.labels)
        if (
            asked_to_agree
            and form_word("disagree").search(answer.text)
            and not form_word("not_in_the").search(answer.text)
        ):
            refused.append(Refusal(passage=passage, reason=Reason.EXPLICITLY_ABSENT, score=0.8))
            continue
        if agrees and not answer.text.rstrip().endswith("?"):
            statements.append(_Consent(answer, _how(answer)))
        if _is_signature(answer, params):
            lines.append(answer)
    return _weigh(reading, params, statements, lines, refused, unticked=unticked)


def _agrees_by_label(answer: Answer, params: Params) -> bool:
    """Whether the label asks for consent and the answer gives it: "ja", "getekend op 10-11-2025"."""
    if found(params.agree, near_labels(answer)) and form_word("says_yes").match(answer.text):
        return True
    under = any(found(params.agree, label) for label in answer.labels)
    return under and bool(form_word("by_hand").search(answer.text)) and bool(dates(answer.row))


def _how(answer: Answer) -> Literal["written", "ticked", "printed", "told"]:
    dated = bool(dates(answer.text))
    if answer.ticked:
        return "written" if dated or (form_word("by_hand").search(answer.row) and dates(answer.row)) else "ticked"
    if (dated and not form_word("by_mouth").search(answer.text)) or (
        form_word("by_hand").search(answer.text) and not form_word("formula").search(answer.text)
    ):
        return "written"
    signing = any(form_word("signing").search(x) for x in answer.labels) and not answer.asked
    return "printed" if form_word("formula").search(answer.text) and (signing or answer.group[0] == "table") else "told"


def _is_signature(answer: Answer, params: Params) -> bool:
    """Whether somebody whose signature counts filled in a date or signature here."""
    if form_word("seen_only").search(answer.row) or answer.leads or not answer.asked:
        return False
    near = answer.labels[: max(1, len(answer.labels) - answer.heads)]
    column = next((x for x in near if form_word("sign_cell").search(x)), None)
    if (
        column is None
        or form_word("name_label").match(near[0])
        or not any(form_word("signing").search(x) for x in answer.labels)
    ):
        return False
    return (
        found(params.who, answer.row)
        or found(params.who, " | ".join(near))
        or not form_word("not_parents").search(f"{near} {answer.row}")
    )


def _weigh(
    reading: Reading,
    params: Params,
    statements: Sequence[_Consent],
    lines: Sequence[Answer],
    refused: Sequence[Refusal],
    *,
    unticked: bool,
) -> Look:
    shows: list[Answer] = [s.answer for s in statements if s.how == "written"]
    given = [s.answer for s in statements if s.how in ("ticked", "told")]
    for line in lines:
        near = [s.answer for s in statements if _same_place(s.answer, line)]
        agreed = found(params.agree, f"{' | '.join(line.labels)} | {line.row} | {line.head}")
        if near or (agreed and not unticked):
            shows += [*near, line]
    unique = {(a.block, a.start): a for a in shows}
    proof = tuple(as_sighting(reading, a, By.WORDS, 0.9) for a in unique.values())
    said = tuple(as_sighting(reading, a, By.WORDS, 0.7) for a in given)
    loose = tuple(as_sighting(reading, a, By.WORDS, 0.5) for a in lines if not unticked)
    nearest = next((s.passage for s in (*proof, *said, *loose)), None)
    nearest = nearest or next((as_passage(reading, s.answer) for s in statements), None)
    if params.signed == "consent":
        shown = proof or said
        return Look(seen=bool(shown), shows=shown, refused=tuple(refused), nearest=nearest)
    if params.signed == "proof":
        return Look(seen=bool(proof), shows=proof, refused=tuple(refused), nearest=nearest)
    return Look(
        seen=bool(proof), shows=proof, general=() if proof else (*said, *loose), refused=tuple(refused), nearest=nearest
    )


def _same_place(one: Answer, other: Answer) -> bool:
    """Whether a statement and a signature stand under the same heading."""
    if one.heads == 0 or other.heads == 0:
        return one.heads == other.heads
    return one.labels[len(one.labels) - one.heads :] == other.labels[len(other.labels) - other.heads :]
