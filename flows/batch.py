"""Check a whole folder, write a report for each document and an overview: ``run_batch``, for the command line.

Whatever a document does to its worker, there is a report on it; a run that is interrupted leaves whole reports and goes
on where it was.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from extractors.limits import DEFAULT, Limits
from flows import progress as shown
from flows.archives import with_members
from flows.discovery import STATE_FOLDER, find_files
from flows.errors import OrchestratorError, OutUnwritableError
from flows.lock import locked
from flows.output import read_report, remove_reports, write_overviews
from flows.places import INDEX, OVERVIEW
from flows.plan import Basis, Plan, chunked, make_plan
from flows.pool import CheckPool, Lost, StoppedError, worker_count
from flows.progress import NoProgress, ProgressSink
from flows.settings import prepare_environment
from flows.state import read_state, write_state
from flows.worker import CHECKER, Job, Outcome, outcome_of, write_failure
from pipeline import steps
from pipeline.result import NormText, Report

log = logging.getLogger("dekkend")

TITLE: Final = "Overzicht van de verslagen"
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What a batch came to; ``reports`` is ``read`` and ``partly`` and ``unreadable`` together."""

    reports: int
    read: int
    partly: int
    """Read, but so much of it could not be that requirements have to be looked at by a person."""
    unreadable: int
    gaps: bool
    """Whether any document misses something, in the sense of the exit status."""
    skipped: int
    """How many reports still held and were not made again."""
    ignored: int
    """Links that lead out of the folder, and what is no file: not opened, no report."""
    out: Path
    index: Path
    overview: Path
    seconds: float

    def summary_line(self) -> str:
        """The last line on stderr."""
        noun = "document" if self.reports == 1 else "documenten"
        line = f"{self.reports} {noun}: {self.read} gelezen, {self.partly} deels, {self.unreadable} niet"
        if self.skipped:
            line += f"; {self.skipped} niet veranderd en overgeslagen"
        if self.ignored:
            line += f"; {self.ignored} {'koppeling' if self.ignored == 1 else 'koppelingen'} niet gevolgd"
        return line


def run_batch(
    folder: Path,
    out: Path,
    *,
    norm: str | None = None,
    sector: steps.Sector | None = None,
    workers: int | None = None,
    timeout_s: float = 300,
    progress: ProgressSink | None = None,
    force: bool = False,
    checker: str = CHECKER,
    limits: Limits = DEFAULT,
    title: str = TITLE,
    today: dt.date | None = None,
) -> BatchResult:
    """Check all documents below a folder that changed since the last time, and bring the overview up to date.

    Args:
        folder: With the documents; all folders in it count too.
        out: For the reports; made when it is not there. May lie in ``folder``, and is then no part of it.
        norm: Id or YAML file; default the norm of each document's kind.
        sector: Goes before what the documents say.
        workers: Documents at once; default one for each core.
        timeout_s: What one document may take.
        progress: Is told how far it is.
        force: Check also what did not change.
        checker: The function that checks a document in a worker, as ``module:function``.
        limits: What a document may cost, and whether OCR and LibreOffice may be started.
        title: Heading of the overview.
        today: Date on the overview; default this day. Reports hold no date.

    Returns:
        The counts, and where the overview is.

    Raises:
        DekkendError: Wrong use: folder, output folder, norm or model is not in order, or a batch is going on already.
        KeyboardInterrupt: Passed on; what was written remains and the next run goes on from there.
    """
    started = time.monotonic()
    prepare_environment()
    found = find_files(folder, out=out)
    files = with_members(found.files, limits)
    out = out.resolve()
    basis = Basis(version_key=steps.version_key(norm, limits), norm=_portable(norm), sector=sector, limits=limits)
    _make_folder(out / STATE_FOLDER)
    with locked(out / STATE_FOLDER / "lock"):
        run = _Run(out, basis, progress or NoProgress(), checker=checker, timeout_s=timeout_s)
        plan = make_plan(files, out, basis, run.state, force=force)
        reports = run.check(plan, worker_count(workers))
        assert len(reports) == len(files), "a report for every file, whatever happened"
        run.conclude(plan, reports, title=title, generated=_in_dutch(today or dt.date.today()))  # noqa: DTZ011
    return _result(
        [outcome_of(report) for report in reports.values()],
        skipped=len(plan.reused),
        ignored=found.ignored,
        out=out,
        seconds=time.monotonic() - started,
    )


class _Run:
    """What the threads of one batch share."""

    def __init__(self, out: Path, basis: Basis, progress: ProgressSink, *, checker: str, timeout_s: float) -> None:
        self.state = read_state(out / STATE_FOLDER / "state.json")
        self._before = dict(self.state.documents)
        self._out = out
        self._basis = basis
        self._progress = progress
        self._checker = checker
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._again: list[Job] = []
        self._problems: list[Exception] = []

    def check(self, plan: Plan, workers: int) -> Mapping[str, Report]:
        """Do the jobs of a plan; returns all reports, new and reused, in the order of the documents."""
        self._progress.start(len(plan.folders))
        try:
            for label in plan.reused:
                self._progress.advance(label, shown.UNCHANGED)
            if plan.jobs:
                self._check_jobs(plan.jobs, min(workers, len(plan.jobs)))
        finally:
            self._progress.finish()
            self._save()
        # read back one by one: a report lives in the worker that made it and on disk, not in two processes at once
        reports = {
            label: plan.reused.get(label) or read_report(self._out, folder) for label, folder in plan.folders.items()
        }
        return {label: report for label, report in reports.items() if report is not None}

    def conclude(self, plan: Plan, reports: Mapping[str, Report], *, title: str, generated: str) -> None:
        """Drop what is gone and write the overview, unless it would be the same."""
        self.state.documents = {label: self.state.documents[label] for label in plan.folders}
        digest = self.state.digest(title)
        complete = (self._out / INDEX).is_file() and (self._out / OVERVIEW).is_file()
        if plan.jobs or self.state.overview != digest or not complete:
            entries = [(plan.folders[label], report) for label, report in reports.items()]
            write_overviews(self._out, entries, self._texts_of, title=title, generated=generated)
        for gone in {record.folder for record in self._before.values()} - set(plan.folders.values()):
            remove_reports(self._out, gone)
        self.state.overview = digest
        self._save()

    def _texts_of(self, norm_id: str) -> NormText:
        # a norm of one's own is known by its file, not by the id in it
        return steps.texts_of(self._basis.norm or norm_id)

    def _check_jobs(self, jobs: tuple[Job, ...], workers: int) -> None:
        self.state.overview = None  # an overview of before holds no longer, also when this run is interrupted
        pool = CheckPool(workers=workers, timeout_s=self._timeout_s, checker=self._checker, norm=self._basis.norm)
        try:
            self._run_flow(pool, chunked(jobs, workers), workers)
        finally:
            pool.stop()

    def _run_flow(self, pool: CheckPool, chunks: tuple[tuple[Job, ...], ...], workers: int) -> None:
        # only now: the workers warm up while Prefect, which takes longer, is imported and starts
        from flows.flow import FlowStoppedError, run_flow  # noqa: PLC0415

        def quietly(work: Callable[[], int]) -> int:
            """Keep problems here: what a task raises ends up in Prefect's database and log."""
            try:
                return work()
            except StoppedError:
                pass
            except Exception as problem:  # noqa: BLE001  raised again below
                self._problems.append(problem)
            # out here, so that it does not carry the problem along as its context
            raise FlowStoppedError

        jobs = sum(len(chunk) for chunk in chunks)
        try:
            done = run_flow(
                lambda number: quietly(lambda: self._check_chunk(pool, chunks[number])),
                lambda: quietly(lambda: self._check_alone(pool)),
                run=uuid.uuid4().hex,
                documents=jobs,
                chunks=len(chunks),
                threads=workers + 1,  # one more than workers, so that the next chunk is there when one ends
                on_stop=pool.stop,
            )
        except FlowStoppedError:
            if not self._problems:
                raise
        except Exception as problem:
            raise OrchestratorError from problem
        if self._problems:
            raise self._problems[0]
        assert done == jobs, "every document came back"

    def _check_chunk(self, pool: CheckPool, jobs: tuple[Job, ...]) -> int:
        """Check a chunk; what crashed is left for the end, when nothing else can be the cause."""
        done = 0
        for job, result in pool.check(jobs):
            if isinstance(result, Lost) and result.may_retry:
                self._again.append(job)
            else:
                self._note(job, result)
                done += 1
        self._save()
        return done

    def _check_alone(self, pool: CheckPool) -> int:
        for job in self._again:
            for _, result in pool.check([job]):
                self._note(job, result)
        return len(self._again)

    def _note(self, job: Job, result: Outcome | Lost) -> None:
        outcome = write_failure(job, result.code) if isinstance(result, Lost) else result
        if outcome.trace:
            log.warning("intern: %s", outcome.trace)
        with self._lock:
            for target in job.targets:
                # the bytes that were read: they may have changed since they were counted
                self.state.documents[target.label] = self._basis.record(outcome.sha256, target.folder)
                self._progress.advance(target.label, _word(outcome))

    def _save(self) -> None:
        with self._lock:
            write_state(self._out / STATE_FOLDER / "state.json", self.state)


def _word(outcome: Outcome) -> str:
    if outcome.error is not None:
        return outcome.error
    return shown.PARTLY if outcome.is_partly else shown.READ


def _result(outcomes: list[Outcome], *, skipped: int, ignored: int, out: Path, seconds: float) -> BatchResult:
    words = Counter(_word(outcome) for outcome in outcomes)
    return BatchResult(
        reports=len(outcomes),
        read=words[shown.READ],
        partly=words[shown.PARTLY],
        unreadable=len(outcomes) - words[shown.READ] - words[shown.PARTLY],
        gaps=any(outcome.has_gaps for outcome in outcomes),
        skipped=skipped,
        ignored=ignored,
        out=out,
        index=out / INDEX,
        overview=out / OVERVIEW,
        seconds=seconds,
    )


def _portable(norm: str | None) -> str | None:
    """A norm file by its full path: workers and later runs may be somewhere else."""
    return str(Path(norm).resolve()) if norm is not None and norm.endswith((".yaml", ".yml")) else norm


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise OutUnwritableError from problem


def _in_dutch(day: dt.date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
