"""The labels that Word's automatic numbering shows ("3.2", "b."): counted while the paragraphs are read in order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from extractors.word_package import W, int_of, value_of
from extractors.word_styles import Styles

_PLACEHOLDER = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_SMALL = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int
    legal: bool


class Numbering:
    """Counters for one document; ``label`` must be called once for every numbered paragraph, in reading order."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract_of: dict[str, str] = {}
        self._own_levels: dict[str, dict[int, _Level]] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counters: dict[str, dict[int, int]] = {}
        if root is None:
            return
        links: dict[str, str] = {}
        for abstract in root.iterchildren(W + "abstractNum"):
            key = abstract.get(W + "abstractNumId", "")
            self._levels[key] = _levels(abstract)
            if link := value_of(abstract, "numStyleLink"):
                links[key] = link
        for num in root.iterchildren(W + "num"):
            num_id = num.get(W + "numId", "")
            self._abstract_of[num_id] = value_of(num, "abstractNumId") or ""
            for override in num.iterchildren(W + "lvlOverride"):
                level = int(override.get(W + "ilvl", "0"))
                if (start := int_of(override, "startOverride")) is not None:
                    self._restarts.setdefault(num_id, {})[level] = start
                self._own_levels.setdefault(num_id, {}).update(_levels(override))
        for key, link in links.items():
            target = self._abstract_of.get(styles.num_id(link) or "", "")
            self._levels[key] = self._levels.get(target, {})

    def label(self, num_id: str, level: int) -> str | None:
        """The label of the next paragraph of this list; "" for a bullet, None when the list does not exist."""
        abstract = self._abstract_of.get(num_id)
        if abstract is None:
            return None
        levels = {**self._levels.get(abstract, {}), **self._own_levels.get(num_id, {})}
        own = levels.get(level)
        if own is None:
            return ""
        counters = self._counters.setdefault(abstract, {})
        restarts = self._restarts.get(num_id)
        if restarts and level in restarts:
            counters[level] = restarts.pop(level)
        else:
            counters[level] = counters.get(level, own.start - 1) + 1
        for deeper in [key for key in counters if key > level]:
            del counters[deeper]
        if own.form in ("bullet", "none"):
            return "" if own.form == "bullet" else own.text

        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            shown = levels.get(at, own)
            value = counters.setdefault(at, shown.start)
            return format_number(value, "decimal" if own.legal else shown.form)

        return _PLACEHOLDER.sub(number, own.text)


def format_number(value: int, form: str) -> str:
    """A number in one of Word's formats; decimal for those that Dutch documents do not use."""
    if form in ("lowerLetter", "upperLetter") and value > 0:
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman") and value > 0:
        text, rest = "", value
        for size, letters in _ROMAN + _ROMAN_SMALL:
            text += letters * (rest // size)
            rest %= size
        return text.upper() if form == "upperRoman" else text
    return f"{value:02d}" if form == "decimalZero" else str(value)


def _levels(parent: etree._Element) -> dict[int, _Level]:
    return {
        int(element.get(W + "ilvl", "0")): _Level(
            form=value_of(element, "numFmt") or "decimal",
            text=value_of(element, "lvlText") or "",
            start=1 if (start := int_of(element, "start")) is None else start,
            legal=element.find(W + "isLgl") is not None,
        )
        for element in parent.iterchildren(W + "lvl")
    }
