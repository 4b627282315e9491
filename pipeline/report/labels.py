"""The Dutch words for the contract's terms, from ``templates/report/labels.yaml``: one table for all formats."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def read_labels() -> Mapping[str, Any]:
    """Read the table: section name to its words, as the file has them."""
    text = (files("templates") / "report" / "labels.yaml").read_text(encoding="utf-8")
    labels: Mapping[str, Any] = yaml.safe_load(text)
    return labels


def label(section: str, term: str | None) -> str:
    """Return the Dutch word for a term; the term itself where the table has none, and "" for None."""
    if term is None:
        return ""
    return str(read_labels()[section].get(term, term))


def phrase(name: str, **values: object) -> str:
    """Fill in a piece of text; the values are taken literally."""
    return str(read_labels()["phrases"][name]).format(**values)


def certainty(confidence: float) -> str:
    """Return one of three words for a confidence of 0 to 1."""
    bands = read_labels()["certainty"]
    return str(next((band["word"] for band in bands if confidence >= band["from"]), bands[-1]["word"]))


def is_about_pupil(kind: str | None) -> bool:
    """Tell whether documents of this kind are about one pupil; an unknown kind is not known to be."""
    return kind not in (None, "unknown") and kind not in read_labels()["school_kinds"]
