"""Writes docs/report.schema.json: the JSON Schema of one report; `dekkend check --format json` prints an array."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic.json_schema import GenerateJsonSchema

from pipeline.result import SCHEMA, Report

TARGET = Path(__file__).parent.parent / "docs" / "report.schema.json"


class EveryKey(GenerateJsonSchema):
    """Keys are never left out of a report, so each is required, with a default or not: all but ``notes``."""

    def field_is_required(self, *_: object, **__: object) -> bool:
        return True


def schema() -> str:
    data = Report.model_json_schema(by_alias=True, mode="serialization", schema_generator=EveryKey)
    data["required"].remove("notes")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA}
    return json.dumps(head | data, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    TARGET.write_text(schema(), encoding="utf-8")
