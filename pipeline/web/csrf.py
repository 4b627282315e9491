"""Tokens that show that a form came from one of our own pages.

A token is bound to the session, or before a login to a cookie of its own, and looks different each time: a proxy that
compresses gives nothing away.
"""

from __future__ import annotations

import hmac
import secrets

from starlette.requests import Request
from starlette.responses import Response

from pipeline.web import cookies

_PURPOSE = "csrf"


def token(request: Request) -> str:
    """A token for a form on the page that is being made."""
    salt = secrets.token_urlsafe(12)
    return f"{salt}.{_sign(request, salt, _binding(request) or _new_binding(request))}"


def is_genuine(request: Request, given: str) -> bool:
    """Whether a token was made for this visitor."""
    salt, _, signature = given.partition(".")
    binding = _binding(request)
    return binding is not None and hmac.compare_digest(signature.encode(), _sign(request, salt, binding).encode())


def has_binding(request: Request) -> bool:
    """Whether this visitor can have a token at all."""
    return _binding(request) is not None


def remember(request: Request, response: Response) -> None:
    """Send the cookie along that a token on this page is bound to, where there is no session."""
    fresh = getattr(request.state, "fresh_binding", None)
    if fresh is not None:
        cookies.give(request, response, cookies.VISITOR, fresh)


def _binding(request: Request) -> str | None:
    visitor = request.state.visitor
    if visitor.session is not None:
        return f"session {visitor.session}"
    kept = cookies.read(request, cookies.VISITOR) or getattr(request.state, "fresh_binding", None)
    return f"visitor {kept}" if kept else None


def _new_binding(request: Request) -> str:
    request.state.fresh_binding = secrets.token_urlsafe(24)
    return f"visitor {request.state.fresh_binding}"


def _sign(request: Request, salt: str, binding: str) -> str:
    key: bytes = request.app.state.secret.key_for(_PURPOSE)
    return hmac.new(key, f"{salt}\0{binding}".encode(), "sha256").hexdigest()
