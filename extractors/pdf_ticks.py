"""Boxes to tick and bullets that are drawn, not written: squares and circles with or without a mark inside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.normalise import CHECKED, UNCHECKED
from extractors.pdf_grid import Box, Grid
from extractors.pdf_shapes import PageContent, Piece, Shape

_TICKBOX = (5.0, 21.0)  # sides of a drawn square that is a box to tick
_LEAST_OF_TEXT = 0.5  # smaller than this share of the text beside it, an open circle is a bullet


def is_tickbox(grid: Grid) -> bool:
    """Whether the lines draw a single small square."""
    x0, top, x1, bottom = grid.box
    return len(grid.cells) == 1 and _is_small_square(x1 - x0, bottom - top)


def ticked(grids: Sequence[Grid], page: PageContent, pieces: list[Piece]) -> list[Piece]:
    """Adds a checkbox for every small square or circle that is drawn; what stands inside ticks it."""
    for box in _boxes(grids, page.shapes):
        x0, top, x1, bottom = box
        marks = [p for p in pieces if len(p.text) <= 2 and x0 <= (p.x0 + p.x1) / 2 <= x1 and top <= p.middle <= bottom]
        if any(mark.text in "☒☐☑" for mark in marks):
            continue
        beside = _beside(box, pieces)
        if beside is not None and x1 - x0 < _LEAST_OF_TEXT * beside.size:
            continue
        checked = bool(marks) or _is_marked(box, page.shapes)
        pieces = [piece for piece in pieces if piece not in marks]
        pieces.append(_checkbox(box, beside, pieces, checked=checked))
    return pieces


def drawn_bullets(page: PageContent) -> Iterator[Piece]:
    """A bullet for every dot that is drawn just before a line of text."""
    for shape in page.shapes:
        if shape.width >= _TICKBOX[0]:
            continue
        for piece in page.pieces:
            near = 1 < piece.x0 - shape.x1 < 3 * piece.size
            if near and abs(piece.middle - shape.middle[1]) < 0.35 * piece.size:
                yield Piece(text="•", x0=shape.x0, x1=shape.x1, base=piece.base, size=piece.size, order=piece.order)
                break


def _boxes(grids: Sequence[Grid], shapes: Sequence[Shape]) -> list[Box]:
    """Every box to tick once, also when it is drawn as fill, outline and border on top of one another."""
    boxes: list[Box] = [grid.box for grid in grids if is_tickbox(grid)]
    for shape in shapes:
        if not shape.is_box or not _is_small_square(shape.width, shape.bottom - shape.top):
            continue
        around = [other for other in shapes if other.is_box and _same_middle(shape.middle, other.middle)]
        # a dark square or dot by itself is a bullet
        open_box = any(not other.dark for other in around)
        visible = any(other.dark or other.stroked for other in around)
        outer = max(around, key=lambda other: other.width)
        if open_box and visible and outer is shape and not any(_same_middle(shape.middle, _middle(b)) for b in boxes):
            boxes.append((shape.x0, shape.top, shape.x1, shape.bottom))
    return boxes


def _is_marked(box: Box, shapes: Sequence[Shape]) -> bool:
    """Whether a mark is drawn inside: a dot, a cross, a tick, or the whole box in colour."""
    width = box[2] - box[0]
    for shape in shapes:
        x, y = shape.middle
        if not (box[0] < x < box[2] and box[1] < y < box[3]):
            continue
        if shape.dark or (not shape.is_box and shape.width > 0.35 * width):
            return True
        if shape.stroked and shape.width < 0.75 * width:
            return True
    return False


def _beside(box: Box, pieces: Sequence[Piece]) -> Piece | None:
    """The text behind a box, or in front of it, on the same line."""
    middle = (box[1] + box[3]) / 2
    near = [piece for piece in pieces if abs(piece.middle - middle) < 0.6 * piece.size]
    near = [piece for piece in near if -1 < piece.x0 - box[2] < 60 or -1 < box[0] - piece.x1 < 30]
    return min(near, key=lambda piece: abs(piece.x0 - box[2]), default=None)


def _checkbox(box: Box, beside: Piece | None, pieces: Sequence[Piece], *, checked: bool) -> Piece:
    x0, top, x1, bottom = box
    size = beside.size if beside else max(8.0, bottom - top)
    base = beside.base if beside else (top + bottom) / 2 + 0.3 * size
    order = beside.order if beside else _order_before(box, pieces)
    return Piece(text=CHECKED if checked else UNCHECKED, x0=x0, x1=x1, base=base, size=size, order=order)


def _order_before(box: Box, pieces: Sequence[Piece]) -> int:
    """The place in the stream of what stands left of a box: a box alone in its cell is written after that."""
    middle = (box[1] + box[3]) / 2
    left = [piece for piece in pieces if piece.x1 <= box[0] + 1 and abs(piece.middle - middle) < 0.8 * piece.size]
    return max(left, key=lambda piece: piece.x1).order if left else 0


def _is_small_square(width: float, height: float) -> bool:
    low, high = _TICKBOX
    return low <= width <= high and low <= height <= high and abs(width - height) < 2


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _same_middle(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return abs(a[0] - b[0]) < 2 and abs(a[1] - b[1]) < 2
