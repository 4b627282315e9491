"""What holds for any document, however odd: literal quotes, a report that can be stored, no exception."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from strategies import markdown

from extractors.document import Document
from extractors.markdown import read_markdown
from pipeline.check.passages import passages
from pipeline.check.run import Examined
from pipeline.report.report_json import parse_report, render_json
from pipeline.result import Report, Verdict
from pipeline.steps import examine_document

SOURCES = sorted((Path(__file__).parents[2] / "sample_docs").glob("*/source.md"))
few = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def examined(document: Document) -> Examined:
    result = examine_document(document, norm="anb", sector="po")
    assert isinstance(result, Examined)
    return result


def assert_quotes_are_literal(document: Document, report: Report) -> None:
    for finding in report.findings:
        for evidence in finding.evidence:
            assert evidence.quote
            assert evidence.quote == document.text_at(evidence.block, evidence.start, evidence.end)


@given(text=markdown)
@few
def test_any_text_gives_a_whole_report_with_literal_quotes(model, text: str) -> None:
    document = read_markdown(text)
    report = examined(document).report

    assert_quotes_are_literal(document, report)
    assert len(report.findings) == sum(dict(report.summary).values()) == 38
    for finding in report.findings:
        assert 0 <= finding.confidence <= 1
        assert finding.message
        assert bool(finding.evidence) or finding.verdict not in (Verdict.MET, Verdict.PARTIAL)


@given(text=markdown)
@few
def test_report_that_is_stored_comes_back_equal(model, text: str) -> None:
    report = examined(read_markdown(text)).report

    assert [parse_report(one) for one in json.loads(render_json([report]))] == [report]


@given(text=markdown)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_passages_are_literal_slices_in_reading_order(text: str) -> None:
    document = read_markdown(text)
    cut = passages(document)

    assert [p.index for p in cut] == list(range(len(cut)))
    assert [p.block for p in cut] == sorted(p.block for p in cut)
    for passage in cut:
        assert passage.text
        assert passage.text == document.text_at(passage.block, passage.start, passage.end)


@given(text=markdown)
@few
def test_no_report_without_a_norm_is_an_error_and_not_an_exception(model, text: str) -> None:
    result = examine_document(read_markdown(text))

    report = result if isinstance(result, Report) else result.report
    assert (report.error is None) == bool(report.findings)


@pytest.mark.parametrize("source", SOURCES, ids=[s.parent.name for s in SOURCES])
def test_quotes_of_sample_documents_are_literal(model, source: Path) -> None:
    document = read_markdown(source.read_text(encoding="utf-8"))
    result = examine_document(document)
    assert isinstance(result, Examined)

    assert_quotes_are_literal(document, result.report)
