"""The dates in a Dutch text: in figures, with the name of the month, and with or without day and year."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from pipeline.check.forms.words import form_word

_MONTHS = ("jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


def dates(text: str) -> list[dt.date | None]:
    """The dates in a text in order; None for one without a year. A month without a day is its first."""
    made: list[dt.date | None] = []
    for match in _date().finditer(text):
        part = match.groupdict()
        year = next((part[k] for k in ("y", "y2", "y3", "y4") if part[k]), None)
        month = next((part[k] for k in ("m", "m2", "m3", "m4", "m5") if part[k]), "")
        day = next((part[k] for k in ("d", "d2", "d4", "d5") if part[k]), "1")
        number = int(month) if month.isdigit() else _month_number(month)
        try:
            full = dt.date(2000 + int(year) % 100 if year else 2000, number, int(day))
        except ValueError:
            continue  # "13-25" is a score or a class, no date
        made.append(full if year else None)
    return made


def _month_number(name: str) -> int:
    name = name.lower()
    return 3 if name.startswith("m") and name != "mei" else _MONTHS.index(name[:3]) + 1


@lru_cache(maxsize=1)
def date_pattern() -> str:
    """An expression for a date with its year, without groups, to be put into larger ones that ignore case."""
    month = form_word("month").pattern
    return (
        r"(?:\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:(?:19|20)\d{2}|\d{2}\b)|20\d\d-\d\d-\d\d|"
        rf"(?:\d{{1,2}}[\s-])?\b(?:{month})\b\.?[\s-]+(?:19|20)\d\d)"
    )


@lru_cache(maxsize=1)
def _date() -> re.Pattern[str]:
    month = form_word("month").pattern
    return re.compile(
        rf"\b(?P<d>\d{{1,2}})\s?[-/.]\s?(?P<m>\d{{1,2}})\s?[-/.]\s?(?P<y>(?:20)?\d{{2}})\b|"
        rf"\b(?P<d2>\d{{1,2}})[\s-](?P<m2>{month})\b\.?(?:[\s-]+(?P<y2>(?:20)?\d\d))?|"
        rf"\b(?P<m3>{month})\b\.?\s+(?P<y3>20\d\d)\b|"
        r"\b(?P<y4>20\d\d)-(?P<m4>\d\d)-(?P<d4>\d\d)\b|\b(?P<d5>\d{1,2})-(?P<m5>\d{1,2})\b(?!-)",
        re.IGNORECASE,
    )
