"""The overview of all reports in a folder: one page and one workbook, or for very many documents a page for each part.

A part is written again only when a document in it changed, and by as many processes as documents are checked by:
memory stays that of one part for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from flows.output import read_report, write_overview_pair, write_page
from flows.places import INDEX, OVERVIEW, PART_INDEX, PART_OVERVIEW
from flows.pool import process_context
from flows.state import State
from flows.words import words
from pipeline import steps
from pipeline.report.front import Part, render_front
from pipeline.result import NormText

# A page of 500 documents by 38 requirements is 6 MB, which a browser still shows at once.
PART_SIZE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What an overview is made with; ``generated`` is the date as people read it, ``norm`` one that was named."""

    out: Path
    title: str
    generated: str
    norm: str | None = None

    def texts_of(self, norm_id: str) -> NormText:
        """The texts of a norm; one of a user's own is known by its file, not by the id in it."""
        return steps.texts_of(self.norm or norm_id)


def bring_up_to_date(
    overview: Overview, state: State, labels: Sequence[str], *, part_size: int = PART_SIZE, workers: int = 1
) -> int:
    """Write what is no longer right, drop what is no longer needed; returns how many parts were written.

    Args:
        overview: Where and how.
        state: With a record of every document; takes note of what the pages are made of.
        labels: The documents, in order.
        part_size: Documents on a page.
        workers: Processes that may write parts at once.
    """
    parts = [labels[start : start + part_size] for start in range(0, len(labels), part_size)] or [labels]
    names = [_names(number, len(parts)) for number in range(1, len(parts) + 1)]
    written = _write_parts(overview, state, list(zip(names, parts, strict=True)), workers)
    if len(parts) > 1 and (written or not (overview.out / INDEX).is_file()):
        shown = [_shown(pair, part, state) for pair, part in zip(names, parts, strict=True)]
        write_page(
            overview.out / INDEX, render_front(shown, title=overview.title, generated=overview.generated, too_many=True)
        )
        state.overviews.pop(INDEX, None)
        (overview.out / OVERVIEW).unlink(missing_ok=True)
    _drop(overview.out, state, keep=[name for pair in names for name in pair])
    return written


def _names(number: int, count: int) -> tuple[str, str]:
    return (INDEX, OVERVIEW) if count == 1 else (PART_INDEX.format(number), PART_OVERVIEW.format(number))


def _write_parts(
    overview: Overview, state: State, parts: Sequence[tuple[tuple[str, str], Sequence[str]]], workers: int
) -> int:
    old = [(pair, part) for pair, part in parts if not _is_right(overview, state, pair, part)]
    folders = [[state.documents[label].folder for label in part] for _, part in old]
    names = [pair for pair, _ in old]
    if workers > 1 and len(old) > 1:
        try:
            with ProcessPoolExecutor(min(workers, len(old)), mp_context=process_context()) as pool:
                list(pool.map(_write_part, [overview] * len(old), names, folders))
        except BrokenProcessPool:
            workers = 1  # one of them was killed: there is time to do it here
    if workers == 1 or len(old) == 1:
        for pair, reports in zip(names, folders, strict=True):
            _write_part(overview, pair, reports)
    for pair, labels in old:
        state.overviews[pair[0]] = state.digest(overview.title, labels)
    return len(old)


def _is_right(overview: Overview, state: State, names: tuple[str, str], labels: Sequence[str]) -> bool:
    there = all((overview.out / name).is_file() for name in names)
    return there and state.overviews.get(names[0]) == state.digest(overview.title, labels)


def _write_part(overview: Overview, names: tuple[str, str], folders: Sequence[str]) -> None:
    reports = ((folder, read_report(overview.out, folder)) for folder in folders)
    index, workbook = (overview.out / name for name in names)
    write_overview_pair(
        (index, workbook),
        [(folder, report) for folder, report in reports if report is not None],
        overview.texts_of,
        title=overview.title,
        generated=overview.generated,
    )


def _shown(names: tuple[str, str], labels: Sequence[str], state: State) -> Part:
    records = [state.documents[label] for label in labels]
    return Part(
        name=words("part", int(names[0][6:9])),
        href=names[0],
        workbook=names[1],
        documents=len(labels),
        unread=sum(record.error is not None for record in records),
        gaps=sum(record.gaps for record in records),
    )


def _drop(out: Path, state: State, *, keep: Sequence[str]) -> None:
    """Pages of before, when there were more parts than now."""
    for name in set(state.overviews) - set(keep):
        if name != INDEX:  # the front page of an overview in parts has that name too
            (out / name).unlink(missing_ok=True)
            (out / Path(name.replace("index", "overview")).with_suffix(".xlsx")).unlink(missing_ok=True)
        del state.overviews[name]
