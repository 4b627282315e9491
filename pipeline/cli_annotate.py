"""The command ``annotate``: a report written back into the document itself. Parses, calls, maps to exit statuses."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pipeline.errors import DekkendError, ExitStatus
from pipeline.terminal import tell

Add = Callable[[str, str, str], argparse.ArgumentParser]
"""Makes the parser of a command from its name, what it does and its examples."""

_NAME_ENDS_WITH = "-met-opmerkingen"


def add_command(add: Add, exit_text: str) -> argparse.ArgumentParser:
    """Add the command to the command line; returns its parser, for the options that all checks share."""
    parser = add(
        "annotate",
        "Zet het verslag terug in het document zelf: opmerkingen bij de passages in Word, markeringen in een PDF.",
        "voorbeelden:\n"
        "  dekkend annotate sop.docx                          maakt sop-met-opmerkingen.docx\n"
        "  dekkend annotate sop.pdf --out besproken.pdf\n\n"
        "In de kantlijn staat wat wij aantroffen, wat nog algemeen is (met een tip) en wat u zelf moet nagaan.\n"
        "Achteraan staat onder 'Nog niet gevonden' wat ontbreekt, met een voorbeeld om te vervangen.\n"
        "Verder verandert er niets, en het origineel blijft zoals het is. Als u de versie met opmerkingen\n"
        "opnieuw laat toetsen, telt wat dekkend erin zette niet mee.\n"
        "Het kan met Word (.docx, .docm) en PDF; sla een ander document eerst op als Word-document.\n\n" + exit_text,
    )
    parser.add_argument("file", metavar="BESTAND", type=Path, help="Word-document (.docx, .docm) of PDF")
    parser.add_argument(
        "--out",
        metavar="BESTAND",
        type=Path,
        help=f"waar de versie met opmerkingen komt (standaard: ernaast, met {_NAME_ENDS_WITH} achter de naam)",
    )
    parser.add_argument("--force", action="store_true", help="schrijf over een eerdere versie met opmerkingen heen")
    parser.set_defaults(run=_annotate)
    return parser


def _annotate(options: argparse.Namespace) -> ExitStatus:
    from extractors.limits import DEFAULT  # noqa: PLC0415

    file: Path = options.file
    out = options.out or file.with_name(f"{file.stem}{_NAME_ENDS_WITH}{file.suffix}")
    _check_out(out, file, force=options.force)
    _check_format(file)
    limits = replace(DEFAULT, ocr=not options.no_ocr)

    from pipeline import steps  # noqa: PLC0415  (loads the model: wrong use is told before)
    from pipeline.annotate.run import annotate  # noqa: PLC0415
    from pipeline.check.run import Examined  # noqa: PLC0415

    examined = steps.examine_apart(file, norm=options.norm, sector=options.sector, limits=limits)
    if not isinstance(examined, Examined):
        tell(f"dekkend: {file.name}: {examined.error.message if examined.error else ''}")
        return ExitStatus.UNREADABLE
    report = examined.report
    assert report.norm is not None
    texts = steps.texts_of(options.norm or report.norm.id)
    made = annotate(file, report, texts, document=examined.reading.document, limits=limits)
    _write(out, made.data)
    print(out)
    for line in made.said:
        tell(line)
    counts = report.summary
    return ExitStatus.GAPS if counts.missing or counts.partial or counts.review else ExitStatus.OK


def _check_out(out: Path, file: Path, *, force: bool) -> None:
    if out.suffix.lower() != file.suffix.lower():
        raise DekkendError(
            f"{out.name}: de versie met opmerkingen is net zo'n bestand als het origineel ({file.suffix}).",
            hint="Kies bij --out een naam met dezelfde uitgang.",
        )
    if out.exists() and file.exists() and out.samefile(file):
        raise DekkendError("Het origineel wordt nooit overschreven.", hint="Kies bij --out een andere naam.")
    if out.exists() and not force:
        raise DekkendError(f"{out} bestaat al.", hint="Kies een andere naam, of geef --force om het te vervangen.")


def _check_format(file: Path) -> None:
    """Tell of a file that can be read but not written before it is read as a whole."""
    from extractors.limits import RefusedError  # noqa: PLC0415
    from pipeline.annotate.run import format_for_remarks  # noqa: PLC0415

    try:
        format_for_remarks(file.read_bytes(), file.name)
    except (OSError, RefusedError) as problem:
        if isinstance(problem, RefusedError) and problem.facts.get("found") == "zip":
            from pipeline.annotate.errors import AnnotateError  # noqa: PLC0415

            raise AnnotateError("archive", name=file.name) from problem
        # the check says what is the matter with a file that can't be read


def _write(out: Path, data: bytes) -> None:
    try:
        out.write_bytes(data)
    except OSError as problem:
        raise DekkendError(f"{out} is niet te schrijven.", hint="Bestaat de map, en mag u daar schrijven?") from problem
