"""Gives every block the headings above it: one rule for all file formats."""

from __future__ import annotations

from collections.abc import Iterable

from extractors.document import Block, BlockKind

_OUTSIDE = frozenset({BlockKind.HEADER, BlockKind.FOOTER})


def _within(block: Block, section: tuple[str, ...]) -> Block:
    """The block in this section; written out, since ``replace`` takes three times as long for each block."""
    return Block(
        kind=block.kind,
        text=block.text,
        level=block.level,
        page=block.page,
        section=section,
        table=block.table,
        cells=block.cells,
        is_header_row=block.is_header_row,
        uncertain=block.uncertain,
    )


def with_sections(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with their section filled in; running headers and footers belong to none.

    A heading closes the open headings of its own level and deeper ones. Levels may be skipped.
    """
    result: list[Block] = []
    levels: list[int] = []
    section: tuple[str, ...] = ()
    for block in blocks:
        if block.kind in _OUTSIDE:
            result.append(block)
            continue
        if block.kind is BlockKind.HEADING:
            level = block.level or 1
            while levels and levels[-1] >= level:
                levels.pop()
            section = section[: len(levels)]
            result.append(_within(block, section) if section else block)
            levels.append(level)
            section = (*section, block.text)
        else:
            result.append(_within(block, section) if section else block)
    return tuple(result)
