"""A ZIP archive as a folder: which files are in it and what they are called, and one of them as bytes.

Nothing is unpacked to disk, so that no name in an archive can lead anywhere; names are for labels only.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from extractors.detect import BROKEN_ARCHIVE, check_expansion, is_archive
from extractors.document import ReadCode
from extractors.limits import DEFAULT, MEGABYTE, Limits, RefusedError, size_facts

Inside = tuple[int, ...]
"""Where a file is in an archive: its number there, for archives inside archives one number for each."""

_SYSTEM_FOLDERS = frozenset({"__macosx", "$recycle.bin", "system volume information"})
_SYSTEM_FILES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})
_UTF8_NAME = 0x800
_LOCKED = 0x1


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file in an archive; ``name`` is a path with ``/`` that never leads upwards or to a root."""

    inside: Inside
    name: str


def starts_as_archive(path: Path) -> bool:
    """Whether a file begins as ZIP archives do; opens it for four bytes only."""
    try:
        with path.open("rb") as stream:
            return stream.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def members_of(path: Path, limits: Limits = DEFAULT) -> tuple[Member, ...] | None:
    """The files in an archive, those of archives inside it too; None for a file that is no archive of files.

    Args:
        path: The file.
        limits: On size, expansion, number and nesting.

    Raises:
        RefusedError: It is an archive, but too large, damaged, or with too many files.
    """
    try:
        if not starts_as_archive(path):
            return None
        with path.open("rb") as stream:
            size = path.stat().st_size
            if not is_archive(stream, size, limits):
                return None
            found: list[Member] = []
            _collect(stream, size, _Around((), "", limits), found)
            return tuple(found)
    except OSError:
        return None


def read_member(path: Path, inside: Inside, limits: Limits = DEFAULT) -> bytes:
    """The bytes of one file in an archive.

    Raises:
        RefusedError: ``encrypted``, ``corrupt`` or ``too-large``; ``not-found`` when the archive is another one by now.
    """
    try:
        with path.open("rb") as stream:
            data = _read(stream, inside[0], limits)
    except OSError:
        raise RefusedError(ReadCode.NOT_FOUND) from None
    for number in inside[1:]:
        data = _read(io.BytesIO(data), number, limits)
    return data


@dataclass(frozen=True, slots=True)
class _Around:
    """What an archive lies in: its numbers, its label, and the limits on all together."""

    inside: Inside
    label: str
    limits: Limits


def _collect(stream: IO[bytes], size: int, around: _Around, found: list[Member]) -> None:
    with zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
    check_expansion(entries, size, around.limits, whole=False)
    for number, entry in enumerate(entries):
        name = _safe_name(entry)
        if entry.is_dir() or not name or _is_noise(name):
            continue
        if len(found) >= around.limits.max_members:
            raise RefusedError(ReadCode.TOO_LARGE, found="members")
        member = Member(inside=(*around.inside, number), name=f"{around.label}{name}")
        if not name.lower().endswith(".zip") or not _collect_nested(stream, member, around.limits, found):
            found.append(member)


def _collect_nested(stream: IO[bytes], member: Member, limits: Limits, found: list[Member]) -> bool:
    """Whether a member is an archive that was read as a folder too; what can't be is a file that says why."""
    if len(member.inside) >= limits.max_depth:
        return False
    before = len(found)
    try:
        data = _read(stream, member.inside[-1], limits)
        if not is_archive(io.BytesIO(data), len(data), limits):
            return False
        _collect(io.BytesIO(data), len(data), _Around(member.inside, f"{member.name}/", limits), found)
    except (RefusedError, *BROKEN_ARCHIVE) as problem:
        if isinstance(problem, RefusedError) and problem.facts.get("found") == "members":
            raise
        del found[before:]
        return False
    return len(found) > before


def _read(stream: IO[bytes], number: int, limits: Limits) -> bytes:
    try:
        with zipfile.ZipFile(stream) as archive:
            entry = archive.infolist()[number]
            if entry.flag_bits & _LOCKED:
                raise RefusedError(ReadCode.ENCRYPTED)
            if entry.file_size > limits.max_bytes:
                raise RefusedError(ReadCode.TOO_LARGE, **size_facts(entry.file_size, limits))
            if entry.file_size > limits.ratio_from and entry.file_size > limits.max_ratio * entry.compress_size:
                raise RefusedError(ReadCode.TOO_LARGE, megabytes=str(entry.file_size // MEGABYTE))
            return archive.read(entry)
    except IndexError:
        raise RefusedError(ReadCode.NOT_FOUND) from None
    except BROKEN_ARCHIVE as error:
        raise RefusedError(ReadCode.CORRUPT) from error


def _safe_name(entry: zipfile.ZipInfo) -> str:
    """The name as a path below the archive: without drives, roots and steps upwards, without control characters."""
    name = _decoded(entry).replace("\\", "/")
    parts = [part.strip() for part in name.split("/")]
    kept = [part for part in parts if part not in ("", ".", "..")]
    if kept and len(kept[0]) == 2 and kept[0][1] == ":":
        kept = kept[1:]
    return "".join(char if char.isprintable() else "_" for char in "/".join(kept))


def _decoded(entry: zipfile.ZipInfo) -> str:
    """The name in the encoding that it was written in: without the mark for UTF-8, Windows and macOS still write it."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return entry.filename


def _is_noise(name: str) -> bool:
    """What systems put in archives by themselves, as in folders: hidden files, lock files of Word, thumbnails."""
    *folders, last = name.split("/")
    hidden = any(part.startswith(".") or part.lower() in _SYSTEM_FOLDERS for part in folders)
    return hidden or last.startswith((".", "~$")) or last.lower() in _SYSTEM_FILES


def each_file(path: Path, name: str, limits: Limits = DEFAULT) -> Iterator[tuple[Inside, str]]:
    """What a file comes to: itself, or for an archive every file in it, with the label of each.

    An archive that can't be opened as a folder stays one file: reading it says why.
    """
    try:
        members = members_of(path, limits)
    except (RefusedError, *BROKEN_ARCHIVE):
        members = None
    if not members:
        yield (), name
        return
    seen: set[str] = set()
    for member in members:
        label = f"{name}/{member.name}"
        while label in seen:  # an archive may hold two files of one name
            label += " (2)"
        seen.add(label)
        yield member.inside, label
