"""The drafts of a person: upload, wait, read the feedback, take it along, upload the next version, delete."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from pipeline import steps
from pipeline.changes import is_gap
from pipeline.norm.load import available_norms, load_norm
from pipeline.norm.texts import norm_text
from pipeline.report.labels import label, read_labels
from pipeline.report.view import view_report
from pipeline.report.zelfscan import render_zelfscan
from pipeline.result import NormText, Report
from pipeline.web.compare import compare_versions
from pipeline.web.door import User, genuine, user
from pipeline.web.downloads import PDF, WORD, WORD_MACROS, WORKBOOK, attachment, named_after
from pipeline.web.drafts import Desk, Draft, State
from pipeline.web.feedback import lay_beside
from pipeline.web.intake import MOST_FILES, RefusedError, desk, genuine_upload, refused_page, take
from pipeline.web.pages import page
from pipeline.web.uploads import Vouch

_PATIENCE_S = (
    2.0  # how long a page waits for its draft; for one that is being read it waits on, since that is soon there
)
_LOOK_AGAIN_S = 4
_REMARKS: Mapping[str, tuple[str, str]] = {
    "docx": (".docx", WORD),
    "docm": (".docm", WORD_MACROS),
    "pdf": (".pdf", PDF),
}
"""What remarks can be written into, by the format that was found: the suffix and the type of what comes back."""

Who = Annotated[User, Depends(user)]
At = Annotated[Desk, Depends(desk)]


@asynccontextmanager
async def _desk(app: FastAPI) -> AsyncIterator[None]:
    app.state.desk = Desk(app.state.settings)
    await app.state.desk.start()
    try:
        yield
    finally:
        await app.state.desk.stop()


router = APIRouter(include_in_schema=False, lifespan=_desk)


@router.get("/")
async def start(request: Request, who: Who, at: At) -> Response:
    """Upload a document, and what this person uploaded before."""
    return _with_refresh(
        request,
        any(not draft.ready.is_set() for draft in at.mine(who.id)),
        "start.html.j2",
        drafts=[shown_draft(at, draft) for draft in at.mine(who.id)],
        norms=_norms(),
        most_files=MOST_FILES,
    )


@router.post("/concept")
async def upload(request: Request, who: Who, vouch: Annotated[Vouch, Depends(genuine_upload)], at: At) -> Response:
    """Take in one or more documents."""
    try:
        received = await take(request, who, vouch=vouch)
    except RefusedError as refused:
        return refused_page(request, refused)
    norm, sector = received.fields.get("norm") or None, _sector(received.fields.get("sector"))
    if norm is not None and norm not in available_norms():
        received.drop()
        return refused_page(request, RefusedError("no-norm", 400))
    previous = at.find(who.id, received.fields.get("previous", ""))
    drafts = [
        at.check(who.id, one, norm=norm, sector=sector, previous=previous.id if previous else None)
        for one in received.files
    ]
    return RedirectResponse(f"/concept/{drafts[0].id}" if len(drafts) == 1 else "/", 303)


@router.get("/concept/{number}")
async def show(request: Request, who: Who, at: At, number: str) -> Response:
    """The feedback on a draft, or how long it still takes."""
    draft = mine(at, who, number)
    if not await is_done(at, draft):
        return waiting_page(request, at, draft)
    if draft.checked is None:
        raise HTTPException(404)  # deleted while we waited, or a dossier
    return await run_in_threadpool(_feedback, request, at, who, draft)


@router.post("/concept/{number}/verwijderen", dependencies=[Depends(genuine)])
async def delete(who: Who, at: At, number: str) -> Response:
    """Delete a draft, or a dossier, at once."""
    at.remove(mine(at, who, number))
    return RedirectResponse("/?gedaan=draft-deleted", 303)


@router.get("/concept/{number}/zelfscan")
def zelfscan(who: Who, at: At, number: str) -> Response:
    """The zelfscan of the norm, filled in from the document."""
    report = _checked_report(mine(at, who, number))
    data = render_zelfscan(report, text_of(report))
    return attachment(data, named_after(report.document.path, "zelfscan", ".xlsx"), WORKBOOK)


@router.get("/concept/{number}/document")
async def annotated_document(request: Request, who: Who, at: At, number: str) -> Response:
    """The document as it was sent, with the remarks in it."""
    draft = mine(at, who, number)
    report = _checked_report(draft)
    kind = _REMARKS.get(report.document.format or "")
    data = await at.with_remarks(draft, text_of(report)) if kind else None
    if kind is None or data is None:
        return page(request, "no_remarks.html.j2", status=409, draft=shown_draft(at, draft))
    suffix, media_type = kind
    return attachment(data, named_after(report.document.path, "met opmerkingen", suffix), media_type)


def mine(at: Desk, who: User, number: str) -> Draft:
    """A draft of this person.

    Raises:
        HTTPException: 404, also for one of somebody else: who guesses learns nothing.
    """
    draft = at.find(who.id, number)
    if draft is None:
        raise HTTPException(404)
    return draft


async def is_done(at: Desk, draft: Draft) -> bool:
    """Whether a draft is done, or gets done while somebody waits for the page: one that comes alone needs no other."""
    if await at.wait(draft, _PATIENCE_S):
        return True
    return draft.state is State.CHECKING and await at.wait(draft, 2 * _PATIENCE_S)


def waiting_page(request: Request, at: Desk, draft: Draft) -> Response:
    """How long it still takes; looks again by itself unless somebody asks for rest."""
    return _with_refresh(request, True, "waiting.html.j2", draft=shown_draft(at, draft))


def shown_draft(at: Desk, draft: Draft) -> dict[str, Any]:
    """What lists and pages show of a draft."""
    report = draft.checked.report if draft.checked else None
    gaps = sum(is_gap(finding.verdict) for finding in report.findings) if report else 0
    return {
        "id": draft.id,
        "name": draft.name,
        "others": len(draft.uploads) - 1,
        "is_plan": draft.is_plan,
        "state": draft.state.value,
        "before": at.place(draft),
        "kind": label("kinds", report.document.kind) if report and report.document.kind else "",
        "error": view_report(report, None).error if report else None,
        "gaps": gaps,
        "came": draft.came,
        "expires": draft.expires,
        "href": f"/dossier/{draft.id}" if draft.is_plan else f"/concept/{draft.id}",
    }


def text_of(report: Report) -> NormText:
    """The texts of the norm of a report.

    Raises:
        HTTPException: 404 when nothing was checked.
    """
    if report.norm is None:
        raise HTTPException(404)
    return norm_text(load_norm(report.norm.id).norm)


def _checked_report(draft: Draft) -> Report:
    if draft.checked is None or draft.checked.report.error is not None:
        raise HTTPException(404)
    return draft.checked.report


def _feedback(request: Request, at: Desk, who: User, draft: Draft) -> Response:
    assert draft.checked is not None
    report, document = draft.checked.report, draft.checked.document
    text = text_of(report) if report.norm else None
    earlier = at.find(who.id, draft.previous) if draft.previous else None
    before = earlier.checked.report if earlier and earlier.checked else None
    return page(
        request,
        "feedback.html.j2",
        draft=shown_draft(at, draft),
        shown=view_report(report, text),
        fields=read_labels()["fields"],
        verdicts=read_labels()["verdicts"],
        beside=lay_beside(report, document, text) if document and text and not report.error else None,
        versions=compare_versions(before, report, text) if before and text else None,
        earlier=shown_draft(at, earlier) if earlier else None,
        can_annotate=report.document.format in _REMARKS,
    )


def _with_refresh(request: Request, wanted: bool, template: str, **context: Any) -> Response:
    still = "stil" in request.query_params
    response = page(request, template, still=still, refreshes=wanted and not still, **context)
    if wanted and not still:
        # in a header: then a page that somebody keeps open at rest is the same page without it
        response.headers["Refresh"] = str(_LOOK_AGAIN_S)
    return response


def _norms() -> list[tuple[str, str]]:
    return [(name, load_norm(name).norm.title) for name in available_norms()]


def _sector(given: str | None) -> steps.Sector | None:
    return "po" if given == "po" else "vo" if given == "vo" else None
