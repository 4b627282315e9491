"""What the styles of a DOCX file mean: heading level, list, table of contents, bold, size; along the basedOn chain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from lxml import etree

from extractors.word_package import W, int_of, is_on, value_of

_HEADING_NAME = re.compile(r"(?:heading|kop|überschrift|titre)\s*([1-9])$", re.IGNORECASE)
_LIST_NAME = re.compile(r"(?:list(?: bullet| number)|lijst ?opsom\.?teken|lijst ?nummering)\s*(\d?)", re.IGNORECASE)
_TOC_NAME = re.compile(r"(?:toc|inhopg|inhoudsopgave)\s*\d|table of figures|lijst met afbeeldingen", re.IGNORECASE)
_TOC_HEADING = re.compile(r"toc heading|kop ?van inhoudsopgave", re.IGNORECASE)
_TITLES = frozenset({"title", "titel"})
_T = TypeVar("_T")
DEFAULT_SIZE = 20  # half points, Word's own default


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A style with everything that it inherits."""

    heading: int | None = None
    list_level: int | None = None
    toc: bool = False
    bold: bool = False
    underlined: bool = False
    hidden: bool = False
    size: int = DEFAULT_SIZE
    num_id: str | None = None
    num_level: int = 0
    header_row_bold: bool = False
    """Table styles: the first row is set apart."""


class Styles:
    """The styles part; works for files without one."""

    def __init__(self, root: etree._Element | None) -> None:
        self._elements: dict[str, etree._Element] = {}
        self._resolved: dict[str | None, Style] = {}
        self._default: dict[str, str] = {}
        self._base_size = DEFAULT_SIZE
        if root is None:
            return
        for element in root.iterchildren(W + "style"):
            style_id = element.get(W + "styleId", "")
            self._elements[style_id] = element
            if element.get(W + "default") in ("1", "true"):
                self._default[element.get(W + "type", "")] = style_id
        self._base_size = int_of(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"), "sz") or DEFAULT_SIZE

    def get(self, style_id: str | None, kind: str = "paragraph") -> Style:
        """The style by id; the default style of its kind when the id is None or unknown."""
        key = style_id if style_id in self._elements else self._default.get(kind)
        style = self._resolved.get(key)
        if style is None:
            style = self._resolved[key] = self._resolve(key)
        return style

    def num_id(self, style_id: str) -> str | None:
        """The numbering that a numbering style stands for."""
        return self.get(style_id).num_id

    def _chain(self, style_id: str | None) -> Iterator[etree._Element]:
        """The style and what it is based on, nearest first; a circle ends where it started."""
        seen: set[str] = set()
        while style_id and style_id in self._elements and style_id not in seen:
            seen.add(style_id)
            yield self._elements[style_id]
            style_id = value_of(self._elements[style_id], "basedOn")

    def _resolve(self, style_id: str | None) -> Style:
        chain = list(self._chain(style_id))
        names = [value_of(element, "name") or "" for element in chain]
        paragraph = [found for element in chain if (found := element.find(W + "pPr")) is not None]
        run = [found for element in chain if (found := element.find(W + "rPr")) is not None]
        numbering = [found for properties in paragraph if (found := properties.find(W + "numPr")) is not None]
        lists = [match for name in names if (match := _LIST_NAME.match(name))]
        return Style(
            heading=_heading_level(names, paragraph),
            list_level=int(lists[0][1] or 1) if lists else None,
            toc=any(_TOC_NAME.match(name) for name in names),
            bold=_first(is_on(properties, "b") for properties in run) or False,
            underlined=_first(is_on(properties, "u") for properties in run) or False,
            hidden=_first(is_on(properties, "vanish") for properties in run) or False,
            size=_first(int_of(properties, "sz") for properties in run) or self._base_size,
            num_id=_first(value_of(properties, "numId") for properties in numbering),
            num_level=_first(int_of(properties, "ilvl") for properties in numbering) or 0,
            header_row_bold=any(_bold_first_row(element) for element in chain),
        )


def _heading_level(names: list[str], paragraph: list[etree._Element]) -> int | None:
    if names and _TOC_HEADING.match(names[0]):
        return 1
    outline = _first(int_of(properties, "outlineLvl") for properties in paragraph)
    if outline is not None:
        return outline + 1 if outline < 9 else None
    for name in names:
        if match := _HEADING_NAME.match(name):
            return int(match[1])
        if name.lower() in _TITLES:
            return 1
    return None


def _bold_first_row(style: etree._Element) -> bool:
    for part in style.iterchildren(W + "tblStylePr"):
        if part.get(W + "type") == "firstRow":
            shade = part.find(f"{W}tcPr/{W}shd")
            return bool(is_on(part.find(W + "rPr"), "b")) or (shade is not None and shade.get(W + "fill") != "auto")
    return False


def _first(values: Iterator[_T | None]) -> _T | None:
    return next((value for value in values if value is not None), None)
