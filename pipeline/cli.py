"""The command line: parses, calls the steps, maps results to exit statuses. stdout is for the result alone."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pipeline import cli_annotate, cli_pupil, cli_web
from pipeline.cli_runs import add_commands
from pipeline.errors import DekkendError, ExitStatus
from pipeline.terminal import has_colour, tell, width

if TYPE_CHECKING:
    from extractors.limits import Limits
    from pipeline.result import NormText, Report

_EXIT_TEXT = """\
eindstatus:
  0  geen hiaten gevonden
  1  hiaten gevonden (niet gevonden, deels of zelf nagaan)
  2  verkeerd gebruik: een optie, norm of map klopt niet
  3  ten minste één bestand kon niet worden gelezen (gaat voor 1; het verslag zegt waarom)
  130  afgebroken met Ctrl-C
"""


_FORMATS = "Word (.docx, .docm, .doc), PDF, ODT, RTF, webpagina, Markdown, of een ZIP daarmee (telt als map)"


class _Parser(argparse.ArgumentParser):
    """argparse in Dutch where it speaks by itself."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(ExitStatus.USAGE, f"{self.prog}: {_in_dutch(message)}\n")


def _in_dutch(message: str) -> str:
    known = {
        "the following arguments are required": "dit ontbreekt",
        "unrecognized arguments": "onbekende opties",
        "invalid choice": "deze keuze bestaat niet",
        "expected one argument": "hier hoort een waarde achter",
        "expected at least one argument": "hier hoort ten minste één waarde achter",
        "argument ": "optie ",
        "choose from": "kies uit",
    }
    for english, dutch in known.items():
        message = message.replace(english, dutch)
    return message


def build_parser() -> argparse.ArgumentParser:
    """The whole command line; ``--help`` of each command shows an example."""
    parser = _Parser(
        prog="dekkend",
        description="Toetst ondersteuningsprofielen, OPP's en ABC-formulieren aan een norm, met het bewijs erbij.\n"
        "Alles gebeurt op deze computer; er gaat niets naar buiten.",
        epilog="voorbeelden:\n"
        "  dekkend check profiel.docx                    één document, leesbaar verslag\n"
        "  dekkend batch profielen/ --out verslagen/     een hele map, met overzicht\n"
        "  dekkend annotate profiel.docx                 opmerkingen in uw eigen Word-document of PDF\n"
        "  dekkend dossier leerlingmap/ --decision sbo   wat mist het dossier van een leerling nog?\n"
        "  dekkend explain anb.beleid.ketenpartners      wat een eis vraagt en hoe wij kijken\n\n" + _EXIT_TEXT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="toon de versie")
    parser.add_argument("-v", "--verbose", action="store_true", help="meer over wat er misging, op stderr")
    commands = parser.add_subparsers(dest="command", metavar="opdracht", title="opdrachten")
    _check_parser(commands)
    _batch_parser(commands)
    _checking_options(
        cli_annotate.add_command(lambda name, text, epilog: _add(commands, name, text, epilog), _EXIT_TEXT)
    )
    cli_pupil.add_commands(lambda name, text, epilog: _add(commands, name, text, epilog), _EXIT_TEXT)
    _norm_parser(commands)
    _explain_parser(commands)
    _extract_parser(commands)
    _evaluate_parser(commands)
    add_commands(commands, _add)
    cli_web.add_commands(commands, _add)
    return parser


def _add(commands: argparse._SubParsersAction[_Parser], name: str, text: str, epilog: str) -> argparse.ArgumentParser:
    return commands.add_parser(
        name, help=text, description=text, epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def _checking_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--norm",
        metavar="ID",
        help="norm om aan te toetsen, of een eigen norm als YAML-bestand (standaard: naar de soort document)",
    )
    parser.add_argument("--sector", choices=["po", "vo"], help="sector, als het document die niet duidelijk maakt")
    _reading_options(parser)


def _reading_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-ocr",
        action="store_true",
        help="lees geen scans (standaard: met Tesseract, als dat er is; 2 s per bladzijde)",
    )


def _check_parser(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add(
        commands,
        "check",
        "Toets een of meer documenten.",
        "voorbeeld:\n  dekkend check sop.docx schoolgids.pdf --format json\n\n" + _EXIT_TEXT,
    )
    parser.add_argument("files", nargs="+", metavar="BESTAND", type=Path, help=_FORMATS)
    _checking_options(parser)
    parser.add_argument(
        "--format",
        choices=["text", "json", "html"],
        default="text",
        help="vorm van het verslag op stdout (standaard: text)",
    )
    parser.add_argument(
        "--pseudonymise", action="store_true", help="zonder namen, data, adressen en nummers: om te kunnen delen"
    )
    parser.set_defaults(run=_check)


def _batch_parser(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add(
        commands,
        "batch",
        "Toets een hele map; schrijf een verslag per document en één overzicht.",
        "voorbeeld:\n  dekkend batch profielen/ --out verslagen/\n\n"
        "Wat niet veranderde, wordt overgeslagen (zelfde bestand, norm en versie).\n\n" + _EXIT_TEXT,
    )
    parser.add_argument(
        "folder", metavar="MAP", type=Path, help="map met documenten, met alle mappen en ZIP's daaronder"
    )
    parser.add_argument("--out", required=True, metavar="MAP", type=Path, help="map voor de verslagen en het overzicht")
    _checking_options(parser)
    parser.add_argument(
        "--workers", type=_positive, metavar="N", help="aantal documenten tegelijk (standaard: aantal rekenkernen)"
    )
    parser.add_argument("--force", action="store_true", help="toets ook wat niet veranderde opnieuw")
    parser.add_argument(
        "--on",
        default="local",
        metavar="WAAR",
        help="local (standaard), of een Dask-cluster: dask://machine:8786",
    )
    parser.set_defaults(run=_batch)


def _norm_parser(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add(
        commands,
        "norm",
        "Bekijk of controleer normen.",
        "voorbeelden:\n  dekkend norm list\n  dekkend norm list anb\n  dekkend norm check mijn-norm.yaml\n",
    )
    actions = parser.add_subparsers(dest="action", metavar="actie", required=True)
    listing = actions.add_parser("list", help="toon de normen, of de eisen van één norm")
    listing.add_argument("norm", nargs="?", metavar="NORM", help="id van een norm, of een eigen norm als YAML-bestand")
    listing.set_defaults(run=_norm_list)
    checking = actions.add_parser("check", help="controleer normen op de regels voor normen")
    checking.add_argument(
        "norms", nargs="*", metavar="NORM", help="id's of YAML-bestanden (standaard: alle normen van dekkend)"
    )
    checking.set_defaults(run=_norm_check)


def _explain_parser(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add(
        commands,
        "explain",
        "Leg een eis uit: wat wordt gevraagd, waarom, en hoe dekkend kijkt. Met --file: waarom het oordeel zo viel.",
        "voorbeelden:\n  dekkend explain anb.beleid.ketenpartners\n"
        "  dekkend dossier leerlingmap/ --decision sbo   wat mist het dossier van een leerling nog?\n"
        "  dekkend explain anb.structuur.zat --file sop.docx\n",
    )
    parser.add_argument("requirement", metavar="EIS", help="id van de eis, bijvoorbeeld anb.beleid.ketenpartners")
    parser.add_argument("--file", type=Path, metavar="BESTAND", help="leg het oordeel over dit document uit")
    parser.add_argument("--norm", metavar="ID", help="norm van de eis (standaard: het begin van het id)")
    parser.set_defaults(run=_explain)


def _extract_parser(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add(
        commands,
        "extract",
        "Toon wat er uit een document is gelezen, blok voor blok, als JSON of als webpagina met uitleg.",
        "voorbeelden:\n  dekkend extract sop.pdf | less\n  dekkend extract sop.pdf --format html > gelezen.html\n",
    )
    parser.add_argument("file", metavar="BESTAND", type=Path, help=_FORMATS.partition(", of")[0])
    parser.add_argument("--format", choices=["json", "html"], default="json", help="vorm (standaard: json)")
    _reading_options(parser)
    parser.set_defaults(run=_extract)


def _evaluate_parser(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = _add(
        commands,
        "evaluate",
        "Meet de kwaliteit op gelabelde documenten (source.md, gold.yaml en de bestanden ernaast).",
        "voorbeeld:\n  dekkend evaluate tests/gold\n",
    )
    parser.add_argument("folder", metavar="MAP", type=Path, help="map met per document een map met gold.yaml")
    parser.add_argument("--errors", action="store_true", help="toon ook elk verkeerd oordeel")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=_evaluate)


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("geef een getal van 1 of meer")
    return value


def _check(options: argparse.Namespace) -> ExitStatus:
    # starting makes a million objects that stay: collecting them again and again costs a tenth of a second, and so do
    # the threads of a library for matrices that has nothing to do here
    gc.disable()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from pipeline.ahead import Ahead, shown_path  # noqa: PLC0415

    limits = _limits(options)
    with Ahead(limits=limits) as ahead:
        ahead.begin(options.files[0], name=shown_path(options.files[0]), norm=options.norm)
        # language data only when it is needed: --help and norm list start at once
        from pipeline import steps  # noqa: PLC0415

        reports = steps.check_files(
            options.files,
            ahead=ahead,
            norm=options.norm,
            sector=options.sector,
            limits=limits,
            pseudonymise=options.pseudonymise,
        )
    ids = {r.norm.id: options.norm or r.norm.id for r in reports if r.norm is not None}
    texts = {norm_id: steps.texts_of(source) for norm_id, source in ids.items()}
    sys.stdout.write(_rendered(reports, texts, options.format))
    unread = sum(r.error is not None for r in reports)
    if len(reports) > 1:
        tell(f"{len(reports)} documenten: {len(reports) - unread} gelezen, {unread} niet")
    gaps = any(r.summary.missing or r.summary.partial or r.summary.review for r in reports)
    return ExitStatus.UNREADABLE if unread else ExitStatus.GAPS if gaps else ExitStatus.OK


def _rendered(reports: Sequence[Report], texts: Mapping[str, NormText], form: str) -> str:
    """The reports in a form of ``--format``; templates are loaded for the one form that is made of them."""
    if form == "json":
        from pipeline.report.report_json import render_json  # noqa: PLC0415

        return render_json(reports)
    if form == "html":
        from pipeline.report.html import render_html  # noqa: PLC0415

        return "\n".join(render_html(r, texts.get(r.norm.id) if r.norm else None) for r in reports)
    from pipeline.report.text import render_text  # noqa: PLC0415

    return render_text(reports, texts, width=width(), colour=has_colour())


def _batch(options: argparse.Namespace) -> ExitStatus:
    from flows.batch import run_batch  # noqa: PLC0415  (Prefect takes two seconds to import: only the batch pays)
    from flows.progress import progress_for  # noqa: PLC0415

    result = run_batch(
        options.folder,
        options.out,
        norm=options.norm,
        sector=options.sector,
        workers=options.workers,
        force=options.force,
        limits=_limits(options),
        on=options.on,
        progress=progress_for(sys.stderr),
    )
    print(result.index)
    tell(result.summary_line())
    return ExitStatus.UNREADABLE if result.unreadable else ExitStatus.GAPS if result.gaps else ExitStatus.OK


def _norm_list(options: argparse.Namespace) -> ExitStatus:
    from pipeline.norm import listing  # noqa: PLC0415

    print(listing.norms() if options.norm is None else listing.requirements(options.norm))
    return ExitStatus.OK


def _norm_check(options: argparse.Namespace) -> ExitStatus:
    from pipeline.check.examples import norm_problems  # noqa: PLC0415
    from pipeline.norm.load import available_norms  # noqa: PLC0415

    problems = 0
    for norm in options.norms or available_norms():
        found = norm_problems(norm)
        for problem in found:
            print(problem)
        problems += len(found)
        remarks = {0: "in orde", 1: "1 opmerking"}.get(len(found), f"{len(found)} opmerkingen")
        tell(f"{norm}: {remarks}")
    return ExitStatus.GAPS if problems else ExitStatus.OK


def _explain(options: argparse.Namespace) -> ExitStatus:
    from pipeline import explain  # noqa: PLC0415

    norm = options.norm or options.requirement.split(".")[0]
    if options.file is None:
        print(explain.requirement(norm, options.requirement))
        return ExitStatus.OK
    print(explain.verdict(norm, options.requirement, options.file))
    return ExitStatus.OK


def _extract(options: argparse.Namespace) -> ExitStatus:
    from pipeline import steps  # noqa: PLC0415

    text, readable = steps.extract(options.file, as_html=options.format == "html", limits=_limits(options))
    sys.stdout.write(text)
    return ExitStatus.OK if readable else ExitStatus.UNREADABLE


def _evaluate(options: argparse.Namespace) -> ExitStatus:
    from pipeline.evaluate import measure, table  # noqa: PLC0415

    result = measure.folder(options.folder, tell=tell)
    sys.stdout.write(
        table.as_json(result) if options.format == "json" else table.as_text(result, errors=options.errors)
    )
    return ExitStatus.OK


def _limits(options: argparse.Namespace) -> Limits:
    from extractors.limits import DEFAULT  # noqa: PLC0415

    return replace(DEFAULT, ocr=not options.no_ocr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run dekkend; the exit status is a stable part of the interface."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.DEBUG if options.verbose else logging.ERROR, stream=sys.stderr, format="%(message)s"
    )
    if options.version:
        from pipeline.version import program_version  # noqa: PLC0415

        print(f"dekkend {program_version()}")
        return ExitStatus.OK
    run: Callable[[argparse.Namespace], ExitStatus] | None = getattr(options, "run", None)
    if run is None:
        parser.print_help()
        return ExitStatus.USAGE
    try:
        return run(options)
    except DekkendError as problem:
        if options.verbose:
            logging.getLogger("dekkend").exception("uitleg bij de melding hieronder")
        tell(f"dekkend: {problem.message}")
        if problem.hint:
            tell(f"         {problem.hint}")
        return problem.exit_status
    except BrokenPipeError:  # `dekkend check … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitStatus.OK
    except (KeyboardInterrupt, Exception) as problem:
        # pydantic makes an error of its own of a Ctrl-C that comes while it writes something out
        of_problem = problem.__cause__ or problem.__context__
        if not isinstance(problem, KeyboardInterrupt) and not isinstance(of_problem, KeyboardInterrupt):
            raise
        tell("dekkend: afgebroken")
        return ExitStatus.INTERRUPTED


if __name__ == "__main__":
    raise SystemExit(main())
