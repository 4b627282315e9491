"""Cutting a document into answers: every sentence, item and cell with the labels that it stands under.

Knows layouts (rows, boxes, "Label: answer", questions); judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.document import Block, BlockKind, Cell, Document
from pipeline.check.forms.answer import Answer
from pipeline.check.forms.words import form_word
from pipeline.check.sentences import sentence_spans

_INLINE = re.compile(r"[\s•*–-]*([A-ZÀ-Ýa-zà-ý(\"“'‘/+][^:;!?☒☐\n]{1,90}?)\s*:(?=\s|$|[.…_])\s*")
_QUESTION = re.compile(r"[\s•*–-]*([^?☒☐]{4,160}\?)\s*")
_BOX = re.compile(r"[☒☐][^☒☐]*")


def cut(document: Document) -> tuple[Answer, ...]:
    """All answers of a document in reading order, empty ones too."""
    answers: list[Answer] = []
    intro: str | None = None
    kept = BlockKind.HEADING
    title = next((b.text for b in document.blocks if b.kind is BlockKind.HEADING), None)
    row_title: dict[int, str] = {}
    for index, block in enumerate(document.blocks):
        heads = tuple(
            _clean(h) for h in reversed(block.section) if not (h == title and form_word("form_title").search(_clean(h)))
        )
        if block.kind in (BlockKind.HEADING, BlockKind.TOC):
            intro = None
        elif block.kind is BlockKind.ROW:
            table = block.table if block.table is not None else index
            above = (row_title[table],) if table in row_title else ()
            under = (*above, *((_clean(intro),) if intro else ()), *heads)
            answers += _row_answers(index, block, under, len(heads))
            alone = _alone(block)
            if alone is not None and _introduces(alone):
                row_title[table] = _clean(alone)
        elif block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.FOOTNOTE):
            item = block.kind is BlockKind.ITEM
            if not item and (kept in (BlockKind.ROW, BlockKind.ITEM) or _has_own_label(block.text)):
                intro = None  # a list or table ends what its intro introduced; a label of its own goes before it
            under = (*((_clean(intro),) if intro else ()), *heads)
            answers += _text_answers(index, block, under, len(heads))
            if not item and _introduces(block.text):
                intro = block.text
        if block.kind not in (BlockKind.HEADER, BlockKind.FOOTER):
            kept = block.kind
    return tuple(answers)


def _has_own_label(text: str) -> bool:
    """Whether a line begins with a label of its own; "Toelichting:" explains what was asked above it."""
    label = _INLINE.match(text)
    return label is not None and not form_word("explains_above").fullmatch(_clean(label.group(1)))


def _clean(label: str) -> str:
    """A label without its number, box and colon."""
    return form_word("label_number").sub("", label).strip(" \t:*•☒☐–-").strip()


def _alone(block: Block) -> str | None:
    """The text of the only filled cell of a row; None when there are more."""
    texts = [block.text[c.start : c.end] for c in block.cells]
    return texts[0] if len(texts) == 1 and texts[0].strip() else None


def _introduces(text: str) -> bool:
    """Whether a line is a label or question for what comes below it."""
    text = text.strip()
    words = len(text.split())
    own = _INLINE.match(text)
    if own and own.end() < len(text) and form_word("sign_cell").search(own.group(1)):
        return False  # "Handtekening ouder:      Datum:" are places to fill in, not a label for the next line
    if text.endswith((":", "?")):
        return words <= 25
    last = text.split(". ")[-1]
    if last.endswith(":"):
        return True
    return words <= 7 and not re.search(r"[.;!☒☐]|\d{2}", text) and text[:1].isupper()


def _text_answers(index: int, block: Block, under: tuple[str, ...], heads: int) -> Iterator[Answer]:
    """The sentences of a paragraph or item; "Label:" or a question is a label for what follows in the same block."""
    inline: tuple[str, ...] = ()
    group = ("item" if block.kind is BlockKind.ITEM else "text", index)
    for start, end, asked in _pieces(block.text):
        text = block.text[start:end]
        label = _INLINE.match(text)
        itself = text.rstrip().endswith("?")
        answers = asked or (bool(inline) and _ends_question(inline[0]) and not itself)
        if label and not _is_clause(label.group(1)):
            inline, answers = (_clean(label.group(1)),), True
            start += label.end()  # noqa: PLW2901  (the answer begins behind its label)
        for first, last, ticked in _options(block.text[start:end]):
            yield Answer(
                block=index,
                start=start + first,
                end=start + last,
                text=block.text[start + first : start + last].strip("☒☐ "),
                labels=(*inline, *under),
                row=block.text,
                group=group,
                ticked=ticked,
                asked=answers,
                heads=heads,
            )
        if question := _QUESTION.fullmatch(block.text[start:end]):
            inline = (_clean(question.group(1)),)


def _pieces(text: str) -> Iterator[tuple[int, int, bool]]:
    """The sentences of a text, a question apart from an answer behind it; whether the piece is such an answer."""
    for start, end in sentence_spans(text):
        question = _QUESTION.match(text[start:end])
        if question and question.end() < end - start:
            yield start, start + len(question.group().rstrip()), False
            yield start + question.end(), end, True
        else:
            yield start, end, False


def _is_clause(label: str) -> bool:
    """Whether the words before a colon are a sentence of their own: "Na elf uur wordt hij moe: hij wrijft"."""
    return bool(form_word("pronoun").search(label)) or (
        len(label.split()) > 6 and bool(form_word("verb").search(label))
    )


def _ends_question(label: str) -> bool:
    return label.rstrip().endswith("?")


def _options(text: str) -> Iterator[tuple[int, int, bool | None]]:
    """The text cut at its boxes: what stands behind a box belongs to it, up to the next."""
    boxes = list(_BOX.finditer(text))
    if not boxes:
        yield 0, len(text), None
        return
    if text[: boxes[0].start()].strip():
        yield 0, boxes[0].start(), None
    for box in boxes:
        yield box.start(), box.start() + len(box.group().rstrip()), box.group().startswith("☒")


def _is_answered(cells: Sequence[tuple[Cell, str]]) -> bool:
    """Whether a header row is an answered label after all: "Uitstroombestemming | vmbo-kader" on top of a form."""
    if len(cells) != 2 or not cells[0][1] or form_word("plain_header").match(_clean(cells[0][1])):
        return False
    return len(cells[1][1].split()) > 5 or not form_word("answer_header").search(cells[1][1])


def _row_answers(index: int, block: Block, under: tuple[str, ...], heads: int) -> Iterator[Answer]:
    """The cells of a row, each under its row label and column; a row of boxes is the option that is ticked."""
    cells = [(c, block.text[c.start : c.end]) for c in block.cells]
    group = ("table", block.table if block.table is not None else index)
    if not cells:
        return
    if block.is_header_row and not _is_answered(cells):
        return
    first = cells[0][1]
    named = len(first.split()) <= 14 or _ends_question(first)
    boxed = [(c, t) for c, t in cells[1:] if re.fullmatch(r"\s*[☒☐]\s*", t)]
    filled = [t for _, t in cells[1:] if t.strip() and not re.fullmatch(r"\s*[☒☐]\s*", t)]

    def made(
        start: int,
        end: int,
        text: str,
        labels: Sequence[str | None],
        ticked: bool | None = None,
        *,
        asked: bool = True,
        leads: bool = False,
    ) -> Answer:
        return Answer(
            block=index,
            start=start,
            end=end,
            text=text,
            labels=(*(_clean(x) for x in labels if x and x.strip()), *under),
            row=block.text,
            group=group,
            ticked=ticked,
            asked=asked,
            leads=leads,
            head=block.cells[0].header or "",
            heads=heads,
        )

    if boxed and len(cells) > 1:
        for cell, mark in boxed:
            on = "☒" in mark
            option = cell.header or ""
            if form_word("decides").search(option):
                yield made(cells[0][0].start, cells[0][0].end, option, (first,), on)
            else:
                yield made(cells[0][0].start, cells[0][0].end, first, (option, cells[0][0].header), on)
        if not filled:
            return
    head = block.cells[0].header or ""
    if len(cells) == 1 or (head and not form_word("plain_header").match(_clean(head)) and not boxed):
        cell, text = cells[0]
        for start, end, said, ticked, own in _cell_parts(cell.start, text):
            yield made(start, end, said, (own, cell.header), ticked, asked=bool(cell.header), leads=len(cells) > 1)
    for cell, text in cells[1:]:
        if re.fullmatch(r"\s*[☒☐]\s*", text):
            continue
        if not text.strip():
            yield made(cell.start, cell.end, "", (first if named else None, cell.header))
            continue
        for start, end, said, ticked, own in _cell_parts(cell.start, text):
            yield made(start, end, said, (own, first if named else None, cell.header), ticked)


def _cell_parts(offset: int, text: str) -> Iterator[tuple[int, int, str, bool | None, str | None]]:
    """Sentences and options of a cell with the label that stands inside it ("Datum: …")."""
    own: str | None = None
    for start, end in sentence_spans(text):
        label = _INLINE.match(text[start:end])
        if label and not _is_clause(label.group(1)):
            own, start = label.group(1), start + label.end()  # noqa: PLW2901  (the answer begins behind its label)
        for first, last, ticked in _options(text[start:end]):
            said = text[start + first : start + last]
            yield offset + start + first, offset + start + last, said.strip("☒☐ "), ticked, own
