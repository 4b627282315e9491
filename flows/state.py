"""What the next run has to know to leave alone what did not change: ``.dekkend/state.json`` in the output folder."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from flows.output import write_aside


class Record(BaseModel):
    """A document as it was when its report was written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str | None
    version_key: str
    norm: str | None
    sector: str | None
    folder: str
    report: str | None = None
    """SHA-256 of the report's JSON: what is on disk is what we wrote, or it is made again."""
    error: str | None = None
    gaps: bool = False
    partly: bool = False
    stamp: str | None = None
    """What a file at an address looked like without reading it; None where that says too little."""

    def is_on(self, basis: Record) -> bool:
        """Whether this document was checked as ``basis`` would have it."""
        return all(getattr(self, name) == getattr(basis, name) for name in _BASIS)


_BASIS = ("sha256", "version_key", "norm", "sector", "folder")


class State(BaseModel):
    """All reports in an output folder, by the document's path label."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    schema_: Literal["dekkend.state/2"] = Field(default="dekkend.state/2", alias="schema")
    overviews: dict[str, str] = {}
    """Each page of the overview, with the digest of what it was made of."""
    documents: dict[str, Record] = {}

    def digest(self, title: str, labels: Iterable[str]) -> str:
        """Changes when an overview of these documents would be different."""
        parts = [title, *(f"{label}\0{self.documents[label].model_dump_json()}" for label in labels)]
        return sha256("\0".join(parts).encode()).hexdigest()


def read_state(path: Path) -> State:
    """Read the state; an empty one when there is none that we understand, which means that all is checked again."""
    try:
        return State.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        return State()


def write_state(path: Path, state: State) -> None:
    """Replace the state.

    Raises:
        OutUnwritableError: There is no room or no permission.
    """
    text = state.model_dump_json(by_alias=True)
    write_aside(path, lambda aside: _write(aside, text))


def _write(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
