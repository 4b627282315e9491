"""A loaded norm made ready to look with: kinds bound to checked parameters, word lists filled in, lexicons matched.

Reads lexicons from the folders that the norm names; everything else is in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from pipeline.check.kinds import KINDS
from pipeline.check.lexicon import Entry, LexiconError, Lexicons, Pattern, entries, pattern, read_yaml, theme_entries
from pipeline.check.sighting import Kind
from pipeline.check.voice import Cues, load_cues
from pipeline.check.word_lists import UnknownListError, WordLists, fill, read_word_lists
from pipeline.errors import NormError
from pipeline.norm.schema import LoadedNorm, Requirement

PROFILE_LEXICONS = ("roles", "partners")


@dataclass(frozen=True, slots=True)
class Criterion:
    """How one criterion is seen."""

    id: str
    kind: Kind
    params: BaseModel


@dataclass(frozen=True, slots=True)
class Ready:
    """A norm with everything that looking needs."""

    loaded: LoadedNorm
    criteria: Mapping[str, tuple[Criterion, ...]]
    """By requirement id, in the order of the norm."""
    lexicons: Lexicons
    cues: Cues

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """The requirements in the order of the norm."""
        return self.loaded.norm.requirements


def make_ready(loaded: LoadedNorm) -> Ready:
    """Bind a norm to the kinds and lexicons.

    Raises:
        NormError: a criterion has no recognition, or one that does not fit its kind.
        LexiconError: a lexicon that is named is not there.
    """
    words = read_word_lists(loaded.lexicon_dirs)
    criteria = {r.id: tuple(_criterion(loaded, r, c.id, words) for c in r.criteria) for r in loaded.norm.requirements}
    wanted = {*PROFILE_LEXICONS, *_named_lexicons(c for group in criteria.values() for c in group)}
    found: list[Entry] = []
    patterns: list[Pattern] = []
    singular: list[list[str]] = []
    for name in sorted(wanted):
        file, _, theme = name.partition("/")
        data = read_yaml(find_lexicon(file, loaded.lexicon_dirs))
        if theme:
            found += theme_entries(name, next(row["names"] for row in data["themes"] if row["theme"] == theme))
            continue
        rows = data["entries"] if isinstance(data, dict) else data
        found += entries(name, rows)
        if isinstance(data, dict):
            patterns += [pattern(name, p | {"practice_of": data.get("practice_of")}) for p in data.get("patterns", ())]
            singular += data.get("singular", ())
            found += entries(f"not-{name}", data.get(f"not_{name}", ()))
    return Ready(
        loaded=loaded,
        criteria=criteria,
        lexicons=Lexicons(found, patterns, singular),
        cues=load_cues(find_lexicon("voice", loaded.lexicon_dirs)),
    )


def find_lexicon(name: str, folders: tuple[Path, ...]) -> Path:
    """The nearest file of a lexicon: a norm's own goes before the shipped one.

    Raises:
        LexiconError: there is none.
    """
    for folder in folders:
        if (folder / f"{name}.yaml").is_file():
            return folder / f"{name}.yaml"
    raise LexiconError(f"Het lexicon '{name}' is er niet; gezocht naar {name}.yaml naast de norm en bij dekkend zelf.")


def _criterion(loaded: LoadedNorm, requirement: Requirement, criterion_id: str, words: WordLists) -> Criterion:
    key = f"{requirement.id}/{criterion_id}"
    recognition = loaded.recognitions.get(key)
    if recognition is None:
        raise NormError(f"Criterium '{key}' heeft geen herkenning.")
    kind = KINDS.get(recognition.kind)
    if kind is None:
        raise NormError(
            f"Criterium '{key}': de soort herkenning '{recognition.kind}' bestaat niet; er zijn {', '.join(KINDS)}."
        )
    try:
        given = {name: fill(value, words) for name, value in recognition.params.items()}
    except UnknownListError as problem:
        raise NormError(f"Criterium '{key}': {problem}") from problem
    if isinstance(source := given.pop("groups_from", None), str):
        own: dict[str, list[str]] = given.get("groups", {})
        lexicon = _groups(find_lexicon(source, loaded.lexicon_dirs))
        given["groups"] = {name: [*lexicon.get(name, ()), *own.get(name, ())] for name in lexicon | own}
    try:
        params = kind.params(**given)
    except ValidationError as problem:
        where = ", ".join(".".join(map(str, e["loc"])) for e in problem.errors())
        raise NormError(f"Criterium '{key}': deze velden passen niet bij {recognition.kind}: {where}.") from problem
    return Criterion(criterion_id, kind, params)


def _groups(path: Path) -> dict[str, list[str]]:
    """Things to count with their words, from a lexicon of ``principles`` or ``phases``."""
    data = read_yaml(path)
    rows = data.get("principles") or data["phases"]
    return {
        row["name"]: [
            *(rf"\b{re.escape(word)}\b" for word in row["words"]),
            *(p if isinstance(p, str) else p["pattern"] for p in row.get("patterns", ())),
        ]
        for row in rows
    }


def _named_lexicons(criteria: Iterator[Criterion]) -> Iterator[str]:
    for criterion in criteria:
        for field in ("needs_lexicon", "sign_lexicon", "general_lexicon"):
            yield from getattr(criterion.params, field, ())
        if name := getattr(criterion.params, "lexicon", None):
            yield name
