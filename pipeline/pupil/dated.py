"""The dates of a form: its own day, and those of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from extractors.document import BlockKind, Document
from pipeline.check.forms.answer import Answer, depth_of
from pipeline.check.words import Words
from pipeline.pupil.read import days_in, value_at
from pipeline.pupil.spec import PupilSpec, expression
from pipeline.pupil.values import Day


def document_day(document: Document, answers: Sequence[Answer], kind: str | None, spec: PupilSpec) -> Day | None:
    """The day of a document: what it says of itself, else the last day that something was written in it.

    Of a form that grows while it is used that last day goes first. Days that are planned or of birth don't count.
    """
    written = max(_written(document, spec), key=lambda d: d.day, default=None)
    if kind in spec.dates.growing and written is not None:
        return written
    for words in spec.dates.own:
        if own := days_under(document, answers, (words,)):
            return max(own, key=lambda d: d.day)
    return next(said_days(document, spec.dates.said), written)


def days_under(document: Document, answers: Sequence[Answer], labels: Words) -> list[Day]:
    """The first date of every answer that stands under one of the labels."""
    found: list[Day] = []
    for answer in answers:
        if answer.blank or depth_of(answer, labels, ()) != 0:
            continue
        if days := days_in(answer.text):
            found.append(Day(day=days[0], at=value_at(document, answer.block, answer.start, answer.end)))
    return found


def said_days(document: Document, expressions: Iterable[str]) -> Iterator[Day]:
    """Dates that expressions with a group ``value`` cut out of running text, in reading order."""
    for text in expressions:
        for number, block in enumerate(document.blocks):
            if block.kind is BlockKind.TOC:
                continue
            for match in expression(text).finditer(block.text):
                for day in days_in(match["value"]):
                    yield Day(day=day, at=value_at(document, number, match.start("value"), match.end("value")))


def _written(document: Document, spec: PupilSpec) -> Iterator[Day]:
    planned = expression(spec.dates.not_written)
    for number, block in enumerate(document.blocks):
        if block.kind in (BlockKind.TOC, BlockKind.HEADER, BlockKind.FOOTER) or planned.search(block.text):
            continue
        if block.section and planned.search(block.section[-1]):
            continue
        for match in expression("DATE").finditer(block.text):
            # a month without a day is a term ("in maart 2026"), seldom the day of writing
            for day in days_in(match.group()) if match.group()[0].isdigit() else ():
                yield Day(day=day, at=value_at(document, number, *match.span()))
