"""What the next run has to know to leave alone what did not change: ``.dekkend/state.json`` in the output folder."""

from __future__ import annotations

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


class State(BaseModel):
    """All reports in an output folder, by the document's path label."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    schema_: Literal["dekkend.state/1"] = Field(default="dekkend.state/1", alias="schema")
    overview: str | None = None
    """Digest of what index and workbook were made of; None when they were not, or not of this."""
    documents: dict[str, Record] = {}

    def digest(self, title: str) -> str:
        """Changes when index or workbook would be different."""
        parts = [title, *(f"{label}\0{self.documents[label].model_dump_json()}" for label in sorted(self.documents))]
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
    text = state.model_dump_json(by_alias=True, indent=1)
    write_aside(path, lambda aside: _write(aside, text))


def _write(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
