"""The gap report of one document as a self-contained HTML page: for reading on a screen and for printing."""

from __future__ import annotations

from pipeline.report.labels import read_labels
from pipeline.report.pages import page_environment, safe_href
from pipeline.report.view import view_report
from pipeline.result import NormText, Report, Verdict


def render_html(report: Report, norm_text: NormText | None, *, document_href: str | None = None) -> str:
    """Render a report, also that of a file that could not be read.

    Args:
        report: The result of one document.
        norm_text: The texts of the report's norm; None when nothing was checked.
        document_href: Where the document can be opened, relative to the page; no link when None.

    Returns:
        A whole HTML page. Each finding is the element with the requirement's id as its id.
    """
    verdicts = {finding.verdict for finding in report.findings}
    page = page_environment().get_template("gap.html.j2")
    return page.render(
        shown=view_report(report, norm_text),
        fields=read_labels()["fields"],
        no_gaps=bool(verdicts) and verdicts <= {Verdict.MET, Verdict.NOT_APPLICABLE},
        document_href=safe_href(document_href) if document_href else None,
        sha256=report.document.sha256,
    )
