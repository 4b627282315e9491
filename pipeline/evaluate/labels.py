"""Labelled documents and sentences: what people found in them. Knows the files of ``gold.yaml`` form, no measure.

A labelled document is a folder with ``gold.yaml``, ``source.md`` and the rendered files, which bear the folder's name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar, Literal, TypeVar

import yaml
from pydantic import BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from pipeline.errors import DekkendError
from pipeline.result import Verdict

GOLD_FILE = "gold.yaml"
SENTENCES_FILE = "sentences.jsonl"
_RENDERED = (".docx", ".pdf")
_T = TypeVar("_T")

# hand-written YAML leaves a key empty where there is nothing
Texts = Annotated[tuple[str, ...], BeforeValidator(lambda value: () if value is None else value)]


class LabelError(DekkendError):
    """A file with labels is not there or not in its form."""

    code = "labels"
    message = "De labels kloppen niet."
    hint = "Een gelabeld document is een map met gold.yaml, source.md en de bestanden met de naam van de map."


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldVerdict:
    """The verdict on a requirement, with accepted quotes; ``trap`` tells why a checker may go wrong."""

    verdict: Verdict
    evidence: Texts = ()
    trap: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSchool:
    """What the document says of the school; None where it does not say."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(coerce_numbers_to_str=True)

    name: str | None = None
    brin: str | None = None
    board: str | None = None
    district: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldExpertise:
    name: str
    scope: Literal["school", "external"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldProfile:
    """The lists of a profile; ``offered_themes`` gives the highest level that is concretely offered."""

    expertise: tuple[GoldExpertise, ...] = ()
    partners: Texts = ()
    not_offered: Texts = ()
    ambitions: Texts = ()
    offered_themes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """The labels of one document."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(coerce_numbers_to_str=True)

    kind: str
    norm: str
    sector: str | None = None
    school: GoldSchool = GoldSchool()
    school_year: str | None = None
    verdicts: dict[str, GoldVerdict]
    profile: GoldProfile | None = None
    privacy: Texts = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSentence:
    """A labelled passage by itself."""

    text: str
    labels: tuple[str, ...]
    stance: str
    split: str


def labelled_folders(folder: Path) -> tuple[Path, ...]:
    """Every folder below ``folder`` (or itself) with labels, sorted by name.

    Raises:
        LabelError: There is none.
    """
    if not folder.is_dir():
        raise LabelError(f"De map {folder.name} is er niet.")
    found = tuple(sorted(path.parent for path in folder.rglob(GOLD_FILE)))
    if not found:
        raise LabelError(f"In {folder.name} staat geen {GOLD_FILE}.")
    return found


def files_to_check(folder: Path) -> tuple[Path, ...]:
    """The rendered files of a labelled document, or its source text when there are none.

    Raises:
        LabelError: There is neither.
    """
    rendered = tuple(path for end in _RENDERED if (path := folder / f"{folder.name}{end}").is_file())
    source = folder / "source.md"
    if not rendered and not source.is_file():
        raise LabelError(f"In {folder.name} staat geen document: geen {folder.name}.docx of .pdf en geen source.md.")
    return rendered or (source,)


def read_gold(folder: Path) -> Gold:
    """Read the labels of a document.

    Raises:
        LabelError: ``gold.yaml`` is no YAML or not in its form; the message names the fields.
    """
    name = f"{folder.name}/{GOLD_FILE}"
    try:
        data = yaml.load((folder / GOLD_FILE).read_bytes(), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as problem:
        raise LabelError(f"{name}: dit is geen geldige YAML.") from problem
    return _validated(_GOLD, data, name)


def read_sentences(folder: Path) -> Iterator[GoldSentence]:
    """The labelled sentences of a folder; none when it has no such file.

    Raises:
        LabelError: A line is not in its form.
    """
    path = folder / SENTENCES_FILE
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            data = json.loads(line)
        except ValueError as problem:
            raise LabelError(f"{path.name}:{number}: dit is geen geldige JSON.") from problem
        yield _validated(_SENTENCE, data, f"{path.name}:{number}")


_GOLD = TypeAdapter(Gold)
_SENTENCE = TypeAdapter(GoldSentence)


def _validated(form: TypeAdapter[_T], data: object, name: str) -> _T:
    try:
        return form.validate_python(data)
    except ValidationError as problem:
        fields = ", ".join(".".join(map(str, error["loc"])) or "het geheel" for error in problem.errors())
        raise LabelError(f"{name}: deze velden kloppen niet: {fields}.") from problem
