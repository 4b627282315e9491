"""From a passage of a block to two places in the bytes of the main part where a comment can begin and end.

A comment may begin inside a run: the run is cut there by additions alone. It may not stand in a content control, a
computed field, a formula or a text box: then it goes around them. (Word puts values that are bound to data back into a
control, and has no comments in text boxes.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.word_origin import Origin, Spot
from pipeline.annotate.xml_bytes import Part

# what a comment may begin and end in besides a paragraph
_OPEN = frozenset(("ins", "moveTo", "hyperlink", "smartTag", "dir", "bdo"))
_NO_CONTENT = frozenset(("rPr", "lastRenderedPageBreak"))
_SPACE = ' xml:space="preserve"'


@dataclass(frozen=True, slots=True, order=True)
class Cut:
    """A place in the bytes, with what to write before and after whatever is put there."""

    place: int
    before: str = ""
    after: str = ""
    prefix: str = "w:"
    text: int | None = None
    """The text element that is cut in two, where the space at its end would be lost."""


@dataclass(frozen=True, slots=True)
class Range:
    """Where a comment begins and ends; ``exact`` when that is the passage and no more."""

    start: Cut
    end: Cut
    exact: bool


def range_of(part: Part, origin: Origin, text: str, start: int, end: int | None) -> Range | None:
    """The range of a passage, of its whole paragraph where that is as near as can be, or None.

    Args:
        part: The main part.
        origin: Of the block.
        text: Of the block.
        start: Of the passage, in code points.
        end: Of the passage; None for the whole block.
    """
    if not all(_is(part, number, "p") for number in origin.paragraphs):
        # a file that two readers count differently: better at the end than at a wrong place
        return None
    if any(_is_bound(part, paragraph) for paragraph in origin.paragraphs):
        return None
    return _exact(part, origin.spots, text, start, len(text) if end is None else end) or _whole(part, origin.paragraphs)


def _exact(part: Part, spots: Sequence[Spot | None], text: str, start: int, end: int) -> Range | None:
    known = [spot for spot in spots[start:end] if spot is not None]
    wanted = sum(not character.isspace() and character != "|" for character in text[start:end])
    # a label that Word counts, or a box that was typed in three characters, stands in no run
    if not known or len(known) * 5 < wanted * 4:
        return None
    first, around_first = _edge(part, known[0], after=False)
    last, around_last = _edge(part, known[-1], after=True)
    if first is None or last is None or first.place >= last.place:
        return None
    return Range(first, last, exact=not (around_first or around_last))


def _whole(part: Part, paragraphs: Sequence[int]) -> Range | None:
    """From the first letter of the first paragraph to the end of the last."""
    if not paragraphs:
        return None
    boxed = {_outside_box(part, number) for number in (paragraphs[0], paragraphs[-1])}
    if boxed != {None}:
        box = next(number for number in boxed if number is not None)
        anchor = _outermost(part, box)
        if anchor is None:
            return None
        around = part.elements[anchor]
        return Range(Cut(around.start, prefix=around.prefix), Cut(around.end, prefix=around.prefix), exact=False)
    first, last = part.elements[paragraphs[0]], part.elements[paragraphs[-1]]
    if first.empty or last.empty:
        return None
    begin = first.inner
    for child in part.children(paragraphs[0]):
        if part.elements[child].name == "pPr":
            begin = part.elements[child].end
    return Range(Cut(begin, prefix=first.prefix), Cut(last.close, prefix=last.prefix), exact=False)


def _is(part: Part, number: int, name: str) -> bool:
    return 0 <= number < len(part.elements) and part.elements[number].name == name


def _is_bound(part: Part, paragraph: int) -> bool:
    """Whether the paragraph stands in a control whose content Word takes from elsewhere when it opens the file."""
    for number in part.ancestors(paragraph):
        if part.elements[number].name != "sdt":
            continue
        for child in part.children(number):
            if part.elements[child].name == "sdtPr":
                return any(part.elements[own].name == "dataBinding" for own in part.children(child))
    return False


def _outside_box(part: Part, number: int) -> int | None:
    """The outermost text box around an element."""
    boxes = [around for around in part.ancestors(number) if part.elements[around].name == "txbxContent"]
    return boxes[-1] if boxes else None


def _outermost(part: Part, number: int) -> int | None:
    """The element to go around: the outermost one within the paragraph that a comment can't stand in, else itself."""
    chosen = number
    for around in part.ancestors(number):
        name = part.elements[around].name
        if name == "p":
            return chosen
        if name not in _OPEN:
            chosen = around
    return None


def _edge(part: Part, spot: Spot, *, after: bool) -> tuple[Cut | None, bool]:
    """The cut before or after a character, and whether it lies around more than that character's passage."""
    box = _outside_box(part, spot.run)
    anchor = _outermost(part, spot.run if box is None else box)
    if anchor is None:
        return None, True
    run = part.elements[anchor]
    outside = Cut(run.end if after else run.start, prefix=run.prefix)
    if anchor != spot.run or spot.child is None or part.elements[spot.child].parent != anchor:
        return outside, True
    content = [child for child in part.children(anchor) if part.elements[child].name not in _NO_CONTENT]
    child = part.elements[spot.child]
    places = part.characters(spot.child) if child.name == "t" else None
    if child.name == "t" and (places is None or spot.offset + 1 >= len(places)):
        return outside, True
    offset = spot.offset
    if places is not None and after:
        offset = part.whole_character(spot.child, offset + 1)
    reopened = f"</{run.prefix}r>", f"<{run.prefix}r>{_look(part, anchor)}"
    at_edge = offset == len(places) - 1 if places is not None and after else offset == 0
    if places is None or at_edge:
        if spot.child == (content[-1] if after else content[0]):
            return outside, False
        return Cut(child.end if after else child.start, *reopened, run.prefix), False
    before, behind = reopened
    name = f"{child.prefix}t"
    return Cut(places[offset], f"</{name}>{before}", f"{behind}<{name}{_SPACE}>", run.prefix, spot.child), False


def _look(part: Part, run: int) -> str:
    for child in part.children(run):
        if part.elements[child].name == "rPr":
            element = part.elements[child]
            return part.data[element.start : element.end].decode()
    return ""
