"""One's own account, and for the beheerder those of everybody."""

from __future__ import annotations

import logging
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Engine

from pipeline.store import accounts, keys
from pipeline.store.accounts import Account, Role
from pipeline.store.errors import AccountError
from pipeline.web import passwords
from pipeline.web.door import User, genuine, manager, user, visitor
from pipeline.web.limits import FAILED
from pipeline.web.pages import message, page
from pipeline.web.sessions import log_in, now

router = APIRouter(include_in_schema=False)
_log = logging.getLogger("dekkend.web")

Me = Annotated[User, Depends(user)]
Manager = Annotated[User, Depends(manager)]
Field = Annotated[str, Form(max_length=300)]
Words = Annotated[str, Form(max_length=5000)]
Password = Annotated[str, Form(max_length=1000)]
Days = Annotated[Literal["30", "90", "365"], Form()]

_FORM = [Depends(genuine)]


@router.get("/account")
def own_account(request: Request, me: Me) -> Response:
    """Password, where one is logged in, and API tokens."""
    return _own(request, me)


@router.post("/account/wachtwoord", dependencies=_FORM)
def change_password(
    request: Request, me: Me, *, current: Password = "", password: Password = "", again: Password = ""
) -> Response:
    """Change the password; every other session ends."""
    engine, rates, account = request.app.state.engine, request.app.state.rates, _mine(request, me)
    rates.check(FAILED, f"account {me.id}")
    key = passwords.objection(password, login=account.login, name=account.name)
    if not passwords.matches(account.password, current):
        rates.count(FAILED, f"account {me.id}")
        return _own(request, me, status=422, errors={"current": message("password-current")})
    if key is None and password != again:
        key = "password-again"
    if key is not None:
        sentence = message(key, shortest=passwords.SHORTEST, longest=passwords.LONGEST)
        return _own(request, me, status=422, errors={"password": sentence})
    accounts.set_password(engine, me.id, passwords.hashed(password))
    keys.close_sessions(engine, me.id)
    _log.info("password-changed", extra={"account": me.id})
    response = RedirectResponse("/account?gedaan=password-changed", 303)
    log_in(request, response, account)
    return response


@router.post("/account/sessies", dependencies=_FORM)
def close_others(request: Request, me: Me) -> Response:
    """End every session but this one."""
    keys.close_sessions(request.app.state.engine, me.id, but=visitor(request).session)
    return RedirectResponse("/account?gedaan=sessions-closed", 303)


@router.post("/account/sleutels", dependencies=_FORM)
def make_token(request: Request, me: Me, *, name: Field = "", days: Days = "365") -> Response:
    """Make an API token and show it, once."""
    try:
        key = keys.make_token(request.app.state.engine, me.id, name=name, days=int(days), now=now())
    except AccountError as problem:
        return _own(request, me, status=422, errors={"token": problem.message})
    _log.info("token-made", extra={"account": me.id})
    return _own(request, me, fresh=key)


@router.post("/account/sleutels/{token}/intrekken", dependencies=_FORM)
def withdraw_token(request: Request, me: Me, token: int) -> Response:
    """Withdraw an API token of one's own."""
    if not keys.withdraw_token(request.app.state.engine, me.id, token):
        raise HTTPException(404)
    return RedirectResponse("/account?gedaan=token-withdrawn", 303)


def _own(request: Request, me: User, *, status: int = 200, errors: dict[str, str] | None = None,
         fresh: str | None = None) -> Response:  # fmt: skip
    engine = request.app.state.engine
    return page(
        request, "account.html.j2", status=status, account=_mine(request, me), session=visitor(request).session,
        sessions=keys.sessions_of(engine, me.id, now()), tokens=keys.tokens_of(engine, me.id, now()),
        schools=_names(engine, me.schools), errors=errors or {}, fresh=fresh,
    )  # fmt: skip


def _mine(request: Request, me: User) -> Account:
    account = accounts.account_by_id(request.app.state.engine, me.id)
    if account is None:
        raise HTTPException(404)  # removed a moment ago
    return account


@router.get("/beheer/accounts")
def list_accounts(request: Request, _: Manager) -> Response:
    """All accounts, and a form for another."""
    return _list(request)


@router.post("/beheer/accounts", dependencies=_FORM)
def add_account(
    request: Request, me: Manager, *, login: Field = "", name: Field = "", role: Field = "", schools: Words = ""
) -> Response:
    """Make an account and show the invitation, once."""
    engine = request.app.state.engine
    given = {"login": login, "name": name, "role": role, "schools": schools}
    if not login.strip():
        return _list(request, status=422, given=given, error=message("login-needed"))
    try:
        account = accounts.add_account(
            engine, login=login, name=name, role=_role(role), schools=_keys(engine, role, schools), now=now()
        )
    except AccountError as problem:
        return _list(request, status=422, given=given, error=problem.message)
    _log.info("account-made", extra={"account": account.id, "by": me.id, "role": account.role.value})
    return _link(request, account)


@router.get("/beheer/accounts/{number}")
def one_account(request: Request, _: Manager, number: int) -> Response:
    """An account, to change it."""
    return _one(request, _account(request, number))


@router.post("/beheer/accounts/{number}", dependencies=_FORM)
def change_account(
    request: Request, me: Manager, number: int, *, name: Field = "", role: Field = "", schools: Words = ""
) -> Response:
    """Change name, role and schools."""
    engine, account = request.app.state.engine, _account(request, number)
    try:
        accounts.change_account(engine, number, name=name, role=_role(role), schools=_keys(engine, role, schools))
    except AccountError as problem:
        return _one(request, account, status=422, error=problem.message)
    _log.info("account-changed", extra={"account": number, "by": me.id, "role": role})
    return RedirectResponse(f"/beheer/accounts/{number}?gedaan=account-changed", 303)


@router.post("/beheer/accounts/{number}/uitnodiging", dependencies=_FORM)
def new_link(request: Request, me: Manager, number: int) -> Response:
    """Show a new link to choose a password; an account that was locked can be tried again."""
    account = _account(request, number)
    if account.blocked is not None:
        raise HTTPException(404)
    accounts.forget_failures(request.app.state.engine, account.login)
    _log.info("account-invited", extra={"account": number, "by": me.id})
    return _link(request, account)


@router.post("/beheer/accounts/{number}/{deed}", dependencies=_FORM)
def do_with_account(
    request: Request, me: Manager, number: int, deed: Literal["blokkeren", "deblokkeren", "verwijderen"]
) -> Response:
    """Block, unblock or remove an account."""
    engine, account = request.app.state.engine, _account(request, number)
    onward = f"/beheer/accounts/{number}?gedaan=account-unblocked"
    try:
        if deed == "verwijderen":
            accounts.remove_account(engine, number)
            onward = "/beheer/accounts?gedaan=account-removed"
        elif deed == "blokkeren":
            accounts.block_account(engine, number, now())
            onward = f"/beheer/accounts/{number}?gedaan=account-blocked"
        else:
            accounts.block_account(engine, number, None)
    except AccountError as problem:
        return _one(request, account, status=422, error=problem.message)
    _log.info("account-" + deed, extra={"account": number, "by": me.id})
    return RedirectResponse(onward, 303)


def _list(request: Request, *, status: int = 200, given: dict[str, str] | None = None,
          error: str | None = None) -> Response:  # fmt: skip
    engine = request.app.state.engine
    empty = {"login": "", "name": "", "role": Role.SCHOOL.value, "schools": ""}
    return page(
        request, "accounts.html.j2", status=status, accounts=accounts.all_accounts(engine), given=given or empty,
        error=error, known=accounts.known_schools(engine),
    )  # fmt: skip


def _one(request: Request, account: Account, *, status: int = 200, error: str | None = None) -> Response:
    engine = request.app.state.engine
    return page(
        request, "account_of.html.j2", status=status, account=account, error=error,
        known=accounts.known_schools(engine), schools=_names(engine, account.schools),
    )  # fmt: skip


def _link(request: Request, account: Account) -> Response:
    key = keys.invite(request.app.state.engine, account.id, now())
    link = f"{request.app.state.settings.address}/uitnodiging/{key}"
    return page(request, "invited.html.j2", account=account, link=link, days=keys.INVITED.days)


def _account(request: Request, number: int) -> Account:
    account = accounts.account_by_id(request.app.state.engine, number)
    if account is None:
        raise HTTPException(404)
    return account


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError:
        raise AccountError(message("role-needed")) from None


def _keys(engine: Engine, role: str, words: str) -> frozenset[str]:
    """Only a school belongs to schools: staff see all."""
    return accounts.keys_of_schools(engine, words.splitlines()) if role == Role.SCHOOL else frozenset()


def _names(engine: Engine, schools: Any) -> list[tuple[str, str | None]]:
    """Each key as people write it, with the name that the store knows, if any."""
    known = accounts.known_schools(engine)
    return [(key.removeprefix("naam:"), known.get(key)) for key in sorted(schools)]
