"""One answer of a form: a slice of a block under its labels, and what it is as a passage and a sighting."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.check.forms.words import form_word
from pipeline.check.passages import Passage, is_empty
from pipeline.check.reading import Reading
from pipeline.check.sighting import By, Sighting
from pipeline.check.words import Words, found


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A slice of a block that can be filled in, under its labels. ``text`` is what it says: no unticked options."""

    block: int
    start: int
    end: int
    text: str
    labels: tuple[str, ...]
    """Nearest first."""
    row: str
    """The whole table row, item or paragraph."""
    group: tuple[str, int]
    """Kind and number of the table, list or paragraph that it belongs to."""
    ticked: bool | None = None
    """Whether its box is ticked; None without a box."""
    asked: bool = False
    """It stands in a cell beside a label, so it is the answer to it, however short."""
    leads: bool = False
    """It is the first cell of its row."""
    head: str = ""
    """Header of the first column of its table."""
    heads: int = 0
    """How many of the labels, counted from the last, are headings."""

    @property
    def blank(self) -> bool:
        """Whether nothing was filled in."""
        return self.ticked is False or _is_blank(self.text)

    @property
    def spoken(self) -> str:
        """The answer with its nearest label, as one would read it aloud."""
        return f"{self.labels[0]}: {self.text}" if self.labels and self.asked else self.text


def _is_blank(text: str) -> bool:
    return is_empty(text) or bool(form_word("blank").fullmatch(text))


def depth_of(answer: Answer, labels: Words, not_labels: Words, not_under: Words = ()) -> int | None:
    """How far up the label of the field stands; None when it is not there or another field is nearer."""
    if any(found(not_under, label) for label in answer.labels):
        return None
    for depth, label in enumerate(answer.labels):
        own = found(labels, label)
        if not own and found(not_labels, label):
            return None
        if own:
            return depth
    return None


def near_labels(answer: Answer) -> str:
    """The labels of an answer without the headings above it, as one text."""
    return " | ".join(answer.labels[: len(answer.labels) - answer.heads])


def as_passage(reading: Reading, answer: Answer) -> Passage:
    """The answer as a passage: a slice of its block, with number and voice of the passage that it is part of."""
    mates = reading.by_block.get(answer.block, ())
    inside = [p for p in mates if p.start < answer.end and answer.start < p.end]
    if inside:
        base = inside[0]
    elif mates:
        base = mates[0]
    else:
        base = next((p for p in reversed(reading.passages) if p.block < answer.block), reading.passages[0])
    block = reading.document.blocks[answer.block]
    text = block.text[answer.start : answer.end]
    start = answer.start + len(text) - len(text.lstrip())
    return replace(
        base,
        block=answer.block,
        start=start,
        end=start + len(text.strip()),
        text=text.strip(),
        section=block.section,
        page=block.page,
        heading=answer.labels[0] if answer.labels else None,
    )


def as_sighting(reading: Reading, answer: Answer, by: By, score: float) -> Sighting:
    """The answer as what shows a criterion."""
    return Sighting(passage=as_passage(reading, answer), score=score, by=by)
