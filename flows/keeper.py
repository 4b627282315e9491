"""Who keeps the results of a batch besides the folder of reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from flows.state import Record


class Keeper(Protocol):
    """Is given what is on disk already; ``keep`` comes from several threads. May be given the same twice."""

    def keep(self, records: Mapping[str, Record]) -> None:
        """Documents of which the reports were just written, by label."""

    def finish(self, records: Mapping[str, Record]) -> None:
        """All documents that there are, also those that did not change: what is not among them is gone."""


class NoKeeper:
    """For a batch that leaves its reports and nothing else."""

    def keep(self, records: Mapping[str, Record]) -> None: ...

    def finish(self, records: Mapping[str, Record]) -> None: ...
