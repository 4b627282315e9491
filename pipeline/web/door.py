"""Who is asking, and may they: the dependencies of every route.

``sessions.Recognise`` looks once who asks; what stands here only reads that, so a route without one of these is open to
everybody. A test walks over all routes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, HTTPException, Request

from pipeline.store.accounts import Account, Role
from pipeline.web import csrf
from pipeline.web.limits import API, FORMS

__all__ = ["LoginNeededError", "Role", "User", "Visitor", "api_user", "genuine", "manager", "staff", "user"]


@dataclass(frozen=True)
class User:
    """Who logged in; ``schools`` holds the keys of the store and is empty for staff, who see all."""

    id: int
    name: str
    role: Role
    schools: frozenset[str]

    @property
    def is_staff(self) -> bool:
        return self.role is not Role.SCHOOL


@dataclass(frozen=True)
class Visitor:
    """Who asks, as far as known: through a session, a token of the API, or what the reverse proxy says."""

    account: Account | None = None
    through: Literal["session", "token", "proxy"] | None = None
    session: int | None = None
    """Number of the session in the store."""

    @property
    def user(self) -> User | None:
        if self.account is None:
            return None
        schools = self.account.schools if self.account.role is Role.SCHOOL else frozenset[str]()
        return User(id=self.account.id, name=self.account.name, role=self.account.role, schools=schools)


class LoginNeededError(Exception):
    """Nobody is logged in; ``faults`` makes it a redirect, or 401 under /api."""


def visitor(request: Request) -> Visitor:
    """Who asks, whether or not we know them."""
    found: Visitor = request.state.visitor
    return found


def user(request: Request) -> User:
    """Who is logged in.

    Raises:
        LoginNeededError: Nobody.
    """
    who = visitor(request)
    if who.user is None or who.through == "token":
        raise LoginNeededError
    return who.user


def staff(who: Annotated[User, Depends(user)]) -> User:
    """A consulent or beheerder who is logged in.

    Raises:
        HTTPException: 403 for a school.
    """
    if not who.is_staff:
        raise HTTPException(403)
    return who


def manager(who: Annotated[User, Depends(user)]) -> User:
    """A beheerder who is logged in.

    Raises:
        HTTPException: 403 for others.
    """
    if who.role is not Role.BEHEERDER:
        raise HTTPException(403)
    return who


def api_user(request: Request) -> User:
    """Whose token a call to the API brings.

    Raises:
        LoginNeededError: No token, or not a valid one.
        HTTPException: 429 for too many calls.
    """
    who = visitor(request)
    if who.user is None or who.through != "token":
        raise LoginNeededError
    request.app.state.rates.count(API, f"account {who.user.id}")
    return who.user


async def genuine(request: Request) -> None:
    """Refuse a form that did not come from one of our own pages: every POST of a browser depends on this.

    The token may stand in the header ``X-CSRF-Token``; then the body is not read at all. Else it is looked for in the
    form, whose files go through the temporary file of Starlette and not through memory.

    Raises:
        HTTPException: 403 for a form from elsewhere or from a page that was open too long, 429 for too many.
    """
    if request.headers.get("sec-fetch-site") == "cross-site" or not csrf.has_binding(request):
        raise HTTPException(403, "csrf")
    who = visitor(request).user
    if who:
        request.app.state.rates.count(FORMS, f"account {who.id}")
    token = request.headers.get("x-csrf-token")
    if token is None:
        field = (await request.form()).get("_csrf")
        token = field if isinstance(field, str) else ""
    if not csrf.is_genuine(request, token):
        raise HTTPException(403, "csrf")
