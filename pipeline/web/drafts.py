"""Where drafts live until they are deleted: the queue, the hands that check, what each person has, and when it goes.

Nothing of a draft is in the store. Its bytes lie sealed on disk, its report and text are in the memory of this process;
so when the server stops, all drafts are gone.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from extractors.document import ReadCode
from flows.pool import worker_count
from pipeline import steps
from pipeline.check.say import dutch as sayer
from pipeline.plan_result import Plan
from pipeline.result import ErrorInfo, NormText
from pipeline.web.checker import (
    Checked,
    Checker,
    CheckTask,
    LostError,
    Planned,
    PlanTask,
    RemarkTask,
    Source,
    check_upload,
    limits_for,
    plan_uploads,
    write_remarks,
)
from pipeline.web.uploads import Upload

log = logging.getLogger("dekkend")

_SWEEP_S = 30.0
_MOST_WAITING = 400  # drafts; at a second each on two cores more than three minutes
_MOST_OF_ONE = 60  # drafts of one person
_MOST_BYTES = 4 * 1024**3  # of all uploads together
_TIMEOUT_S = 180.0  # for one draft, scans included

Task = CheckTask | PlanTask
Result = Checked | Planned


class State(StrEnum):
    WAITING = "waiting"
    CHECKING = "checking"
    DONE = "done"


class Needs(Protocol):
    """What the desk asks of the settings of the server."""

    @property
    def keep_hours(self) -> float: ...
    @property
    def max_upload_mb(self) -> int: ...
    @property
    def workers(self) -> int | None: ...


class FullError(Exception):
    """No room for more: ``own`` when it is this person who has too many."""

    def __init__(self, *, own: bool) -> None:
        super().__init__("own" if own else "all")
        self.own = own


@dataclass(eq=False, slots=True, kw_only=True)
class Draft:
    """What somebody uploaded and what came of it; ``listed`` is False for one that a program sent."""

    id: str
    number: int
    owner: int
    task: Task
    came: dt.datetime
    expires: dt.datetime
    previous: str | None
    listed: bool
    state: State = State.WAITING
    result: Result | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    job: asyncio.Task[Result] | None = None

    @property
    def uploads(self) -> Sequence[Upload]:
        return (self.task.upload,) if isinstance(self.task, CheckTask) else self.task.uploads

    @property
    def name(self) -> str:
        """What it is called in lists."""
        return self.uploads[0].name

    @property
    def checked(self) -> Checked | None:
        return self.result if isinstance(self.result, Checked) else None

    @property
    def planned(self) -> Planned | None:
        return self.result if isinstance(self.result, Planned) else None

    @property
    def is_plan(self) -> bool:
        """Whether a plan is made of it instead of a report."""
        return isinstance(self.task, PlanTask)

    @property
    def size(self) -> int:
        return sum(upload.sealed.size for upload in self.uploads)


class Desk:
    """Takes drafts in, has them checked in the order in which they came, and throws them away in time."""

    def __init__(self, settings: Needs, *, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> None:
        self._settings = settings
        self._now = now
        self._drafts: dict[str, Draft] = {}
        self._number = 0
        self._limits = limits_for(settings.max_upload_mb, _TIMEOUT_S)

    async def start(self) -> None:
        """Start the workers and what deletes."""
        self._folder = tempfile.TemporaryDirectory(prefix="dekkend-concepten-")
        self._waiting: asyncio.Queue[Draft] = asyncio.Queue()
        # a little more than the reader's own limit, so that the reader gets to say what was the matter
        self._checker = Checker(workers=worker_count(self._settings.workers), timeout_s=_TIMEOUT_S + 10)
        self._tasks = [asyncio.create_task(self._hand()) for _ in range(self._checker.workers)]
        self._tasks.append(asyncio.create_task(self._sweep()))

    async def stop(self) -> None:
        """Stop at once; all drafts are gone."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for draft in list(self._drafts.values()):
            self._drop(draft)
        await asyncio.to_thread(self._checker.stop)
        self._folder.cleanup()

    @property
    def folder(self) -> Path:
        """For sealed files."""
        return Path(self._folder.name)

    def ensure_room(self, owner: int) -> None:
        """Ask before an upload is read.

        Raises:
            FullError: There is no room.
        """
        mine = sum(draft.owner == owner for draft in self._drafts.values())
        waiting = sum(draft.state is State.WAITING for draft in self._drafts.values())
        if mine >= _MOST_OF_ONE:
            raise FullError(own=True)
        if waiting >= _MOST_WAITING or sum(draft.size for draft in self._drafts.values()) >= _MOST_BYTES:
            raise FullError(own=False)

    def check(
        self,
        owner: int,
        upload: Upload,
        *,
        norm: str | None = None,
        sector: steps.Sector | None = None,
        previous: str | None = None,
        listed: bool = True,
    ) -> Draft:
        """Put a document in the queue to be checked.

        Args:
            owner: Who alone may see it.
            upload: The document.
            norm: Id of a norm; default that of its kind.
            sector: Goes before what the document says.
            previous: The draft that it is a next version of.
            listed: Whether the owner sees it in lists.
        """
        task = CheckTask(upload=upload, norm=norm, sector=sector, limits=self._limits)
        return self._take_in(owner, task, previous=previous, listed=listed)

    def plan(self, owner: int, uploads: Sequence[Upload]) -> Draft:
        """Put the documents of a pupil in the queue, for a pre-filled plan."""
        return self._take_in(owner, PlanTask(uploads=tuple(uploads), limits=self._limits), previous=None, listed=True)

    def mine(self, owner: int) -> list[Draft]:
        """What a person has, the newest first."""
        found = [d for d in self._drafts.values() if d.owner == owner and d.listed and not self._is_over(d)]
        return sorted(found, key=lambda draft: -draft.number)

    def find(self, owner: int, number: str) -> Draft | None:
        """A draft by its id; None when there is none, also when it is somebody else's."""
        draft = self._drafts.get(number)
        return draft if draft and draft.owner == owner and not self._is_over(draft) else None

    def place(self, draft: Draft) -> int:
        """How many are before it in the queue; 0 for one that is being checked."""
        if draft.state is not State.WAITING:
            return 0
        return sum(one.state is not State.DONE and one.number < draft.number for one in self._drafts.values())

    async def wait(self, draft: Draft, seconds: float) -> bool:
        """Wait until a draft is done, no longer than this; returns whether it is."""
        with suppress(TimeoutError):
            await asyncio.wait_for(draft.ready.wait(), seconds)
        return draft.state is State.DONE

    async def with_remarks(self, draft: Draft, text: NormText) -> bytes | None:
        """The document of a draft that was checked, with the remarks of its report in it; None where that can't be."""
        if draft.checked is None:
            return None
        task = RemarkTask(
            upload=draft.uploads[0],
            report=draft.checked.report,
            text=text,
            document=draft.checked.document,
            limits=self._limits,
        )
        try:
            return await self._checker.run(write_remarks, task)
        except LostError as lost:
            log.warning("opmerkingen niet geschreven: %s", lost.code)
            return None

    def remove(self, draft: Draft) -> None:
        """Delete a draft and all that came of it."""
        self._drafts.pop(draft.id, None)
        self._drop(draft)

    def _take_in(self, owner: int, task: Task, *, previous: str | None, listed: bool) -> Draft:
        came = self._now()
        self._number += 1
        draft = Draft(
            id=secrets.token_urlsafe(16),
            number=self._number,
            owner=owner,
            task=task,
            came=came,
            expires=came + dt.timedelta(hours=self._settings.keep_hours),
            previous=previous,
            listed=listed,
        )
        self._drafts[draft.id] = draft
        self._waiting.put_nowait(draft)
        return draft

    async def _hand(self) -> None:
        while True:
            draft = await self._waiting.get()
            if draft.id not in self._drafts:
                continue  # deleted while it waited
            draft.state = State.CHECKING
            draft.job = asyncio.create_task(self._work(draft.task))
            try:
                draft.result = await draft.job
            except asyncio.CancelledError:
                if draft.id in self._drafts:
                    raise  # it is the server that stops
                continue
            finally:
                draft.job = None
            draft.state = State.DONE
            draft.ready.set()

    async def _work(self, task: Task) -> Result:
        try:
            if isinstance(task, CheckTask):
                return await self._checker.run(check_upload, task)
            return await self._checker.run(plan_uploads, task)
        except LostError as lost:
            log.warning("concept niet gelezen: %s", lost.code)
            return _lost(task, lost.code)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_S)
            self.delete_old()

    def delete_old(self) -> None:
        """Delete what was kept long enough."""
        for draft in [draft for draft in self._drafts.values() if self._is_over(draft)]:
            self.remove(draft)

    def _is_over(self, draft: Draft) -> bool:
        return self._now() >= draft.expires

    def _drop(self, draft: Draft) -> None:
        for upload in draft.uploads:
            upload.sealed.drop()
        draft.result = None
        if draft.job is not None:
            draft.job.cancel()
        draft.state = State.DONE
        draft.ready.set()


def _lost(task: Task, code: ReadCode) -> Result:
    if isinstance(task, CheckTask):
        return Checked(report=steps.error_report(task.upload.name, code), document=None)
    return Planned(plan=Plan(fields={}, open=(), conflicts=()), word=b"", sources=tuple(_unread(task, code)))


def _unread(task: PlanTask, code: ReadCode) -> Iterator[Source]:
    error = ErrorInfo(code=str(code), message=sayer().error(code))
    for upload in task.uploads:
        yield Source(name=upload.name, kind="unknown", error=error)
