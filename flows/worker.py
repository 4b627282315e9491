"""What happens in a worker process: one document in, its reports on disk, a few facts back.

Nothing that comes back holds text of the document, and neither do exceptions: an exception of a library may quote it.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from extractors.document import ReadCode
from extractors.limits import DEFAULT, Limits
from extractors.programs import MAX_ADDRESS_SPACE, limit_memory, silence
from flows.output import write_report
from flows.remote import local_copy
from pipeline import steps
from pipeline.changes import is_gap
from pipeline.errors import DekkendError
from pipeline.report.labels import is_about_pupil
from pipeline.result import Reason, Report, Verdict

CHECKER = "flows.worker:check_one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A document's name in its report, and the folder of its reports below the output folder."""

    label: str
    folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One file to check, with all names that it has in the batch: equal bytes are checked once."""

    path: Path
    targets: tuple[Target, ...]
    out: Path
    norm: str | None
    sector: steps.Sector | None
    sha256: str | None
    inside: tuple[int, ...] = ()
    limits: Limits = DEFAULT
    refused: ReadCode | None = None
    url: str | None = None
    """Where the document is when it is no file of this machine; ``path`` is then only its name."""
    stamp: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the batch needs to know of a report that is on disk."""

    sha256: str | None
    error: str | None
    has_gaps: bool
    is_partly: bool
    digests: tuple[str, ...] = ()
    """Of the reports on disk, in the order of the job's targets."""
    gaps: tuple[tuple[str, Verdict], ...] = ()
    """Requirement and verdict of each gap; of documents about pupils none."""
    seconds: float = 0
    trace: str | None = None
    """For ``internal``: type of the exception and where it was raised; never its message."""


def start_worker(norm: str | None, max_address_space: int = MAX_ADDRESS_SPACE) -> None:
    """Get a fresh process ready: silent, bounded, language data loaded."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    silence(1, 2)  # stdout is for the result
    limit_memory(max_address_space)
    try:
        steps.warm_up(norm)
    except (DekkendError, MemoryError, ImportError):
        return  # the first document meets it again, and there it can be told


def check_one(job: Job) -> Report:
    """Check a document under the first of its names."""
    with local_copy(job.path, job.url) as path:
        return steps.check_file(
            path,
            name=job.targets[0].label,
            norm=job.norm,
            sector=job.sector,
            limits=job.limits,
            inside=job.inside,
        )


def run_job(checker: str, job: Job) -> Outcome:
    """Check a document and write its reports, whatever happens while checking.

    Args:
        checker: The function that checks, as ``module:function``; a name because functions don't travel.
        job: The document.

    Raises:
        DekkendError: The norm, the model or the output folder is not in order; that is no property of the document.
    """
    if job.refused is not None:
        return write_failure(job, job.refused)
    started = time.monotonic()
    try:
        outcome = _write(job, _load(checker)(job))
        return replace(outcome, seconds=time.monotonic() - started)
    except DekkendError:
        raise
    except MemoryError:
        code, trace = ReadCode.TOO_LARGE, None
    except Exception as problem:  # noqa: BLE001  the per-file runner: one document never stops the others
        code, trace = ReadCode.INTERNAL, trace_of(problem)
    return write_failure(job, code, trace=trace)


def write_failure(job: Job, code: ReadCode, *, trace: str | None = None) -> Outcome:
    """Write the report of a document that could not be checked."""
    report = steps.error_report(job.targets[0].label, code)
    document = report.document.model_copy(update={"sha256": job.sha256})
    return _write(job, report.model_copy(update={"document": document}), trace=trace)


def outcome_of(report: Report, *, digests: tuple[str, ...] = (), trace: str | None = None) -> Outcome:
    """The few facts of a report that a batch counts; gaps are what ``dekkend check`` counts as gaps."""
    counts = report.summary
    return Outcome(
        sha256=report.document.sha256,
        error=report.error.code if report.error else None,
        has_gaps=bool(counts.missing or counts.partial or counts.review),
        is_partly=any(finding.reason is Reason.UNREADABLE for finding in report.findings),
        digests=digests,
        gaps=() if is_about_pupil(report.document.kind) else _gaps(report),
        trace=trace,
    )


def _gaps(report: Report) -> tuple[tuple[str, Verdict], ...]:
    return tuple((finding.requirement, finding.verdict) for finding in report.findings if is_gap(finding.verdict))


def _write(job: Job, report: Report, *, trace: str | None = None) -> Outcome:
    text = steps.texts_of(job.norm or report.norm.id) if report.norm else None
    digests = []
    for target in job.targets:
        document = report.document.model_copy(update={"path": target.label})
        digests.append(write_report(job.out, target.folder, report.model_copy(update={"document": document}), text))
    return outcome_of(report, digests=tuple(digests), trace=trace)


@lru_cache(maxsize=4)
def _load(checker: str) -> Callable[[Job], Report]:
    module, _, name = checker.partition(":")
    function: Callable[[Job], Report] = getattr(import_module(module), name)
    return function


def trace_of(problem: BaseException) -> str:
    """Type of an exception and where it was raised; not its message, which may quote a document."""
    frames = traceback.extract_tb(problem.__traceback__)
    return " < ".join(
        [type(problem).__name__, *(f"{Path(f.filename).stem}.{f.name}:{f.lineno}" for f in reversed(frames))]
    )
