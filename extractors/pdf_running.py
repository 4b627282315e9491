"""Finds running headers and footers: text at the same height at the top or bottom of several pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from extractors.document import Block, BlockKind
from extractors.normalise import clean_line, strip_page_label
from extractors.pdf_lines import by_baseline
from extractors.pdf_rules import page_grids
from extractors.pdf_shapes import PageContent, Piece

_ZONE = 0.12  # of the page's height, at the top and at the bottom
_EDGE = 0.075
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:pagina|pag\.?|blz\.?|p\.)?\s*[-–]?\s*\d{1,3}\s*[-–]?(?:\s*(?:van|/)\s*\d{1,3})?", re.IGNORECASE
)
_WITH_PAGE = re.compile(r"(?:pagina|pag\.|blz\.?)\s*\d{1,3}", re.IGNORECASE)


def split_running(pages: Sequence[PageContent]) -> list[Block]:
    """Takes running headers and footers out of the pages' pieces and returns them as blocks, each text once."""
    candidates: dict[tuple[bool, str, int], list[tuple[PageContent, list[Piece]]]] = defaultdict(list)
    for page in pages:
        for group in _zone_groups(page):
            at_top = group[0].base < page.height / 2
            shape = _DIGITS.sub("#", clean_line(" ".join(piece.text for piece in group)))
            candidates[at_top, shape, 0].append((page, group))
    found: list[tuple[bool, int, float, str]] = []
    for (at_top, shape, _), places in candidates.items():
        numbers_differ = len({"".join(piece.text for piece in group) for _, group in places}) > 1 or len(places) == 1
        for page, group in _repeated(shape, places, len(pages)):
            gone = {id(piece) for piece in group}
            page.pieces = [piece for piece in page.pieces if id(piece) not in gone]
            text = strip_page_label(clean_line(" ".join(piece.text for piece in group)), bare=numbers_differ)
            if text:
                found.append((not at_top, page.number, group[0].base, text))
    return _blocks(sorted(found))


def _zone_groups(page: PageContent) -> list[list[Piece]]:
    top, bottom = page.height * _ZONE, page.height * (1 - _ZONE)
    # a table that reaches into the zone is body text; one that lies in it holds a letterhead
    tables = [grid.box for grid in page_grids(page)]
    tables = [box for box in tables if box[3] > top and box[1] < bottom]
    zone = [
        piece
        for piece in page.pieces
        if piece.upright
        and not top < piece.base < bottom
        and not any(box[0] <= piece.x0 <= box[2] and box[1] <= piece.middle <= box[3] for box in tables)
    ]
    return by_baseline(zone)


def _repeated(
    shape: str, places: Sequence[tuple[PageContent, list[Piece]]], page_count: int
) -> list[tuple[PageContent, list[Piece]]]:
    """The places where this text is running text: at one height on several pages, or a page number at the edge."""
    running: list[tuple[PageContent, list[Piece]]] = []
    numbered = shape.replace("#", "1")
    if _are_headings(shape, places) and not _PAGE_NUMBER.fullmatch(numbered) and not _WITH_PAGE.search(numbered):
        return []
    for page, group in places:
        same = [other for other in places if _same_height(page, group, *other)]
        at_edge = not page.height * _EDGE < group[0].base < page.height * (1 - _EDGE)
        # further from the edge it may be body text that happens to start two pages
        often = len(same) >= max(3, page_count / 2)
        repeated = len(same) > 1 and (at_edge or often or all(_stands_apart(*other) for other in same))
        is_number = bool(_PAGE_NUMBER.fullmatch(numbered)) and (page_count > 1 or at_edge)
        with_number = at_edge and bool(_WITH_PAGE.search(numbered))
        smaller = at_edge and page_count == 1 and group[0].size < _body_size(page) - 0.9
        if repeated or is_number or with_number or smaller:
            running.append((page, group))
    return running


def _are_headings(shape: str, places: Sequence[tuple[PageContent, list[Piece]]]) -> bool:
    """Whether these are "1. Onze school" and so on at the tops of pages: other numbers, in letters that stand out."""
    if "#" not in shape or len({" ".join(piece.text for piece in group) for _, group in places}) < len(places):
        return False
    page, group = places[0]
    return group[0].size > 1.08 * _body_size(page) or all(piece.bold for piece in group if piece.letters)


def _same_height(page: PageContent, group: Sequence[Piece], other: PageContent, others: Sequence[Piece]) -> bool:
    """Whether two lines stand as far from the top, or as far from the bottom, of their pages."""
    from_top = abs(group[0].base - others[0].base)
    from_bottom = abs((page.height - group[0].base) - (other.height - others[0].base))
    return min(from_top, from_bottom) < 3


def _stands_apart(page: PageContent, group: Sequence[Piece]) -> bool:
    """Whether the line is the outermost on its page with clear white space between it and the rest."""
    base, size = group[0].base, group[0].size
    others = [piece.base for piece in page.pieces if piece.upright and abs(piece.base - base) > 0.5 * size]
    if base < page.height / 2:
        return min(others, default=page.height) > base + 2.4 * size
    return max(others, default=0.0) < base - 2.4 * size


def _body_size(page: PageContent) -> float:
    sizes: dict[float, int] = defaultdict(int)
    for piece in page.pieces:
        sizes[piece.size] += piece.letters
    return max(sizes, key=lambda size: sizes[size]) if sizes else 0.0


def _blocks(found: Sequence[tuple[bool, int, float, str]]) -> list[Block]:
    seen: set[tuple[bool, str]] = set()
    blocks: list[Block] = []
    for is_footer, page, _, text in found:
        if (is_footer, text) not in seen:
            seen.add((is_footer, text))
            kind = BlockKind.FOOTER if is_footer else BlockKind.HEADER
            blocks.append(Block(kind=kind, text=text, page=page))
    return blocks
