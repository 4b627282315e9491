"""A plan from a dossier: upload the documents of one pupil, get an OPP in Word with what they say filled in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.pupil.spec import pupil_spec
from pipeline.report.labels import label
from pipeline.web.checker import Planned
from pipeline.web.door import User, user
from pipeline.web.downloads import WORD, attachment
from pipeline.web.drafts import Desk, Draft
from pipeline.web.intake import MOST_FILES, RefusedError, desk, genuine_upload, refused_page, take
from pipeline.web.pages import page
from pipeline.web.routes.drafts import is_done, mine, shown_draft, waiting_page
from pipeline.web.uploads import Vouch

Who = Annotated[User, Depends(user)]
At = Annotated[Desk, Depends(desk)]

router = APIRouter(include_in_schema=False)


@router.get("/dossier")
def dossier(request: Request, _who: Who) -> Response:
    """Where the documents are uploaded."""
    return page(request, "dossier.html.j2", most_files=MOST_FILES)


@router.post("/dossier")
async def upload(request: Request, who: Who, vouch: Annotated[Vouch, Depends(genuine_upload)], at: At) -> Response:
    """Take the documents in."""
    try:
        received = await take(request, who, vouch=vouch)
    except RefusedError as refused:
        return refused_page(request, refused)
    return RedirectResponse(f"/dossier/{at.plan(who.id, received.files).id}", 303)


@router.get("/dossier/{number}")
async def show(request: Request, who: Who, at: At, number: str) -> Response:
    """What was filled in, what is open, and what contradicts."""
    draft = mine(at, who, number)
    if not await is_done(at, draft):
        return waiting_page(request, at, draft)
    planned = _planned(draft)
    return page(request, "plan.html.j2", draft=shown_draft(at, draft), planned=planned, **_said(planned))


@router.get("/dossier/{number}/word")
def word(who: Who, at: At, number: str) -> Response:
    """The plan in Word."""
    planned = _planned(mine(at, who, number))
    if not planned.word:
        raise HTTPException(404)
    return attachment(planned.word, "opp, vooraf ingevuld.docx", WORD)


def _planned(draft: Draft) -> Planned:
    if draft.planned is None:
        raise HTTPException(404)
    return draft.planned


def _said(planned: Planned) -> dict[str, Any]:
    titles = {field.id: field.title for field in pupil_spec().fields}
    fields = planned.plan.fields
    return {
        "filled": [(titles.get(name, name), values) for name, values in fields.items() if values],
        "open": [titles.get(name, name) for name in planned.plan.open],
        "conflicts": [(titles.get(one.field, one.field), one) for one in planned.plan.conflicts],
        "sources": [(source, label("kinds", source.kind)) for source in planned.sources],
    }
