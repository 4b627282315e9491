"""Markdown files of test cases: prose, a fragment as a school would write it, and what a check must make of it.

A case is a heading ``## name``, a block fenced with ````` ```document kind=sop sector=po ````` and lines such as

    - anb.beleid.ketenpartners: met "GGD Flevoland" "Leerplicht"
    - nog niet: anb.beleid.expertise: missing

Quoted parts must stand in the evidence. ``nog niet`` is a known miss: it must fail, so that it is noticed when it is
solved. Everything else in the file is prose for readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CASE = re.compile(r"^## +(.+)$", re.MULTILINE)
_DOCUMENT = re.compile(r"^```document(?P<facts>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_FACT = re.compile(r"(\w+)=(\S+)")
_EXPECTED = re.compile(
    r"^- (?P<later>nog niet: )?(?P<requirement>[\w.-]+): (?P<verdict>met|partial|missing|review|not_applicable)"
    r"(?P<quotes>(?: +\"[^\"]+\")*)$"
)
_QUOTE = re.compile(r'"([^"]+)"')


class CaseError(ValueError):
    """A file of cases is not well-formed: the message names file and case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One line under a fragment."""

    requirement: str
    verdict: str
    quotes: tuple[str, ...]
    known_miss: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A fragment with what is expected of it."""

    file: str
    name: str
    kind: str
    sector: str
    text: str
    expected: tuple[Expected, ...]


def cases_in(folder: Path) -> Iterator[Case]:
    """All cases of the Markdown files in a folder, by file name and then in their order.

    Raises:
        CaseError: a case has no fragment, no expectation, or a line that can't be read.
    """
    for path in sorted(folder.glob("*.md")):
        yield from read_cases(path.read_text(encoding="utf-8"), path.stem)


def read_cases(text: str, file: str) -> Iterator[Case]:
    """The cases of one file; ``file`` names it in messages."""
    # a fragment may have headings of its own: they are no names of cases
    fragments = [m.span() for m in _DOCUMENT.finditer(text)]
    names = [m for m in _CASE.finditer(text) if not any(a <= m.start() < b for a, b in fragments)]
    ends = [*(m.start() for m in names[1:]), len(text)]
    for match, end in zip(names, ends, strict=True):
        yield _case(file, match[1].strip(), text[match.end() : end])


def _case(file: str, name: str, body: str) -> Case:
    found = list(_DOCUMENT.finditer(body))
    if len(found) != 1:
        raise CaseError(f"{file}: '{name}' has {len(found)} fragments")
    facts = dict(_FACT.findall(found[0]["facts"]))
    expected = tuple(
        _expected(file, name, line) for line in body[found[0].end() :].splitlines() if line.startswith("- ")
    )
    if not expected:
        raise CaseError(f"{file}: '{name}' expects nothing")
    return Case(
        file=file, name=name, kind=facts["kind"], sector=facts["sector"], text=found[0]["text"], expected=expected
    )


def _expected(file: str, name: str, line: str) -> Expected:
    match = _EXPECTED.match(line)
    if match is None:
        raise CaseError(f"{file}: '{name}' has a line that is no expectation: {line}")
    return Expected(
        requirement=match["requirement"],
        verdict=match["verdict"],
        quotes=tuple(_QUOTE.findall(match["quotes"])),
        known_miss=match["later"] is not None,
    )
