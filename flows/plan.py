"""What a batch has to do: which documents are checked, which reports still hold. Reads files, writes none."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.archive import read_member
from extractors.document import ReadCode
from extractors.limits import DEFAULT, Limits, RefusedError
from flows.discovery import Found
from flows.output import report_digest
from flows.places import report_folders
from flows.remote import remote_digest
from flows.state import Record, State
from flows.worker import Job, Outcome, Target
from pipeline.check.facts import told_by_name
from pipeline.steps import Sector

_MAX_CHUNK = 50  # a task costs Prefect 20-30 ms of CPU, a document 100 ms and more
_CHUNKS_PER_WORKER = 4

# These may lie in the circumstances: a busy machine, a share that was away. Everything else lies in the bytes.
_CIRCUMSTANTIAL = frozenset({ReadCode.TIMEOUT, ReadCode.INTERNAL, ReadCode.NOT_FOUND})


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a verdict depends on beside the bytes."""

    version_key: str
    norm: str | None
    sector: Sector | None
    limits: Limits = DEFAULT

    def record(self, sha256: str | None, folder: str) -> Record:
        """The record of a document that is to be checked on this basis."""
        return Record(sha256=sha256, version_key=self.version_key, norm=self.norm, sector=self.sector, folder=folder)

    def done(self, outcome: Outcome, target: Target, report: str | None) -> Record:
        """The record of a document that was checked: of the bytes that were read, which may have changed since."""
        return self.record(outcome.sha256, target.folder).model_copy(
            update={"report": report, "error": outcome.error, "gaps": outcome.has_gaps, "partly": outcome.is_partly}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    folders: Mapping[str, str]
    """Every document, in order, with the folder of its reports."""
    reused: frozenset[str]
    """Documents of which the report still holds."""
    jobs: tuple[Job, ...]


def make_plan(files: Sequence[Found], out: Path, basis: Basis, state: State, *, force: bool) -> Plan:
    """Decide for each file whether its report still holds; files with equal bytes become one job.

    Args:
        files: All files of the batch.
        out: Folder of the reports.
        basis: Of this run; a report made on another one does not hold.
        state: Of the runs before.
        force: Check everything.
    """
    folders = report_folders(file.label for file in files)
    reused: set[str] = set()
    same: dict[tuple[str, ...], list[tuple[Found, str | None]]] = {}
    for file in files:
        digest = None if file.refused else _digest(file, state)
        record = basis.record(digest, folders[file.label])
        if not force and digest is not None and _holds(state.documents.get(file.label), record, out):
            reused.add(file.label)
        else:
            # the name of a file may tell its school year: then equal bytes are not the same document
            key = (digest, *told_by_name(file.label)) if digest else ("unreadable", file.label)
            same.setdefault(key, []).append((file, digest))
    jobs = tuple(_job(members, folders, out, basis) for members in same.values())
    return Plan(folders=folders, reused=frozenset(reused), jobs=jobs)


def chunked(jobs: Sequence[Job], workers: int) -> tuple[tuple[Job, ...], ...]:
    """Divide jobs over tasks: few enough to cost little, enough to keep all workers busy until the end."""
    wanted = workers * _CHUNKS_PER_WORKER
    size = max(1, min(_MAX_CHUNK, -(-len(jobs) // wanted)))
    return tuple(tuple(jobs[start : start + size]) for start in range(0, len(jobs), size))


def file_digest(path: Path, inside: tuple[int, ...] = ()) -> str | None:
    """SHA-256 of a file, or of one in an archive; None when it can't be read."""
    try:
        if inside:
            return hashlib.sha256(read_member(path, inside)).hexdigest()
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, RefusedError):
        return None


def _digest(file: Found, state: State) -> str | None:
    if file.url is None:
        return file_digest(file.path, file.inside)
    known = state.documents.get(file.label)
    if known is not None and file.stamp is not None and known.stamp == file.stamp:
        return known.sha256
    return remote_digest(file.url)


def _holds(known: Record | None, wanted: Record, out: Path) -> bool:
    if known is None or not known.is_on(wanted) or known.report is None or known.error in _CIRCUMSTANTIAL:
        return False
    return report_digest(out, known.folder) == known.report


def _job(members: Sequence[tuple[Found, str | None]], folders: Mapping[str, str], out: Path, basis: Basis) -> Job:
    (first, digest), *_ = members
    return Job(
        path=first.path,
        inside=first.inside,
        targets=tuple(Target(label=file.label, folder=folders[file.label]) for file, _ in members),
        out=out,
        norm=basis.norm,
        sector=basis.sector,
        limits=basis.limits,
        sha256=digest,
        refused=first.refused,
        url=first.url,
        stamp=first.stamp,
    )
