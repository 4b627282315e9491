"""Decides which Word paragraphs are headings, items and lines of a table of contents, and how deep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.document import Block, BlockKind
from extractors.normalise import clean, clean_line, number_label, settle_choices, split_bullet, toc_entry

_LONGEST_HABIT = 100
_LONGEST_STYLED = 250


@dataclass(slots=True, kw_only=True)
class Line:
    """One paragraph with what decides its kind; ``raw`` still has its tabs."""

    raw: str
    page: int | None
    heading: int | None = None
    list_level: int | None = None
    label: str = ""
    toc: bool = False
    bold: bool = False
    size: int = 0
    kind: BlockKind | None = None
    """Set from the start for footnotes and the like, else found here."""
    source: object = None
    """What the line was read from: the reader's own, and only looked at by whoever writes back."""


Flow = Sequence[Line | list[Block]]


def to_blocks(flow: Flow) -> list[Block]:
    """Blocks in order; tables (lists of row blocks) stay as they are."""
    return [block for blocks in blocks_of_each(flow) for block in blocks]


def blocks_of_each(flow: Flow) -> list[list[Block]]:
    """The blocks that each line or table gives, in order."""
    lines = [item for item in flow if isinstance(item, Line)]
    typed = [line for line in lines if line.kind is None and line.list_level is None]
    for line, text in zip(typed, settle_choices([line.raw for line in typed]), strict=True):
        line.raw = text
    _mark_typed_toc(flow)
    body_size = _body_size(lines)
    habit = _habit_headings(flow, body_size)
    ranks = _size_ranks(flow, habit)
    last_real = 0
    blocks: list[list[Block]] = []
    for index, item in enumerate(flow):
        if isinstance(item, list):
            blocks.append(item)
            continue
        level = None
        if _is_styled_heading(item):
            level = last_real = item.heading or 1
        elif index in habit:
            level = last_real + (ranks[item.size] if not last_real else 1)
        blocks.append(_blocks_of(item, level))
    return blocks


def _is_styled_heading(line: Line) -> bool:
    if line.heading is None or line.toc or line.kind:
        return False
    text = line.raw.strip()
    return len(text) <= _LONGEST_STYLED and any(character.isalnum() for character in text)


def _blocks_of(line: Line, level: int | None) -> list[Block]:
    if line.kind:
        return [Block(kind=line.kind, text=clean(line.raw), page=line.page)]
    if line.toc:
        title = toc_entry(line.raw) or clean_line(line.raw)
        return [Block(kind=BlockKind.TOC, text=title, page=line.page)] if title else []
    text = clean(line.raw)
    if level is not None:
        text = clean_line(f"{line.label} {text}")
        return [Block(kind=BlockKind.HEADING, text=text, level=level, page=line.page)]
    if line.list_level is not None:
        _, text = split_bullet(text)
        text = f"{line.label} {text}" if line.label else text
        return [Block(kind=BlockKind.ITEM, text=text, level=line.list_level, page=line.page)]
    return [_plain_block(part, line.page) for part in _split_typed_list(text)]


def _plain_block(text: str, page: int | None) -> Block:
    bullet, rest = split_bullet(text)
    if bullet:
        return Block(kind=BlockKind.ITEM, text=rest, level=1, page=page)
    if number_label(text):
        return Block(kind=BlockKind.ITEM, text=text, level=1, page=page)
    return Block(kind=BlockKind.PARAGRAPH, text=text, page=page)


def _split_typed_list(text: str) -> list[str]:
    """A list that was typed inside one paragraph with soft line breaks, item by item."""
    lines = text.split("\n")
    if not any(split_bullet(line)[0] for line in lines[1:]):
        return [text]
    parts = [lines[0]]
    for line in lines[1:]:
        if split_bullet(line)[0]:
            parts.append(line)
        else:
            parts[-1] += "\n" + line
    return [part for part in parts if part]


def _body_size(lines: Sequence[Line]) -> int:
    sizes: Counter[int] = Counter()
    for line in lines:
        if line.heading is None and not line.bold:
            sizes[line.size] += len(line.raw)
    return sizes.most_common(1)[0][0] if sizes else 0


def _habit_headings(flow: Flow, body_size: int) -> frozenset[int]:
    """Positions of paragraphs that are headings by habit: short, wholly bold or larger, above something that is not."""
    found: set[int] = set()
    waiting: list[int] = []
    for index, item in enumerate(flow):
        if isinstance(item, Line) and _could_be_heading(item, body_size):
            waiting.append(index)
            continue
        # a cover or a form that is bold throughout has no headings: they come in threes at most
        if len(waiting) <= 3:
            found.update(waiting)
        waiting = []
    return frozenset(found)


def _could_be_heading(line: Line, body_size: int) -> bool:
    if line.kind or line.toc or line.heading is not None or (line.list_level is not None and not line.label):
        return False
    text = line.raw.strip()
    if not text or len(text) > _LONGEST_HABIT or "\n" in text or text[-1] in ".;,!" or split_bullet(text)[0]:
        return False
    if not any(character.isalpha() for character in text):
        return False
    return line.bold or line.size >= body_size * 1.15


def _size_ranks(flow: Flow, habit: frozenset[int]) -> dict[int, int]:
    """Level by size among headings by habit, for documents without real headings."""
    sizes = {item.size for index in habit if isinstance(item := flow[index], Line)}
    return {size: rank for rank, size in enumerate(sorted(sizes, reverse=True), start=1)}


def _mark_typed_toc(flow: Flow) -> None:
    """Marks a table of contents that was typed: dot leaders, or three or more lines with a tab and a page number."""
    run: list[Line] = []
    for item in [*flow, None]:
        if isinstance(item, Line) and not item.kind and toc_entry(item.raw):
            run.append(item)
            continue
        if len(run) >= 3 or any("..." in line.raw or "…" in line.raw for line in run):
            for line in run:
                line.toc = True
        run = []
