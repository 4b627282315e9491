"""The commands about one pupil's file: ``dossier`` and ``opp``. Parses, calls, maps to exit statuses."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import DekkendError, ExitStatus
from pipeline.terminal import has_colour, tell, width

if TYPE_CHECKING:
    from pipeline.dossier.folder import Piece
    from pipeline.plan_result import Plan

Add = Callable[[str, str, str], argparse.ArgumentParser]
"""Makes the parser of a command from its name, what it does and its examples."""

_NEEDS = ("hulpvraag", "belemmerende_factoren", "beginsituatie", "doelen", "advies_deskundigen")


def add_commands(add: Add, exit_text: str) -> None:
    """Add the commands to the command line."""
    _dossier_parser(add, exit_text)
    _opp_parser(add)


def _dossier_parser(add: Add, exit_text: str) -> None:
    parser = add(
        "dossier",
        "Lees een map met documenten van één leerling: wat mist een besluit nog, en waar staat het traject?",
        "voorbeelden:\n"
        "  dekkend dossier leerlingmap/ --decision sbo\n"
        "  dekkend dossier leerlingmap/ --decision sbo --format html > dossier.html\n\n"
        "De soort van elk document volgt uit de inhoud, niet uit de naam.\n"
        "Zonder --decision nemen wij het besluit dat de documenten zelf vragen, als dat er één is.\n\n" + exit_text,
    )
    parser.add_argument("folder", metavar="MAP", type=Path, help="map met de documenten van één leerling")
    parser.add_argument("--decision", metavar="BESLUIT", help="ab, sbo, so-3-4 of so-1-2")
    parser.add_argument(
        "--date",
        metavar="DAG",
        help="dag waartegen data worden gehouden (standaard: die van de aanvraag, anders van het nieuwste document)",
    )
    parser.add_argument("--format", choices=["text", "json", "html"], default="text", help="vorm (standaard: text)")
    parser.add_argument(
        "--pseudonymise", action="store_true", help="zonder namen, data, adressen en nummers: om te kunnen delen"
    )
    parser.set_defaults(run=_dossier)


def _opp_parser(add: Add) -> None:
    parser = add(
        "opp",
        "Maak een vooraf ingevuld OPP uit de documenten van één leerling, met bij elk veld waar het vandaan komt.",
        "voorbeelden:\n"
        "  dekkend opp leerlingmap/ --out opp.docx --school sop.docx\n"
        "  dekkend opp leerlingmap/ --out opp.docx --template ons-sjabloon.docx\n"
        "  dekkend opp leerlingmap/ --format json\n"
        "  dekkend opp fields                            welke velden een eigen sjabloon kan gebruiken\n"
        "  dekkend opp fields --template ons-sjabloon.docx   en of ons sjabloon klopt\n\n"
        "Een eigen sjabloon is een Word-document met {{ naam }} op de plaats van een veld.\n"
        "Wat geen document zegt, blijft zichtbaar open. Een BSN komt er nooit in.\n\n"
        "eindstatus: 0 gemaakt; 1 'fields': een naam in het sjabloon bestaat niet; 2 verkeerd gebruik;\n"
        "            3 gemaakt, maar ten minste één bestand kon niet worden gelezen\n",
    )
    parser.add_argument("folder", metavar="MAP", help="map met de documenten van één leerling, of het woord fields")
    parser.add_argument("--out", metavar="BESTAND", type=Path, help="Word-document dat wordt gemaakt (.docx)")
    parser.add_argument(
        "--school", metavar="PROFIEL", type=Path, help="ondersteuningsprofiel of schoolgids van de school"
    )
    parser.add_argument(
        "--template", metavar="SJABLOON", type=Path, help="eigen Word-sjabloon (standaard: dat van dekkend)"
    )
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", help="wat op stdout komt (standaard: text)"
    )
    parser.add_argument("--force", action="store_true", help="schrijf over een bestaand document heen")
    parser.set_defaults(run=_opp)


def _dossier(options: argparse.Namespace) -> ExitStatus:
    from pipeline.check.pseudonym import other_names, pseudonyms, shareable  # noqa: PLC0415
    from pipeline.dossier.run import examine_dossier, read_day  # noqa: PLC0415
    from pipeline.report.dossier_html import render_dossier_html  # noqa: PLC0415
    from pipeline.report.dossier_json import render_dossier_json  # noqa: PLC0415
    from pipeline.report.dossier_text import render_dossier_text  # noqa: PLC0415

    day = read_day(options.date) if options.date else None
    pieces = _read(options.folder)
    dossier, texts = examine_dossier(options.folder.resolve().name, pieces, decision=options.decision, day=day)
    if options.pseudonymise:
        known, names = pseudonyms(p.document for p in pieces if p.document), other_names(p.path for p in pieces)
        dossier, texts = shareable(dossier, known, names), shareable(texts, known, names)
        texts = texts.model_copy(update={"pupil": None, "folder": known.mask["person"]})
    if options.format == "json":
        sys.stdout.write(render_dossier_json(dossier))
    elif options.format == "html":
        sys.stdout.write(render_dossier_html(dossier, texts))
    else:
        sys.stdout.write(render_dossier_text(dossier, texts, width=width(), colour=has_colour()))
    if any(p.error for p in pieces):
        return ExitStatus.UNREADABLE
    open_ends = [*dossier.conditions.values(), *(c.holds for c in dossier.checks)]
    return ExitStatus.GAPS if dossier.missing or not all(h is True for h in open_ends) else ExitStatus.OK


def _opp(options: argparse.Namespace) -> ExitStatus:
    if options.folder == "fields":
        return _fields(options.template)
    from pipeline.plan.fill import fill, texts_of_needs  # noqa: PLC0415
    from pipeline.plan.offer import offers_for  # noqa: PLC0415
    from pipeline.plan.word import read_template, render_word, template_names  # noqa: PLC0415

    folder = Path(options.folder)
    if options.out is None and options.format == "text":
        raise DekkendError("Zeg met --out welk Word-document er moet komen.", hint="Of vraag om --format json.")
    _check_out(options.out, folder, force=options.force)
    template = read_template(options.template)
    names = template_names(template)
    pieces = _read(folder)
    plan = fill(pieces, names=names.used)
    profile = options.school or _profile_in(folder, pieces)
    if profile:
        plan = fill(pieces, names=names.used, offers=offers_for(texts_of_needs(plan, _NEEDS), profile))
    if options.out is not None:
        goals = [g for p in pieces for g in getattr(p.facts, "goals", ())]
        _write(options.out, render_word(plan, template, goals))
    _say_names(options.template, names.unknown, names.unused)
    for piece in pieces:
        if piece.error:
            tell(f"niet gelezen: {piece.path}: {piece.error.message}")
    sys.stdout.write(_plan_json(plan) if options.format == "json" else _plan_text(plan, options.out))
    return ExitStatus.UNREADABLE if any(p.error for p in pieces) else ExitStatus.OK


def _fields(template: Path | None) -> ExitStatus:
    from pipeline.plan.word import read_template, template_names  # noqa: PLC0415
    from pipeline.pupil.spec import pupil_spec  # noqa: PLC0415

    for field in pupil_spec().fields:
        print(f"{{{{ {field.id} }}}}".ljust(32), field.title)
    if template is None:
        return ExitStatus.OK
    names = template_names(read_template(template))
    _say_names(template, names.unknown, names.unused)
    return ExitStatus.GAPS if names.unknown else ExitStatus.OK


def _say_names(template: Path | None, unknown: Sequence[str], unused: Sequence[str]) -> None:
    if template is None:
        return
    if unknown:
        tell(f"{template.name} vraagt om velden die er niet zijn: {', '.join(unknown)}. Ze blijven open.")
    if unused:
        tell(f"{template.name} gebruikt deze velden niet: {', '.join(unused)}.")


def _check_out(out: Path | None, folder: Path, *, force: bool) -> None:
    if out is None:
        return
    if out.suffix.lower() != ".docx":
        raise DekkendError(f"{out.name}: een Word-document eindigt op .docx.", hint="Kies een andere naam bij --out.")
    if out.exists() and not force:
        raise DekkendError(f"{out} bestaat al.", hint="Kies een andere naam, of geef --force om het te vervangen.")
    if folder.is_dir() and folder.resolve() in out.resolve().parents:
        raise DekkendError(
            "Het nieuwe OPP mag niet in de map met documenten staan: dan telt het de volgende keer mee als bron.",
            hint="Kies bij --out een andere map.",
        )


def _write(out: Path, data: bytes) -> None:
    try:
        out.write_bytes(data)
    except OSError as problem:
        raise DekkendError(f"{out} is niet te schrijven.", hint="Bestaat de map, en mag u daar schrijven?") from problem


def _profile_in(folder: Path, pieces: Sequence[Piece]) -> Path | None:
    """The school's profile when it lies among the documents."""
    found = next((p.path for p in pieces if p.kind in ("sop", "schoolgids")), None)
    return folder / found if found else None


def _plan_json(plan: Plan) -> str:
    import json  # noqa: PLC0415

    return json.dumps(plan.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=2) + "\n"


def _plan_text(plan: Plan, out: Path) -> str:
    from pipeline.pupil.spec import pupil_spec  # noqa: PLC0415

    titles = {f.id: f.title for f in pupil_spec().fields}
    filled = sum(bool(v) for v in plan.fields.values())
    lines = [f"{out}: {filled} van {len(plan.fields)} velden ingevuld."]
    lines += [f"nog open: {', '.join(titles.get(name, name) for name in plan.open)}"] if plan.open else []
    for conflict in plan.conflicts:
        values = ", ".join(conflict.values)
        lines.append(f"kijk na, {titles[conflict.field]}: {values}; gekozen is {conflict.chosen} ({conflict.why})")
    return "\n".join(lines) + "\n"


def _read(folder: Path) -> tuple[Piece, ...]:
    from pipeline.dossier.folder import read_folder  # noqa: PLC0415

    with _progress() as tell:
        return read_folder(folder, tell)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; silent elsewhere, and for a folder that is read at once."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    columns = (TextColumn("documenten lezen"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
