"""Writes docs/report.schema.json: the JSON Schema of one report, as `dekkend check --format json` prints them in an array."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.result import SCHEMA, Report

TARGET = Path(__file__).parent.parent / "docs" / "report.schema.json"


def schema() -> str:
    data = Report.model_json_schema(by_alias=True, mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA}
    return json.dumps(head | data, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    TARGET.write_text(schema(), encoding="utf-8")
