"""From a form with files to drafts: is it genuine, is there room, is it not too much; and if not, why, in words."""

from __future__ import annotations

from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.responses import JSONResponse

from extractors.limits import MEGABYTE
from pipeline.web import csrf
from pipeline.web.door import User, visitor
from pipeline.web.drafts import Desk, FullError
from pipeline.web.limits import FORMS
from pipeline.web.pages import page, texts
from pipeline.web.uploads import Received, Refusal, UploadRefusedError, Vouch, receive

MOST_FILES = 30


class RefusedError(Exception):
    """The upload is not taken; ``code`` is one of ``templates/web/uploads.yaml``."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


def desk(request: Request) -> Desk:
    """The desk of this server."""
    found: Desk = request.app.state.desk
    return found


async def genuine_upload(request: Request) -> Vouch:
    """As ``door.genuine`` for a form with files, which is read by ``take`` alone: there the token is looked at.

    Raises:
        HTTPException: 403 for a form from elsewhere, 429 for too many.
    """
    if request.headers.get("sec-fetch-site") == "cross-site" or not csrf.has_binding(request):
        raise HTTPException(403, "csrf")
    who = visitor(request).user
    if who:
        request.app.state.rates.count(FORMS, f"account {who.id}")
    in_header = request.headers.get("x-csrf-token")
    if not request.headers.get("content-type", "").startswith("multipart/form-data") and not in_header:
        raise HTTPException(403, "csrf")  # no form of ours
    return lambda fields: csrf.is_genuine(request, in_header or fields.get("_csrf", ""))


async def take(request: Request, who: User, *, vouch: Vouch | None = None, max_files: int = MOST_FILES) -> Received:
    """Read an upload.

    Args:
        request: Whose body was not read yet.
        who: Whose it is.
        vouch: Says whether it is genuine; None for the API, where the token of the caller says it.
        max_files: How many.

    Raises:
        RefusedError: It is not taken; nothing of it was kept.
    """
    keeper = desk(request)
    try:
        keeper.ensure_room(who.id)
        limit = request.app.state.settings.max_upload_mb * MEGABYTE
        return await receive(
            request, keeper.folder, max_bytes=limit, max_files=max_files, vouch=vouch or (lambda _fields: True)
        )
    except FullError as full:
        raise RefusedError("full-own" if full.own else "full-all", 409 if full.own else 503) from None
    except UploadRefusedError as refused:
        raise RefusedError(str(refused.refusal), refused.status) from None
    except HTTPException as problem:
        if problem.status_code != 413:
            raise
        raise RefusedError(str(Refusal.TOO_LARGE), 413) from None


def refused_page(request: Request, refused: RefusedError) -> Response:
    """Say why, and what to do."""
    return page(request, "refused.html.j2", status=refused.status, **_words(request, refused))


def refused_json(request: Request, refused: RefusedError) -> Response:
    """As problem JSON (RFC 9457)."""
    words = _words(request, refused)
    body = {
        "type": "about:blank", "title": words["title"], "status": refused.status, "detail": words["text"],
        "code": refused.code,
    }  # fmt: skip
    return JSONResponse(body, refused.status, media_type="application/problem+json")


def _words(request: Request, refused: RefusedError) -> dict[str, Any]:
    settings = request.app.state.settings
    words = texts("uploads")[refused.code]
    facts = {"limit": settings.max_upload_mb, "files": MOST_FILES, "hours": settings.keep_hours}
    return {"title": words["title"], "text": words["text"].format(**facts)}
