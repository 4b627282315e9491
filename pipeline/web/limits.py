"""How much and how often: the size of a request, and how many in how much time."""

from __future__ import annotations

import time

from fastapi import HTTPException
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOGIN = parse("60/5minutes")
"""Tries to log in from one address, right ones too: checking a password costs time; a school is one address."""
FAILED = parse("30/15minutes")
"""Wrong passwords and codes from one address."""
FORMS = parse("240/5minutes")
"""Forms sent by one account."""
API = parse("120/minute")
"""Calls with the tokens of one account."""

_SMALL = 64 * 1024
UPLOADS = frozenset({"/concept", "/dossier", "/api/check"})
"""Where ``uploads.receive`` counts what comes in, and says what the limit is."""
_FORM_ROOM = 1024 * 1024  # what stands around the files of an upload


class Rates:
    """Counts in memory: a restart forgets, and lock-out of an account is in the store."""

    def __init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, limit: RateLimitItem, who: str) -> None:
        """Count one.

        Raises:
            HTTPException: 429, with how long to wait.
        """
        if not self._limiter.hit(limit, _name(limit), who):
            raise self._too_many(limit, who)

    def check(self, limit: RateLimitItem, who: str) -> None:
        """Count nothing.

        Raises:
            HTTPException: 429, with how long to wait.
        """
        if not self._limiter.test(limit, _name(limit), who):
            raise self._too_many(limit, who)

    def _too_many(self, limit: RateLimitItem, who: str) -> HTTPException:
        until = self._limiter.get_window_stats(limit, _name(limit), who).reset_time
        return HTTPException(429, headers={"Retry-After": str(max(1, round(until - time.time())))})


def _name(limit: RateLimitItem) -> str:
    return str(limit)


class BodyLimit:
    """Refuse a body that is too large, before it is read and while it comes in.

    Only who is logged in may send more than a small form.
    """

    def __init__(self, app: ASGIApp, *, max_upload_mb: int) -> None:
        self._app = app
        self._large = max_upload_mb * 1024 * 1024 + _FORM_ROOM

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a counted body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        known = scope["state"]["visitor"].account is not None
        if known and scope["path"] in UPLOADS:
            await self._app(scope, receive, send)
            return
        most = self._large if known else _SMALL
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > most:
            raise HTTPException(413, headers={"Connection": "close"})
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413, headers={"Connection": "close"})
            return message

        await self._app(scope, counted, send)
