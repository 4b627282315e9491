"""From a request to who asks: once, before anything else looks at it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.store import accounts, keys
from pipeline.store.accounts import Account
from pipeline.web import cookies
from pipeline.web.door import Visitor

STATIC = "/static/"
API = "/api/"

# in this order: browsers also name the ones they descend from
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("CrOS", "Chromebook"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


class Recognise:
    """Put the ``Visitor`` in the state of each request: by session, token or what the proxy says."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Recognise the visitor and pass the request on."""
        if scope["type"] == "http":
            state = scope.setdefault("state", {})
            state["visitor"] = Visitor()
            if not scope["path"].startswith(STATIC):
                state["visitor"] = await run_in_threadpool(_visitor, Request(scope))
        await self._app(scope, receive, send)


def _visitor(request: Request) -> Visitor:
    engine: Engine = request.app.state.engine
    if request.url.path.startswith(API):
        return _by_token(engine, request)
    login: str | None = getattr(request.state, "proxy_login", None)
    if login is not None:
        account = accounts.account_by_login(engine, login)
        return Visitor(account, "proxy") if account and account.blocked is None else Visitor()
    return _by_session(engine, request)


def _by_token(engine: Engine, request: Request) -> Visitor:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        return Visitor()
    account = keys.token_holder(engine, key.strip(), now())
    return Visitor(account, "token") if account else Visitor()


def _by_session(engine: Engine, request: Request) -> Visitor:
    key = cookies.read(request, cookies.SESSION)
    session = keys.session_with(engine, key, now()) if key else None
    return Visitor(session.account, "session", session.id) if session else Visitor()


def log_in(request: Request, response: Response, account: Account) -> None:
    """Begin a session for this browser, always with a new key; one that it had ends."""
    engine: Engine = request.app.state.engine
    before = request.state.visitor.session
    if before is not None:
        keys.close_session(engine, before)
    accounts.note_login(engine, account, now())
    agent = kind_of_browser(request.headers.get("user-agent", ""))
    cookies.give(request, response, cookies.SESSION, keys.open_session(engine, account, agent=agent, now=now()))
    cookies.take(request, response, cookies.VISITOR)


def log_out(request: Request, response: Response) -> None:
    """End the session of this browser."""
    session = request.state.visitor.session
    if session is not None:
        keys.close_session(request.app.state.engine, session)
    cookies.take(request, response, cookies.SESSION)


def kind_of_browser(agent: str) -> str:
    """What somebody knows their own browser by ("Firefox, Windows"): more of it is not kept."""
    return ", ".join(
        found for known in (_BROWSERS, _SYSTEMS) if (found := next((say for word, say in known if word in agent), ""))
    )


def now() -> dt.datetime:
    """The moment of a request."""
    return dt.datetime.now(dt.UTC)
