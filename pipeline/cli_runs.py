"""The commands on runs and results over time: nightly, history, diff, status, doctor. Like ``cli``, loads late."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ExitStatus
from pipeline.terminal import tell

if TYPE_CHECKING:
    from flows.config import Nightly

Add = Callable[[Any, str, str, str], argparse.ArgumentParser]

_CONFIG = "nightly.yaml"
_STORE = (
    "De opslag staat in --store, anders in DEKKEND_STORE, anders in een bestand bij uw eigen gegevens.\n"
    "PostgreSQL: postgresql://gebruiker@server/database.\n"
)


def add_commands(commands: Any, add: Add) -> None:
    """Add the commands to the command line; ``add`` makes one from name, text and epilog."""
    _nightly(add(commands, "nightly", "Toets elke nacht wat er in de inboxen veranderde, en meld dat.", (
        "voorbeelden:\n"
        "  dekkend nightly run --inbox profielen/ --out verslagen/     nu, zonder instellingen\n"
        f"  dekkend nightly run                                        nu, met {_CONFIG}\n"
        "  dekkend nightly serve                                      elke nacht om 02:00, met Prefect\n\n"
        "Alle instellingen staan in docs/operations.md.\n"
    )))  # fmt: skip
    history = add(commands, "history", "Laat zien hoe het document van een school veranderde, run na run.", (
        "voorbeelden:\n  dekkend history 12AB\n  dekkend history zonnewijzer\n\n" + _STORE
    ))  # fmt: skip
    history.add_argument("school", metavar="SCHOOL", help="BRIN, of (een deel van) de naam")
    _common(history, _history)
    diff = add(commands, "diff", "Vergelijk twee runs: per school wat is opgelost, nieuw en gebleven.", (
        "voorbeelden:\n  dekkend diff vorige laatste\n  dekkend diff 12 15\n\n"
        "eindstatus 1: er zijn nieuwe hiaten. De nummers van runs staan in 'dekkend status'.\n" + _STORE
    ))  # fmt: skip
    diff.add_argument("before", metavar="RUN", help="nummer, 'vorige' of 'laatste'")
    diff.add_argument("after", metavar="RUN", help="nummer, 'vorige' of 'laatste'")
    diff.add_argument("--all", action="store_true", help="toon ook de hiaten die bleven")
    _common(diff, _diff)
    _common(add(commands, "status", "Toon de laatste runs en wat nu niet te lezen is.", _STORE), _status)
    doctor = add(commands, "doctor", "Controleer of alles er is wat dekkend nodig heeft.", (
        "eindstatus 2: er is iets dat eerst opgelost moet worden.\n" + _STORE
    ))  # fmt: skip
    doctor.add_argument("--out", type=Path, metavar="MAP", help="map met verslagen waarvan de vrije ruimte telt")
    _common(doctor, _doctor)


def _common(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], ExitStatus]) -> None:
    parser.add_argument("--store", metavar="ADRES", help="bestand of PostgreSQL-adres van de opslag")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="vorm op stdout (standaard: text)")
    parser.set_defaults(run=run)


def _nightly(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="actie", required=True)
    run = actions.add_parser("run", help="doe het werk van één nacht, nu")
    serve = actions.add_parser("serve", help="blijf draaien en doe het elke nacht")
    for one in (run, serve):
        one.add_argument("--config", type=Path, metavar="BESTAND", help=f"instellingen (standaard: {_CONFIG})")
        one.add_argument("--inbox", action="append", metavar="PLAATS", help="map of adres; in plaats van instellingen")
        one.add_argument("--out", type=Path, metavar="MAP", help="map voor de verslagen, bij --inbox")
        one.add_argument("--store", metavar="ADRES", help="bestand of PostgreSQL-adres van de opslag")
        one.add_argument(
            "--on", default="local", metavar="WAAR", help="local, dask://machine:8786 of pool:NAAM (standaard: local)"
        )
        one.add_argument("--log", choices=["text", "json"], default="text", help="vorm van het logboek op stderr")
    run.add_argument("--workers", type=int, metavar="N", help="aantal documenten tegelijk (standaard: aantal kernen)")
    run.add_argument("--allow-empty", action="store_true", help="geloof een inbox die leeg is: de verslagen gaan weg")
    run.set_defaults(run=_nightly_run)
    serve.add_argument("--at", metavar="UU:MM", help="hoe laat (standaard: 02:00, Nederlandse tijd)")
    serve.add_argument("--port", type=int, default=4200, help="poort van de pagina's van Prefect (standaard: 4200)")
    serve.set_defaults(run=_nightly_serve)


def _nightly_run(options: argparse.Namespace) -> ExitStatus:
    from flows.log import start_log  # noqa: PLC0415
    from flows.nightly import run_nightly  # noqa: PLC0415
    from flows.progress import progress_for  # noqa: PLC0415

    start_log(options.log)
    result = run_nightly(
        _config(options),
        on=options.on,
        workers=options.workers,
        allow_empty=options.allow_empty,
        progress=(lambda: progress_for(sys.stderr)) if options.log == "text" else None,
    )
    print(result.index)
    if options.log == "text":
        for trouble in result.troubles:
            tell(f"inbox {trouble.inbox}: {trouble.problem.message} {trouble.problem.hint}")
        if result.news.is_any:
            tell(result.news.title)
        tell(result.summary_line())
    unread = result.unreadable or result.troubles
    return ExitStatus.UNREADABLE if unread else ExitStatus.GAPS if result.gaps else ExitStatus.OK


def _nightly_serve(options: argparse.Namespace) -> ExitStatus:
    from flows.serve import serve  # noqa: PLC0415

    config = _config(options)
    serve(
        config, at=options.at or config.at, on=options.on, port=options.port, log=options.log, tell=tell,
        file=None if options.inbox else options.config or Path(_CONFIG),
    )  # fmt: skip
    return ExitStatus.OK


def _config(options: argparse.Namespace) -> Nightly:
    from flows.config import config_of, read_config  # noqa: PLC0415

    if options.inbox:
        return config_of(options.inbox, options.out, options.store)
    config = read_config(options.config or Path(_CONFIG))
    return config.model_copy(update={"store": options.store or config.store, "out": options.out or config.out})


def _history(options: argparse.Namespace) -> ExitStatus:
    from flows.news import requirement_title  # noqa: PLC0415
    from pipeline.report.history import render_history  # noqa: PLC0415
    from pipeline.store import decisions, read  # noqa: PLC0415
    from pipeline.store.open import open_store  # noqa: PLC0415

    store = open_store(options.store)
    school = read.find_school(store, options.school)
    steps, decided = read.history(store, school), decisions.decisions_on(store, school.key)
    if options.format == "json":
        runs = [{"run": step.run, "moment": step.moment, **_parts(step.comparison)} for step in steps]
        _print_json({"school": school, "runs": runs, "decisions": decided})
    else:
        sys.stdout.write(render_history(school, steps, decided, requirement_title))
    return ExitStatus.OK


def _diff(options: argparse.Namespace) -> ExitStatus:
    from flows.news import requirement_title  # noqa: PLC0415
    from pipeline.changes import Turn  # noqa: PLC0415
    from pipeline.report.history import render_diff  # noqa: PLC0415
    from pipeline.store import read  # noqa: PLC0415
    from pipeline.store.open import open_store  # noqa: PLC0415

    store = open_store(options.store)
    before, after = read.find_run(store, options.before), read.find_run(store, options.after)
    comparison = read.compare_runs(store, before.id, after.id)
    if options.format == "json":
        _print_json({"before": before.id, "after": after.id, **_parts(comparison)})
    else:
        sys.stdout.write(render_diff(before, after, comparison, requirement_title, everything=options.all))
    return ExitStatus.GAPS if comparison.with_turn(Turn.NEW, Turn.WORSE) else ExitStatus.OK


def _status(options: argparse.Namespace) -> ExitStatus:
    from pipeline.report.history import render_status  # noqa: PLC0415
    from pipeline.store import read  # noqa: PLC0415
    from pipeline.store.open import open_store  # noqa: PLC0415

    store = open_store(options.store)
    runs, documents, failures = read.latest_runs(store), read.count_now(store), read.failures_now(store)
    if options.format == "json":
        _print_json({"runs": runs, "documents": documents, "failures": failures})
    else:
        sys.stdout.write(render_status(runs, documents, failures))
    return ExitStatus.OK


def _doctor(options: argparse.Namespace) -> ExitStatus:
    from flows.doctor import examine  # noqa: PLC0415
    from pipeline.report.runs import render_text  # noqa: PLC0415

    checks = examine(store=options.store, out=options.out)
    if options.format == "json":
        _print_json(checks)
    else:
        sys.stdout.write(render_text("doctor.txt.j2", checks=checks))
    return ExitStatus.USAGE if any(check.level == "fout" for check in checks) else ExitStatus.OK


def _parts(comparison: Any) -> dict[str, Any]:
    holdings = {name: [{"school": h.school, "kind": h.kind, "error": h.error} for h in getattr(comparison, name)]
                for name in ("arrived", "gone", "unread")}  # fmt: skip
    return {"changes": comparison.changes, **holdings}


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    return dataclasses.asdict(value) if dataclasses.is_dataclass(value) and not isinstance(value, type) else str(value)
