"""Checks every labelled document of a folder and compares it with its labels: from files to a ``Result``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from extractors.document import Document, ReadError
from extractors.markdown import read_markdown
from extractors.registry import read_document
from pipeline import steps
from pipeline.check.run import Examined
from pipeline.evaluate.compare import Comparison, JudgedVerdict, compare
from pipeline.evaluate.labels import files_to_check, labelled_folders, read_gold, read_sentences
from pipeline.evaluate.sentences import SentenceScore, score_sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A file of a labelled document that gave no verdicts, and why."""

    file: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was measured. A document that lies there as DOCX and as PDF counts for both."""

    documents: int
    comparisons: tuple[Comparison, ...]
    unread: tuple[Unread, ...]
    sentences: SentenceScore | None

    @property
    def verdicts(self) -> tuple[JudgedVerdict, ...]:
        """All verdicts of all files."""
        return tuple(v for c in self.comparisons for v in c.verdicts)


def folder(path: Path, *, tell: Callable[[str], None] = lambda _: None) -> Result:
    """Measure on a folder of labelled documents.

    Args:
        path: A folder with, anywhere below it, folders with ``gold.yaml``; ``sentences.jsonl`` may lie in it.
        tell: Gets a line of progress before each file.

    Raises:
        LabelError: There are no labels, or they are not in their form.
        NormError, ModelError: what dekkend itself needs is not in order.
    """
    folders = labelled_folders(path)
    # labels first: a mistake in the last file is told before minutes of checking
    sentences = tuple(read_sentences(path))
    work = [(one, read_gold(one), file) for one in folders for file in files_to_check(one)]
    compared: list[Comparison] = []
    unread: list[Unread] = []
    for number, (one, gold, file) in enumerate(work, 1):
        tell(f"{number}/{len(work)} {one.name}{file.suffix}")
        document = _read(file, one.name)
        outcome = steps.examine_document(document, norm=gold.norm) if isinstance(document, Document) else document
        if isinstance(outcome, Examined) and isinstance(document, Document):
            compared.append(compare(one.name, gold, document, outcome.report))
        else:
            unread.append(Unread(file=f"{one.name}{file.suffix}", code=_code(outcome)))
    return Result(
        documents=len(folders),
        comparisons=tuple(compared),
        unread=tuple(unread),
        sentences=score_sentences(sentences, steps.classifier()) if sentences else None,
    )


def _read(file: Path, slug: str) -> Document | ReadError:
    if file.suffix == ".md":
        return read_markdown(file.read_text(encoding="utf-8"), f"{slug}.md")
    return read_document(file)


def _code(outcome: object) -> str:
    if isinstance(outcome, ReadError):
        return str(outcome.code)
    error = getattr(outcome, "error", None)
    return error.code if error is not None else "internal"
