"""The single way in for command line, flows and web page: read a file, check it, as plain functions.

Heavy parts (model, lexicons, norms) are loaded once per process, when first needed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from extractors.document import Document, ReadCode, ReadError
from extractors.registry import DEFAULT, Limits, read_document
from pipeline.check.classifier import PassageClassifier, model_digest
from pipeline.check.document_kind import document_kind
from pipeline.check.facts import Facts, school_facts
from pipeline.check.lexicon import dutch
from pipeline.check.pseudonym import other_names, pseudonyms, shareable
from pipeline.check.recognise import Ready, make_ready
from pipeline.check.run import Examined, examine, is_likely_profile, score_passages
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
    """The learned model, loaded once, on one thread: a batch runs over the cores already.

    Raises:
        ModelError: a model file is missing or damaged.
    """
    return PassageClassifier(threads=1)


_STANDARD = {"sop": "anb", "schoolgids": "anb", "opp": "opp", "abc": "abc"}


def norm_for(kind: str) -> str | None:
    """The norm that a kind of document is checked by unless another is named (contract, "Command line")."""
    return _STANDARD.get(kind)


def texts_of(norm: str) -> NormText:
    """What renderers need to know of a norm."""
    return norm_text(ready_norm(norm).loaded.norm)


def version_key(norm: str | None) -> str:
    """Changes whenever a verdict on the same bytes could: program, model, norm, recognition data and lexicons."""
    norms = [norm] if norm else list(_STANDARD.values())
    parts = [program_version(), model_digest(), *(ready_norm(n).loaded.digest for n in dict.fromkeys(norms))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def check_file(
    path: Path,
    *,
    name: str | None = None,
    norm: str | None = None,
    sector: Sector | None = None,
    limits: Limits = DEFAULT,
    document: Document | ReadError | None = None,
) -> Report:
    """Check one file; a file that can't be checked gives a report with ``error``, never an exception.

    Args:
        path: The file.
        name: What the report calls it; default the path as given, of an absolute path the name alone.
        norm: Id or YAML file; default the norm of the document's kind.
        sector: Goes before what the document says.
        limits: On size, pages and expansion.
        document: What was read of the file already.

    Raises:
        NormError, ModelError: what dekkend itself needs is not in order; that is no property of the file.
    """
    examined = examine_file(path, name=name, norm=norm, sector=sector, limits=limits, document=document)
    return examined.report if isinstance(examined, Examined) else examined


def examine_file(
    path: Path,
    *,
    name: str | None = None,
    norm: str | None = None,
    sector: Sector | None = None,
    limits: Limits = DEFAULT,
    document: Document | ReadError | None = None,
) -> Examined | Report:
    """As ``check_file``, with the looks behind the verdicts; a report alone when the file can't be checked."""
    if norm is not None:
        ready_norm(norm)  # wrong use is told before any file is read
    label = name or shown_path(path)
    document = document or read_document(path, name=label, limits=limits)
    if isinstance(document, ReadError):
        return error_report(label, document.code, document=document)
    return examine_document(document, norm=norm, sector=sector)


def examine_document(document: Document, *, norm: str | None = None, sector: Sector | None = None) -> Examined | Report:
    """Check a document that was read already."""
    kind = document_kind(document)
    if kind is None and norm is None and is_likely_profile(document, classifier()):
        kind = "sop"
    chosen = norm or (norm_for(kind) if kind else None)
    if chosen is None:
        code = ReadCode.UNKNOWN_KIND
        message = sayer().error(code) if kind is None else sayer().error("no-norm", kind=kind)
        return error_report(document.source.name, code, document=document, kind=kind, message=message)
    facts = school_facts(document, kind)
    if sector is not None:
        facts = replace(facts, sector=sector)
    return examine(document, ready_norm(chosen), classifier(), facts, sayer())


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


def extract_json(path: Path) -> tuple[str, bool]:
    """What was read from a file, as JSON, and whether it could be read."""
    document = read_document(path, name=path.name)
    if isinstance(document, ReadError):
        data: dict[str, Any] = {
            "error": {"code": str(document.code), "message": sayer().error(document.code, **document.facts)}
        }
    else:
        data = asdict(document)
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n", isinstance(document, Document)


def shown_path(path: Path) -> str:
    """What a report calls a file: the path as given, but never where it lies on this machine."""
    return path.name if path.is_absolute() else str(path)


class HeadStart:
    """Reads and scores the first file while spaCy is imported: together about as long as the longer of the two.

    The import holds the interpreter for over a second; the encoder runs outside it.
    """

    def __init__(self, path: Path, *, norm: str | None = None) -> None:
        self._norm = norm
        self._chosen: str | None = None
        self._kind_is_known = threading.Event()
        self.document: Document | ReadError | None = None
        self._reader = threading.Thread(target=self._read, args=(path,), daemon=True)

    def run(self) -> Document | ReadError | None:
        """Load everything for the first file; returns what was read of it, None when reading failed unexpectedly."""
        # the import holds the interpreter: let it go often, so that the encoder never waits for its next sentence
        interval = sys.getswitchinterval()
        sys.setswitchinterval(0.0005)
        self._reader.start()
        dutch()
        sys.setswitchinterval(interval)
        self._kind_is_known.wait()
        if self._chosen is not None:
            ready_norm(self._chosen)
        self._reader.join()
        return self.document

    def _read(self, path: Path) -> None:
        try:
            document = read_document(path, name=shown_path(path))
            if isinstance(document, Document):
                self._chosen = self._norm or norm_for(document_kind(document) or "")
            self.document = document
        finally:
            self._kind_is_known.set()
        if self._chosen is not None and isinstance(document, Document):
            score_passages(document, classifier(), self._chosen)


def check_files(
    paths: Sequence[Path], *, norm: str | None = None, sector: Sector | None = None, pseudonymise: bool = False
) -> list[Report]:
    """Check files one after the other, in the order given: for the command line, where starting fast matters.

    Args:
        paths: The files.
        norm: As for ``check_file``.
        sector: As for ``check_file``.
        pseudonymise: Take persons out of the reports, so that they can be shared.

    Raises:
        NormError, ModelError: what dekkend itself needs is not in order.
    """
    if norm is not None and norm not in available_norms():
        ready_norm(norm)  # wrong use is told before any file is read
    first = HeadStart(paths[0], norm=norm).run()
    found = [
        examine_file(path, norm=norm, sector=sector, document=first if number == 0 else None)
        for number, path in enumerate(paths)
    ]
    reports = [f.report if isinstance(f, Examined) else f for f in found]
    if not pseudonymise:
        return reports
    known = pseudonyms(f.reading.document for f in found if isinstance(f, Examined))
    names = other_names(dict.fromkeys(r.document.path for r in reports))
    return [shareable(report, known, names) for report in reports]


def warm_up(norm: str | None = None) -> None:
    """Load what checks in this process need: for workers of a batch."""
    classifier()
    for one in [norm] if norm else dict.fromkeys(_STANDARD.values()):
        ready_norm(one)
