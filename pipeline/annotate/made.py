"""What comes back from writing remarks into a file, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.annotate.remarks import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """A file with remarks, and how that went."""

    data: bytes
    placed: int
    """Remarks that stand at a passage or on its page; the opening remark does not count."""
    whole: int
    """Of those, how many stand at more than their passage: a paragraph, a control, a page."""
    unplaced: int
    """Remarks that found no place and stand at the end."""
    at_end: int = 0
    """Requirements that stand at the end."""
    notes: tuple[str, ...] = ()
    """Dutch, what a person should know of this version of the file."""

    @property
    def said(self) -> tuple[str, ...]:
        """Dutch, how it went, line by line."""
        say = words()["result"]
        lines = [say["placed"].format(count=self.placed)]
        lines += [say["whole"].format(count=self.whole)] if self.whole else []
        lines += [say["at_end"].format(count=self.at_end)] if self.at_end else []
        lines += [say["unplaced"].format(count=self.unplaced)] if self.unplaced else []
        return (*lines, *self.notes)
