"""The Dutch sentences of a finding: texts from ``messages.yaml`` with facts filled in. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from extractors.document import Note, ReadCode
from pipeline.check.lexicon import read_yaml
from pipeline.check.passages import Passage
from pipeline.check.reading import Reading
from pipeline.check.sighting import Look
from pipeline.check.verdict import Decision
from pipeline.norm.schema import Requirement
from pipeline.result import Evidence, ReadingNote, Reason, Verdict

_QUOTE_LENGTH = 160
_SECTORS = {"po": "het primair onderwijs", "vo": "het voortgezet onderwijs"}


class Sayer:
    """Fills the texts of one ``messages.yaml``."""

    def __init__(self, path: Path) -> None:
        data = read_yaml(path)
        self._texts: Mapping[str, str] = data["findings"]
        self._errors: Mapping[str, str] = data["errors"]
        self._notes: Mapping[str, str] = data["notes"]

    def error(self, code: ReadCode | str, **facts: str) -> str:
        """What is the matter with a file and what to do."""
        # what was found in the file may have a text of its own: "unsupported-format/image"
        text = self._errors.get(f"{code}/{facts.get('found')}", self._errors[str(code)])
        return text.format(**facts)

    def notes(self, notes: Sequence[Note]) -> tuple[ReadingNote, ...]:
        """What is to be known of the reading: one sentence for each sort of note, with its pages."""
        pages: dict[str, list[int]] = {}
        for note in notes:
            pages.setdefault(note.code, []).extend([note.page] if note.page is not None else [])
        return tuple(
            ReadingNote(
                code=code,
                pages=tuple(sorted(numbers)),
                message=text.format(pages=self._pages(numbers) if numbers else ""),
            )
            for code, numbers in sorted(pages.items())
            if (text := self._notes.get(code if numbers else f"{code}/whole"))
        )

    def _pages(self, numbers: Sequence[int]) -> str:
        """Page numbers in words, those in a row as a range: "bladzijde 2", "de bladzijden 2, 4-7 en 9"."""
        ranges = [str(first) if first == last else f"{first}-{last}" for first, last in _ranges(numbers)]
        if len(numbers) == 1:
            return self._notes["page"].format(page=ranges[0])
        *most, last = ranges
        listed = self._notes["and"].format(most=", ".join(most), last=last) if most else last
        return self._notes["pages"].format(pages=listed)

    def sector(self, sector: str) -> str:
        """Why a requirement does not hold for the sector."""
        return self._texts["not-applicable"].format(sector=_SECTORS[sector])

    def not_applicable(self) -> str:
        """Why a requirement does not count for this document."""
        return self._texts["not-applicable-document"]

    def finding(
        self,
        requirement: Requirement,
        decision: Decision,
        looks: Mapping[str, Look],
        evidence: Sequence[Evidence],
        reading: Reading,
    ) -> str:
        """What was found, or where was looked and what came nearest."""
        where = self._where(evidence[0]) if evidence else ""
        if decision.verdict is Verdict.MET:
            name = "met-many" if len(evidence) > 1 else "met"
            return self._texts[name].format(count=len(evidence), where=where)
        key = str(decision.reason or Reason.NOT_FOUND)
        missing = " ".join(c.means for c in requirement.criteria if not looks[c.id].seen)
        if decision.verdict is Verdict.PARTIAL and decision.reason is Reason.GENERAL and _counted(looks):
            key = "too-few"
        return self._texts[key].format(
            where=where,
            missing=missing,
            searched=len(reading.passages),
            nearest=self._nearest(decision, looks),
        )

    def _where(self, evidence: Evidence) -> str:
        if not evidence.section:
            return ""
        section = evidence.section.split(" > ")[-1]
        if evidence.page is None:
            return self._texts["where"].format(section=section)
        return self._texts["where-page"].format(section=section, page=evidence.page)

    def _nearest(self, decision: Decision, looks: Mapping[str, Look]) -> str:
        if decision.verdict not in (Verdict.MISSING, Verdict.REVIEW):
            return ""
        passage = _closest(decision, looks)
        if passage is None:
            return ""
        quote = (
            passage.text
            if len(passage.text) <= _QUOTE_LENGTH
            else passage.text[:_QUOTE_LENGTH].rsplit(" ", 1)[0] + " …"
        )
        place = self._texts["nearest-place"].format(section=passage.section[-1]) if passage.section else ""
        return self._texts["nearest"].format(quote=quote, place=place)


def _counted(looks: Mapping[str, Look]) -> bool:
    return any(s.item for look in looks.values() for s in look.general)


def _closest(decision: Decision, looks: Mapping[str, Look]) -> Passage | None:
    refused = [r for look in looks.values() for r in look.refused]
    same = [r for r in refused if r.reason is decision.reason] or refused
    best = max(same, key=lambda r: r.score, default=None)
    if best is not None and best.score >= 0.4:
        return best.passage
    return next((look.nearest for look in looks.values() if look.nearest is not None), None)


@lru_cache(maxsize=1)
def dutch() -> Sayer:
    """The shipped texts."""
    return Sayer(Path(__file__).parent / "messages.yaml")


def _ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Numbers as first and last of each unbroken row."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
