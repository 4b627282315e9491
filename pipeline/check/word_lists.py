"""Words that several criteria need, from ``words.yaml``: said once, named where they are needed.

``$name`` in a list of expressions stands for all expressions of that list; ``${name}`` within an expression for any one
of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.check.lexicon import read_yaml
from pipeline.errors import NormError

_WITHIN = re.compile(r"\$\{(\w+)\}")

WordLists = Mapping[str, Sequence[str]]
"""Expressions by the name of their list."""


class UnknownListError(NormError):
    """A list is named that is not there."""


def read_word_lists(folders: Sequence[Path]) -> WordLists:
    """The lists of all these folders; those of an earlier folder go before those of a later one.

    Raises:
        LexiconError: a file is no YAML.
    """
    lists: dict[str, list[str]] = {}
    for folder in reversed(folders):
        if (folder / "words.yaml").is_file():
            lists |= read_yaml(folder / "words.yaml")
    return lists


def fill(value: Any, lists: WordLists) -> Any:
    """The value with its names filled in; what is no list of expressions comes back as it is.

    Raises:
        UnknownListError: a name is in none of the lists.
    """
    return [word for item in value for word in _filled(item, lists)] if isinstance(value, list) else value


def _filled(item: Any, lists: WordLists) -> Iterator[Any]:
    if not isinstance(item, str):
        yield item
    elif item[:1] == "$" and item[1:].isidentifier():
        yield from _list(item[1:], item, lists)
    else:
        yield _WITHIN.sub(lambda found: f"(?:{'|'.join(_list(found[1], found[0], lists))})", item)


def _list(name: str, written: str, lists: WordLists) -> Sequence[str]:
    if name not in lists:
        raise UnknownListError(f"de woordenlijst '{written}' staat niet in words.yaml.")
    return lists[name]
