"""Ruling lines and coloured areas of a PDF page, those in nested forms included."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2.raw as pdfium

from extractors import pdf_native as native
from extractors.pdf_shapes import Edge, Fill, PageContent, Shape, Transform

_THIN = 3.0  # a filled rectangle up to this wide is a line
_SMALL = (1.5, 21.0)  # sides of drawn bullets and boxes to tick
_BULLET = 4.9
_LONGEST_PATH = 400  # more segments than any table border needs: a drawing

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
Box = tuple[float, float, float, float]
Segment = tuple[int, Point, bool]
"""Kind, place and whether it closes its part of the path."""
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_paths(page: Any, transform: Transform, content: PageContent, kept: set[int]) -> list[Box]:
    """Adds the lines, fills and whether there are images to the page's content.

    Args:
        page: The open page.
        transform: From its coordinates to those on the screen.
        content: What is added to.
        kept: The addresses of the text objects that PDFium kept in its text.

    Returns:
        The places of text that PDFium left out of its text because it lies on the same text once more.
    """
    left_out: list[int] = []
    for thing, kind, matrix, outer in _objects(page.raw, _IDENTITY, 0, kept, left_out):
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            content.has_image = True
            content.painted.append(_object_bounds(thing, outer, transform))
        elif kind == pdfium.FPDF_PAGEOBJ_SHADING:
            content.painted.append(_object_bounds(thing, outer, transform))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            _read_path(thing, matrix, transform, content)
    return list(_drawn_again(left_out, transform))


def _drawn_again(left_out: Sequence[int], transform: Transform) -> Iterator[Box]:
    sides = (ctypes.c_float * 4)()
    places = [native.address_of(sides) + index * ctypes.sizeof(ctypes.c_float) for index in range(4)]
    for address in left_out:
        left, bottom, right, top = sides if native.object_bounds(address, *places) else (0.0, 0.0, 0.0, 0.0)
        # spaces that are objects of their own are not in the text either; they have no height
        if right - left > 2 and top - bottom > 2:
            yield _bounds([transform(left, bottom), transform(right, top)])


def referenced(value: Any) -> tuple[Any, Any]:
    """A C value and the reference that a C function fills it through."""
    return value, ctypes.byref(value)


def _objects(
    holder: Any, outer: Matrix, depth: int, kept: set[int], left_out: list[int]
) -> Iterator[tuple[Any, int, Matrix, Matrix]]:
    """Paths and images of a page or form, with those of nested forms: own matrix, and that of the form.

    Text of the page itself that is not in ``kept`` is noted in ``left_out``.
    """
    if depth:
        count, get = pdfium.FPDFFormObj_CountObjects(holder), native.form_object
    else:
        count, get = pdfium.FPDFPage_CountObjects(holder), native.page_object
    handle = native.address(holder)
    own, own_ref = referenced(pdfium.FS_MATRIX())
    for index in range(count):
        address = get(handle, index)
        if address in kept:
            continue
        kind = native.object_type(address)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            if depth == 0:
                left_out.append(address)
            continue
        thing = ctypes.cast(address, pdfium.FPDF_PAGEOBJECT)
        pdfium.FPDFPageObj_GetMatrix(thing, own_ref)
        matrix = _multiply((own.a, own.b, own.c, own.d, own.e, own.f), outer)
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            if depth < 5:
                yield from _objects(thing, matrix, depth + 1, kept, left_out)
        else:
            yield thing, kind, matrix, outer


def _multiply(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc,
        a * ob + b * od,
        c * oa + d * oc,
        c * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    )


def _read_path(path: Any, matrix: Matrix, transform: Transform, content: PageContent) -> None:
    count = pdfium.FPDFPath_CountSegments(path)
    fill_mode, fill_ref = referenced(ctypes.c_int())
    stroke, stroke_ref = referenced(ctypes.c_int())
    pdfium.FPDFPath_GetDrawMode(path, fill_ref, stroke_ref)
    if count < 2 or not (fill_mode.value or stroke.value):
        return
    colour = _fill_colour(path) if fill_mode.value else None
    if count > _LONGEST_PATH:
        if colour is not None:
            content.painted.append(_object_bounds(path, matrix, transform))
        return
    segments = _segments(path, count, matrix, transform)
    bounds = _bounds([point for _, point, _ in segments])
    if colour is not None:
        content.painted.append(bounds)
    if _add_shape(segments, bounds, colour, bool(stroke.value), content):
        return
    for points in _subpaths(segments):
        if colour is not None:
            _add_fill(points, colour, content)
        if stroke.value:
            for (ax, ay), (bx, by) in itertools.pairwise(points):
                _add_edge(ax, ay, bx, by, content)


def _segments(path: Any, count: int, matrix: Matrix, transform: Transform) -> list[Segment]:
    a, b, c, d, e, f = matrix
    x, x_ref = referenced(ctypes.c_float())
    y, y_ref = referenced(ctypes.c_float())
    found: list[Segment] = []
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x_ref, y_ref)
        point = transform(a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        closes = bool(pdfium.FPDFPathSegment_GetClose(segment))
        found.append((pdfium.FPDFPathSegment_GetType(segment), point, closes))
    return found


def _bounds(points: Sequence[Point]) -> Box:
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return min(xs), min(ys), max(xs), max(ys)


def _object_bounds(thing: Any, matrix: Matrix, transform: Transform) -> Box:
    """The place of an object; one in a form gives its place in that form, so the corners go through the matrix."""
    bounds = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(thing, *(ctypes.byref(bound) for bound in bounds)):
        return 0.0, 0.0, 0.0, 0.0
    left, bottom, right, top = (bound.value for bound in bounds)
    a, b, c, d, e, f = matrix
    corners = ((left, bottom), (right, top), (left, top), (right, bottom))
    return _bounds([transform(a * x + c * y + e, b * x + d * y + f) for x, y in corners])


def _add_shape(
    segments: Sequence[Segment], bounds: Box, colour: str | None, stroked: bool, content: PageContent
) -> bool:
    """Keeps a small shape apart that is about as wide as high; True when it is too small for anything but a bullet."""
    low, high = _SMALL
    width, height = bounds[2] - bounds[0], bounds[3] - bounds[1]
    if not (low <= width <= high and abs(width - height) < 0.5 * width):
        return False
    curves = sum(kind == pdfium.FPDF_SEGMENT_BEZIERTO for kind, _, _ in segments)
    closed = segments[-1][2] or segments[0][1] == segments[-1][1]
    content.shapes.append(
        Shape(
            *bounds, dark=_is_dark(colour), stroked=stroked, is_box=curves >= 12 or (closed and len(segments) in (4, 5))
        )
    )
    return width < _BULLET


def _is_dark(colour: str | None) -> bool:
    """Whether a fill is a mark by itself; a pale background of a field is not."""
    if colour is None:
        return False
    red, green, blue = (int(colour[place : place + 2], 16) for place in (0, 2, 4))
    return 0.3 * red + 0.59 * green + 0.11 * blue < 160


def _subpaths(segments: Sequence[Segment]) -> Iterator[list[Point]]:
    """The straight parts of a path as lists of points; curves break a part."""
    points: list[Point] = []
    for kind, point, closes in segments:
        if kind != pdfium.FPDF_SEGMENT_LINETO:
            if len(points) > 1:
                yield points
            points = []
        points.append(point)
        if closes and len(points) > 1:
            yield [*points, points[0]]
            points = []
    if len(points) > 1:
        yield points


def _fill_colour(path: Any) -> str | None:
    """The fill colour as hex; None for white and for nearly transparent."""
    parts = [ctypes.c_uint() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetFillColor(path, *(ctypes.byref(part) for part in parts)):
        return None
    red, green, blue, alpha = (part.value for part in parts)
    if alpha < 10 or min(red, green, blue) > 252:
        return None
    return f"{red:02X}{green:02X}{blue:02X}"


def _add_fill(points: list[tuple[float, float]], colour: str, content: PageContent) -> None:
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    x0, x1, top, bottom = min(xs), max(xs), min(ys), max(ys)
    if len({round(x) for x in xs}) > 2 and len({round(y) for y in ys}) > 2:
        return
    width, height = x1 - x0, bottom - top
    if width > 0.9 * content.width and height > 0.9 * content.height:
        return
    if height <= _THIN < width:
        content.edges.append(Edge(True, (top + bottom) / 2, x0, x1))
    elif width <= _THIN < height:
        content.edges.append(Edge(False, (x0 + x1) / 2, top, bottom))
    elif width > _THIN and height > _THIN:
        content.fills.append(Fill(x0, top, x1, bottom, colour))


def _add_edge(ax: float, ay: float, bx: float, by: float, content: PageContent) -> None:
    if abs(ay - by) < 0.7 and abs(ax - bx) > 1:
        content.edges.append(Edge(True, (ay + by) / 2, min(ax, bx), max(ax, bx)))
    elif abs(ax - bx) < 0.7 and abs(ay - by) > 1:
        content.edges.append(Edge(False, (ax + bx) / 2, min(ay, by), max(ay, by)))
