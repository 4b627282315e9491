"""What everybody may see: how it is with privacy and access for all, style sheets of the reports, a sign of life."""

from __future__ import annotations

from importlib.resources import files
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from pipeline.store.keys import IDLE, LONGEST
from pipeline.store.open import reading
from pipeline.web.pages import page

router = APIRouter(include_in_schema=False)


@router.get("/privacy")
def privacy(request: Request) -> HTMLResponse:
    """What is kept, why and how long."""
    return page(request, "privacy.html.j2", idle_hours=IDLE.seconds // 3600, longest_hours=LONGEST.seconds // 3600)


@router.get("/toegankelijkheid")
def accessibility(request: Request) -> HTMLResponse:
    """How the pages were made accessible, and whom to tell what is not."""
    return page(request, "accessibility.html.j2")


@router.get("/gezond")
def health(request: Request) -> Response:
    """Whether the pages work, for what watches over them: 200, or 503 when the store is away."""
    try:
        with reading(request.app.state.engine).begin() as connection:
            connection.execute(text("select 1"))
    except (SQLAlchemyError, OSError):
        return JSONResponse({"status": "store-unreachable"}, 503)
    return JSONResponse({"status": "ok"})


@router.get("/static/report/{name}.css")
def report_style(name: Literal["base", "report"]) -> Response:
    """The style sheets that pages share with the reports."""
    style = (files("templates") / "report" / f"{name}.css").read_text(encoding="utf-8")
    return Response(style, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})
