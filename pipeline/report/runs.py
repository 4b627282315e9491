"""Renders what is told about runs: messages, history and comparisons, from the templates in ``templates/runs``."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.report.labels import label, read_labels
from pipeline.result import Verdict


def render_page(name: str, **values: object) -> str:
    """Render a page; values are escaped."""
    return _environment(pages=True).get_template(name).render(**values)


def render_text(name: str, **values: object) -> str:
    """Render plain text; a name in it can't steer a terminal, and is on one line."""
    return _environment(pages=False).get_template(name).render(**values)


@cache
def _environment(*, pages: bool) -> Environment:
    environment = Environment(
        loader=PackageLoader("templates", "runs"),
        autoescape=pages,  # noqa: S701  (plain text is for terminals and mail: an escaped quote is a mistake there)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=None if pages else _plain,
    )
    environment.filters["verdict"] = _verdict
    environment.filters["kind"] = lambda kind: label("kinds", kind)
    environment.filters["error"] = lambda code: read_labels()["errors"].get(code, {"word": code})["word"]
    environment.filters["number"] = _number
    return environment


def _plain(value: object) -> object:
    if not isinstance(value, str):
        return value
    return "".join(char if char.isprintable() or char == "\n" else " " for char in value)


def _verdict(verdict: Verdict | None) -> str:
    return str(read_labels()["verdicts"][verdict]["word"]) if verdict else "–"


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
