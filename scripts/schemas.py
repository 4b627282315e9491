"""Writes docs/*.schema.json: JSON Schemas of a report, a dossier and a pre-filled OPP.

`dekkend check --format json` prints an array of reports, the other two commands one object.
"""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from pipeline import dossier_result, plan_result, result

DOCS = Path(__file__).parent.parent / "docs"
MODELS: dict[str, tuple[str, type[BaseModel]]] = {
    "report": (result.SCHEMA, result.Report),
    "dossier": (dossier_result.SCHEMA, dossier_result.Dossier),
    "opp": (plan_result.SCHEMA, plan_result.Plan),
}


class EveryKey(GenerateJsonSchema):
    """Keys are never left out, so each is required, with a default or not: all but ``notes`` of a report."""

    def field_is_required(self, *_: object, **__: object) -> bool:
        return True


def schema(name: str) -> str:
    identifier, model = MODELS[name]
    data = model.model_json_schema(by_alias=True, mode="serialization", schema_generator=EveryKey)
    data["required"] = [key for key in data["required"] if key != "notes"]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": identifier}
    return json.dumps(head | data, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    for name in MODELS:
        (DOCS / f"{name}.schema.json").write_text(schema(name), encoding="utf-8")
