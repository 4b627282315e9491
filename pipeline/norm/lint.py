"""The rules about rules: is a norm complete, findable, recognisable, and worded according to its legal weight?

Loading (``load``) refuses what cannot be read or points nowhere; linting judges what can. Runs no recognition: whether
examples come out as said is for the tests of the check. Opens no files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ValidationError

from pipeline.norm.messages import dutch_errors, suggestion
from pipeline.norm.schema import Level, LoadedNorm, Place, Recognition, Requirement

Severity = Literal["error", "warning"]

_MAX_LENGTH: Mapping[str, int] = {
    "title": 60,  # fits on a line of the overview and in a column of the workbook
    "asks": 200,
    "means": 200,
    "partial": 200,
    "not_applicable": 200,
    "why": 300,
    "advice": 300,
    "example": 500,
}
_MIN_MET = 1
_MIN_MISSING = 3  # of different sorts: a definition, a plan, a reference; one or two prove little
_ID_PART = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_OBLIGES = re.compile(r"\b(moet|moeten|móet|dient te|dienen te|verplicht\w*)\b", re.IGNORECASE)
_CLAIMS_LAW = re.compile(r"\b(wettelijk\w*|verplicht\w*)\b", re.IGNORECASE)
_WEAKENS = re.compile(r"\b(zou kunnen|kan overwegen|bij voorkeur|aanbevolen|aan te raden|idealiter)\b", re.IGNORECASE)

_IMPERATIVE = re.compile(
    r"(?:begin|benoem|beschrijf|bespreek|bewaar|bied|breng|deel|geef|gebruik|ga|hang|haal|hoor|houd|kies|kijk|koppel|laat|"
    r"leg|maak|meld|neem|nodig|noem|noteer|onderbouw|overleg|plaats|plan|praat|regel|reken|schrijf|sluit|spreek|stel|stuur|"
    r"toon|verdeel|vermeld|vertel|verwerk|verwijs|voeg|vraag|vul|werk|wijs|zeg|zet|zoek|zorg)\b",
    re.IGNORECASE,
)
"""Verbs that an advice may start with. A verb that is not here gives a warning: add it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LintProblem:
    """One thing to repair in a norm; ``message`` is Dutch, ``file`` is relative to the folder of the norm."""

    file: str
    line: int
    code: str
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} [{self.code}]"


@dataclass(frozen=True, slots=True)
class _Reporter:
    """Makes problems with their place, so that the rules below only say what is wrong."""

    loaded: LoadedNorm

    def at(self, key: tuple[str, ...], code: str, message: str, severity: Severity = "error") -> LintProblem:
        place = self._place(key)
        return LintProblem(file=place.file, line=place.line, code=code, message=message, severity=severity)

    def _place(self, key: tuple[str, ...]) -> Place:
        while key:
            if key in self.loaded.places:
                return self.loaded.places[key]
            key = key[:-1]
        return Place(file=f"{self.loaded.norm.id}.yaml", line=1)


def lint_norm(loaded: LoadedNorm, kinds: Mapping[str, type[BaseModel]] | None = None) -> tuple[LintProblem, ...]:
    """Judge a loaded norm by the rules about rules.

    Args:
        loaded: The norm and its recognitions.
        kinds: Name of a kind (``named.v1``) to the model of its parameters; None leaves kinds and parameters unjudged.

    Returns:
        The problems, by file and line. Empty when there are none.
    """
    reporter = _Reporter(loaded)
    problems = [*_norm_problems(loaded, reporter), *_recognition_problems(loaded, kinds, reporter)]
    for requirement in loaded.norm.requirements:
        problems += _requirement_problems(loaded.norm.id, requirement, reporter)
    return tuple(sorted(problems, key=lambda problem: (problem.file, problem.line, problem.code, problem.message)))


def _norm_problems(loaded: LoadedNorm, reporter: _Reporter) -> Iterator[LintProblem]:
    norm = loaded.norm
    first: dict[str, str] = {}
    for requirement in norm.requirements:
        other = first.setdefault(requirement.title.casefold(), requirement.id)
        if other != requirement.id:
            message = f"titel van eis '{requirement.id}' is ook die van eis '{other}'"
            yield reporter.at((requirement.id, "title"), "title-unique", message)
    used = list(dict.fromkeys(requirement.group for requirement in norm.requirements))
    declared = [group.id for group in norm.groups]
    for unused in (group for group in declared if group not in used):
        yield reporter.at(("norm", "groups"), "group-empty", f"groep '{unused}' heeft geen eisen")
    yield from _order_problems(loaded, [group for group in declared if group in used], reporter)


def _order_problems(loaded: LoadedNorm, groups: list[str], reporter: _Reporter) -> Iterator[LintProblem]:
    """Requirements stand together by group, in the order of the groups: reports show them so."""
    reached = 0
    for requirement in loaded.norm.requirements:
        position = groups.index(requirement.group)
        if position < reached:
            message = f"eis '{requirement.id}' staat niet bij groep '{requirement.group}'"
            yield reporter.at((requirement.id, "group"), "group-order", message)
        reached = max(reached, position)


def _requirement_problems(norm_id: str, requirement: Requirement, reporter: _Reporter) -> Iterator[LintProblem]:
    yield from _id_problems(norm_id, requirement, reporter)
    yield from _source_problems(requirement, reporter)
    yield from _length_problems(requirement, reporter)
    yield from _wording_problems(requirement, reporter)
    yield from _advice_problems(requirement, reporter)


def _id_problems(norm_id: str, requirement: Requirement, reporter: _Reporter) -> Iterator[LintProblem]:
    own = requirement.id
    pattern = rf"{re.escape(norm_id)}\.(?:{re.escape(requirement.group)}\.)?{_ID_PART}"
    if not re.fullmatch(pattern, own):
        form = f"'{norm_id}.{requirement.group}.naam' of '{norm_id}.naam'"
        yield reporter.at((own, "id"), "id-form", f"id '{own}' heeft niet de vorm {form}, in kleine letters")
    for criterion in requirement.criteria:
        if not re.fullmatch(_ID_PART, criterion.id):
            message = f"criterium '{criterion.id}' van eis '{own}': alleen kleine letters, cijfers en streepjes"
            yield reporter.at((own, "criteria", criterion.id), "id-form", message)


def _source_problems(requirement: Requirement, reporter: _Reporter) -> Iterator[LintProblem]:
    sources = [("source", requirement.source), *(("see_also", source) for source in requirement.see_also)]
    for name, source in sources:
        if not source.is_complete:
            message = f"bron van eis '{requirement.id}' is niet af: seed, heading en consulted, of law en article"
            yield reporter.at((requirement.id, name), "source-incomplete", message)


def _texts(requirement: Requirement) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Give every text a reader sees, with its place and the name of its field."""
    for name in ("title", "asks", "partial", "not_applicable", "why", "advice", "example"):
        if text := getattr(requirement, name):
            yield (requirement.id, name), name, text
    for criterion in requirement.criteria:
        yield (requirement.id, "criteria", criterion.id), "means", criterion.means


def _length_problems(requirement: Requirement, reporter: _Reporter) -> Iterator[LintProblem]:
    for key, name, text in _texts(requirement):
        if len(text) > _MAX_LENGTH[name]:
            message = f"'{name}' van eis '{requirement.id}' is {len(text)} tekens lang, hoogstens {_MAX_LENGTH[name]}"
            yield reporter.at(key, "too-long", message)


def _wording_problems(requirement: Requirement, reporter: _Reporter) -> Iterator[LintProblem]:
    """Legal weight and wording do not drift apart: only a legal duty may be worded as one, and it is not weakened."""
    for key, name, text in _texts(requirement):
        if name != "example" and (word := _wrong_word(requirement.level, name, text)):
            weight = f"met level '{requirement.level}'" if requirement.level else "zonder level"
            message = f"'{name}' van eis '{requirement.id}' ({weight}) zegt '{word}'"
            yield reporter.at(key, "wording", message)


def _wrong_word(level: Level | None, name: str, text: str) -> str | None:
    if name == "advice" or level is Level.STREEFNORM:
        found = _OBLIGES.search(text)
    elif level is Level.WETTELIJK:
        found = _WEAKENS.search(text)
    else:
        found = _CLAIMS_LAW.search(text)
    return found.group() if found else None


def _advice_problems(requirement: Requirement, reporter: _Reporter) -> Iterator[LintProblem]:
    if not _IMPERATIVE.match(requirement.advice):
        word = requirement.advice.split()[0]
        message = f"advies van eis '{requirement.id}' begint met '{word}': begin met een werkwoord, zoals 'Beschrijf'"
        yield reporter.at((requirement.id, "advice"), "advice-verb", message, "warning")


def _recognition_problems(
    loaded: LoadedNorm, kinds: Mapping[str, type[BaseModel]] | None, reporter: _Reporter
) -> Iterator[LintProblem]:
    keys = list(loaded.norm.criterion_keys())
    for key in keys:
        if key not in loaded.recognitions:
            requirement, _, criterion = key.partition("/")
            message = f"criterium '{key}' heeft geen herkenning"
            yield reporter.at((requirement, "criteria", criterion), "no-recognition", message)
    for key, recognition in loaded.recognitions.items():
        if key not in keys:
            message = f"herkenning voor criterium '{key}', dat er niet is{suggestion(key, keys)}"
            yield reporter.at(("recognise", key), "no-criterion", message)
        yield from _example_problems(recognition, reporter)
        if kinds is not None:
            yield from _kind_problems(recognition, kinds, reporter)


def _example_problems(recognition: Recognition, reporter: _Reporter) -> Iterator[LintProblem]:
    key = recognition.criterion
    examples = recognition.examples
    for name, found, least in (("met", examples.met, _MIN_MET), ("missing", examples.missing, _MIN_MISSING)):
        if len(found) < least:
            message = f"herkenning van '{key}' heeft {len(found)} voorbeelden '{name}', ten minste {least} nodig"
            yield reporter.at(("recognise", key, "examples"), "examples", message, "warning")
    every = Counter(text.casefold() for group in (examples.met, examples.partial, examples.missing) for text in group)
    for text in (text for text, count in every.items() if count > 1):
        message = f"herkenning van '{key}' heeft een voorbeeld twee keer: '{text[:40]}'"
        yield reporter.at(("recognise", key, "examples"), "examples-unique", message)


def _kind_problems(
    recognition: Recognition, kinds: Mapping[str, type[BaseModel]], reporter: _Reporter
) -> Iterator[LintProblem]:
    key = recognition.criterion
    model = kinds.get(recognition.kind)
    if model is None:
        message = f"soort herkenning '{recognition.kind}' is er niet{suggestion(recognition.kind, kinds)}"
        yield reporter.at(("recognise", key, "kind"), "kind-unknown", f"{message} (criterium '{key}')")
        return
    try:
        model.model_validate(recognition.params)
    except ValidationError as error:
        for loc, sentence in dutch_errors(error, model):
            place = ("recognise", key, *(str(part) for part in loc[:1]))
            yield reporter.at(place, "params", f"{sentence} (criterium '{key}', {recognition.kind})")
