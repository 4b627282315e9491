"""Our cookies: for our own pages only, out of reach of scripts, gone with the browser."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

SESSION = "dekkend"
VISITOR = "dekkend-bezoek"
PROVIDER = "dekkend-aanbieder"


def name_of(request: Request, cookie: str) -> str:
    """Over https with the prefix that keeps pages on neighbouring hosts from setting it."""
    return full_name(cookie, secure=request.app.state.settings.secure_cookies)


def full_name(cookie: str, *, secure: bool) -> str:
    """The name in the browser."""
    return f"__Host-{cookie}" if secure else cookie


def read(request: Request, cookie: str) -> str | None:
    """What the browser sends back."""
    return request.cookies.get(name_of(request, cookie))


def give(request: Request, response: Response, cookie: str, value: str) -> None:
    """Let the browser keep a value until it is closed."""
    response.set_cookie(
        name_of(request, cookie),
        value,
        secure=request.app.state.settings.secure_cookies,
        httponly=True,
        samesite="lax",  # a login elsewhere ends with a link back to us
    )


def take(request: Request, response: Response, cookie: str) -> None:
    """Let the browser forget a value."""
    secure = request.app.state.settings.secure_cookies
    response.delete_cookie(name_of(request, cookie), secure=secure, httponly=True, samesite="lax")
