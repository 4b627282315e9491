"""The same for programs: a document in, its report as JSON out. Described in /api/openapi.json."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field

from pipeline.norm.load import available_norms, load_norm
from pipeline.report.report_json import render_one
from pipeline.result import Report
from pipeline.web.door import User, api_user
from pipeline.web.drafts import Desk
from pipeline.web.intake import RefusedError, desk, refused_json, take

_LONGEST_S = 600.0
_SECTORS = ("po", "vo")


class Problem(BaseModel):
    """What went wrong (RFC 9457); ``code`` where a program may want to tell cases apart."""

    type: str
    title: str = Field(description="In Dutch, for people.")
    status: int
    detail: str = Field(description="What somebody can do about it, in Dutch.")
    code: str | None = None


class NormInfo(BaseModel):
    """A norm that documents can be checked by."""

    id: str
    version: str
    title: str
    kinds: list[str] = Field(description="The kinds of document that it is for.")


_PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {"schema": Problem.model_json_schema()}}}


def _problems(**said: str) -> dict[int | str, dict[str, Any]]:
    return {int(status.removeprefix("s")): {"description": text, **_PROBLEM} for status, text in said.items()}


_TOKEN = HTTPBearer(
    auto_error=False, description="A key from the page /account, as `Authorization: Bearer …`.", scheme_name="token"
)
_DOCUMENT = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {
            "type": "string",
            "format": "binary",
            "description": "DOCX, PDF, ODT, DOC, RTF, HTML or Markdown; which of them follows from its content.",
        },
        "norm": {
            "type": "string",
            "enum": list(available_norms()),
            "description": "Default that of the kind of document.",
        },
        "sector": {"type": "string", "enum": list(_SECTORS), "description": "Goes before what the document says."},
    },
}

router = APIRouter(prefix="/api", tags=["dekkend"], dependencies=[Depends(_TOKEN)])
Who = Annotated[User, Depends(api_user)]


@router.get(
    "/norms",
    summary="The norms that documents can be checked by",
    responses=_problems(s401="No token, or not a valid one.", s429="Too many calls; see Retry-After."),
)
def norms(_who: Who) -> list[NormInfo]:
    """List the norms."""
    known = [load_norm(name).norm for name in available_norms()]
    return [NormInfo(id=one.id, version=one.version, title=one.title, kinds=list(one.kinds)) for one in known]


@router.post(
    "/check",
    summary="Check a document",
    description=(
        "Send one document, get its report (`dekkend.report/1`). A document that can't be read has a report too, with "
        "`error` and without findings. Nothing of the document is kept. The call waits for its turn: allow ten minutes."
    ),
    response_model=Report,
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _DOCUMENT}}}},
    responses=_problems(
        s400="No form with one file in `file`, or no such norm or sector.",
        s401="No token, or not a valid one.",
        s409="The account has too many drafts.",
        s413="Too large.",
        s429="Too many calls; see Retry-After.",
        s503="Too busy; try again in a few minutes.",
    ),
)
async def check(request: Request, who: Who, at: Annotated[Desk, Depends(desk)]) -> Response:
    """Check a document and forget it."""
    try:
        received = await take(request, who, max_files=1)
        norm, sector = received.fields.get("norm") or None, received.fields.get("sector") or None
        if (norm is not None and norm not in available_norms()) or sector not in (None, *_SECTORS):
            received.drop()
            raise RefusedError("no-norm", 400)  # noqa: TRY301
    except RefusedError as refused:
        return refused_json(request, refused)
    draft = at.check(who.id, received.files[0], norm=norm, sector=sector, listed=False)  # type: ignore[arg-type]
    try:
        await at.wait(draft, _LONGEST_S)
        if draft.checked is None:
            return refused_json(request, RefusedError("full-all", 503))
        return Response(render_one(draft.checked.report), media_type="application/json")
    finally:
        at.remove(draft)
