"""Settings in a YAML file, for every command that has some: read strictly, with file and line in every message."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.errors import ConfigError
from pipeline.norm.strict_yaml import Parsed, StrictYamlError, parse_yaml

Model = TypeVar("Model", bound=BaseModel)

_WORDS = {
    "extra_forbidden": "dit veld bestaat niet",
    "missing": "dit veld ontbreekt",
    "string_pattern_mismatch": "deze waarde kan niet",
    "string_too_short": "hier hoort een waarde",
    "string_type": "hier hoort tekst",
    "tuple_type": "hier hoort een lijst",
    "too_short": "hier hoort ten minste één waarde",
    "model_type": "hier horen velden",
    "int_type": "hier hoort een getal",
    "int_parsing": "hier hoort een getal",
    "greater_than_equal": "dit getal is te klein",
    "less_than_equal": "dit getal is te groot",
    "ip_v4_network": "hier hoort een adres of netwerk",
    "ip_v6_network": "hier hoort een adres of netwerk",
}


def read_settings_file(path: Path, model: type[Model], *, given: Mapping[str, Any] | None = None) -> Model:
    """Read settings; ``${NAME}`` is taken from the environment.

    Args:
        path: The file.
        model: What the settings are.
        given: What was said elsewhere, such as on the command line: it wins.

    Raises:
        ConfigError: With file and line.
    """
    try:
        parsed = parse_yaml(path.read_text(encoding="utf-8"))
    except OSError:
        raise ConfigError(f"Het instellingenbestand {path} is er niet.") from None
    except (StrictYamlError, UnicodeDecodeError) as problem:
        line = problem.line if isinstance(problem, StrictYamlError) else 1
        word = problem.problem if isinstance(problem, StrictYamlError) else "geen tekst"
        raise ConfigError(f"{path.name}:{line}: {word}.") from None
    value = _expanded(parsed.value)
    if isinstance(value, dict):
        value |= given or {}
    try:
        return model.model_validate(value)
    except ValidationError as problem:
        raise ConfigError("\n".join(_message(path, error, parsed) for error in problem.errors())) from None


def word_of(error: Any) -> str:
    """What is wrong with a value, in Dutch, from an error of pydantic."""
    if error["type"] == "literal_error":
        choices = str(error["ctx"]["expected"])
        return "kies " + choices.replace("'", "").replace(" or ", " of ")
    return _WORDS.get(error["type"]) or str(error["msg"]).removeprefix("Value error, ")


def _message(path: Path, error: Any, parsed: Parsed) -> str:
    place = tuple(error["loc"])
    field = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    return f"{path.name}:{parsed.line(place)}: {field + ': ' if field else ''}{word_of(error)}."


def _expanded(value: Any) -> Any:
    if isinstance(value, str):
        return os.path.expandvars(value)
    if isinstance(value, list):
        return [_expanded(one) for one in value]
    return {key: _expanded(one) for key, one in value.items()} if isinstance(value, dict) else value
