"""What the store knows: runs and schools for staff, its own school for a school; decisions, and a run at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Engine

from flows.news import TEXT, requirement_title
from pipeline.report.labels import read_labels
from pipeline.report.view import verdict_word
from pipeline.result import Verdict
from pipeline.store import decisions, read
from pipeline.store.errors import DecisionError
from pipeline.store.open import reading
from pipeline.web.door import User, genuine, staff, user
from pipeline.web.nights import BusyError, Nights
from pipeline.web.pages import page
from pipeline.web.schools import list_schools, show_documents, show_history
from pipeline.web.sessions import now

_RUNS = 15
_MOST_DIGEST = 20_000  # characters
_CHOICES = (Verdict.MET, Verdict.PARTIAL, Verdict.MISSING, Verdict.NOT_APPLICABLE)  # "zelf nagaan" is no decision

Who = Annotated[User, Depends(user)]
Staff = Annotated[User, Depends(staff)]


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


Store = Annotated[Engine, Depends(_engine)]


@asynccontextmanager
async def _nights(app: FastAPI) -> AsyncIterator[None]:
    app.state.nights = Nights()
    try:
        yield
    finally:
        await app.state.nights.stop()


router = APIRouter(include_in_schema=False, lifespan=_nights)


@router.get("/team")
def team(request: Request, _who: Staff, store: Store) -> Response:
    """The last runs and their digest, and all schools."""
    return page(
        request,
        "team.html.j2",
        runs=read.latest_runs(reading(store), _RUNS),
        digest=_digest(request),
        lines=list_schools(read.standing_now(reading(store)), only=None),
        night=request.app.state.nights.last,
        can_start=request.app.state.settings.nightly is not None,
        verdicts=read_labels()["verdicts"],
    )


@router.post("/team/run", dependencies=[Depends(genuine)])
async def run(request: Request, who: Staff) -> Response:
    """Do the work of a night now."""
    config = request.app.state.settings.nightly
    if config is None:
        raise HTTPException(404)
    with suppress(BusyError):  # the page says that one is going on
        await request.app.state.nights.start(config, by=who.name, now=now())
    return RedirectResponse("/team", 303)


@router.get("/scholen")
def schools(request: Request, who: Who, store: Store) -> Response:
    """The schools that this person may see."""
    lines = list_schools(read.standing_now(reading(store)), only=None if who.is_staff else who.schools)
    return page(request, "schools.html.j2", lines=lines, verdicts=read_labels()["verdicts"])


@router.get("/scholen/{key:path}")
def school(request: Request, who: Who, store: Store, key: str) -> Response:
    """A school: its documents, what people decided, how it went."""
    return _school_page(request, who, store, key)


@router.post("/besluiten", dependencies=[Depends(genuine)])
def decide(  # noqa: PLR0917  (the fields of the form)
    request: Request,
    who: Staff,
    store: Store,
    school: Annotated[str, Form()],
    kind: Annotated[str, Form()],
    requirement: Annotated[str, Form()],
    passage: Annotated[str, Form()],
    verdict: Annotated[Verdict, Form()],
    reason: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Lay down what a person decided on a verdict."""
    try:
        decisions.decide(
            store, school=school, kind=kind, requirement=requirement, verdict=verdict, reason=reason,
            author=who.name, now=now(), passage=passage,
        )  # fmt: skip
    except DecisionError as problem:
        return _school_page(request, who, store, school, problem=problem.message, status=409)
    return RedirectResponse(f"/scholen/{quote(school)}?gedaan=decision-made#{quote(kind)}.{quote(requirement)}", 303)


@router.post("/besluiten/{number}/intrekken", dependencies=[Depends(genuine)])
def withdraw(who: Staff, store: Store, number: int, school: Annotated[str, Form()]) -> Response:
    """Withdraw a decision; it stays in the store."""
    if number not in {one.id for one in decisions.decisions_on(store, school)}:
        raise HTTPException(404)
    decisions.withdraw(store, number, author=who.name, now=now())
    return RedirectResponse(f"/scholen/{quote(school)}?gedaan=decision-withdrawn", 303)


def _school_page(
    request: Request, who: User, store: Engine, key: str, *, problem: str = "", status: int = 200
) -> Response:
    found = read.school_with(reading(store), key) if who.is_staff or key in who.schools else None
    if found is None:
        raise HTTPException(404)
    standing = read.standing_now(reading(store), school=key)
    quotes = {holding.result: read.quotes_of(reading(store), holding.result) for holding in standing.values()}
    return page(
        request,
        "school.html.j2",
        status=status,
        school=found,
        documents=show_documents(standing, quotes, decisions.decisions_on(reading(store), key), requirement_title),
        history=show_history(read.history(reading(store), found), requirement_title),
        choices=[verdict_word(one) for one in _CHOICES],
        verdicts=read_labels()["verdicts"],
        turns=read_labels()["turns"],
        problem=problem,
    )


def _digest(request: Request) -> str:
    """The news of the last run, as it was sent."""
    reports = request.app.state.settings.reports
    if reports is None:
        return ""
    try:
        text: str = (reports / TEXT).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    return text[:_MOST_DIGEST]
