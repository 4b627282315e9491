"""Passwords: hashed with argon2, long enough, and not easy to guess."""

from __future__ import annotations

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 128
_STRENGTH = 3  # of 4, as zxcvbn counts: more than 10^8 guesses
_CHECKED = 72  # characters that zxcvbn looks at; it takes long over more

_hasher = PasswordHasher()
# each takes 64 MB and two tenths of a second: many at once would take the memory of the checks
_turn = threading.BoundedSemaphore(2)


def hashed(password: str) -> str:
    """The hash to keep, with its own salt."""
    with _turn:
        return _hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether a password is the one; takes as long for an account that has none."""
    with _turn:
        try:
            return _hasher.verify(kept or _nobody(), password[: LONGEST + 1]) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with lighter settings than those of today."""
    return _hasher.check_needs_rehash(kept)


def objection(password: str, *, login: str, name: str) -> str | None:
    """Why a new password won't do: a key in messages.yaml; None when it is fine."""
    if len(password) < SHORTEST:
        return "password-short"
    if len(password) > LONGEST:
        return "password-long"
    from zxcvbn import zxcvbn  # noqa: PLC0415  its word lists take a moment, and are seldom needed

    known = [part for part in (login, *login.replace("@", ".").split("."), *name.split()) if part]
    weak = zxcvbn(password[:_CHECKED], user_inputs=[*known, "dekkend"])["score"] < _STRENGTH
    return "password-weak" if weak else None


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))
