"""The settings of a nightly run: inboxes, where reports go, whom to tell. Read strictly, with line numbers."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from flows.remote import is_address
from pipeline.errors import ConfigError
from pipeline.settings_file import read_settings_file, word_of
from pipeline.steps import Sector

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,80}$")]
"""A name that is a folder too."""


class Inbox(BaseModel):
    """A place where documents come in: a folder, or an address that fsspec knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    at: str = Field(min_length=1)
    norm: str | None = None
    sector: Sector | None = None


class Nightly(BaseModel):
    """All settings; see docs/operations.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    inboxes: tuple[Inbox, ...] = Field(min_length=1)
    out: Path
    store: str | None = None
    schools: Path | None = None
    """CSV with the schools of which a document is expected."""
    expect: tuple[str, ...] = ("sop",)
    """Kinds of document: a school that has one of these has sent something."""
    notify: tuple[str, ...] = ()
    """Addresses for apprise."""
    link: str | None = None
    """Where people open the overview; default the file itself."""
    at: str = Field(default="02:00", pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")

    @field_validator("inboxes")
    @classmethod
    def _names_differ(cls, inboxes: tuple[Inbox, ...]) -> tuple[Inbox, ...]:
        if len({inbox.name.casefold() for inbox in inboxes}) < len(inboxes):
            raise ValueError("twee inboxen hebben dezelfde naam")
        return inboxes


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A school of which a document is expected; ``code`` is a BRIN, with or without the number of the location."""

    code: str | None
    name: str


def read_config(path: Path) -> Nightly:
    """Read the settings; folders in it are below the folder of the file, ``${NAME}`` is taken from the environment.

    Raises:
        ConfigError: With file and line.
    """
    config = read_settings_file(path, Nightly)
    return _placed(config, path.resolve().parent)


def read_schools(path: Path) -> tuple[Expected, ...]:
    """Read the schools that are expected: a CSV with ``naam`` and ``brin``, or as DUO publishes its locations.

    Raises:
        ConfigError: There is no such file, or no column with names.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text(encoding="cp1252")
    except OSError:
        raise ConfigError(f"De lijst van scholen {path} is er niet.") from None
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = [{(k or "").strip().lower(): (v or "") for k, v in row.items() if isinstance(v, str | None)}
            for row in csv.DictReader(text.splitlines(), delimiter=delimiter)]  # fmt: skip
    name = next((one for one in ("naam", "vestigingsnaam", "instellingsnaam") if rows and one in rows[0]), None)
    if name is None:
        raise ConfigError(f"In {path.name} is geen kolom met namen (naam of VESTIGINGSNAAM).")
    codes = ("vestigingscode", "brin", "instellingscode")
    code = next((one for one in codes if rows and one in rows[0]), "")
    return tuple(
        Expected(code=row.get(code, "").strip().upper() or None, name=row[name].strip())
        for row in rows
        if row[name].strip()
    )


_NAMEABLE = re.compile(r"[^A-Za-z0-9 ._-]")


def _placed(config: Nightly, folder: Path) -> Nightly:
    inboxes = tuple(
        inbox if is_address(inbox.at) else inbox.model_copy(update={"at": str(folder / inbox.at)})
        for inbox in config.inboxes
    )
    schools = folder / config.schools if config.schools else None
    store = config.store if config.store is None or is_address(config.store) else str(folder / config.store)
    return config.model_copy(
        update={"inboxes": inboxes, "out": folder / config.out, "schools": schools, "store": store}
    )


def config_of(inboxes: list[str], out: Path | None, store: str | None) -> Nightly:
    """Settings for a run without a file: each inbox is named after its last part.

    Raises:
        ConfigError: There is no folder for the reports, or two inboxes have the same name.
    """
    if out is None:
        hint = "dekkend nightly run --inbox MAP --out MAP"
        raise ConfigError("Geef met --out een map voor de verslagen op.", hint=hint)
    places = [place if is_address(place) else str(Path(place).absolute()) for place in inboxes]
    named = [{"name": _name_of(place), "at": place} for place in places]
    try:
        return Nightly.model_validate({"inboxes": named, "out": out.absolute(), "store": store})
    except ValidationError as problem:
        words = "; ".join(word_of(error) for error in problem.errors())
        raise ConfigError(f"Deze inboxen gaan niet samen: {words}.") from None


def _name_of(place: str) -> str:
    last = place.rstrip("/\\").replace("\\", "/").rpartition("/")[2]
    return _NAMEABLE.sub("_", last)[:80].lstrip("._- ") or "inbox"
