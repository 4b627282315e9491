"""Looks whether all is there that dekkend needs: versions, model, norms, database, folders, disk, Prefect, programs."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from flows.health import is_well
from pipeline.errors import DekkendError
from pipeline.folders import cache_folder
from pipeline.version import program_version

Level = Literal["goed", "let op", "fout"]

_GIB = 1024**3
_LOW_DISK, _NO_DISK = 2 * _GIB, _GIB // 5
_FASTAPI = (0, 151)  # Prefect 3.8 does not work with this one and later
_PROGRAMS = {"soffice": "LibreOffice", "tesseract": "Tesseract"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    name: str
    level: Level
    found: str
    advice: str | None = None


def examine(*, store: str | None = None, out: Path | None = None) -> list[Check]:
    """Look at everything; what fails is a check that says so, never an exception.

    Args:
        store: Address of the store; default the setting.
        out: Folder with reports, of which the free disk counts.
    """
    checks = [Check(name="dekkend", level="goed", found=f"{program_version()}, Python {sys.version.split()[0]}")]
    for look in (_libraries, _model, _norms, lambda: _store(store), lambda: _disks(out), _server, _programs):
        checks.extend(_guarded(look))
    return checks


def _guarded(look: Callable[[], Iterator[Check]]) -> list[Check]:
    try:
        return list(look())
    except DekkendError as problem:
        return [Check(name=problem.code, level="fout", found=problem.message, advice=problem.hint)]
    except Exception as problem:  # noqa: BLE001  whatever is the matter is what was asked
        return [Check(name="onbekend", level="fout", found=type(problem).__name__, advice=DekkendError.hint)]


def _libraries() -> Iterator[Check]:
    for name in ("prefect", "fastapi", "spacy", "onnxruntime", "sqlalchemy"):
        found = version(name)
        if name == "fastapi" and tuple(map(int, found.split(".")[:2])) >= _FASTAPI:
            yield Check(name=name, level="fout", found=found, advice="Prefect werkt met fastapi lager dan 0.151.")
        else:
            yield Check(name=name, level="goed", found=found)
    try:
        yield Check(name="prefect-dask", level="goed", found=version("prefect-dask"))
    except PackageNotFoundError:
        advice = "Alleen nodig voor --on dask://: installeer dekkend[dask]."
        yield Check(name="prefect-dask", level="let op", found="niet geïnstalleerd", advice=advice)


def _model() -> Iterator[Check]:
    from pipeline import steps  # noqa: PLC0415

    steps.classifier()
    yield Check(name="model", level="goed", found="geladen")


def _norms() -> Iterator[Check]:
    from pipeline.norm.load import available_norms, load_norm  # noqa: PLC0415

    norms = [load_norm(name).norm for name in available_norms()]
    yield Check(name="normen", level="goed", found=", ".join(f"{norm.id} {norm.version}" for norm in norms))


def _store(address: str | None) -> Iterator[Check]:
    from pipeline.store.open import open_store, shown, store_url  # noqa: PLC0415
    from pipeline.store.read import count_now, latest_runs  # noqa: PLC0415

    engine = open_store(address)
    runs = latest_runs(engine, 1)
    when = f"laatste run {runs[0].started.astimezone():%d-%m-%Y %H:%M}" if runs else "nog geen runs"
    found = f"{shown(store_url(address))}: {count_now(engine)} documenten, {when}"
    yield Check(name="opslag", level="goed", found=found)
    engine.dispose()


def _disks(out: Path | None) -> Iterator[Check]:
    folders = {"werkmap": cache_folder(), **({"verslagen": out} if out else {})}
    for name, folder in folders.items():
        there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
        free = shutil.disk_usage(there).free
        level: Level = (
            "fout" if free < _NO_DISK or not os.access(there, os.W_OK) else "let op" if free < _LOW_DISK else "goed"
        )
        advice = None if level == "goed" else "Maak ruimte vrij, geef schrijfrechten of kies een andere map."
        yield Check(name=name, level=level, found=f"{folder}: {free / _GIB:.1f} GiB vrij", advice=advice)


def _server() -> Iterator[Check]:
    """Whether a Prefect server that was named answers; without one a batch starts its own."""
    address = os.environ.get("PREFECT_API_URL")
    if not address:
        yield Check(name="Prefect-server", level="goed", found="eigen, per run (PREFECT_API_URL is niet gezet)")
        return
    well = is_well(address)
    advice = None if well else "Draait 'prefect server start', en klopt PREFECT_API_URL?"
    yield Check(name="Prefect-server", level="goed" if well else "fout", found=address, advice=advice)


def _programs() -> Iterator[Check]:
    for program, name in _PROGRAMS.items():
        found = shutil.which(program)
        yield Check(
            name=name, level="goed" if found else "let op", found=found or "niet gevonden; dekkend werkt zonder"
        )
