"""Reports that can be shared: names, birthdates, numbers and addresses of pupils and parents taken out of every text.

Recall goes before precision here: a word too many is a nuisance, a name too many is a leak. The quotes are no longer
literal then; their places still are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import Any, TypeVar

from pydantic import BaseModel

from extractors.document import Document
from pipeline.check.forms.dates import date_pattern, dates
from pipeline.check.lexicon import read_yaml
from pipeline.check.privacy import masked, name_words, personal_values
from pipeline.norm.data_dir import DATA_DIR

_Model = TypeVar("_Model", bound=BaseModel)

_TEXTS = frozenset({"quote", "section", "message", "text", "value", "values", "chosen", "quotes", "pupil", "folder"})
"""Keys of results that hold text of a document."""


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """What is known of the persons in some documents, and what is written instead."""

    names: frozenset[str]
    others: Mapping[str, tuple[str, ...]]
    births: frozenset[Any]
    mask: Mapping[str, str]

    def hide(self, text: str) -> str:
        """The text without the persons."""
        for category, values in self.others.items():
            for value in values:
                text = text.replace(value, self.mask[category])
        if self.births:
            text = re.sub(date_pattern(), self._birth, text, flags=re.IGNORECASE)
        if self.names:
            forms = {form for name in self.names for form in (name, name.upper())}
            words = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
            text = re.sub(rf"(?<![\w\[])(?:{words})(?:'s|’s|s)?(?!\w)", self.mask["person"], text)
        text = _titled().sub(lambda m: f"{m['title']} {self.mask['person']}", text)
        text = _initials().sub(self.mask["person"], masked(text, self.mask))
        # of "Jorrit Waanders-Pelk" one is enough
        one = re.escape(self.mask["person"])
        return re.sub(rf"{one}(?:(?:\s+(?:van|de|der|den|el|al|ten|ter))*[\s-]+{one})+", self.mask["person"], text)

    def _birth(self, match: re.Match[str]) -> str:
        return self.mask["birthdate"] if set(dates(match.group())) & self.births else match.group()


def pseudonyms(documents: Iterable[Document]) -> Pseudonyms:
    """The persons of some documents, from the labelled fields of their forms."""
    found: dict[str, set[str]] = {}
    for document in documents:
        for category, values in personal_values(document).items():
            found.setdefault(category, set()).update(values)
    births = frozenset(d for value in found.get("birthdate", ()) for d in dates(value) if d)
    others = {
        category: tuple(sorted(values, key=len, reverse=True))
        for category, values in found.items()
        if category not in ("person", "birthdate")
    }
    mask: Mapping[str, str] = _data()["mask"]
    return Pseudonyms(name_words(found.get("person", ())), others, births, mask)


def shareable(result: _Model, known: Pseudonyms, paths: Mapping[str, str]) -> _Model:
    """A result with every text of a document hidden, and other names for the files.

    Args:
        result: A report, dossier or plan.
        known: The persons of its documents.
        paths: What each file is called instead: a file name often holds the pupil's.
    """
    return type(result).model_validate(_hidden(result.model_dump(by_alias=True), known, paths, key=""))


def other_names(paths: Iterable[str]) -> dict[str, str]:
    """Numbers instead of file names, with the suffix that says what kind of file it is."""
    name = _data()["file"]
    return {p: name.format(number=n) + PurePath(p).suffix.lower() for n, p in enumerate(paths, 1)}


def _hidden(value: Any, known: Pseudonyms, paths: Mapping[str, str], *, key: str) -> Any:
    if isinstance(value, Mapping):
        return {paths.get(k, k): _hidden(v, known, paths, key=k) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(v, known, paths, key=key) for v in value]
    if not isinstance(value, str):
        return value
    for old, new in paths.items():
        value = new if value == old else value.replace(old, new) if key == "message" else value
    return known.hide(value) if key in _TEXTS else value


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = read_yaml(DATA_DIR / "lexicons" / "pseudonyms.yaml")
    return data


@lru_cache(maxsize=1)
def _titled() -> re.Pattern[str]:
    return re.compile(_data()["titled"])


@lru_cache(maxsize=1)
def _initials() -> re.Pattern[str]:
    return re.compile(_data()["initials"])
