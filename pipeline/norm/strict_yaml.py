"""A strict, small part of YAML: text to plain values, with the line of every key and item.

Anchors, aliases, merges, tags, duplicate keys and more than one document are errors. Plain scalars follow YAML 1.2:
``true``/``false``, ``null``, whole and decimal numbers and days (``2026-11-21``) are values, everything else is text: a
plain ``nee``, ``no`` or ``on`` stays a word. Opens no files.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

Key = tuple[str | int, ...]
"""The way to a value: keys of mappings and indices of lists, outermost first."""

_CONSTANTS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class StrictYamlError(Exception):
    """The text is no strict YAML; ``line`` counts from 1, ``problem`` is Dutch."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line


@dataclass(slots=True)
class Parsed:
    """Plain values (dict, list, str, int, float, bool, date, None) and the line of each, from 1."""

    value: object = None
    lines: dict[Key, int] = field(default_factory=dict)

    def line(self, key: Key) -> int:
        """Give the line of a value, or of the nearest thing around it that has one."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)


def parse_yaml(text: str) -> Parsed:
    """Read one strict YAML document.

    Raises:
        StrictYamlError: The text is no YAML, or uses what is not allowed here.
    """
    parsed = Parsed()
    try:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        _expect(next(events), yaml.StreamStartEvent)
        if not isinstance(first := next(events), yaml.StreamEndEvent):
            _expect(first, yaml.DocumentStartEvent)
            parsed.value = _value(next(events), events, (), parsed.lines)
            _expect(next(events), yaml.DocumentEndEvent)
            _expect(next(events), yaml.StreamEndEvent)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = (
            f"geen geldige YAML ({error.problem}); staat er ': ' of ' #' in een tekst, zet die tussen aanhalingstekens"
        )
        raise StrictYamlError(problem, mark.line + 1 if mark else 1) from error
    except yaml.YAMLError as error:
        raise StrictYamlError("geen geldige YAML (een teken dat niet mag)", 1) from error
    return parsed


def _expect(event: yaml.Event, kind: type[yaml.Event]) -> None:
    if not isinstance(event, kind):
        raise StrictYamlError("er staat meer dan één YAML-document in dit bestand", _line(event))


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return int(mark.line) + 1 if mark else 1


def _value(event: yaml.Event, events: Iterator[yaml.Event], key: Key, lines: dict[Key, int]) -> object:
    _refuse_anchor_and_tag(event)
    lines.setdefault(key, _line(event))
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if isinstance(event, yaml.SequenceStartEvent):
        return _list(events, key, lines)
    return _mapping(events, key, lines)


def _refuse_anchor_and_tag(event: yaml.Event) -> None:
    anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
    if isinstance(event, yaml.AliasEvent):
        raise StrictYamlError(f"verwijzing '*{anchor}' mag niet; schrijf de waarde uit", _line(event))
    if anchor is not None:
        raise StrictYamlError(f"anker '&{anchor}' mag niet; schrijf de waarde uit", _line(event))
    if tag is not None:
        raise StrictYamlError(f"type-aanduiding '{tag}' mag niet", _line(event))


def _list(events: Iterator[yaml.Event], key: Key, lines: dict[Key, int]) -> list[object]:
    items: list[object] = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        items.append(_value(event, events, (*key, len(items)), lines))
    return items


def _mapping(events: Iterator[yaml.Event], key: Key, lines: dict[Key, int]) -> dict[str, object]:
    entries: dict[str, object] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        if not isinstance(event, yaml.ScalarEvent):
            raise StrictYamlError("een veldnaam moet een woord zijn", _line(event))
        name = str(event.value)
        if name == "<<":
            raise StrictYamlError("samenvoegen met '<<' mag niet; schrijf de velden uit", _line(event))
        if name in entries:
            first = lines[(*key, name)]
            raise StrictYamlError(f"veld '{name}' staat er twee keer; de eerste keer op regel {first}", _line(event))
        _refuse_anchor_and_tag(event)
        lines[*key, name] = _line(event)
        entries[name] = _value(next(events), events, (*key, name), lines)
    return entries


def _scalar(event: yaml.ScalarEvent) -> object:
    text = str(event.value)
    if not event.implicit[0]:  # quoted or a block: always text
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _DAY.fullmatch(text):
        return _day(text, _line(event))
    return text


def _day(text: str, line: int) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise StrictYamlError(f"'{text}' is geen bestaande dag", line) from error
