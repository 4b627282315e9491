"""What the terminal can show: for the commands, since renderers decide nothing about it."""

from __future__ import annotations

import os
import shutil
import sys


def width() -> int:
    """Columns of the terminal, at most 120."""
    return min(shutil.get_terminal_size((100, 24)).columns, 120)


def tell(text: str) -> None:
    """A line beside the result: stdout holds the result alone."""
    print(text, file=sys.stderr)


def has_colour() -> bool:
    """Whether stdout is a terminal that shows colours, and nobody asked for none."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
