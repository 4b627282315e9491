"""The single way in for command line, flows and web page: read a file, check it, as plain functions.

Heavy parts (model, lexicons, norms) are loaded once per process, when first needed.
"""

from __future__ import annotations

import gc
import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from extractors.archive import each_file
from extractors.document import Document, ReadCode, ReadError
from extractors.limits import DEFAULT, Limits
from extractors.registry import read_document, reading_key
from pipeline.ahead import STANDARD_NORMS, Ahead, LostError, shown_path
from pipeline.check.classifier import PassageClassifier, Scorer, model_digest
from pipeline.check.document_kind import document_kind
from pipeline.check.facts import Facts, school_facts
from pipeline.check.lexicon import tokenizer
from pipeline.check.pseudonym import other_names, pseudonyms, shareable
from pipeline.check.recognise import Ready, make_ready
from pipeline.check.run import Examined, examine, is_likely_profile
from pipeline.check.say import dutch as sayer
from pipeline.norm.load import available_norms, load_norm
from pipeline.norm.texts import norm_text
from pipeline.result import DocumentInfo, ErrorInfo, NormText, Profile, Report, School, Summary
from pipeline.version import program_version

log = logging.getLogger("dekkend")

Sector = Literal["po", "vo"]


@lru_cache(maxsize=8)
def ready_norm(norm: str) -> Ready:
    """A norm ready to look with, by id or path of a YAML file; loaded once.

    Raises:
        NormError: the norm can't be found or has mistakes.
    """
    return make_ready(load_norm(Path(norm) if norm.endswith((".yaml", ".yml")) else norm))


@lru_cache(maxsize=1)
def classifier() -> PassageClassifier:
    """The learned model, loaded once.

    Raises:
        ModelError: a model file is missing or damaged.
    """
    return PassageClassifier()


def norm_for(kind: str) -> str | None:
    """The norm that a kind of document is checked by unless another is named (contract, "Command line")."""
    return STANDARD_NORMS.get(kind)


def texts_of(norm: str) -> NormText:
    """What renderers need to know of a norm."""
    return norm_text(ready_norm(norm).loaded.norm)


def version_key(norm: str | None, limits: Limits = DEFAULT) -> str:
    """Changes whenever a verdict on the same bytes could: program, model, norm, recognition data, lexicons, readers."""
    norms = [norm] if norm else list(STANDARD_NORMS.values())
    parts = [
        program_version(),
        model_digest(),
        reading_key(limits),
        *(ready_norm(n).loaded.digest for n in dict.fromkeys(norms)),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def check_file(
    path: Path,
    *,
    name: str | None = None,
    norm: str | None = None,
    sector: Sector | None = None,
    limits: Limits = DEFAULT,
    inside: tuple[int, ...] = (),
    document: Document | ReadError | None = None,
) -> Report:
    """Check one file; a file that can't be checked gives a report with ``error``, never an exception.

    Args:
        path: The file.
        name: What the report calls it; default the path as given, of an absolute path the name alone.
        norm: Id or YAML file; default the norm of the document's kind.
        sector: Goes before what the document says.
        limits: On size, pages, expansion and time, and whether OCR and LibreOffice may be started.
        inside: Which file of an archive, as ``extractors.archive`` gives it.
        document: What was read of the file already.

    Raises:
        NormError, ModelError: what dekkend itself needs is not in order; that is no property of the file.
    """
    examined = examine_file(path, name=name, norm=norm, sector=sector, limits=limits, inside=inside, document=document)
    return examined.report if isinstance(examined, Examined) else examined


def examine_file(
    path: Path,
    *,
    name: str | None = None,
    norm: str | None = None,
    sector: Sector | None = None,
    limits: Limits = DEFAULT,
    inside: tuple[int, ...] = (),
    document: Document | ReadError | None = None,
) -> Examined | Report:
    """As ``check_file``, with the looks behind the verdicts; a report alone when the file can't be checked."""
    if norm is not None:
        ready_norm(norm)  # wrong use is told before any file is read
    label = name or shown_path(path)
    document = document or read_document(path, name=label, limits=limits, inside=inside)
    if isinstance(document, ReadError):
        return error_report(label, document.code, document=document)
    return examine_document(document, norm=norm, sector=sector)


def examine_apart(
    path: Path, *, norm: str | None = None, sector: Sector | None = None, limits: Limits = DEFAULT
) -> Examined | Report:
    """As ``examine_file``, read in a process of its own, so that a file can cost no more than its limits."""
    if norm is not None:
        ready_norm(norm)
    label = shown_path(path)
    with Ahead(limits=limits) as ahead:
        ahead.begin(path, name=label, norm=norm)
        return _examine_ahead(ahead, label, norm=norm, sector=sector)


def examine_document(document: Document, *, norm: str | None = None, sector: Sector | None = None) -> Examined | Report:
    """Check a document that was read already."""
    return _examine(document, document_kind(document), norm=norm, sector=sector, scorer=classifier())


def _examine(
    document: Document, kind: str | None, *, norm: str | None, sector: Sector | None, scorer: Scorer
) -> Examined | Report:
    if kind is None and norm is None and is_likely_profile(document, scorer):
        kind = "sop"
    chosen = norm or (norm_for(kind) if kind else None)
    if chosen is None:
        code = ReadCode.UNKNOWN_KIND
        message = sayer().error(code) if kind is None else sayer().error("no-norm", kind=kind)
        return error_report(document.source.name, code, document=document, kind=kind, message=message)
    facts = school_facts(document, kind)
    if sector is not None:
        facts = replace(facts, sector=sector)
    return examine(document, ready_norm(chosen), scorer, facts, sayer())


def facts_of(document: Document) -> Facts:
    """Kind, school, sector and year of a document that was read."""
    return school_facts(document, document_kind(document))


def error_report(
    name: str,
    code: ReadCode,
    *,
    document: Document | ReadError | None = None,
    kind: str | None = None,
    message: str | None = None,
) -> Report:
    """The report of a file that could not be checked: code and what to do, no findings."""
    source = document.source if document is not None else None
    facts = document.facts if isinstance(document, ReadError) else {}
    return Report(
        document=DocumentInfo(
            path=name,
            sha256=source.sha256 if source else None,
            format=source.format if source else None,
            pages=document.pages if isinstance(document, Document) else None,
            kind=kind,
            sector=None,
            school_year=None,
        ),
        school=School(),
        norm=None,
        summary=Summary(),
        findings=(),
        profile=Profile(),
        privacy=(),
        error=ErrorInfo(code=str(code), message=message or sayer().error(code, **facts)),
    )


def extract(path: Path, *, as_html: bool = False, limits: Limits = DEFAULT) -> tuple[str, bool]:
    """What was read from a file, as JSON or as a page, and whether it could be read."""
    from pipeline.report.extracted import render_document, render_unread  # noqa: PLC0415  (a check needs no templates)

    document = read_apart(path, limits)
    if isinstance(document, ReadError):
        message = sayer().error(document.code, **document.facts)
        if as_html:
            return render_unread(path.name, message), False
        return _json({"error": {"code": str(document.code), "message": message}}), False
    if as_html:
        return render_document(document, [note.message for note in sayer().notes(document.notes)]), True
    return _json(asdict(document)), True


def read_apart(path: Path, limits: Limits = DEFAULT) -> Document | ReadError:
    """What was read of one file, in a process of its own."""
    with Ahead(limits=limits) as ahead:
        return ahead.read(path, name=path.name)


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def check_files(
    paths: Sequence[Path],
    *,
    ahead: Ahead | None = None,
    norm: str | None = None,
    sector: Sector | None = None,
    limits: Limits = DEFAULT,
    pseudonymise: bool = False,
) -> list[Report]:
    """Check files one after the other, in the order given: for the command line, where starting fast matters.

    A ZIP archive is a folder, with a report for each file in it.

    Args:
        paths: The files.
        ahead: The process that reads and scores them, which may have begun with the first; default a new one.
        norm: Id or YAML file; default the norm of each document's kind.
        sector: Goes before what the documents say.
        limits: For archives; what a document may cost, ``ahead`` knows.
        pseudonymise: Take persons out of the reports, so that they can be shared.

    Raises:
        NormError, ModelError: what dekkend itself needs is not in order.
    """
    if norm is not None and norm not in available_norms():
        ready_norm(norm)  # wrong use is told before any file is read
    if ahead is None:
        with Ahead(limits=limits) as own:
            return check_files(paths, ahead=own, norm=norm, sector=sector, limits=limits, pseudonymise=pseudonymise)
    reports: list[Report] = []
    documents: list[Document] = []
    for path in paths:
        for inside, label in each_file(path, shown_path(path), limits):
            ahead.begin(path, name=label, inside=inside, norm=norm)
            tokenizer()  # imports spaCy: the longest wait of all, while the file is read
            outcome = _examine_ahead(ahead, label, norm=norm, sector=sector)
            reports.append(outcome.report if isinstance(outcome, Examined) else outcome)
            if pseudonymise and isinstance(outcome, Examined):
                documents.append(outcome.reading.document)
            if not gc.isenabled():  # the command line starts without; what is loaded stays and needs no looking through
                gc.freeze()
                gc.enable()
    if not pseudonymise:
        return reports
    known = pseudonyms(documents)
    names = other_names(dict.fromkeys(r.document.path for r in reports))
    return [shareable(report, known, names) for report in reports]


def _examine_ahead(ahead: Ahead, label: str, *, norm: str | None, sector: Sector | None) -> Examined | Report:
    try:
        document, kind = ahead.document()
        if isinstance(document, ReadError):
            return error_report(label, document.code, document=document)
        return _examine(document, kind, norm=norm, sector=sector, scorer=ahead)
    except LostError as lost:
        return error_report(label, lost.code)


def warm_up(norm: str | None = None) -> None:
    """Load what checks in this process need: for workers of a batch."""
    classifier()
    for one in [norm] if norm else dict.fromkeys(STANDARD_NORMS.values()):
        ready_norm(one)
