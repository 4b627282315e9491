"""From a template to a page: everything escaped, every name known, with who is logged in and a token for its forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined

from pipeline.report.pages import capitalise, lower_first
from pipeline.version import program_version
from pipeline.web import csrf, door

_TIME_ZONE = ZoneInfo("Europe/Amsterdam")
_MONTHS = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Render ``templates/web/<template>``.

    Args:
        request: What is answered; says who is logged in.
        template: Name below ``templates/web``; templates of reports are there as ``report/<name>``.
        status: Of the response.
        context: What the template needs; it gets ``user``, ``csrf``, ``navigation``, ``settings``, ``path``,
            ``version``, ``texts`` and ``done`` by itself.

    Returns:
        The response, with the cookie that its forms need.
    """
    who = door.visitor(request).user
    settings = request.app.state.settings
    shared = {
        "user": who,
        "csrf": csrf.token(request),
        "navigation": [one for one in texts("navigation") if who is not None and who.role in one["roles"]],
        "settings": settings,
        "path": request.url.path,
        "version": program_version(),
        "texts": texts("messages"),
        "done": request.query_params.get("gedaan"),
    }
    body = _environment().get_template(template).render(shared | context)
    response = HTMLResponse(body, status)
    csrf.remember(request, response)
    return response


@cache
def texts(name: str) -> Any:
    """The Dutch words of the pages, from ``templates/web/<name>.yaml``."""
    return yaml.safe_load((files("templates") / "web" / f"{name}.yaml").read_text(encoding="utf-8"))


def message(key: str, **facts: object) -> str:
    """A sentence of ``messages.yaml`` with facts filled in."""
    sentences: Mapping[str, str] = texts("messages")
    return sentences[key].format(**facts)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader(
            [PackageLoader("templates", "web"), PrefixLoader({"report": PackageLoader("templates", "report")})]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"capitalise": capitalise, "lower_first": lower_first, "moment": moment, "day": day}
    return environment


def moment(when: dt.datetime) -> str:
    """A moment as people here say it: 22 nov 2026, 14.05 uur."""
    local = when.astimezone(_TIME_ZONE)
    return f"{day(when)}, {local:%H.%M} uur"


def day(when: dt.datetime) -> str:
    """A day as people here say it: 22 nov 2026."""
    local = when.astimezone(_TIME_ZONE)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
