"""Files at rest that nobody can read without a key that is in memory only: drop the key and the file is rubbish.

Each file has a key of its own. What a person uploads may be about a pupil, and nobody knows before it was read; so
every upload is kept like this, from its first byte on.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_PIECE = 256 * 1024  # bytes of text in one piece
_TAG = 16
_MORE, _LAST = b"more", b"last"  # authenticated with each piece: a file that was cut off is no file


class BrokenSealError(Exception):
    """The file is gone, was changed, or is of another key."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file with its key; who has this has the contents. ``size`` is in bytes, before sealing."""

    path: Path
    size: int
    key: bytes = field(repr=False)

    def read(self) -> bytes:
        """The contents.

        Raises:
            BrokenSealError: They can't be had any more.
        """
        try:
            sealed = self.path.read_bytes()
            cipher = AESGCM(self.key)
            pieces = list(_cut(sealed))
            return b"".join(
                cipher.decrypt(_nonce(number), piece, _LAST if number == len(pieces) - 1 else _MORE)
                for number, piece in enumerate(pieces)
            )
        except (OSError, InvalidTag):
            raise BrokenSealError from None

    def drop(self) -> None:
        """Throw the file away."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


class Sealer:
    """Writes a sealed file piece by piece; its name on disk is chance, and so is its key."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / secrets.token_hex(16)
        self._key = AESGCM.generate_key(256)
        self._cipher = AESGCM(self._key)
        self._held = bytearray()
        self._number = 0
        self.size = 0
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(handle, "wb")

    def write(self, data: bytes) -> None:
        """Add bytes."""
        self.size += len(data)
        self._held += data
        while len(self._held) > _PIECE:
            self._seal(bytes(self._held[:_PIECE]), _MORE)
            del self._held[:_PIECE]

    def close(self) -> Sealed:
        """Finish the file."""
        self._seal(bytes(self._held), _LAST)
        self._file.close()
        return Sealed(self._path, self.size, self._key)

    def abandon(self) -> None:
        """Throw away what was written."""
        self._file.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _seal(self, piece: bytes, mark: bytes) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number), piece, mark))
        self._number += 1


def seal(data: bytes, folder: Path) -> Sealed:
    """Seal bytes that are at hand."""
    sealer = Sealer(folder)
    sealer.write(data)
    return sealer.close()


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")  # never twice with one key: each file has its own


def _cut(sealed: bytes) -> Iterator[bytes]:
    for start in range(0, max(len(sealed), 1), _PIECE + _TAG):
        yield sealed[start : start + _PIECE + _TAG]
