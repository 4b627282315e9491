"""The school year that a document is for; without one, the year in which it is dated."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.document import BlockKind, Document
from pipeline.check.facts.fields import FRONT, RUNNING, SHORT, Field, file_words, values
from pipeline.check.facts.lexicon import forms

_DAY = re.compile(
    r"\b(?:(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>20\d\d)|(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d))\b"
)
_DAY_BEFORE = re.compile(r"\b([12]?\d|3[01])\s+$")
_STORED = re.compile(r"(20\d\d)-(\d\d)-\d\d")
_ANY_YEAR = re.compile(r"\b(20[0-4]\d)\b")
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
    if date := document_date(document, fields):
        return year_of(*date[:2])
    for text in (document.properties.get("title", ""), file_words(document.source.name)):
        if year := _span(text):
            return year
    return _stored_year(document)


def document_date(document: Document, fields: Sequence[Field]) -> tuple[int, int, int | None] | None:
    """The date that the document gives itself as (year, month, day): in a labelled field, a running line or a title."""
    texts = [block.text for block in document.blocks if block.kind in RUNNING]
    body = [b.text for b in document.blocks if b.kind not in RUNNING and b.kind is not BlockKind.TOC]
    dates = [f.value for f in values(fields, "date")] + [t for t in texts if len(t) <= SHORT]
    dates += [t for t in body[:FRONT] if len(t) <= SHORT and forms().dated.search(t)]
    return next((date for text in dates if (date := _dated(text))), None)


def year_of(year: int, month: int) -> str:
    """The school year in which a month falls."""
    first = year if month >= _FIRST_MONTH else year - 1
    return f"{first}-{first + 1}"


def _stored_year(document: Document) -> str | None:
    """The school year of the dates that the file itself stores, where the text bears it out.

    A date of making is often that of a template, and one of changing that of a copy: both must fall in one school year,
    and the text must name one of its years and none after it.
    """
    found = {
        year_of(int(match[1]), int(match[2]))
        for name in ("created", "modified")
        if (match := _STORED.match(document.properties.get(name, "")))
    }
    if len(found) != 1:
        return None
    (year,) = found
    first, last = (int(part) for part in year.split("-"))
    named = {int(match) for block in document.blocks for match in _ANY_YEAR.findall(block.text)}
    return year if named & {first, last} and max(named) <= last else None


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


def _dated(text: str) -> tuple[int, int, int | None] | None:
    """The date in a text as (year, month, day); a month alone has no day."""
    known = forms()
    if match := _DAY.search(text):
        year, month, day = (int(match[a] or match[b]) for a, b in (("year", "y"), ("month", "m"), ("day", "d")))
        return year, min(12, max(1, month)), day if 1 <= day <= 31 else None
    if match := known.month.search(text):
        before = _DAY_BEFORE.search(text[: match.start()])
        return int(match["year"]), known.months[match["month"].lower()], int(before[1]) if before else None
    return None
