"""The front page of an overview that is too large for one page: a row for each part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.report.pages import page_environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A page of the overview. No names of documents: some are about pupils."""

    href: str
    workbook: str
    documents: int
    unread: int
    gaps: int


def render_front(parts: Sequence[Part], *, title: str, generated: str) -> str:
    """Render the page; ``generated`` is the date as people read it."""
    return page_environment().get_template("front.html.j2").render(parts=parts, title=title, generated=generated)
