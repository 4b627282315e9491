"""The pre-filled ontwikkelingsperspectief as a Word document, from the shipped template or one's own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from pipeline.errors import DekkendError
from pipeline.plan.marks import apply_marks, clean, marked, without_marks
from pipeline.plan_result import Plan, PlanValue
from pipeline.pupil.spec import FieldSpec, pupil_spec
from pipeline.pupil.values import Goal

HELPERS = frozenset({"conflicten", "bronnen"})
"""Names that a template may use beside the fields."""


class PlanTemplateError(DekkendError):
    """The template is no Word document, or its fields are not well written."""

    code = "template"
    hint = "Met 'dekkend opp fields' ziet u welke namen u tussen {{ en }} kunt zetten."


@dataclass(frozen=True, slots=True)
class TemplateNames:
    """What a template asks for, held against the fields."""

    used: tuple[str, ...]
    unknown: tuple[str, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """A field in a template: ``{{ naam }}`` writes its values, one a line; its parts can be looped over."""

    titel: str
    vraag: str
    waarden: tuple[str, ...]
    rijen: tuple[Mapping[str, str], ...]
    open: bool

    def __str__(self) -> str:
        return "\n".join(self.waarden)

    def __iter__(self) -> Iterator[str]:
        return iter(self.waarden)


@cache
def plan_texts() -> Mapping[str, str]:
    """The words around the fields: ``templates/plan/texts.yaml``."""
    texts: Mapping[str, str] = yaml.safe_load((files("templates") / "plan" / "texts.yaml").read_text("utf-8"))
    return texts


def shipped_template() -> bytes:
    """The template that comes with dekkend."""
    return (files("templates") / "plan" / "opp.docx").read_bytes()


def read_template(path: Path | None) -> bytes:
    """The bytes of a template; None gives the shipped one.

    Raises:
        PlanTemplateError: there is no such file.
    """
    if path is None:
        return shipped_template()
    try:
        return path.read_bytes()
    except OSError as problem:
        raise PlanTemplateError(f"Het sjabloon {path} is er niet of is niet te lezen.") from problem


def template_names(template: bytes) -> TemplateNames:
    """Which names a template uses, which of them are no field, and which fields it leaves out.

    Raises:
        PlanTemplateError: it is no Word document, or not well written.
    """
    with _told():
        used = DocxTemplate(io.BytesIO(template)).get_undeclared_template_variables(_environment()) - HELPERS
    known = [f.id for f in pupil_spec().fields]
    return TemplateNames(
        used=tuple(sorted(used)),
        unknown=tuple(sorted(used - set(known))),
        unused=tuple(name for name in known if name not in used),
    )


def render_word(plan: Plan, template: bytes, goals: Sequence[Goal] = ()) -> bytes:
    """Fill a template.

    Args:
        plan: What goes into it.
        template: A Word document with names between ``{{`` and ``}}``.
        goals: Goals of the documents, for what stands beside those that are in ``plan``.

    Raises:
        PlanTemplateError: it is no Word document, or not well written.
    """
    comments: dict[int, str] = {}
    specs = {f.id: f for f in pupil_spec().fields}
    context: dict[str, Any] = {
        name: _field(name, specs.get(name), values, comments, goals if name == "doelen" else ())
        for name, values in plan.fields.items()
    }
    context["conflicten"] = _conflicts(plan, specs)
    context["bronnen"] = list(dict.fromkeys(v.path for values in plan.fields.values() for v in values))
    document = DocxTemplate(io.BytesIO(template))
    with _told():
        document.render(context, _environment(), autoescape=True)
    apply_marks(document.docx, comments, plan_texts()["author"])
    document.docx.core_properties.title = "Ontwikkelingsperspectief, vooraf ingevuld"
    made = io.BytesIO()
    document.docx.save(made)
    return without_marks(made.getvalue())


def _field(
    name: str, spec: FieldSpec | None, values: Sequence[PlanValue], comments: dict[int, str], goals: Sequence[Goal]
) -> _Field:
    texts = plan_texts()
    title, asked = (spec.title, spec.asks) if spec else (name, "")
    if not values:
        asks = texts["open"].format(asks=asked) if spec else texts["open_unknown"].format(name=name)
        empty = marked(asks, None)
        return _Field(title, asked, (empty,), (_row(empty, {}),), open=True)
    shown, rows = [], []
    beside = {g.goal.quote: g for g in goals}
    for value in values:
        shown.append(_numbered(value, comments))
        goal = beside.get(value.quote)
        said = {"aanpak": goal.approach, "wie": goal.who, "wanneer": goal.when} if goal else {}
        cells = {
            column: _numbered(value.model_copy(update={"value": text, "quote": text}), comments)
            for column, text in said.items()
            if text
        }
        rows.append(_row(shown[-1], cells))
    return _Field(title, asked, tuple(shown), tuple(rows), open=False)


def _numbered(value: PlanValue, comments: dict[int, str]) -> str:
    """A value with its mark; its comment is put beside the others."""
    number = len(comments)
    comments[number] = origin(value)
    return marked(value.value, number)


def _row(text: str, cells: Mapping[str, str]) -> Mapping[str, str]:
    """A goal as a row of the table; what its source leaves open is open here too."""
    blank = marked(plan_texts()["unfilled_cell"], None)
    return {"doel": text, **{name: cells.get(name, blank) for name in ("aanpak", "wie", "wanneer")}}


def origin(value: PlanValue) -> str:
    """Where a value comes from, as its comment says it."""
    texts = plan_texts()
    page = texts["page"].format(page=value.page) if value.page else ""
    return texts["origin"].format(path=clean(value.path), page=page, quote=clean(value.quote))


def _conflicts(plan: Plan, specs: Mapping[str, FieldSpec]) -> list[str]:
    return [
        plan_texts()["conflict"].format(
            title=specs[c.field].title if c.field in specs else c.field,
            values=", ".join(f"“{clean(v)}”" for v in c.values),
            chosen=f"“{clean(c.chosen)}”",
            why=c.why,
        )
        for c in plan.conflicts
    ]


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(autoescape=True)


class _told:  # noqa: N801  (used as a word in ``with``)
    """Turns what libraries say of a bad template into a message for its author."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: object) -> None:
        if isinstance(problem, TemplateError):
            raise PlanTemplateError(f"In het sjabloon klopt een veld niet: {problem.message}") from problem
        if isinstance(problem, PackageNotFoundError | zipfile.BadZipFile | KeyError | ValueError):
            raise PlanTemplateError("Het sjabloon is geen Word-document (.docx).") from problem
