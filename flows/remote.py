"""Documents at an address that fsspec knows (s3://, webdav://, sftp://, file://): listed, stamped, fetched.

A document is fetched where it is checked, into a folder of its own that is gone afterwards: no copies stay behind.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from extractors.limits import DEFAULT
from flows.discovery import Discovery, Found, is_noise, is_searched
from flows.errors import AddressError, AddressUnreachableError

_BLOCK = 1024 * 1024
# What file systems call the mark of a version, best first. A size alone says too little.
_MARKS = (
    "ETag",
    "etag",
    "md5Hash",
    "contentMd5",
    "checksum",
    "mtime",
    "LastModified",
    "last_modified",
    "modified",
    "updated",
)


def is_address(inbox: str) -> bool:
    """Whether an inbox is an address, not a folder."""
    return "://" in inbox


def find_documents(address: str) -> Discovery:
    """Find all files below an address, in a stable order; the same files are left out as in a folder.

    Raises:
        AddressError: Not an address that fsspec knows, or what it needs for it is not installed.
        AddressUnreachableError: Nothing there, or no permission. A folder that is empty is no error.
    """
    filesystem, root = _filesystem(address)
    base = address.rstrip("/")
    entries = {_label(path, root): facts for path, facts in _list(filesystem, root).items()}
    files = [
        Found(path=Path(PurePosixPath(label).name), label=label, url=f"{base}/{label}", stamp=_stamp(facts))
        for label, facts in sorted(entries.items())
        if _is_document(label)
    ]
    return Discovery(files=tuple(files), ignored=0)


def _list(filesystem: Any, root: str) -> Mapping[str, Mapping[str, Any]]:
    try:
        is_there = filesystem.isdir(root)
        entries: Mapping[str, Mapping[str, Any]] = filesystem.find(root, detail=True) if is_there else {}
    except Exception as problem:  # noqa: BLE001  every protocol has its own, and its message may hold the address
        raise AddressUnreachableError(hint=f"{AddressUnreachableError.hint} ({type(problem).__name__})") from None
    if not is_there:
        raise AddressUnreachableError
    return entries


def remote_digest(url: str) -> str | None:
    """SHA-256 of a document at an address; None when it can't be read."""
    digest = hashlib.sha256()
    try:
        filesystem, path = _filesystem(url)
        with filesystem.open(path, "rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    except Exception:  # noqa: BLE001  as a file that can't be opened: its report says so
        return None
    return digest.hexdigest()


@contextmanager
def local_copy(path: Path, url: str | None) -> Iterator[Path]:
    """A document as a file of this machine; of one that is at an address a copy, for as long as it is needed.

    A document that is too large is fetched as far as it takes to see that; one that can't be fetched is a file that is
    not there.
    """
    if url is None:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="dekkend-") as folder:
        copy = Path(folder) / f"document{path.suffix}"
        try:
            _fetch(url, copy)
        except Exception:  # noqa: BLE001  the report says that it could not be found
            copy.unlink(missing_ok=True)
        yield copy


def _fetch(url: str, copy: Path) -> None:
    filesystem, place = _filesystem(url)
    left = DEFAULT.max_bytes + 1
    with filesystem.open(place, "rb") as source, copy.open("wb") as target:
        while left > 0 and (block := source.read(min(_BLOCK, left))):
            target.write(block)
            left -= len(block)


def _filesystem(url: str) -> tuple[Any, str]:
    import fsspec  # noqa: PLC0415  (half a second, for those who have no folder)

    try:
        filesystem, path = fsspec.core.url_to_fs(os.path.expandvars(url))
    except (ValueError, ImportError, TypeError) as problem:
        raise AddressError(hint=f"{AddressError.hint} ({type(problem).__name__})") from None
    return filesystem, str(path)


def _label(path: str, root: str) -> str:
    return path.removeprefix(root).lstrip("/")


def _is_document(label: str) -> bool:
    *folders, name = PurePosixPath(label).parts or ("",)
    return bool(name) and not is_noise(name) and all(is_searched(folder) for folder in folders)


def _stamp(facts: Mapping[str, Any]) -> str | None:
    mark = next((str(facts[name]) for name in _MARKS if facts.get(name)), None)
    return f"{facts.get('size')}:{mark}" if mark else None
