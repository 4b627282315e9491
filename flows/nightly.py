"""The work of a night: look into all inboxes, check what changed, keep it in the store, tell what there is to tell.

Killed at any point, it goes on where it was: the reports on disk say what was checked, the store follows them, and news
counts from the last run that was told. A plain function; ``deployments`` makes it a Prefect flow.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from flows.batch import LOCAL, TIMEOUT_S, BatchResult, Sharing, in_dutch, run_batch
from flows.config import Inbox, Nightly, read_schools
from flows.discovery import STATE_FOLDER, Discovery, find_files
from flows.errors import (
    AddressUnreachableError,
    FolderMissingError,
    FolderUnreadableError,
    InboxEmptyError,
    NoDocumentsError,
    OutUnwritableError,
)
from flows.lock import locked
from flows.metrics import METRICS, Measured, write_metrics
from flows.news import News, gather_news, write_news
from flows.notify import send
from flows.output import write_page
from flows.places import INDEX, OVERVIEW
from flows.progress import ProgressSink
from flows.remote import find_documents, is_address
from flows.state import read_state
from flows.store_keeper import StoreKeeper
from flows.worker import CHECKER
from pipeline.errors import DekkendError
from pipeline.report.front import Part, render_front
from pipeline.store.open import open_store
from pipeline.store.record import begin_run, finish_run, mark_told
from pipeline.store.shares import Shared
from pipeline.version import program_version

log = logging.getLogger("dekkend")

# What an inbox may suffer from by itself, and get over: the others are gone on with.
_OF_THE_INBOX = (FolderMissingError, FolderUnreadableError, AddressUnreachableError, InboxEmptyError)
_TRIES = 3
_PAUSE_S = 5.0

Look = Callable[[Inbox, Path], Discovery]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """An inbox that could not be looked into; what was known of it stays as it was."""

    inbox: str
    problem: DekkendError


@dataclass(frozen=True, slots=True, kw_only=True)
class NightlyResult:
    run: int
    resumed: bool
    documents: int
    checked: int
    removed: int
    unreadable: int
    gaps: bool
    troubles: tuple[Trouble, ...]
    news: News
    rows: tuple[Mapping[str, object], ...]
    """A row for each inbox, for people."""
    link: str
    """Where the reports are."""
    told: int
    """How many addresses were told; 0 as well when there was nothing to tell."""
    index: Path
    seconds: float

    def summary_line(self) -> str:
        """What the run came to."""
        noun = "document" if self.documents == 1 else "documenten"
        line = f"run {self.run}: {self.documents} {noun}, {self.checked} getoetst, {self.removed} verdwenen, "
        line += f"{self.unreadable} niet te lezen"
        return line + (f"; {len(self.troubles)} inbox niet bereikbaar" if self.troubles else "")


def run_nightly(
    config: Nightly,
    *,
    on: str = LOCAL,
    workers: int | None = None,
    timeout_s: float = TIMEOUT_S,
    progress: Callable[[], ProgressSink] | None = None,
    allow_empty: bool = False,
    checker: str = CHECKER,
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    look: Look | None = None,
    tell: Callable[[News, Sequence[str]], int] = send,
) -> NightlyResult:
    """Do one night's work.

    Args:
        config: Inboxes, folder for the reports, store, addresses.
        on: As for ``run_batch``.
        workers: As for ``run_batch``.
        timeout_s: As for ``run_batch``.
        progress: Makes what is told how far an inbox is.
        allow_empty: Believe an inbox that is empty, and drop what was in it.
        checker: As for ``run_batch``.
        now: The time.
        look: Finds the documents of an inbox; default with a few tries for what may mend itself.
        tell: Sends the digest; returns how many were told.

    Raises:
        DekkendError: Store, norm or output folder is not in order, or a nightly run is going on already. An inbox that
            can't be reached is no error: it is in the result and in the digest.
    """
    started = time.monotonic()
    store = open_store(config.store)
    (config.out / STATE_FOLDER).mkdir(parents=True, exist_ok=True)
    with locked(config.out / STATE_FOLDER / "nightly.lock"):
        names = [inbox.name for inbox in config.inboxes]
        run = begin_run(store, what="nightly", inboxes=names, program=program_version(), now=now())
        log.info("run", extra={"run": run.id, "resumed": run.resumed, "inboxes": len(names)})
        results: dict[str, BatchResult] = {}
        keepers: dict[str, StoreKeeper] = {}
        troubles: list[Trouble] = []
        for inbox in config.inboxes:
            out = config.out / inbox.name
            keepers[inbox.name] = StoreKeeper(store, run=run.id, inbox=inbox.name, out=out)
            try:
                results[inbox.name] = run_batch(
                    Path(inbox.at),
                    out,
                    found=_believable((look or look_again)(inbox, out), out, allow_empty=allow_empty),
                    norm=inbox.norm,
                    sector=inbox.sector,
                    workers=workers,
                    timeout_s=timeout_s,
                    progress=progress() if progress else None,
                    checker=checker,
                    keeper=keepers[inbox.name],
                    on=on,
                    sharing=Sharing(store=store, shared=Shared(run=run.id, inbox=inbox.name)),
                    title=f"Overzicht {inbox.name}",
                    today=now().date(),
                )
            except _OF_THE_INBOX as problem:
                troubles.append(Trouble(inbox=inbox.name, problem=problem))
                log.warning("inbox", extra={"inbox": inbox.name, "code": problem.code})
        counts = _counts(results, keepers)
        finish_run(store, run.id, now=now(), **counts)
        _write_front(config, results, in_dutch(now().date()))
        news = _news(store, run.id, config, troubles, now())
        seconds = time.monotonic() - started
        measured = Measured(
            **counts,
            seconds=seconds,
            finished=now().timestamp(),
            codes=_codes(results),
            unreachable=len(troubles),
        )
        write_metrics(config.out / METRICS, measured)
        # after everything else: what is not told now, the next run tells
        told = tell(news, config.notify) if news.is_any else 0
        mark_told(store, run.id, now())
        store.dispose()
    log.info("finished", extra={"run": run.id, **counts, "told": told, "seconds": round(seconds, 3)})
    return NightlyResult(
        run=run.id,
        resumed=run.resumed,
        **counts,
        gaps=any(result.gaps for result in results.values()),
        troubles=tuple(troubles),
        rows=_rows(config, results),
        link=_link(config),
        news=news,
        told=told,
        index=config.out / INDEX,
        seconds=seconds,
    )


def look_into(inbox: Inbox, out: Path) -> Discovery:
    """Find the documents of an inbox; an empty one is an empty discovery.

    Raises:
        DekkendError: It can't be reached, or lies wrong.
    """
    if is_address(inbox.at):
        return find_documents(inbox.at)
    try:
        return find_files(Path(inbox.at), out=out)
    except NoDocumentsError:
        return Discovery(files=(), ignored=0)


def look_again(inbox: Inbox, out: Path) -> Discovery:
    """As ``look_into``, a few times when the inbox can't be reached: shares and networks come back."""
    for _ in range(_TRIES - 1):
        try:
            return look_into(inbox, out)
        except (AddressUnreachableError, FolderUnreadableError):
            time.sleep(_PAUSE_S)
    return look_into(inbox, out)


def _believable(found: Discovery, out: Path, *, allow_empty: bool) -> Discovery:
    """A share that is not mounted looks like an empty folder; nobody wants all reports gone for that."""
    known = len(read_state(out / STATE_FOLDER / "state.json").documents)
    if not found.files and known and not allow_empty:
        raise InboxEmptyError
    return found


def _counts(results: dict[str, BatchResult], keepers: dict[str, StoreKeeper]) -> dict[str, int]:
    return {
        "documents": sum(result.reports for result in results.values()),
        "checked": sum(result.reports - result.skipped for result in results.values()),
        "removed": sum(keeper.removed for keeper in keepers.values()),
        "unreadable": sum(result.unreadable for result in results.values()),
    }


def _news(store: Engine, run: int, config: Nightly, troubles: Sequence[Trouble], now: dt.datetime) -> News:
    news = gather_news(
        store,
        run,
        expected=read_schools(config.schools) if config.schools else (),
        kinds=config.expect,
        troubles=[(trouble.inbox, trouble.problem.message) for trouble in troubles],
        day=in_dutch(now.date()),
        link=_link(config),
    )
    if news.is_any:
        write_news(config.out, news)
    return news


def _write_front(config: Nightly, results: dict[str, BatchResult], generated: str) -> None:
    """The page over all inboxes."""
    parts = [
        Part(
            name=inbox.name,
            href=f"{inbox.name}/{INDEX}",
            workbook=f"{inbox.name}/{OVERVIEW}" if (config.out / inbox.name / OVERVIEW).is_file() else None,
            documents=result.reports,
            unread=result.unreadable,
            gaps=result.with_gaps,
        )
        for inbox in config.inboxes
        if (result := results.get(inbox.name)) is not None
    ]
    try:
        write_page(config.out / INDEX, render_front(parts, title="Overzicht van de inboxen", generated=generated))
    except OSError as problem:
        raise OutUnwritableError from problem


def _link(config: Nightly) -> str:
    return config.link or (config.out / INDEX).absolute().as_uri()


def _rows(config: Nightly, results: dict[str, BatchResult]) -> tuple[Mapping[str, object], ...]:
    names = ("documenten", "getoetst", "met hiaten", "niet te lezen")
    rows = []
    for inbox in config.inboxes:
        r = results.get(inbox.name)
        values = (r.reports, r.reports - r.skipped, r.with_gaps, r.unreadable) if r else ("niet bereikbaar", "", "", "")
        rows.append({"inbox": inbox.name, **dict(zip(names, values, strict=True))})
    return tuple(rows)


def _codes(results: dict[str, BatchResult]) -> Counter[str]:
    codes: Counter[str] = Counter()
    for result in results.values():
        codes.update(dict(result.codes))
    return codes
