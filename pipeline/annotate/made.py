"""What comes back from writing remarks into a file, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """A file with remarks, and how that went."""

    data: bytes
    placed: int
    """Remarks that stand in the text."""
    whole: int
    """Of those, how many stand at more than their passage: a paragraph, a control, a page."""
    unplaced: int
    """Remarks that stand at the end."""
    notes: tuple[str, ...] = ()
    """Dutch, what a person should know of this version of the file."""
