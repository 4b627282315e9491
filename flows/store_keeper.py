"""Brings the store in line with the reports on disk: after every chunk, and once more at the end.

The folder of reports is written first and is what the store follows, so a run that was killed between the two is put
right by the next one, and nothing comes in twice.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from flows.output import read_report
from flows.state import Record
from pipeline.store.record import Kept, end_missing, keep_reports, mark_of, reports_held

log = logging.getLogger("dekkend")

_AT_ONCE = 50  # reports in one transaction, and in memory


class StoreKeeper:
    """Keeps the results of one inbox in the store, as part of a run."""

    def __init__(self, engine: Engine, *, run: int, inbox: str, out: Path) -> None:
        self._engine = engine
        self._run = run
        self._inbox = inbox
        self._out = out
        self._lock = threading.Lock()
        self.removed = 0

    def keep(self, records: Mapping[str, Record]) -> None:
        with self._lock:
            reports = iter(self._read(records))
            while some := list(islice(reports, _AT_ONCE)):
                keep_reports(self._engine, self._run, self._inbox, some)

    def finish(self, records: Mapping[str, Record]) -> None:
        held = reports_held(self._engine, self._inbox)
        self.keep({label: r for label, r in records.items() if held.get(mark_of(self._inbox, label)) != r.report})
        self.removed = end_missing(self._engine, self._run, self._inbox, records.keys())

    def _read(self, records: Mapping[str, Record]) -> Iterator[Kept]:
        for label, record in records.items():
            report = read_report(self._out, record.folder)
            if report is not None and record.report is not None:
                yield Kept(label=label, digest=record.report, report=report)
