"""What the documents of a folder say, line by line: answers with their labels, and whether they are plans for later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from extractors.document import Block, BlockKind
from pipeline.check.forms.answer import Answer, as_passage
from pipeline.check.forms.cut import cut
from pipeline.check.forms.dates import dates
from pipeline.check.forms.no_answer import no_answer
from pipeline.check.forms.words import form_word
from pipeline.check.privacy import has_bsn
from pipeline.check.reading import Reading
from pipeline.check.words import found
from pipeline.dossier.folder import Piece
from pipeline.dossier_result import DossierEvidence
from pipeline.pupil.read import plain_reading, value_at
from pipeline.pupil.spec import expression, recognition
from pipeline.pupil.values import Value
from pipeline.result import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An answer, or a whole row of a logbook."""

    text: str
    labels: tuple[str, ...]
    near: str
    """The labels without headings, as one text."""
    value: Value
    own: bool
    """It was filled in by somebody: an answer beside a label, or about a person."""
    later: bool
    """It was not filled in as something that happened: a plan, or "nog niet"."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One document with its lines."""

    piece: Piece
    reading: Reading
    lines: tuple[Line, ...]

    def evidence(self, value: Value) -> DossierEvidence:
        """A value as evidence of this document."""
        return evidence_in(self.piece, value)


def evidence_in(piece: Piece, value: Value) -> DossierEvidence:
    """A value of a document as evidence."""
    return DossierEvidence(path=piece.path, quote=value.quote, page=value.page, block=value.block)


def spoken(piece: Piece) -> Spoken | None:
    """The lines of a document about the pupil; None for a file that could not be read or is about the school."""
    if piece.document is None or piece.facts is None:
        return None
    reading = plain_reading(piece.document)
    if not reading.passages:
        return None
    return Spoken(piece, reading, tuple(_lines(reading)))


_SHORT = 200  # characters: a paragraph that is quoted as a whole
_NOT_SAID = frozenset({Reason.TEMPLATE_TEXT, Reason.DEFINITION_ONLY, Reason.REFERENCE_ONLY, Reason.HEADING_ONLY})


def _lines(reading: Reading) -> Iterator[Line]:
    document = reading.document
    entries: set[int] = set()
    for answer in cut(document):
        if has_bsn(document.blocks[answer.block].text):
            continue  # a BSN never goes into an output
        if not answer.text or answer.ticked is False or (answer.text.endswith("?") and not answer.asked):
            continue
        reason = no_answer(reading, answer, as_passage(reading, answer))
        if reason in _NOT_SAID:
            continue
        if not _is_entry(document.blocks[answer.block], answer):
            yield _line(reading, answer, later=answer.blank or reason is Reason.PLANNED)
        elif answer.block not in entries:
            entries.add(answer.block)
            whole = value_at(document, answer.block, 0, len(document.blocks[answer.block].text))
            # a logbook tells of all steps, whatever heading it stands under
            yield Line(text=whole.quote, labels=(), near="", value=whole, own=True, later=False)


def _line(reading: Reading, answer: Answer, *, later: bool) -> Line:
    return Line(
        text=answer.text,
        labels=answer.labels,
        near=" | ".join(answer.labels[: len(answer.labels) - answer.heads]),
        value=value_at(reading.document, answer.block, *_said_from(reading.document.blocks[answer.block], answer)),
        # "nog niet aan de orde" is no answer, but it does say something; "n.t.b." does not
        own=not answer.blank and (answer.asked or bool(form_word("personal").search(answer.text))),
        later=later,
    )


def _said_from(block: Block, answer: Answer) -> tuple[int, int]:
    """Start and end of what is quoted: with the words before a colon that are a sentence and no label of the form."""
    inline = block.kind is not BlockKind.ROW and answer.asked and len(block.text) <= _SHORT
    return (0, len(block.text)) if inline else (answer.start, answer.end)


def _is_entry(block: Block, answer: Answer) -> bool:
    """Whether an answer is a cell of a logbook row: only the whole row says what happened when."""
    if block.kind is not BlockKind.ROW or not dates(block.text.split("|")[0]):
        return False
    logbook = recognition("abc.logboek/regels").labels
    return found(logbook, answer.head) or any(found(logbook, label) for label in answer.labels)


@lru_cache(maxsize=256)
def words(text: str) -> re.Pattern[str]:
    """An expression of the data; an empty one finds nothing."""
    return expression(text) if text else re.compile(r"(?!)")
