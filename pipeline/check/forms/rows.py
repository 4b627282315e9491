"""Whether what a criterion needs stands with an answer: in its words, its row, its table or its entries."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.document import BlockKind
from pipeline.check.forms.answer import Answer
from pipeline.check.forms.dates import dates
from pipeline.check.forms.params import Params
from pipeline.check.reading import Reading
from pipeline.check.sighting import Sighting
from pipeline.check.words import found


def has_needs(answer: Answer, answers: Sequence[Answer], fields: dict[int, int], params: Params) -> bool:
    """Whether the words that must stand with the answer do."""
    if params.entries:
        return bool(
            dates(
                answer.row
                if answer.group[0] == "table" or answer.group[0] == "item"
                else f"{answer.labels[0] if answer.labels else ''} {answer.text}"
            )
        )
    where = [answer.text]
    if params.needs_in == "row":
        where = [answer.row]
    elif params.needs_in == "field":
        where = [
            a.text
            for a in answers
            if id(a) in fields
            and not a.blank
            and a.labels[fields[id(a)] :] == answer.labels[fields.get(id(answer), 0) :]
        ]
    own = answer.labels[0] if answer.labels else ""
    inside = bool(own) and answer.group[0] == "table" and f"{own}:" in answer.row
    if inside and (params.each or not found(params.labels, own)):
        where = [*where, f"{own}: {answer.text}"]  # "behaald: 63" in a cell is one answer
    if params.named_by_label:
        where = [*where, *answer.labels[: len(answer.labels) - answer.heads]]
    text = " | ".join(where)
    return (not params.needs or found(params.needs, text)) and (not params.also or found(params.also, text))


def count_words(answer: Answer, params: Params) -> int:
    """How many words an answer has; where a row counts as one, those of the row."""
    whole = params.needs_in == "row" and answer.group[0] == "table"
    return len((answer.row if whole else answer.text).replace("|", " ").split())


def treats(answer: Answer, params: Params, *, broad: bool) -> bool:
    """Whether an answer that does not show the criterion treats its subject in general."""
    if params.each and answer.leads:
        return False  # the goal itself, beside an outcome that says nothing
    if params.strict and not broad and not found(params.general, answer.text):
        return False
    if params.entries and not (dates(answer.row) or answer.group[0] != "text"):
        return False
    return count_words(answer, params) >= min(params.min_words, 3)


def count_entries(reading: Reading, shows: Sequence[Sighting]) -> int:
    """How many dated entries were seen: a row or item is one, in running text every date starts one."""
    whole: set[int] = set()
    count = 0
    for sighting in shows:
        if reading.document.blocks[sighting.passage.block].kind in (BlockKind.ROW, BlockKind.ITEM):
            whole.add(sighting.passage.block)
        else:
            count += max(1, len(dates(sighting.passage.text)))
    return count + len(whole)


def open_tables(answers: Sequence[Answer], fields: dict[int, int]) -> set[tuple[str, int]]:
    """Tables in which some rows have an answer under the field's column and others have none."""
    rows: dict[tuple[str, int], dict[int, bool]] = {}
    for answer in answers:
        if id(answer) in fields and answer.group[0] == "table" and not answer.leads:
            rows.setdefault(answer.group, {}).setdefault(answer.block, False)
            rows[answer.group][answer.block] |= not answer.blank
    return {group for group, filled in rows.items() if any(filled.values()) and not all(filled.values())}
