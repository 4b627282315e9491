"""Words as compiled patterns: those of a recognition, and by name those on the surface (``lexicons/surface.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pipeline.check.finder import AnyOf, Shelf
from pipeline.check.lexicon import read_yaml
from pipeline.norm.data_dir import DATA_DIR


@lru_cache
def _patterns(lexicon: str) -> dict[str, str | dict[str, str]]:
    data: dict[str, str | dict[str, str]] = read_yaml(DATA_DIR / "lexicons" / f"{lexicon}.yaml")
    return data


@lru_cache(maxsize=64)
def named_pattern(lexicon: str, name: str) -> re.Pattern[str]:
    """The pattern of this name in a lexicon of patterns, ignoring case unless it stands under ``case_sensitive``.

    Raises:
        KeyError: there is no such pattern.
    """
    pattern = _patterns(lexicon)[name]
    if isinstance(pattern, str):
        return re.compile(pattern, re.IGNORECASE)
    return re.compile(pattern["case_sensitive"])


def surface(name: str) -> re.Pattern[str]:
    """The pattern of this name in ``lexicons/surface.yaml``.

    Raises:
        KeyError: there is no such pattern.
    """
    return named_pattern("surface", name)


Words = tuple[str, ...]
"""Regular expressions, ignoring case."""


@lru_cache(maxsize=2048)
def regex(words: Words) -> AnyOf | None:
    """All expressions as one; None for none."""
    return AnyOf(words) if words else None


def found(words: Words, text: str) -> bool:
    """Whether any of the expressions stands in the text."""
    pattern = regex(words)
    return bool(pattern and pattern.stands_in(text))


def may_stand_in(words: Words, shelf: Shelf) -> Iterable[int]:
    """Numbers of the texts in which one of the expressions may stand; in the others none does."""
    pattern = regex(words)
    return pattern.may_stand_in(shelf) if pattern else ()
