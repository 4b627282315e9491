"""The front page of an overview in several pages: a row for each part, or for each inbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.report.pages import page_environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A page of the overview. No names of documents: some are about pupils."""

    name: str
    href: str
    workbook: str | None
    documents: int
    unread: int
    gaps: int


def render_front(parts: Sequence[Part], *, title: str, generated: str, too_many: bool = False) -> str:
    """Render the page; ``generated`` is the date as people read it, ``too_many`` explains why there are parts."""
    template = page_environment().get_template("front.html.j2")
    return template.render(parts=parts, title=title, generated=generated, too_many=too_many)
