"""What norms there are and what each asks, as text for a terminal. Judges nothing and knows no recognition."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from textwrap import wrap
from typing import Any

from pipeline.norm.load import available_norms, load_norm
from pipeline.norm.schema import Norm, Requirement
from pipeline.norm.strict_yaml import parse_yaml

_MAX_WIDTH = 100
_MIN_LAST = 24  # a last column narrower than this breaks a title at every word
_GAP = "  "

Row = Sequence[str]


def norms(*, data_dir: Path | None = None, width: int | None = None) -> str:
    """List the shipped norms: id, version, number of requirements, kinds of document, title.

    Args:
        data_dir: Folder of the norms; None for those of this installation.
        width: Columns of the terminal; None to ask it. Never more than 100 are used.
    """
    words = _words()["norms"]
    known = [load_norm(name, data_dir=data_dir).norm for name in available_norms(data_dir=data_dir)]
    rows = [(n.id, n.version, str(len(n.requirements)), ", ".join(n.kinds), n.title) for n in known]
    table = _table([tuple(words["columns"].values()), *rows], _room(width))
    return "\n".join([*(line for lines in table for line in lines), "", words["more"]])


def requirements(norm: str | Path, *, data_dir: Path | None = None, width: int | None = None) -> str:
    """List the requirements of a norm by group: id, level, sectors, title.

    Args:
        norm: Id of a shipped norm, or the path of a YAML file.
        data_dir: As for ``norms``.
        width: As for ``norms``.

    Raises:
        NormError: The norm can't be found or has mistakes.
    """
    words = _words()["requirements"]
    loaded = load_norm(norm, data_dir=data_dir).norm
    head = words["head"].format(title=loaded.title, version=loaded.version, count=len(loaded.requirements))
    more = words["more"].format(example=loaded.requirements[0].id)
    lines = _by_group(loaded, words["columns"], _room(width))
    return "\n".join([*wrap(_clean(head), _room(width)), *lines, "", *wrap(more, _room(width))])


def _by_group(norm: Norm, columns: Mapping[str, str], width: int) -> Iterator[str]:
    rows = [_row(requirement) for requirement in norm.requirements]
    # one table for all groups, so that columns stay in line from group to group
    heading, *told = _table([tuple(columns.values()), *rows], width)
    yield from ("", *heading)
    for group in norm.groups:
        own = [lines for r, lines in zip(norm.requirements, told, strict=True) if r.group == group.id]
        if own:
            yield from ("", _clean(group.title))
            yield from (line for lines in own for line in lines)


def _row(requirement: Requirement) -> Row:
    return requirement.id, requirement.level or "", ", ".join(requirement.sectors), requirement.title


def _table(rows: Sequence[Row], width: int) -> list[list[str]]:
    """The lines of each row of a table; only the last column wraps."""
    cleaned = [tuple(_clean(cell) for cell in row) for row in rows]
    columns = [max(len(row[i]) for row in cleaned) for i in range(len(cleaned[0]) - 1)]
    return [_lines(row, columns, width) for row in cleaned]


def _lines(row: Row, columns: Sequence[int], width: int) -> list[str]:
    first = _GAP.join(f"{cell:<{size}}" for cell, size in zip(row, columns, strict=False)) + _GAP
    room = width - len(first)
    if room < _MIN_LAST:  # a narrow terminal: the last column goes below the others
        return [first.rstrip(), *wrap(row[-1], width, initial_indent=_GAP, subsequent_indent=_GAP)]
    return [line.rstrip() for line in wrap(row[-1], width, initial_indent=first, subsequent_indent=" " * len(first))]


def _room(width: int | None) -> int:
    return min(width or shutil.get_terminal_size((_MAX_WIDTH, 24)).columns, _MAX_WIDTH)


def _clean(text: str) -> str:
    """On one line, without characters of somebody's own norm that could steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in " ".join(text.split()))


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Any]:
    parsed = parse_yaml(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    assert isinstance(parsed.value, dict)
    return parsed.value
