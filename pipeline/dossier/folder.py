"""The files of a pupil's folder, read: kind by content, facts, and what could not be read with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.document import Document, ReadError
from pipeline.ahead import Ahead
from pipeline.check.document_kind import document_kind
from pipeline.check.say import dutch as sayer
from pipeline.errors import DekkendError
from pipeline.pupil.facts import form_facts
from pipeline.pupil.values import FormFacts
from pipeline.result import ErrorInfo

UNKNOWN = "unknown"
SCHOOL_KINDS = frozenset({"sop", "schoolgids", "wop", "zelfscan"})
"""Documents about a school: no form about a pupil."""
_IGNORED = ("~$", ".")


class FolderError(DekkendError):
    """The folder is not there, is no folder, or holds no file."""

    code = "folder"
    message = "Deze map is er niet."
    hint = "Geef de map met de documenten van één leerling."


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A file of the folder; ``path`` is relative to it. ``document`` is None for a file that could not be read."""

    path: str
    document: Document | None = None
    kind: str = UNKNOWN
    facts: FormFacts | None = None
    error: ErrorInfo | None = None

    @property
    def is_form(self) -> bool:
        """Whether it is a known kind of form about a pupil."""
        return self.facts is not None and self.kind not in SCHOOL_KINDS and self.kind != UNKNOWN


def files_of(folder: Path) -> list[Path]:
    """The files below a folder in the order of their names, without hidden files and lock files of Word.

    Raises:
        FolderError: there is no such folder, or nothing in it.
    """
    if not folder.is_dir():
        raise FolderError(f"De map {folder} is er niet." if not folder.exists() else f"{folder} is geen map.")
    found = [p for p in _walk(folder) if p.is_file()]
    if not found:
        raise FolderError(f"In de map {folder} staat geen bestand.")
    return found


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name.startswith(_IGNORED):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        elif path.resolve().is_relative_to(folder.resolve()):
            yield path


def read_folder(folder: Path, tell: Callable[[int, int], None] = lambda _done, _total: None) -> tuple[Piece, ...]:
    """Read every file of a folder.

    Args:
        folder: With the documents of one pupil, in any subfolders.
        tell: Called after each file with how many are done and how many there are.

    Raises:
        FolderError: there is nothing to read.
    """
    paths: Sequence[Path] = files_of(folder)
    pieces = []
    with Ahead() as ahead:
        for number, path in enumerate(paths, 1):
            name = path.relative_to(folder).as_posix()
            pieces.append(piece_of(ahead.read(path, name=name), name))
            tell(number, len(paths))
    return tuple(pieces)


def piece_of(read: Document | ReadError, name: str) -> Piece:
    """What one file of the folder is, from what was read of it."""
    if isinstance(read, ReadError):
        message = sayer().error(read.code, **read.facts)
        return Piece(path=name, error=ErrorInfo(code=str(read.code), message=message))
    kind = document_kind(read)
    facts = None if kind in SCHOOL_KINDS else form_facts(read, kind)
    return Piece(path=name, document=read, kind=kind or UNKNOWN, facts=facts)
