"""The Jinja environment of the HTML pages: everything escaped, every name known, templates from the package."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

_SAFE_SCHEMES = ("", "http", "https", "file")


@cache
def page_environment() -> Environment:
    """Return the environment for pages; values are escaped unless a template says otherwise, and none does."""
    environment = Environment(
        loader=PackageLoader("templates", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["capitalise"] = capitalise
    environment.filters["lower_first"] = lower_first
    return environment


def capitalise(text: str) -> str:
    """Give a sentence its capital and leave the rest as it is (unlike str.capitalize)."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Take the capital off a text that goes on in a sentence."""
    return text[:1].lower() + text[1:]


def safe_href(href: str) -> str:
    """Keep an address that a browser would run (``javascript:``) from being one: it becomes a relative file name."""
    try:
        scheme = urlsplit(href).scheme
    except ValueError:
        return "./" + href
    return href if scheme in _SAFE_SCHEMES else "./" + href
