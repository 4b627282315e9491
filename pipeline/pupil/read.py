"""Reading the fields of one form: answers under their labels, and values that a line holds, each a literal slice."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping

from extractors.document import Block, BlockKind, Document
from pipeline.check.forms.dates import dates
from pipeline.check.kinds import field
from pipeline.check.passages import Passage, is_empty, passages
from pipeline.check.reading import Reading
from pipeline.check.sighting import Look
from pipeline.check.voice import hear_all, load_cues
from pipeline.check.words import found
from pipeline.norm.data_dir import DATA_DIR
from pipeline.pupil.spec import FieldSpec, LookSpec, PupilSpec, expression, params_of, pupil_spec
from pipeline.pupil.values import Value

__all__ = ["as_value", "days_in", "fields_of", "plain_reading", "said_row", "value_at", "values_of"]

_NO_TEXT = frozenset({BlockKind.TOC, BlockKind.FOOTER, BlockKind.HEADER})
_SHORT = 120  # characters: a longer answer is a story, not a name or a date
_LEAD = re.compile(r"^[\s☒☐•*–-]+")


def plain_reading(document: Document) -> Reading:
    """The document as the forms see it, without the learned model: what stands under no label is no value."""
    cut = passages(document)
    scores = [None] * len(cut)
    cues = load_cues(DATA_DIR / "lexicons" / "voice.yaml")
    return Reading(document=document, passages=cut, scores=tuple(scores), voices=hear_all(cut, scores, cues))


def fields_of(reading: Reading, kind: str | None, spec: PupilSpec | None = None) -> Mapping[str, tuple[Value, ...]]:
    """The values of every field that the form answers, by field id, in reading order.

    Args:
        reading: The form.
        kind: Kind of document; decides which looks apply.
        spec: The fields; default the shipped ones.
    """
    found = ((f.id, values_of(reading, kind, f)) for f in (spec or pupil_spec()).fields)
    return {name: values for name, values in found if values}


def values_of(reading: Reading, kind: str | None, spec: FieldSpec) -> tuple[Value, ...]:
    """The values of one field; of a field with one value the first look that finds one decides."""
    kept: list[Value] = []
    for look in spec.looks:
        if not look.fits(kind):
            continue
        for value in _looked(reading, look, spec):
            if not any(value.block == k.block and value.start < k.end and k.start < value.end for k in kept):
                kept.append(value)
        if kept and not spec.many:
            return (kept[0],)
    return tuple(sorted(kept, key=lambda v: (v.block, v.start)))


def value_at(document: Document, block: int, start: int, end: int, text: str | None = None) -> Value:
    """A slice of a block as a value, without the white space around it."""
    whole = document.blocks[block]
    raw = whole.text[start:end]
    start += len(raw) - len(raw.lstrip())
    quote = raw.strip()
    return Value(
        text=quote if text is None else text,
        quote=quote,
        block=block,
        start=start,
        end=start + len(quote),
        page=whole.page,
        section=" > ".join(whole.section) or None,
    )


def _looked(reading: Reading, look: LookSpec, spec: FieldSpec) -> Iterator[Value]:
    if look.find:
        yield from _found(reading.document, look.find)
        return
    params = params_of(look)
    seen: Look = field.look(reading, params)
    shown = [*seen.shows, *(seen.general if look.general else ())]
    if look.near:
        shown = [
            s for s in shown if found(params.labels, s.passage.heading or "") or found(params.signs, s.passage.text)
        ]
    spots = sorted({(s.passage.block, s.passage.start, s.passage.end) for s in shown})
    if spec.shape == "row":
        yield from _rows(reading.document, spots)
        return
    for block, start, end in spots if spec.apart else _joined(reading.document, spots):
        value = value_at(reading.document, block, start, end)
        text = _LEAD.sub("", value.text)
        if spec.shape == "short":
            text = text.rstrip(".;, ")
            if len(text) > _SHORT:
                continue
        if text and not is_empty(text):
            yield value_at(reading.document, block, start, end, text)


def _found(document: Document, expressions: Iterable[str]) -> Iterator[Value]:
    """What the expressions cut out, those that come first before the others."""
    for text in expressions:
        pattern = expression(text)
        for number, block in enumerate(document.blocks):
            if block.kind in _NO_TEXT:
                continue
            for match in pattern.finditer(block.text):
                yield value_at(document, number, match.start("value"), match.end("value"))


def _joined(document: Document, spots: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Sentences that follow each other in one cell or paragraph as one piece."""
    last: tuple[int, int, int] | None = None
    for block, start, end in spots:
        if last and last[0] == block and not document.blocks[block].text[last[2] : start].strip():
            last = (block, last[1], end)
            continue
        if last:
            yield last
        last = (block, start, end)
    if last:
        yield last


def _rows(document: Document, spots: Iterable[tuple[int, int, int]]) -> Iterator[Value]:
    """Each row with an answer as one value; what is no table row is a value by itself."""
    done: set[int] = set()
    loose: list[tuple[int, int, int]] = []
    for block, start, end in spots:
        row = document.blocks[block]
        if row.kind is not BlockKind.ROW or len(row.cells) < 2:
            loose.append((block, start, end))
        elif block not in done:
            done.add(block)
            yield value_at(document, block, 0, len(row.text), said_row(row))
    for block, start, end in _joined(document, loose):
        yield value_at(document, block, start, end)


def said_row(row: Block) -> str:
    """A table row as one would say it ("Rekenen: Januari 2025 V, Juni 2025 V"); plain column headers are left out."""
    plain = expression(pupil_spec().plain_columns)
    first, *rest = ((c, row.text[c.start : c.end].strip()) for c in row.cells)
    said = [
        text if not cell.header or plain.fullmatch(cell.header.strip()) else f"{cell.header.strip()} {text}"
        for cell, text in rest
        if not is_empty(text)
    ]
    return f"{first[1]}: {', '.join(said)}"


def days_in(text: str) -> list[dt.date]:
    """The dates with a year in a text."""
    return [d for d in dates(text) if d is not None]


def as_value(reading: Reading, passage: Passage) -> Value:
    """A passage as a value."""
    return value_at(reading.document, passage.block, passage.start, passage.end)
