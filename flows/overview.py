"""The overview of all reports in a folder: one page and one workbook, or for very many documents a page for each part.

A part is written again only when a document in it changed, and by as many processes as documents are checked by:
memory stays that of one part for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
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
    """Write the parts that are no longer right; returns how many."""
    old = []
    for names, labels in parts:
        digest = state.digest(overview.title, labels)
        there = all((overview.out / name).is_file() for name in names)
        if not there or state.overviews.get(names[0]) != digest:
            old.append((names, [state.documents[label].folder for label in labels], digest))
    _write_side_by_side(overview, [(names, folders) for names, folders, _ in old], workers)
    state.overviews.update({names[0]: digest for names, _, digest in old})
    return len(old)


def _write_side_by_side(
    overview: Overview, parts: Sequence[tuple[tuple[str, str], Sequence[str]]], workers: int
) -> None:
    if workers > 1 and len(parts) > 1:
        # a process that was killed is no matter: there is time to do it here
        with (
            suppress(BrokenProcessPool),
            ProcessPoolExecutor(min(workers, len(parts)), mp_context=process_context()) as pool,
        ):
            for _ in pool.map(partial(_write_part, overview), *zip(*parts, strict=True)):
                pass
            return
    for names, folders in parts:
        _write_part(overview, names, folders)


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
