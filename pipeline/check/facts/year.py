"""The school year that a document is for; without one, the year in which it is dated."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.document import BlockKind, Document
from pipeline.check.facts.fields import FRONT, RUNNING, SHORT, Field, values
from pipeline.check.facts.lexicon import forms

_DAY = re.compile(r"\b(?:\d{1,2}[-/.](?P<month>\d{1,2})[-/.](?P<year>20\d\d)|(?P<y>20\d\d)-(?P<m>\d\d)-\d\d)\b")
_FIRST_MONTH = 8  # a school year begins on 1 August by law


def school_year(document: Document, fields: Sequence[Field]) -> str | None:
    """The school year that the document is for; without it, the year in which it is dated."""
    for entry in values(fields, "year"):
        if year := _span(entry.value):
            return year
    body = [b.text for b in document.blocks if b.kind not in RUNNING and b.kind is not BlockKind.TOC]
    running = [b.text for b in document.blocks if b.kind in RUNNING]
    front = [t for t in body[:FRONT] if len(t) <= SHORT]
    long_front = [t for t in body[:FRONT] if len(t) > SHORT]
    for text in (*front, *running):
        if year := _span(text):
            return year
    for text in (*long_front, document.properties.get("title", "")):
        if year := _span(text, said=True):
            return year
    dates = [f.value for f in values(fields, "date")] + [t for t in running if len(t) <= SHORT]
    dates += [t for t in front if forms().dated.search(t)]
    return next((year for text in dates if (year := _dated(text))), None)


def _span(text: str, *, said: bool = False) -> str | None:
    """A school year in a text; ``said`` when the word "schooljaar" must stand before it."""
    known = forms()
    for pattern in (known.span, known.short_span):
        for match in pattern.finditer(text):
            first, last = int(match["a"]) % 100, int(match["b"]) % 100
            before = text[max(0, match.start() - 60) : match.start()]
            if last != first + 1 or known.not_said.search(before):
                continue
            # "25-26" alone may be groups or pages
            if (said or (pattern is known.short_span and not 14 <= first <= 40)) and not known.said.search(before):
                continue
            return f"20{first:02d}-20{last:02d}"
    return None


def _dated(text: str) -> str | None:
    """The school year of a date in a text."""
    known = forms()
    if match := _DAY.search(text):
        month, year = int(match["month"] or match["m"]), int(match["year"] or match["y"])
    elif match := known.month.search(text):
        month, year = known.months[match["month"].lower()], int(match["year"])
    else:
        return None
    first = year if month >= _FIRST_MONTH else year - 1
    return f"{first}-{first + 1}"
