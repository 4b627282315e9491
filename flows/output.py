"""Writes reports and overview, each file aside first and then moved: what is there is always whole, old or new."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.parse import quote

from flows.errors import OutUnwritableError
from flows.places import REPORT_HTML, REPORT_JSON
from pipeline.report.html import render_html
from pipeline.report.index import render_index
from pipeline.report.labels import is_about_pupil
from pipeline.report.report_json import parse_report, render_json
from pipeline.report.view import Entry
from pipeline.report.xlsx import write_overview
from pipeline.result import NormText, Report


def write_report(out: Path, folder: str, report: Report, text: NormText | None) -> str:
    """Write both reports of a document; returns the SHA-256 of the JSON.

    The JSON is an array of one report, as ``dekkend check --format json`` prints it for one file. It is written last:
    where it stands, the page stands too.

    Raises:
        OutUnwritableError: There is no room or no permission, or the folder is a link out of ``out``.
    """
    # both texts are made before anything is written: a report that can't be shown leaves no half a pair
    page, data = render_html(report, text), render_json([report])
    place = _within(out, folder)
    write_aside(place / REPORT_HTML, lambda path: _write_text(path, page))
    write_aside(place / REPORT_JSON, lambda path: _write_text(path, data))
    return hashlib.sha256(data.encode()).hexdigest()


def report_digest(out: Path, folder: str) -> str | None:
    """What ``write_report`` returned for what is there now; None when one of the two files is missing."""
    place = out / folder
    try:
        if not (place / REPORT_HTML).is_file():
            return None
        return hashlib.sha256((place / REPORT_JSON).read_bytes()).hexdigest()
    except OSError:
        return None


def read_report(out: Path, folder: str) -> Report | None:
    """Read back what ``write_report`` wrote; None when one of the two files is missing, or is not what we write."""
    place = out / folder
    try:
        if not (place / REPORT_HTML).is_file():
            return None
        (data,) = json.loads((place / REPORT_JSON).read_text(encoding="utf-8"))
        return parse_report(data)
    except (OSError, ValueError, TypeError):  # pydantic's error is a ValueError
        return None


def pages_of(out: Path, folder: str) -> list[tuple[str, bytes]]:
    """Both reports of a document as they are on disk, by their path below ``out``; the JSON last."""
    names = [f"{folder}/{name}" for name in (REPORT_HTML, REPORT_JSON)]
    return [(name, (out / name).read_bytes()) for name in names]


def bring_in(out: Path, pages: Iterable[tuple[str, bytes]]) -> None:
    """Write reports that were made elsewhere.

    Raises:
        OutUnwritableError: As ``write_report``.
    """
    for name, data in pages:
        folder, _, file = name.rpartition("/")
        place = _within(out, folder)
        write_aside(place / file, partial(_write_bytes, data=data))


def write_overview_pair(
    files: tuple[Path, Path],
    entries: Sequence[tuple[str, Report]],
    texts_of: Callable[[str], NormText],
    *,
    title: str,
    generated: str,
) -> None:
    """Write the page and the workbook over some documents.

    Args:
        files: The page and the workbook, both in the folder of the reports.
        entries: Folder and report of each document, in the order of the documents.
        texts_of: From a norm's id to its texts.
        title: Heading of the page.
        generated: The date as people read it.
    """
    index, workbook = files
    linked = [Entry(report=report, href=quote(f"{folder}/{REPORT_HTML}")) for folder, report in entries]
    norms = _norms([report for _, report in entries])
    texts = {norm: texts_of(norm) for norm in norms}
    page = render_index(linked, texts[norms[0]], title=title, generated=generated)
    write_aside(index, lambda path: _write_text(path, page))
    write_aside(workbook, lambda path: write_overview(linked, path, norm_texts=texts))


def write_page(path: Path, page: str) -> None:
    """Replace a page.

    Raises:
        OutUnwritableError: There is no room or no permission.
    """
    write_aside(path, lambda aside: _write_text(aside, page))


def _norms(reports: Iterable[Report]) -> list[str]:
    """The norms in use, the one of most schools first: that one gets the matrix. Pupils' documents are never in it."""
    counts: Counter[str] = Counter()
    for report in reports:
        if report.norm is not None:
            counts[report.norm.id] += 0 if is_about_pupil(report.document.kind) else 1
    return [norm for norm, _ in counts.most_common()] or ["anb"]


def remove_reports(out: Path, folder: str) -> None:
    """Remove the reports of a document that is gone, unless somebody put something of their own beside them."""
    place = out / folder
    try:
        _within(out, folder, make=False)
        ours = [file for name in (REPORT_HTML, REPORT_JSON) for file in (place / name, _aside(place / name))]
        if not place.is_dir() or place.is_symlink() or not set(place.iterdir()) <= set(ours):
            return
        for file in ours:
            file.unlink(missing_ok=True)
        while place != out:
            place.rmdir()
            place = place.parent
    except (OSError, OutUnwritableError):
        return  # not empty further up, or no permission: nothing refers to it any more


def write_aside(path: Path, write: Callable[[Path], None]) -> None:
    """Have a file written under another name in the same folder, then put it in the place of the old one.

    Raises:
        OutUnwritableError: There is no room or no permission.
    """
    aside = _aside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            write(aside)
            _put_in_place(aside, path)
        except BaseException:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise OutUnwritableError from problem


def _put_in_place(aside: Path, path: Path) -> None:
    try:
        aside.replace(path)
    except FileNotFoundError:
        # another helper had the same share, and put the same file in place just now
        if not path.is_file():
            raise


def _aside(path: Path) -> Path:
    # no random part: one process at a time writes here, and what a killed worker left is overwritten by the next
    return path.with_name(f".{path.name}.part")


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_bytes(path: Path, *, data: bytes) -> None:
    path.write_bytes(data)


def _within(out: Path, folder: str, *, make: bool = True) -> Path:
    """The folder, which may not lead out of ``out`` by a link that was there already."""
    place = out / folder
    try:
        if make:
            place.mkdir(parents=True, exist_ok=True)
        if not Path(os.path.realpath(place)).is_relative_to(os.path.realpath(out)):
            raise OutUnwritableError("In de map voor de verslagen staat een koppeling naar een plek daarbuiten.")
    except OSError as problem:
        raise OutUnwritableError from problem
    return place
