"""The settings of a nightly run: inboxes, where reports go, whom to tell. Read strictly, with line numbers."""

from __future__ import annotations

import csv
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from flows.errors import ConfigError
from flows.remote import is_address
from pipeline.norm.strict_yaml import StrictYamlError, parse_yaml
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
    try:
        parsed = parse_yaml(path.read_text(encoding="utf-8"))
    except OSError:
        raise ConfigError(f"Het instellingenbestand {path} is er niet.") from None
    except (StrictYamlError, UnicodeDecodeError) as problem:
        line = problem.line if isinstance(problem, StrictYamlError) else 1
        word = problem.problem if isinstance(problem, StrictYamlError) else "geen tekst"
        raise ConfigError(f"{path.name}:{line}: {word}.") from None
    try:
        config = Nightly.model_validate(_expanded(parsed.value))
    except ValidationError as problem:
        raise ConfigError("\n".join(_message(path, error, parsed.lines) for error in problem.errors())) from None
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
_WORDS = {
    "extra_forbidden": "dit veld bestaat niet",
    "missing": "dit veld ontbreekt",
    "string_pattern_mismatch": "deze waarde kan niet",
    "string_too_short": "hier hoort een waarde",
    "string_type": "hier hoort tekst",
    "tuple_type": "hier hoort een lijst",
    "too_short": "hier hoort ten minste één waarde",
    "literal_error": "kies po of vo",
    "model_type": "hier horen velden",
}


def _message(path: Path, error: Any, lines: dict[tuple[str | int, ...], int]) -> str:
    place = tuple(error["loc"])
    line = next((lines[place[:n]] for n in range(len(place), 0, -1) if place[:n] in lines), 1)
    field = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    word = _WORDS.get(error["type"]) or str(error["msg"]).removeprefix("Value error, ")
    return f"{path.name}:{line}: {field}: {word}."


def _expanded(value: Any) -> Any:
    if isinstance(value, str):
        return os.path.expandvars(value)
    if isinstance(value, list):
        return [_expanded(one) for one in value]
    return {key: _expanded(one) for key, one in value.items()} if isinstance(value, dict) else value


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
        words = "; ".join(_WORDS.get(error["type"]) or str(error["msg"]).removeprefix("Value error, ")
                          for error in problem.errors())  # fmt: skip
        raise ConfigError(f"Deze inboxen gaan niet samen: {words}.") from None


def _name_of(place: str) -> str:
    last = place.rstrip("/\\").replace("\\", "/").rpartition("/")[2]
    return _NAMEABLE.sub("_", last)[:80].lstrip("._- ") or "inbox"
