"""What is done with an upload in a process of its own: read it, check it, or fill a plan from it.

A worker gets a sealed file with its key and opens it in memory. What comes back holds text of the document and goes to
the memory of the server only; no exception leaves a worker, since one of a library may quote the document.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pebble import ProcessPool

from extractors.document import Document, ReadCode, ReadError
from extractors.limits import DEFAULT, MEGABYTE, Limits, RefusedError
from extractors.registry import read_bytes
from flows.pool import end_pool, process_context
from flows.worker import start_worker
from pipeline import steps
from pipeline.annotate.errors import AnnotateError
from pipeline.annotate.run import annotated
from pipeline.check.run import Examined
from pipeline.dossier.folder import Piece, piece_of
from pipeline.errors import DekkendError
from pipeline.plan.fill import fill, texts_of_needs
from pipeline.plan.offer import ProfileError, offers_for
from pipeline.plan.word import render_word, shipped_template, template_names
from pipeline.plan_result import Plan
from pipeline.result import ErrorInfo, NormText, Report
from pipeline.web.uploads import Upload
from pipeline.web.vault import BrokenSealError

_NEEDS = ("hulpvraag", "belemmerende_factoren", "beginsituatie", "doelen", "advies_deskundigen")
_WARM = "anb"
_SIDE_BY_SIDE = 2  # a person waits: one draft alone takes two cores, and thirty at once take as long as with one each
_PROFILES = ("sop", "schoolgids")
_MAX_TASKS = 250  # as in flows.pool: libraries for PDF let go of less than they take
_TRIES = 2  # a worker that died may have died of something else

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTask:
    """A document to check; ``norm`` is the id of a norm that comes with dekkend, None for that of its kind."""

    upload: Upload
    norm: str | None = None
    sector: steps.Sector | None = None
    limits: Limits = DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A report with the document that it is about; without one when it could not be read."""

    report: Report
    document: Document | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTask:
    """The documents of one pupil, and with them perhaps the profile of the school."""

    uploads: tuple[Upload, ...]
    limits: Limits = DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document of a dossier: its kind, or why it could not be read."""

    name: str
    kind: str
    error: ErrorInfo | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A pre-filled plan with its Word document and what it was made from; no document when nothing was usable."""

    plan: Plan
    word: bytes
    sources: tuple[Source, ...]


def start_checking() -> None:
    """Get a fresh worker so far that the first draft is no slower than the next: it checks the examples of a norm."""
    start_worker(None)
    import extractors.pdf  # noqa: PLC0415
    import extractors.word  # noqa: F401, PLC0415  (loaded when first needed, as it would be for the first draft)

    with suppress(DekkendError):
        steps.classifier().side_by_side = _SIDE_BY_SIDE
    with suppress(Exception):  # the first draft meets it again, and there it can be told
        texts = [text.example for text in steps.texts_of(_WARM).requirements]
        document = read_bytes("\n\n".join(["# " + _WARM, *texts]).encode(), f"{_WARM}.md")
        if isinstance(document, Document):
            steps.examine_document(document, norm=_WARM)


def limits_for(max_upload_mb: int, seconds: float) -> Limits:
    """What one document may cost."""
    return replace(DEFAULT, max_bytes=max_upload_mb * MEGABYTE, seconds=seconds)


def check_upload(task: CheckTask) -> Checked:
    """Read and check; a document that can't be checked is a report with its error."""
    read = _read(task.upload, task.limits)
    if isinstance(read, ReadError):
        return Checked(report=steps.error_report(task.upload.name, read.code, document=read), document=None)
    examined = steps.examine_document(read, norm=task.norm, sector=task.sector)
    report = examined.report if isinstance(examined, Examined) else examined
    return Checked(report=report, document=read)


def plan_uploads(task: PlanTask) -> Planned:
    """Fill a plan from the documents, with what the school offers where its profile is among them."""
    read = [_read(upload, task.limits) for upload in task.uploads]
    pieces = [piece_of(one, upload.name) for one, upload in zip(read, task.uploads, strict=True)]
    template = shipped_template()
    names = template_names(template).used
    plan = fill(pieces, names=names)
    profile = next((piece for piece in pieces if piece.kind in _PROFILES and piece.document), None)
    if profile is not None:
        plan = _with_offers(plan, pieces, names, profile)
    goals = [goal for piece in pieces for goal in getattr(piece.facts, "goals", ())]
    return Planned(
        plan=plan,
        word=render_word(plan, template, goals),
        sources=tuple(Source(name=piece.path, kind=piece.kind, error=piece.error) for piece in pieces),
    )


def _with_offers(plan: Plan, pieces: Sequence[Piece], names: Sequence[str], profile: Piece) -> Plan:
    try:
        offers = offers_for(texts_of_needs(plan, _NEEDS), Path(profile.path), document=profile.document)
    except ProfileError:
        return plan  # a plan without what the school offers is a plan too
    return fill(pieces, names=names, offers=offers)


def _read(upload: Upload, limits: Limits) -> Document | ReadError:
    try:
        return read_bytes(upload.sealed.read(), upload.name, limits=limits)
    except BrokenSealError:
        return ReadError(source=None, name=upload.name, code=ReadCode.NOT_FOUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkTask:
    """A document to write its report back into."""

    upload: Upload
    report: Report
    text: NormText
    document: Document | None
    limits: Limits = DEFAULT


def write_remarks(task: RemarkTask) -> bytes | None:
    """The document as it was sent, with remarks in it; None where that can't be."""
    try:
        return annotated(task.upload.sealed.read(), task.report, task.text, document=task.document, limits=task.limits)
    except (AnnotateError, RefusedError, BrokenSealError):
        return None


class LostError(Exception):
    """There is no result, and the code says why."""

    def __init__(self, code: ReadCode) -> None:
        super().__init__(code.value)
        self.code = code


class Checker:
    """A pool of warm processes; one that dies or takes too long costs its own task and nothing else."""

    def __init__(self, *, workers: int, timeout_s: float) -> None:
        self.workers = workers
        self._timeout_s = timeout_s
        self._pool = self._start()

    async def run(self, work: Callable[[Any], Result], task: object) -> Result:
        """Do something in a worker.

        Raises:
            LostError: The worker died, ran out of time or memory, or raised.
        """
        for last in (False, True):
            try:
                return await asyncio.wrap_future(self._schedule(work, task))
            except TimeoutError:
                raise LostError(ReadCode.TIMEOUT) from None
            except MemoryError:
                raise LostError(ReadCode.TOO_LARGE) from None
            except (asyncio.CancelledError, CancelledError):
                raise
            except Exception:  # noqa: BLE001  whatever it was, its message may quote a document
                if last:
                    raise LostError(ReadCode.INTERNAL) from None
        raise AssertionError("the last try returns or raises")

    def stop(self) -> None:
        """End the workers at once."""
        end_pool(self._pool)

    def _start(self) -> Any:
        pool = ProcessPool(
            max_workers=self.workers,
            max_tasks=_MAX_TASKS,
            initializer=start_checking,
            context=process_context(),
        )
        assert pool.active, "asking starts the workers, which warm up while nobody waits yet"
        return pool

    def _schedule(self, work: Callable[[Any], Result], task: object) -> Future[Result]:
        if not self._pool.active:
            end_pool(self._pool)
            self._pool = self._start()
        future: Future[Result] = self._pool.schedule(work, args=(task,), timeout=self._timeout_s)
        return future
