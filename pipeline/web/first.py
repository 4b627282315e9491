"""The first run: who can read the terminal may make the first account, with the code that is printed there."""

from __future__ import annotations

import hmac
import secrets

from sqlalchemy import Engine

from pipeline.store.accounts import all_accounts

_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that looks like something else
_LENGTH = 12


class FirstCode:
    """A code for as long as there is no account; a restart makes another."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))

    @property
    def is_needed(self) -> bool:
        """Whether there is no account yet."""
        return not all_accounts(self._engine)

    @property
    def shown(self) -> str:
        """In groups of four, to type over."""
        return "-".join(self._code[at : at + 4] for at in range(0, _LENGTH, 4))

    def is_right(self, typed: str) -> bool:
        """Whether somebody typed the code, however spaced."""
        bare = "".join(c for c in typed.upper() if c.isalnum())
        return hmac.compare_digest(bare.encode(), self._code.encode())
