"""The secret of an installation, in a file that only its owner can read, and the keys that come from it."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from pipeline.errors import DekkendError

_BYTES = 32


class KeyFileError(DekkendError):
    code = "key-file"
    message = "Het sleutelbestand is niet te gebruiken."
    hint = "Zorg dat alleen de gebruiker die dekkend draait het kan lezen (chmod 600), of kies een andere plaats."


class Secret:
    """Gives a key for each purpose, so that what one of them signs is worth nothing to another."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "Secret(…)"

    def key_for(self, purpose: str) -> bytes:
        """32 bytes, the same for the same purpose as long as the file stays."""
        return hmac.digest(self._key, purpose.encode(), "sha256")


def read_secret(path: Path) -> Secret:
    """Read the file, made when it is not there.

    Raises:
        KeyFileError: It can't be made or read, others can read it, or it holds something else.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(path)
        if os.name != "nt" and path.stat().st_mode & 0o077:
            raise KeyFileError(f"Anderen kunnen het sleutelbestand {path} lezen.")
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        raise KeyFileError(f"Het sleutelbestand {path} is niet te maken of te lezen.") from None
    if len(key) != _BYTES:
        raise KeyFileError(f"In {path} staat geen sleutel van dekkend.", hint="Haal het weg: er komt een nieuwe.")
    return Secret(key)


def _make(path: Path) -> None:
    if path.exists():
        return
    # written beside it first: two that start at once must not read half a key
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_BYTES))
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    except OSError:  # a disk without links
        if not path.exists():
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
