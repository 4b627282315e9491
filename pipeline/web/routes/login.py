"""Coming in and going out: password, provider, invitation and the first run."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool

from pipeline.store import accounts, keys
from pipeline.store.accounts import Account, Role
from pipeline.store.errors import AccountError
from pipeline.web import passwords
from pipeline.web.door import User, genuine, user, visitor
from pipeline.web.limits import FAILED, LOGIN
from pipeline.web.oidc import Person, Provider, ProviderError
from pipeline.web.pages import message, page
from pipeline.web.sessions import log_in, log_out, now

router = APIRouter(include_in_schema=False)
_log = logging.getLogger("dekkend.web")

MOST_FAILURES = 5
LOCKED = dt.timedelta(minutes=15)

Field = Annotated[str, Form(max_length=300)]
Password = Annotated[str, Form(max_length=1000)]


@router.get("/inloggen")
def login_page(request: Request, naar: str = "/") -> Response:
    """The form, or on to where somebody wants to be who is logged in already."""
    if visitor(request).user:
        return RedirectResponse(local(naar), 303)
    return page(request, "login.html.j2", onward=local(naar), login="", error=None)


@router.post("/inloggen", dependencies=[Depends(genuine)])
def log_in_with_password(request: Request, login: Field = "", password: Password = "", naar: Field = "/") -> Response:
    """Log in; too often wrong locks the name, whether there is such an account or not."""
    engine, rates, address = request.app.state.engine, request.app.state.rates, _address(request)
    rates.count(LOGIN, address)
    rates.check(FAILED, address)

    def refused(key: str, status: int) -> Response:
        error = message(key, minutes=LOCKED.seconds // 60)
        return page(request, "login.html.j2", status=status, onward=local(naar), login=login, error=error)

    if not login.strip() or not password:
        return refused("login-empty", 422)
    if accounts.failures(engine, login, now(), within=LOCKED) >= MOST_FAILURES:
        return refused("login-locked", 429)
    account = accounts.account_by_login(engine, login)
    right = passwords.matches(account.password if account else None, password)
    if account is None or not right or account.blocked is not None:
        rates.count(FAILED, address)
        count = accounts.note_failure(engine, login, now(), within=LOCKED)
        _log.warning("login-refused", extra={"account": account.id if account else None, "count": count})
        return refused("login-locked" if count >= MOST_FAILURES else "login-wrong", 401)
    if account.password and passwords.is_outdated(account.password):
        accounts.set_password(engine, account.id, passwords.hashed(password))
    return _inside(request, account, local(naar))


@router.post("/uitloggen", dependencies=[Depends(genuine)])
def leave(request: Request, _: Annotated[User, Depends(user)]) -> Response:
    """End the session."""
    response = RedirectResponse("/inloggen?gedaan=logged-out", 303)
    log_out(request, response)
    return response


@router.get("/inloggen/aanbieder")
async def to_provider(request: Request, naar: str = "/", uitnodiging: str = "") -> Response:
    """Off to the provider, remembering where to and for which invitation."""
    provider = _provider(request)
    request.session.clear()
    request.session.update(naar=local(naar), uitnodiging=uitnodiging[:100])
    try:
        return await provider.send_off(request, f"{request.app.state.settings.address}/inloggen/terug")
    except ProviderError as problem:
        _log.warning("provider", extra={"error": problem.code})
        return _provider_refused(request, "provider-away", 503)


@router.get("/inloggen/terug")
async def from_provider(request: Request) -> Response:
    """Back from the provider: find the account and begin a session."""
    provider = _provider(request)
    onward, invitation = request.session.get("naar", "/"), request.session.get("uitnodiging", "")
    try:
        person = await provider.welcome_back(request)
    except ProviderError as problem:
        _log.warning("provider", extra={"error": problem.code})
        return _provider_refused(request, "provider-refused", 401)
    finally:
        request.session.clear()
    account = await run_in_threadpool(_account_of, request.app.state.engine, provider, person, invitation)
    if account is None:
        return _provider_refused(request, "provider-unknown", 403)
    return await run_in_threadpool(_inside, request, account, local(onward))


def _account_of(engine: Engine, provider: Provider, person: Person, invitation: str) -> Account | None:
    """The account of a person: tied before, tied now by an invitation, or by what the settings allow."""
    known = accounts.account_by_subject(engine, issuer=person.issuer, subject=person.subject)
    if known is None:
        known = _newly_linked(engine, provider, person, invitation)
    return known if known is not None and known.blocked is None else None


def _newly_linked(engine: Engine, provider: Provider, person: Person, invitation: str) -> Account | None:
    account = keys.invited(engine, invitation, now()) if invitation else None
    if account is not None and not keys.use_invitation(engine, invitation, now()):
        return None
    if account is None:
        name = {"email": person.email, "preferred_username": person.username}.get(provider.settings.link_by)
        account = accounts.account_by_login(engine, name) if name else None
    if account is None or account.is_linked:
        return None
    accounts.link_account(engine, account.id, issuer=person.issuer, subject=person.subject)
    _log.info("account-linked", extra={"account": account.id})
    return account


@router.get("/uitnodiging/{key}")
def invitation_page(request: Request, key: str) -> Response:
    """Choose a password, or log in with the provider."""
    return _invitation(request, key, keys.invited(request.app.state.engine, key, now()))


@router.post("/uitnodiging/{key}", dependencies=[Depends(genuine)])
def accept_invitation(request: Request, key: str, password: Password = "", again: Password = "") -> Response:
    """Set the password that somebody chose, once, and log in."""
    engine = request.app.state.engine
    account = keys.invited(engine, key, now())
    if account is None:
        return _invitation(request, key, None)
    objection = _objection(password, again, account.login, account.name)
    if objection:
        return _invitation(request, key, account, objection)
    chosen = passwords.hashed(password)
    if not keys.use_invitation(engine, key, now()):
        return _invitation(request, key, None)
    accounts.set_password(engine, account.id, chosen)
    return _inside(request, account, "/")


def _invitation(request: Request, key: str, account: Account | None, objection: str | None = None) -> Response:
    if account is None:
        request.app.state.rates.count(FAILED, _address(request))
        return page(request, "invitation_over.html.j2", status=404)
    status = 422 if objection else 200
    return page(request, "invitation.html.j2", status=status, account=account, key=key, error=objection)


@router.get("/eerste-keer")
def first_page(request: Request) -> Response:
    """The first account, as long as there is none."""
    _only_first(request)
    return page(request, "first.html.j2", login="", name="", errors={})


@router.post("/eerste-keer", dependencies=[Depends(genuine)])
def make_first(
    request: Request,
    *,
    code: Field = "",
    login: Field = "",
    name: Field = "",
    password: Password = "",
    again: Password = "",
) -> Response:
    """Make the first beheerder, for who knows the code of the terminal."""
    _only_first(request)
    engine, rates, address = request.app.state.engine, request.app.state.rates, _address(request)
    rates.check(FAILED, address)
    errors = {}
    if not request.app.state.first_code.is_right(code):
        rates.count(FAILED, address)
        errors["code"] = message("first-code")
    if not login.strip():
        errors["login"] = message("login-needed")
    if not name.strip():
        errors["name"] = message("name-needed")
    if objection := _objection(password, again, login, name):
        errors["password"] = objection
    if errors:
        return page(request, "first.html.j2", status=422, login=login, name=name, errors=errors)
    try:
        account = accounts.add_account(
            engine, login=login, name=name, role=Role.BEHEERDER, now=now(), password=passwords.hashed(password),
            only_first=True,
        )  # fmt: skip
    except AccountError:
        raise HTTPException(404) from None  # somebody was first
    _log.info("first-account", extra={"account": account.id})
    return _inside(request, account, "/beheer/accounts?gedaan=first-made")


def _only_first(request: Request) -> None:
    if not request.app.state.first_code.is_needed:
        raise HTTPException(404)


def _objection(password: str, again: str, login: str, name: str) -> str | None:
    """Why a new password won't do, in Dutch."""
    key = passwords.objection(password, login=login, name=name) or ("password-again" if password != again else None)
    return message(key, shortest=passwords.SHORTEST, longest=passwords.LONGEST) if key else None


def _inside(request: Request, account: Account, onward: str) -> Response:
    response = RedirectResponse(onward, 303)
    log_in(request, response, account)
    _log.info("login", extra={"account": account.id})
    return response


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise HTTPException(404)
    return provider


def _provider_refused(request: Request, key: str, status: int) -> Response:
    return page(request, "login.html.j2", status=status, onward="/", login="", error=message(key))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def local(onward: str) -> str:
    """An address of ours to go on to; anything that leads elsewhere becomes the start page."""
    plain = onward.isprintable() and "\\" not in onward
    return onward if plain and onward.startswith("/") and not onward.startswith("//") else "/"
