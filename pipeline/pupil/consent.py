"""Consent as a form shows it: given, without date, not signed, refused, or not there at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.document import BlockKind
from pipeline.check.forms.answer import Answer
from pipeline.check.forms.params import Params
from pipeline.check.forms.signatures import look_for_consent
from pipeline.check.forms.words import form_word
from pipeline.check.passages import Passage
from pipeline.check.reading import Reading
from pipeline.check.words import found
from pipeline.pupil.read import as_value, value_at
from pipeline.pupil.values import Agreed, Consent, Value
from pipeline.result import Reason


def consent(reading: Reading, answers: Sequence[Answer], params: Params) -> Consent:
    """What a form shows of the consent that ``params`` describe (a ``signed`` recognition)."""
    look = look_for_consent(reading, answers, params)
    if look.seen:
        return Consent(state=Agreed.GIVEN, at=tuple(dict.fromkeys(_shown(reading, s.passage) for s in look.shows)))
    refused = [r for r in look.refused if r.reason is Reason.EXPLICITLY_ABSENT]
    if refused:
        return Consent(state=Agreed.REFUSED, at=tuple(as_value(reading, r.passage) for r in refused))
    empty = tuple(dict.fromkeys(_empty_places(reading, answers, params)))
    if look.general:
        return Consent(state=Agreed.UNDATED, at=tuple(as_value(reading, s.passage) for s in look.general))
    if empty or look.refused:
        shown = empty or tuple(as_value(reading, r.passage) for r in look.refused)
        return Consent(state=Agreed.UNSIGNED, at=shown[:3])
    return Consent(state=Agreed.UNKNOWN)


def _shown(reading: Reading, passage: Passage) -> Value:
    """A statement as it stands; of a signature the whole row, since "w.g." alone tells nobody whose it is."""
    block = reading.document.blocks[passage.block]
    if block.kind is BlockKind.ROW:
        return value_at(reading.document, passage.block, 0, len(block.text))
    return as_value(reading, passage)


def _empty_places(reading: Reading, answers: Sequence[Answer], params: Params) -> Iterator[Value]:
    """Boxes, dates and signatures that nobody filled in, and signatures for having seen it."""
    for answer in answers:
        about = f"{' | '.join(answer.labels)} | {answer.row}"
        if found(params.refuse, about) or any(found(params.not_labels, x) for x in answer.labels):
            continue
        unticked = answer.ticked is False and found(params.agree, answer.text)
        signing = any(form_word("signing").search(x) or form_word("sign_cell").search(x) for x in answer.labels)
        unsigned = answer.blank and answer.ticked is None and signing and _of_parents(params, about)
        seen_only = signing and bool(form_word("seen_only").search(answer.text)) and _of_parents(params, about)
        if unticked or unsigned or seen_only:
            # an empty cell holds nothing to quote: its row says what was not filled in
            yield value_at(reading.document, answer.block, 0, len(reading.document.blocks[answer.block].text))


def _of_parents(params: Params, about: str) -> bool:
    return found(params.who, about) or found(params.agree, about)
