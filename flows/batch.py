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
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from extractors.limits import DEFAULT, Limits
from flows import progress as shown
from flows.archives import with_members
from flows.discovery import STATE_FOLDER, Discovery, find_files
from flows.embedded import start_early
from flows.errors import OrchestratorError, OutUnwritableError, PlaceError
from flows.keeper import Keeper, NoKeeper
from flows.lock import locked
from flows.output import remove_reports
from flows.overview import Overview, bring_up_to_date
from flows.places import INDEX, OVERVIEW
from flows.plan import Basis, Plan, chunked, make_plan
from flows.pool import CheckPool, Lost, Manner, StoppedError, start_pool, worker_count
from flows.progress import NoProgress, ProgressSink
from flows.settings import prepare_environment
from flows.state import Record, read_state, write_state
from flows.work import Work
from flows.worker import CHECKER, Job, Outcome, write_failure
from pipeline import steps
from pipeline.errors import DekkendError
from pipeline.report.labels import read_labels
from pipeline.result import Verdict
from pipeline.store.shares import Shared

log = logging.getLogger("dekkend")

LOCAL: Final = "local"
POOL: Final = "pool:"
DASK: Final = "dask://"
TIMEOUT_S: Final = 300.0  # a scan of many pages takes that long to read by OCR
_REMOTE_CHUNKS = 8  # as if there were so many workers: how many there are only the cluster knows
TITLE: Final = "Overzicht van de verslagen"
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Where several machines keep account of who does what."""

    store: Engine
    shared: Shared


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
    with_gaps: int
    """How many documents miss something."""
    skipped: int
    """How many reports still held and were not made again."""
    removed: int
    """Documents that were there the time before."""
    codes: tuple[tuple[str, int], ...]
    """How often each error code came up, over all documents."""
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
    timeout_s: float = TIMEOUT_S,
    progress: ProgressSink | None = None,
    force: bool = False,
    checker: str = CHECKER,
    limits: Limits = DEFAULT,
    title: str = TITLE,
    today: dt.date | None = None,
    found: Discovery | None = None,
    keeper: Keeper | None = None,
    on: str = LOCAL,
    sharing: Sharing | None = None,
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
        found: The documents, when they were looked for already; ``folder`` is then not looked at.
        keeper: Keeps the results elsewhere too, chunk by chunk.
        on: Where documents are checked: LOCAL, a Dask cluster (``dask://machine:8786``), or the process workers of a
            Prefect work pool (``pool:NAME``), for which ``sharing`` is needed.
        sharing: How work is divided over machines.

    Returns:
        The counts, and where the overview is.

    Raises:
        DekkendError: Wrong use: folder, output folder, norm or model is not in order, or a batch is going on already.
        KeyboardInterrupt: Passed on; what was written remains and the next run goes on from there.
    """
    started = time.monotonic()
    _refuse_unknown(on, sharing)
    prepare_environment()
    found = find_files(folder, out=out) if found is None else found
    files = with_members(found.files, limits)
    out = out.resolve()
    basis = Basis(version_key=steps.version_key(norm, limits), norm=_portable(norm), sector=sector, limits=limits)
    _make_folder(out / STATE_FOLDER)
    with locked(out / STATE_FOLDER / "lock"):
        manner = Manner(checker=checker, timeout_s=timeout_s, norm=basis.norm)
        how = _How(manner=manner, workers=worker_count(workers), on=on, sharing=sharing)
        run = _Run(out, basis, how, progress or NoProgress(), keeper or NoKeeper())
        plan = make_plan(files, out, basis, run.state, force=force)
        run.check(plan)
        records = [run.state.documents[label] for label in plan.folders]
        assert len(records) == len(files), "a report for every file, whatever happened"
        removed = run.conclude(plan, title=title, generated=in_dutch(today or dt.date.today()))  # noqa: DTZ011
    return _result(
        records,
        skipped=len(plan.reused),
        removed=removed,
        ignored=found.ignored,
        out=out,
        seconds=time.monotonic() - started,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    manner: Manner
    workers: int
    on: str
    sharing: Sharing | None


class _Run:
    """What the threads of one batch share."""

    def __init__(self, out: Path, basis: Basis, how: _How, progress: ProgressSink, keeper: Keeper) -> None:
        self.state = read_state(out / STATE_FOLDER / "state.json")
        self._before = dict(self.state.documents)
        self._out = out
        self._basis = basis
        self._how = how
        self._progress = progress
        self._keeper = keeper
        self._lock = threading.Lock()
        self._again: list[Job] = []
        self._problems: list[Exception] = []
        self._gaps: Counter[tuple[str, Verdict]] = Counter()
        self._unreadable = 0

    def check(self, plan: Plan) -> None:
        """Do the jobs of a plan; afterwards the state has a record of every document."""
        self._progress.start(len(plan.folders))
        try:
            for label in sorted(plan.reused):
                self._progress.advance(label, shown.UNCHANGED)
            if plan.jobs:
                self._check_jobs(plan.jobs)
        finally:
            self._progress.finish()
            self._save()

    def conclude(self, plan: Plan, *, title: str, generated: str) -> int:
        """Drop what is gone and bring the overview up to date; returns how many documents are gone."""
        self.state.documents = {label: self.state.documents[label] for label in plan.folders}
        overview = Overview(out=self._out, title=title, generated=generated, norm=self._basis.norm)
        written = bring_up_to_date(overview, self.state, list(plan.folders), workers=self._how.workers)
        gone = self._before.keys() - plan.folders.keys()
        for folder in {record.folder for record in self._before.values()} - set(plan.folders.values()):
            remove_reports(self._out, folder)
        if written or gone or plan.jobs:
            self._save()
        self._keeper.finish(self.state.documents)
        return len(gone)

    def _check_jobs(self, jobs: tuple[Job, ...]) -> None:
        if self._how.on != LOCAL:
            chunks = chunked(jobs, _REMOTE_CHUNKS)
            self._run_flow(chunks, len(chunks), check=lambda _: 0, finish=lambda: 0, stop=lambda: None)
            return
        workers = min(self._how.workers, len(jobs))
        start_early()  # what takes longest
        pool = start_pool(self._how.manner, workers=workers)
        chunks = chunked(jobs, workers)
        try:
            self._run_flow(
                chunks,
                workers + 1,  # one more than workers, so that the next chunk is there when one ends
                check=lambda number: self._check_chunk(pool, chunks[number]),
                finish=lambda: self._check_alone(pool),
                stop=pool.stop,
            )
        finally:
            pool.stop()

    def _run_flow(
        self,
        chunks: tuple[tuple[Job, ...], ...],
        threads: int,
        *,
        check: Callable[[int], int],
        finish: Callable[[], int],
        stop: Callable[[], None],
    ) -> None:
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
        work = Work(
            check_chunk=lambda number: quietly(lambda: check(number)),
            finish=lambda: quietly(finish),
            on_stop=stop,
            run=uuid.uuid4().hex,
            documents=jobs,
            chunks=len(chunks),
            threads=threads,
            gaps=self._gap_rows,
            unreadable=lambda: self._unreadable,
        )
        try:
            done = run_flow(work) if self._how.on == LOCAL else self._run_elsewhere(work, chunks, quietly)
        except FlowStoppedError:
            if not self._problems:
                raise
        except DekkendError:
            raise
        except Exception as problem:
            raise OrchestratorError from problem
        if self._problems:
            raise self._problems[0]
        assert done == jobs, "every document came back"

    def _run_elsewhere(
        self, work: Work, chunks: tuple[tuple[Job, ...], ...], quietly: Callable[[Callable[[], int]], int]
    ) -> int:
        if self._how.on.startswith(POOL):
            return self._run_on_pool(work, chunks, quietly)
        from flows.dask import run_on_dask  # noqa: PLC0415

        how = self._how
        return run_on_dask(work, chunks, how.manner, how.on, lambda results: quietly(lambda: self._take_in(results)))

    def _run_on_pool(
        self, work: Work, chunks: tuple[tuple[Job, ...], ...], quietly: Callable[[Callable[[], int]], int]
    ) -> int:
        from flows.helpers import Division  # noqa: PLC0415
        from flows.pool_flow import run_on_pool  # noqa: PLC0415

        how, sharing = self._how, self._how.sharing
        assert sharing is not None, "looked at before"
        pool = how.on.removeprefix(POOL)
        division = Division(pool=pool, store=sharing.store, shared=sharing.shared, out=self._out)
        return run_on_pool(work, chunks, division, how.manner, lambda results: quietly(lambda: self._take_in(results)))

    def _take_in(self, results: Sequence[tuple[Job, Outcome | Lost]]) -> int:
        """Note a chunk that was checked elsewhere; its reports are on disk here."""
        started = time.monotonic()
        for job, result in results:
            self._note(job, result)
        self._end_chunk([job for job, _ in results], started)
        return len(results)

    def _check_chunk(self, pool: CheckPool, jobs: tuple[Job, ...]) -> int:
        """Check a chunk; what crashed is left for the end, when nothing else can be the cause."""
        started = time.monotonic()
        done = []
        for job, result in pool.check(jobs):
            if isinstance(result, Lost) and result.may_retry:
                self._again.append(job)
            else:
                self._note(job, result)
                done.append(job)
        self._end_chunk(done, started)
        return len(done)

    def _check_alone(self, pool: CheckPool) -> int:
        started = time.monotonic()
        for job in self._again:
            for _, result in pool.check([job]):
                self._note(job, result)
        self._end_chunk(self._again, started)
        return len(self._again)

    def _end_chunk(self, jobs: Sequence[Job], started: float) -> None:
        self._save()
        labels = [target.label for job in jobs for target in job.targets]
        if labels:
            self._keeper.keep({label: self.state.documents[label] for label in labels})
        log.info("chunk", extra={"documents": len(labels), "seconds": round(time.monotonic() - started, 3)})

    def _note(self, job: Job, result: Outcome | Lost) -> None:
        outcome = write_failure(job, result.code) if isinstance(result, Lost) else result
        if outcome.trace:
            log.warning("intern: %s", outcome.trace)
        if outcome.error:
            log.info("unreadable", extra={"code": outcome.error, "document": (outcome.sha256 or "")[:8]})
        with self._lock:
            self._gaps.update(outcome.gaps)
            self._unreadable += len(job.targets) if outcome.error else 0
            for target, digest in zip(job.targets, outcome.digests, strict=True):
                record = self._basis.done(outcome, target, digest).model_copy(update={"stamp": job.stamp})
                self.state.documents[target.label] = record
                self._progress.advance(target.label, _word(record))

    def _gap_rows(self) -> list[dict[str, object]]:
        """What the documents of this run lack, most first: requirement by verdict."""
        wanted = (Verdict.MISSING, Verdict.PARTIAL, Verdict.REVIEW)
        names = sorted({name for name, _ in self._gaps}, key=lambda name: (-self._gaps[name, Verdict.MISSING], name))
        return [
            {"eis": name, **{read_labels()["verdicts"][v]["word"]: self._gaps[name, v] for v in wanted}}
            for name in names
        ]

    def _save(self) -> None:
        with self._lock:
            write_state(self._out / STATE_FOLDER / "state.json", self.state)


def _refuse_unknown(on: str, sharing: Sharing | None) -> None:
    if on == LOCAL or on.startswith(DASK) or (on.startswith(POOL) and sharing is not None):
        return
    raise PlaceError


def _word(record: Record) -> str:
    if record.error is not None:
        return record.error
    return shown.PARTLY if record.partly else shown.READ


def _result(
    records: Iterable[Record], *, skipped: int, removed: int, ignored: int, out: Path, seconds: float
) -> BatchResult:
    everything = list(records)
    words = Counter(_word(record) for record in everything)
    codes = Counter(record.error for record in everything if record.error)
    return BatchResult(
        reports=len(everything),
        read=words[shown.READ],
        partly=words[shown.PARTLY],
        unreadable=codes.total(),
        gaps=any(record.gaps for record in everything),
        with_gaps=sum(record.gaps for record in everything),
        skipped=skipped,
        removed=removed,
        codes=tuple(sorted(codes.items())),
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


def in_dutch(day: dt.date) -> str:
    """A date as people write it."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
