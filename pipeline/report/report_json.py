"""Reports as JSON, exactly as the contract has it, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.result import Report


def render_json(reports: Iterable[Report]) -> str:
    """Write an array with one report a file, in the order given; the same reports give the same text."""
    data = [_as_json(report) for report in reports]
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _as_json(report: Report) -> dict[str, Any]:
    data = report.model_dump(mode="json", by_alias=True)
    if not report.notes:
        # the contract does not have this key: whoever reads a report by the contract alone meets it with scans only
        del data["notes"]
    return data


def render_one(report: Report) -> str:
    """Write one report as a JSON object: what an array of ``render_json`` holds."""
    return json.dumps(_as_json(report), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def parse_report(source: str | Mapping[str, Any]) -> Report:
    """Read one report back from its JSON object.

    Raises:
        pydantic.ValidationError: It is no ``dekkend.report/1``, or a field is missing, unknown or wrong.
    """
    if isinstance(source, str):
        return Report.model_validate_json(source)
    return Report.model_validate(dict(source))
