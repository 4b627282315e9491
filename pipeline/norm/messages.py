"""Mistakes in a norm, in Dutch: what is wrong with which field, and what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

Loc = tuple[str | int, ...]

_MESSAGES = {
    "missing": "veld '{field}' ontbreekt",
    "string_type": "veld '{field}' moet tekst zijn; zet er aanhalingstekens omheen",
    "string_too_short": "veld '{field}' is leeg",
    "string_pattern_mismatch": "veld '{field}': '{value}' heeft niet de goede vorm",
    "bool_parsing": "veld '{field}' is true of false, niet '{value}'",
    "bool_type": "veld '{field}' is true of false, niet '{value}'",
    "int_type": "veld '{field}' moet een geheel getal zijn, niet '{value}'",
    "int_parsing": "veld '{field}' moet een geheel getal zijn, niet '{value}'",
    "float_type": "veld '{field}' moet een getal zijn, niet '{value}'",
    "float_parsing": "veld '{field}' moet een getal zijn, niet '{value}'",
    "tuple_type": "veld '{field}' moet een lijst zijn",
    "list_type": "veld '{field}' moet een lijst zijn",
    "too_short": "veld '{field}' heeft te weinig waarden",
    "model_type": "veld '{field}' moet uit velden bestaan",
    "model_attributes_type": "veld '{field}' moet uit velden bestaan",
    "dict_type": "veld '{field}' moet uit velden bestaan",
    "date_type": "veld '{field}' moet een dag zijn, zoals 2026-11-21",
    "date_from_datetime_parsing": "veld '{field}' moet een dag zijn, zoals 2026-11-21",
    "date_parsing": "veld '{field}' moet een dag zijn, zoals 2026-11-21",
}


def suggestion(word: str, known: Iterable[str]) -> str:
    """Give ``; bedoelde u 'x'?`` for the known word nearest to this one, or nothing."""
    nearest = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; bedoelde u '{nearest[0]}'?" if nearest else ""


def dutch_errors(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[Loc, str]]:
    """Give each mistake that pydantic found as its place in the data and a Dutch sentence.

    One mistake is reported once: a misspelt field is unknown and not also missing, a list with a wrong item (which
    pydantic drops) is not also too short.
    """
    details = error.errors(include_url=False, include_context=True)
    echoes = {("missing", *loc) for loc in _misspelt(details, model)}
    echoes |= {("too_short", *detail["loc"][:end]) for detail in details for end in range(len(detail["loc"]))}
    for detail in details:
        loc = tuple(detail["loc"])
        if (detail["type"], *loc) not in echoes:
            yield loc, _sentence(detail, model)


def _misspelt(details: Sequence[Any], model: type[BaseModel]) -> Iterator[Loc]:
    for detail in details:
        if detail["type"] == "extra_forbidden":
            *parent, name = detail["loc"]
            nearest = difflib.get_close_matches(str(name), _fields_at(model, tuple(parent)), n=1, cutoff=0.6)
            yield from ((*parent, field) for field in nearest)


def _sentence(detail: Mapping[str, Any], model: type[BaseModel]) -> str:
    loc, value = tuple(detail["loc"]), detail["input"]
    name = next((str(part) for part in reversed(loc) if isinstance(part, str)), "")
    match detail["type"]:
        case kind if value is None and kind.endswith("_type"):
            return f"veld '{name}' is leeg"
        case "extra_forbidden":
            return f"onbekend veld '{name}'{suggestion(name, _fields_at(model, loc[:-1]))}"
        case "enum" | "literal_error":
            words = [word.strip(" '") for word in detail["ctx"]["expected"].replace(" or ", ", ").split(",")]
            return f"veld '{name}': '{value}' kan niet, wel {_enumeration(words)}{suggestion(str(value), words)}"
        case kind if kind in _MESSAGES:
            return _MESSAGES[kind].format(field=name, value=value)
        case _:
            return f"veld '{name}' klopt niet ({detail['msg']})"


def _enumeration(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + " of " + words[-1] if len(words) > 1 else words[0]


def _fields_at(model: type[BaseModel], loc: Loc) -> list[str]:
    for part in loc:
        if isinstance(part, str):
            inner = _model_of_field(model, part)
            if inner is None:
                return []
            model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_of_field(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    for own, field in model.model_fields.items():
        if name in (own, field.alias):
            return _model_in(field.annotation)
    return None


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)
