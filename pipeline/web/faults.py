"""What goes wrong, as a page in Dutch or as problem JSON; a log line holds no text of documents and no secret."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Mapping
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.errors import DekkendError
from pipeline.web.door import LoginNeededError, Visitor
from pipeline.web.pages import page, texts

_log = logging.getLogger("dekkend.web")


def handle_faults(app: FastAPI) -> None:
    """Let the app answer with our own pages."""
    for kind in (HTTPException, RequestValidationError, LoginNeededError):
        app.add_exception_handler(kind, answer)


def answer(request: Request, problem: Exception) -> Response:
    """The response to a problem, without details."""
    if isinstance(problem, LoginNeededError):
        return _login(request)
    if isinstance(problem, HTTPException):
        return _fault(request, problem.status_code, str(problem.detail), problem.headers)
    if isinstance(problem, RequestValidationError):
        return _fault(request, 422)
    return _fault(request, 500)


def _login(request: Request) -> Response:
    if _is_api(request):
        return _fault(request, 401, headers={"WWW-Authenticate": "Bearer"})
    wanted = request.url.path if request.method in ("GET", "HEAD") else "/"
    return RedirectResponse(f"/inloggen?naar={quote(wanted)}", 303)


def _fault(request: Request, status: int, code: str = "", headers: Mapping[str, str] | None = None) -> Response:
    known = texts("faults")
    shown = known.get(code) or known.get(status) or known[400 if status < 500 else 500]
    if _is_api(request):
        body = {"type": "about:blank", "title": shown["title"], "status": status, "detail": shown["text"]}
        return JSONResponse(body, status, headers, media_type="application/problem+json")
    response = page(request, "fault.html.j2", status=status, fault=shown, status_code=status)
    response.headers.update(headers or {})
    return response


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


class Watch:
    """Answer what nobody else caught, and log each request: by its route, since an address can hold a key."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["visitor"] = Visitor()
        begun, status = time.monotonic(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as problem:  # noqa: BLE001  whatever it is, the visitor gets a page and the log a line
            if not isinstance(problem, HTTPException):
                _log.error("fault", extra={"error": _word(problem), "at": _place(problem)})
            if status:
                raise ConnectionAbortedError from None  # half an answer is out: nothing can be put right
            response = answer(Request(scope, receive), problem)
            await response(scope, receive, noted)
        finally:
            _log_request(scope, status, time.monotonic() - begun)


def _log_request(scope: Scope, status: int, seconds: float) -> None:
    route = scope.get("route")
    account = scope["state"]["visitor"].account
    _log.info(
        "request",
        extra={
            "method": scope["method"],
            "route": getattr(route, "path", None),
            "status": status,
            "ms": round(seconds * 1000),
            "account": account.id if account else None,
        },
    )


def _word(problem: Exception) -> str:
    return problem.code if isinstance(problem, DekkendError) else type(problem).__name__


def _place(problem: Exception) -> list[str]:
    # files and lines alone: a message may quote what somebody sent
    frames = traceback.extract_tb(problem.__traceback__)
    return [f"{frame.filename.rpartition('site-packages')[2]}:{frame.lineno}" for frame in frames[-8:]]
