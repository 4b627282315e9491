"""A pupil's file as a page: to lay on the table in a talk, on a screen and on paper."""

from __future__ import annotations

from pipeline.dossier_result import Dossier, DossierTexts
from pipeline.report.dossier_view import view_dossier
from pipeline.report.pages import page_environment


def render_dossier_html(dossier: Dossier, texts: DossierTexts) -> str:
    """A whole page without scripts; every text of a document is escaped."""
    return page_environment().get_template("dossier.html.j2").render(shown=view_dossier(dossier, texts))
