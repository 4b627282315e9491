"""Which characters of a cleaned text are which of the raw text it was made from. Spaces count for nothing."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

from extractors.normalise import clean, lone_mark

# what two texts of one paragraph may have to be compared letter by letter: more would take seconds
_LARGEST = 4_000_000


def letters(raw: str) -> tuple[str, list[int]]:
    """The characters of a text as ``normalise`` keeps them, without spaces, each with its place in the raw text."""
    kept: list[str] = []
    places: list[int] = []
    start = 0
    while start < len(raw):
        end = start + 1
        while end < len(raw) and unicodedata.combining(raw[end]):
            end += 1
        for character in _cleaned(raw[start:end]):
            kept.append(character)
            places.append(start)
        start = end
    return "".join(kept), places


@lru_cache(maxsize=4096)
def _cleaned(cluster: str) -> str:
    return "".join(lone_mark(character) for character in clean(cluster) if not character.isspace())


def align(raw: str, text: str, start: int = 0) -> tuple[list[int | None], int]:
    """For each character of a cleaned text its place in the raw text, None for one that is not there.

    Args:
        raw: What stands in the file.
        text: What became of it or of a part of it: without a bullet, behind a label, with another kind of checkbox.
        start: Where in the raw text to look, for texts that follow one another.

    Returns:
        The places, and where the text ends in the raw text (``start`` when nothing was found).
    """
    ours, our_places = letters(text)
    theirs, their_places = letters(raw[start:])
    found: list[int | None] = [None] * len(text)
    for mine, other, size in _matches(theirs, ours):
        for step in range(size):
            found[our_places[mine + step]] = start + their_places[other + step]
    last = max((place for place in found if place is not None), default=None)
    return found, start if last is None else last + 1


def _matches(theirs: str, ours: str) -> list[tuple[int, int, int]]:
    """Stretches that are the same, as (place in ours, place in theirs, length)."""
    if not ours or not theirs:
        return []
    if (at := theirs.find(ours)) >= 0:
        return [(0, at, len(ours))]
    if (at := ours.find(theirs)) >= 0:
        return [(at, 0, len(theirs))]
    if len(ours) * len(theirs) > _LARGEST:
        return []
    blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    return [(block.a, block.b, block.size) for block in blocks if block.size]
