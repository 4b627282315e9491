"""Document to passages: the pieces that can carry a statement, each with its place and what stands above or beside it.

A paragraph gives one passage a sentence, an item one, a table row one an answer. Running headers, tables of contents
and headings give none; headings are the context of what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import takewhile
from typing import Any

from extractors.document import Block, BlockKind, Document
from pipeline.check.sentences import sentence_spans
from pipeline.check.shorthand import in_full
from pipeline.check.words import surface

BOXES = "☒☐"
_BOX_ONLY = re.compile(r"\s*([☒☐])\s*")


class Unit(StrEnum):
    """What a passage is cut from."""

    SENTENCE = "sentence"
    ITEM = "item"
    ANSWER = "answer"
    ROW = "row"


class Box(StrEnum):
    """What the ticked boxes of a row say."""

    YES = "yes"
    NO = "no"
    NOT_YET = "not_yet"
    PARTLY = "partly"
    EXTERNAL = "external"
    UNTICKED = "unticked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A slice of one block. ``heading`` is the nearest context as a reader sees it: label, list intro or heading."""

    index: int
    block: int
    start: int
    end: int
    text: str
    unit: Unit
    heading: str | None
    section: tuple[str, ...]
    page: int | None
    label: str | None = None
    """Rows: the text of the first cell, when the row is a label with answers."""
    header: str | None = None
    """Answers: the column header above it."""
    intro: str | None = None
    """Items: the sentence that introduces the list."""
    box: Box | None = None
    uncertain: bool = False
    sentence: int = 0
    """Number of the sentence in its block."""
    siblings: int = 1
    """How many sentences the block has."""
    reads: str | None = None
    """What the classifier reads instead of ``text``: a row with its label, ticks as words."""

    @property
    def scored_as(self) -> tuple[str | None, str]:
        """What the classifier reads: heading and text, shorthand written out."""
        return self._written_out(self.reads or self.text)

    @property
    def alone_as(self) -> tuple[str | None, str]:
        """As ``scored_as``, without what stands around it."""
        return self._written_out(self.text)

    def _written_out(self, text: str) -> tuple[str | None, str]:
        return in_full(self.heading) if self.heading else self.heading, in_full(text)

    @property
    def context(self) -> str:
        """Everything above and beside the passage, in one line."""
        return " | ".join(x for x in (*self.section, self.header, self.label, self.intro) if x)


def box_meaning(label: str) -> Box:
    """What it says that the box with this label (column header or text beside it) is ticked."""
    if surface("box_later").search(label):
        return Box.NOT_YET
    if surface("box_no").search(label):
        return Box.NO
    if surface("box_partly").search(label):
        return Box.PARTLY
    if surface("box_external").search(label):
        return Box.EXTERNAL
    return Box.YES


def is_empty(text: str) -> bool:
    """Whether an answer holds nothing: blank, dots, a dash, "n.t.b.", "volgt", a placeholder, only unticked boxes."""
    return not text.strip() or bool(surface("empty_answer").fullmatch(text.replace("☐", " ").strip() or " "))


def passages(document: Document) -> tuple[Passage, ...]:
    """All passages of the document in reading order.

    Shape: one for each sentence of a paragraph or footnote, each list item (its sentences, when it has several), and
    each filled answer of a table row.
    """
    found: list[Passage] = []
    intro: str | None = None
    for index, block in enumerate(document.blocks):
        listed = block.kind is BlockKind.ITEM or _is_typed_item(block, intro)
        if block.kind is BlockKind.ROW:
            found += _row_passages(index, block, len(found))
        elif block.kind in _WITH_SENTENCES and not surface("run_on_contents").search(block.text):
            found += _sentence_passages(index, block, intro, len(found), listed=listed)
        if not listed and block.kind not in (BlockKind.HEADER, BlockKind.FOOTER):
            introduces = block.kind is BlockKind.PARAGRAPH and block.text.rstrip().endswith(":")
            intro = _last_sentence(block.text) if introduces else None
    return tuple(_with_its_list(found, i) for i in range(len(found)))


def _with_its_list(found: Sequence[Passage], at: int) -> Passage:
    """A sentence that introduces a list is read with its items, one that goes on after a list with both.

    "Het zorgteam bestaat uit:" says nothing by itself, and neither does "Ze komen elke maand bij elkaar." behind it.
    """
    passage = found[at]
    if passage.reads or passage.unit is not Unit.SENTENCE:
        return passage
    beside = [found[i].text for i in listed(found, at)]
    introduces = passage.text.endswith(":")
    read = f"{passage.text} {', '.join(beside)}" if introduces else " ".join((*beside, passage.text))
    return replace(passage, reads=read) if read != passage.text and len(read.split()) <= _MOST_WORDS else passage


def listed(found: Sequence[Passage], at: int) -> tuple[int, ...]:
    """What a list adds to a passage, as numbers: its items to an introduction, both to what goes on after it.

    Empty for any other passage, in reading order.
    """
    passage = found[at]
    if passage.text.endswith(":"):
        return tuple(takewhile(lambda i: found[i].intro == passage.text, range(at + 1, len(found))))
    before = found[at - 1] if at else None
    if before is None or before.unit is not Unit.ITEM or before.intro is None or passage.unit is not Unit.SENTENCE:
        return ()
    if passage.sentence or before.section != passage.section or not surface("goes_on").search(passage.text):
        return ()
    items = tuple(takewhile(lambda i: found[i].intro == before.intro, range(at - 1, -1, -1)))
    first = items[-1] - 1
    return (first, *reversed(items)) if first >= 0 and found[first].text == before.intro else tuple(reversed(items))


def _is_typed_item(block: Block, intro: str | None) -> bool:
    """A line behind "Het team bestaat uit:" that begins with a dash, as people type a list without the list button."""
    return bool(intro) and block.kind is BlockKind.PARAGRAPH and surface("typed_mark").match(block.text) is not None


_WITH_SENTENCES = frozenset({BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.FOOTNOTE})


def _last_sentence(text: str) -> str:
    start, end = sentence_spans(text)[-1]
    return text[start:end]


def _sentence_passages(index: int, block: Block, intro: str | None, count: int, *, listed: bool) -> Iterator[Passage]:
    intro = intro if listed else None
    spans = _without_torn_end(block.text, sentence_spans(block.text))
    for number, (start, end) in enumerate(spans):
        yield Passage(
            index=count + number,
            block=index,
            start=start,
            end=end,
            text=block.text[start:end],
            reads=_with_what_it_leans_on(block.text, spans, number),
            unit=Unit.ITEM if listed else Unit.SENTENCE,
            heading=intro or (block.section[-1] if block.section else None),
            section=block.section,
            page=block.page,
            intro=intro,
            uncertain=block.uncertain,
            sentence=number,
            siblings=len(spans),
        )


def _without_torn_end(text: str, spans: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """The sentences without the first words of one that breaks off ("... een plan. De"): they state nothing."""
    torn = len(spans) > 1 and surface("torn_end").search(text[slice(*spans[-1])])
    return spans[:-1] if torn else spans


_MOST_WORDS = 60  # together: the model was trained on passages of one to three sentences
_SHORT = 8  # words: a sentence that says little by itself ("Er is een zorgteam.")


def _with_what_it_leans_on(text: str, spans: Sequence[tuple[int, int]], number: int) -> str | None:
    """A sentence that answers a question, goes on or is short is read with those before it ("Ook dan ...")."""
    first = number
    while first > 0 and number - first < 2:
        before, own = text[slice(*spans[first - 1])], text[slice(*spans[first])]
        leans = (
            before.endswith("?")
            or surface("goes_on").search(own)
            or len(own.split()) < _SHORT
            or len(before.split()) < _SHORT
        )
        if not leans or len(text[spans[first - 1][0] : spans[number][1]].split()) > _MOST_WORDS:
            break
        first -= 1
    return None if first == number else text[spans[first][0] : spans[number][1]]


def _row_passages(index: int, block: Block, count: int) -> list[Passage]:
    """Passages of a table row: its answers under the label, or the row as a whole where the answers are bare.

    Bare are ticks, dates, hours and single words: they say something only together with the label, so the label is
    the quote then. A row without any answer gives nothing: an empty form is no statement.
    """
    if block.is_header_row or not block.cells:
        return []
    texts = [block.text[c.start : c.end] for c in block.cells]
    box = row_box(row_boxes(block))
    label = texts[0].strip() if len(texts) > 1 else None
    base = {"section": block.section, "page": block.page, "label": label, "box": box, "uncertain": block.uncertain}
    above = block.section[-1] if block.section else None
    if label is None:
        cell = block.cells[0]
        if is_empty(texts[0]):
            return []
        return [
            _cut(count, index, block, cell.start, cell.end, Unit.ROW, cell.header or above, header=cell.header, **base)
        ]
    filled = [
        (cell, _after_boxes(text))
        for cell, text in zip(block.cells[1:], texts[1:], strict=True)
        if not _BOX_ONLY.fullmatch(text)
    ]
    filled = [
        (cell, lead)
        for cell, lead in filled
        if not is_empty(block.text[cell.start + lead : cell.end]) and not _names_nothing(cell.header)
    ]
    told = [(cell, lead) for cell, lead in filled if not _is_bare(block.text[cell.start + lead : cell.end])]
    found: list[Passage] = []
    if label and (not told or len(filled) > 1) and (filled or box is not None):
        whole = _cut(
            count,
            index,
            block,
            block.cells[0].start,
            block.cells[0].end,
            Unit.ROW,
            above,
            header=block.cells[0].header,
            **base,
        )
        found.append(replace(whole, reads=_row_reads(block, texts), heading=block.cells[0].header or above))
    for cell, lead in told:
        spans = sentence_spans(block.text[cell.start + lead : cell.end])
        for sentence, (first, last) in enumerate(spans):
            start, end = cell.start + lead + first, cell.start + lead + last
            heading = label or cell.header or above
            if (
                cell.header
                and not label.endswith("?")
                and len(block.cells) > 2
                and not surface("answer_column").search(cell.header)
            ):
                heading = f"{label} | {cell.header}" if label else cell.header
            answer = _cut(
                count + len(found), index, block, start, end, Unit.ANSWER, heading, header=cell.header, **base
            )
            found.append(replace(answer, sentence=sentence, siblings=len(spans)))
    return found


def _is_bare(text: str) -> bool:
    return bool(surface("bare_answer").fullmatch(text.strip())) or len(text.split()) <= 2


def _names_nothing(header: str | None) -> bool:
    return bool(header and surface("template_column").search(header))


def _after_boxes(text: str) -> int:
    lead = surface("box_lead").match(text)
    return lead.end() if lead else 0


def _row_reads(block: Block, texts: Sequence[str]) -> str:
    """The row as one would read it aloud: label, then what is filled in; ticks as the option that they stand for."""
    said = []
    for cell, text in zip(block.cells[1:], texts[1:], strict=True):
        if _BOX_ONLY.fullmatch(text) or surface("cross").fullmatch(text.strip()):
            if "☐" not in text and cell.header:
                said.append(cell.header)
        elif not is_empty(text) and not _names_nothing(cell.header):
            said.append(re.sub(r"☐\s*[^\W\d_]+|[☒☐]", " ", text).strip())
    return f"{texts[0].strip()} | {' | '.join(x for x in said if x)}" if any(said) else texts[0].strip()


def _cut(  # noqa: PLR0917  (the place of the passage, in the order in which one says it)
    number: int, index: int, block: Block, start: int, end: int, unit: Unit, heading: str | None, **more: Any
) -> Passage:
    text = block.text[start:end]
    start += len(text) - len(text.lstrip())
    return Passage(
        index=number,
        block=index,
        start=start,
        end=start + len(text.strip()),
        text=text.strip(),
        unit=unit,
        heading=heading,
        **more,
    )


def row_boxes(block: Block) -> list[tuple[str, bool]]:
    """Boxes of a row as (what the box stands for, ticked); "ja", "nee" and a cross in a cell are boxes too."""
    boxes: list[tuple[str, bool]] = []
    for number, cell in enumerate(block.cells):
        text = block.text[cell.start : cell.end]
        whole = _BOX_ONLY.fullmatch(text)
        if whole:
            boxes.append((cell.header or "", whole.group(1) == "☒"))
            continue
        said = _said_in_a_word(text, cell.header or "") if number else None
        if said is not None:
            boxes.append((said, True))
            continue
        boxes += [(m.group(2).strip(), m.group(1) == "☒") for m in surface("box_option").finditer(text)]
    return boxes


def _said_in_a_word(text: str, header: str) -> str | None:
    """What a cell with a single word of answer or a cross stands for; None for any other cell.

    Under "extern" a "ja" says external and a "nee" nothing; under any other header the word is the answer itself.
    """
    special = box_meaning(header) is not Box.YES and not surface("answer_header").search(header)
    if surface("cross").fullmatch(text.strip()) or (special and surface("plain_yes").fullmatch(text.strip())):
        return header
    if special or not surface("answer_word").fullmatch(text.strip()):
        return None
    return text.strip()


def row_box(boxes: list[tuple[str, bool]]) -> Box | None:
    """The meaning of the ticked boxes (the most cautious one); UNTICKED when none is; None without boxes."""
    if not boxes:
        return None
    ticked = {box_meaning(label) for label, on in boxes if on}
    return next((b for b in (Box.NO, Box.NOT_YET, Box.EXTERNAL, Box.PARTLY, Box.YES) if b in ticked), Box.UNTICKED)
