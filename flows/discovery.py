"""Which files of a folder are looked at, and what they are called in reports. Opens no files."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path, PurePath

from extractors.document import ReadCode
from flows.errors import FolderMissingError, FolderUnreadableError, NoDocumentsError, OutPlaceError

STATE_FOLDER = ".dekkend"
"""Folder in an output folder for what the next run needs; it marks the folder as ours."""

_SYSTEM_FOLDERS = frozenset({"__macosx", "$recycle.bin", "system volume information"})
_SYSTEM_FILES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file to be checked; ``label`` is its path below the folder, with ``/`` and always valid text."""

    path: Path
    label: str
    inside: tuple[int, ...] = ()
    """For a file in a ZIP archive: where it is in there."""
    url: str | None = None
    """Where it is when it is no file of this machine; ``path`` is then only its name."""
    stamp: str | None = None
    """Changes with the file and is known without reading it (size and time, an ETag); None where there is no such."""
    refused: ReadCode | None = None
    """Why it can't even be opened; then a report says so and nothing is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    files: tuple[Found, ...]
    ignored: int
    """Links that lead out of the folder or nowhere, and things that are no file (a pipe, a device)."""


def find_files(folder: Path, *, out: Path) -> Discovery:
    """Find all files below a folder, in a stable order.

    What is no document is found too: the report on it says so. Left out are hidden files, lock files of Word, files
    that systems put in folders, output folders of batches, and links that lead out of the folder. Links to folders are
    not followed: what is inside the folder is found without them.

    Raises:
        FolderMissingError, FolderUnreadableError, NoDocumentsError: Nothing to check.
        OutPlaceError: Reports would end up among the documents.
    """
    root = _open_root(folder)
    target = out.resolve()
    if target == root or target in root.parents:
        raise OutPlaceError
    files: list[Found] = []
    ignored = 0
    for path in _walk(root, target):
        if isinstance(path, Found):
            files.append(path)
        elif _is_file_within(path, root):
            files.append(Found(path=path, label=_label(path, root)))
        else:
            ignored += 1
    if not files:
        raise NoDocumentsError
    return Discovery(files=_unique(files, root), ignored=ignored)


def _open_root(folder: Path) -> Path:
    try:
        root = folder.resolve()
        if not root.is_dir():
            raise FolderMissingError(f"De map {folder} is er niet.")
        with os.scandir(root):
            return root
    except OSError as problem:
        raise FolderUnreadableError from problem


def _walk(root: Path, out: Path) -> Iterator[Path | Found]:
    """All paths that may be documents, links included, and as ``Found`` the folders that can't be listed."""
    closed: list[Path] = []
    for name, folders, files in os.walk(root, onerror=lambda problem: closed.append(Path(problem.filename))):
        here = Path(name)
        folders[:] = [f for f in folders if _is_folder_to_search(here / f, out)]
        # a link to a folder is listed among the folders, and os.walk does not follow it
        yield from (here / f for f in folders if (here / f).is_symlink() and not _leads_within(here / f, root))
        yield from (here / f for f in files if not is_noise(f))
    yield from (Found(path=p, label=_label(p, root) + "/", refused=ReadCode.NOT_FOUND) for p in closed)


def _is_folder_to_search(folder: Path, out: Path) -> bool:
    return is_searched(folder.name) and folder != out and not (folder / STATE_FOLDER).is_dir()


def is_searched(folder: str) -> bool:
    """Whether a folder of this name may hold documents."""
    return not folder.startswith(".") and folder.lower() not in _SYSTEM_FOLDERS


def is_noise(name: str) -> bool:
    """Whether a file of this name is none of the documents that people put in a folder."""
    return name.startswith((".", "~$")) or name.lower() in _SYSTEM_FILES


def _is_file_within(path: Path, root: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode) and (not path.is_symlink() or _leads_within(path, root))
    except OSError:
        return False


def _leads_within(link: Path, root: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):  # nowhere, or in a circle
        return False


def _label(path: PurePath, root: PurePath) -> str:
    """The path below the folder; bytes that are no text in the file system's encoding become a question mark sign."""
    return os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "replace")


def _unique(files: Sequence[Found], root: Path) -> tuple[Found, ...]:
    """Sort, and tell apart the names that only differed in bytes that are no text."""
    ordered = sorted(files, key=lambda f: (f.label.casefold(), f.label, os.fsencode(f.path)))
    labels: set[str] = set()
    unique = []
    for file in ordered:
        label = file.label
        while label in labels:
            label += "~" + sha256(os.fsencode(file.path.relative_to(root)) + label.encode()).hexdigest()[:8]
        labels.add(label)
        unique.append(replace(file, label=label))
    return tuple(unique)
