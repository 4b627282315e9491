"""A pupil's file as JSON, exactly as the contract has it."""

from __future__ import annotations

import json

from pipeline.dossier_result import Dossier


def render_dossier_json(dossier: Dossier) -> str:
    """One object; the same file gives the same text."""
    return json.dumps(dossier.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=2) + "\n"
