"""What is said at which passage and what at the end: from a report to remarks, without knowing any file format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from pipeline.report.labels import is_about_pupil, label
from pipeline.report.view import norm_name, place_words, shorten, verdict_word
from pipeline.result import Evidence, Finding, NormText, Report, RequirementText, Verdict

_SHORTEST_QUOTE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paragraph of a remark or of the end."""

    text: str
    strong: bool = False
    example: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is said about ``blocks[block].text[start:end]``; an ``end`` of None is that of the block."""

    block: int
    start: int
    end: int | None
    lines: tuple[Line, ...]
    verdict: str
    """The gravest verdict that it tells of, ``privacy`` or ``opening``."""
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A heading of the end with what stands under it, item by item."""

    heading: str
    intro: str
    items: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """Everything that goes into one document."""

    at: tuple[Remark, ...]
    """In the order of the document; no two overlap, but for those about a whole block."""
    end: tuple[Chapter, ...]


@cache
def words() -> dict[str, Any]:
    """The Dutch texts: section name to its texts."""
    text = (files("templates") / "annotate" / "texts.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def remarks_of(report: Report, norm: NormText) -> Remarks:
    """Everything that is to be said about a document that was checked."""
    texts = {text.id: text for text in norm.requirements}
    missing = tuple(
        tuple(_missing(finding, texts.get(finding.requirement)))
        for finding in _in_order(report.findings, norm)
        if finding.verdict is Verdict.MISSING
    )
    review = tuple(
        tuple(_asked(finding, texts.get(finding.requirement)))
        for finding in _in_order(report.findings, norm)
        if finding.verdict is Verdict.REVIEW and not finding.evidence
    )
    end = words()["end"]
    both = (
        Chapter(heading=end["heading"], intro=end["intro"], items=missing),
        Chapter(heading=end["review_heading"], intro=end["review_intro"], items=review),
    )
    chapters = tuple(chapter for chapter in both if chapter.items)
    at = [*_opening(report, norm, ends=bool(chapters)), *_passages(report, texts), *_privacy(report)]
    return Remarks(at=tuple(at), end=chapters)


def with_unplaced(remarks: Remarks, unplaced: Sequence[tuple[Remark, str]]) -> tuple[Chapter, ...]:
    """The end, with the remarks added that found no place; each comes with its quote."""
    if not unplaced:
        return remarks.end
    end = words()["end"]
    items = []
    for remark, quote in unplaced:
        where = place_words(None, remark.page)
        place = end["place"].format(quote=shorten(quote, _SHORTEST_QUOTE), where=f" ({where})" if where else "")
        items.append((*remark.lines, Line(text=place)))
    return (
        *remarks.end,
        Chapter(heading=end["unplaced_heading"], intro=end["unplaced_intro"], items=tuple(items)),
    )


def with_quote(remark: Remark, quote: str) -> tuple[Line, ...]:
    """The lines of a remark that stands at more than its passage, with the passage in it."""
    if remark.verdict == "opening" or remark.end is None:
        return remark.lines
    return (*remark.lines, Line(text=words()["remarks"]["quote"].format(quote=shorten(quote, _SHORTEST_QUOTE))))


def _in_order(findings: Iterable[Finding], norm: NormText) -> list[Finding]:
    place = {text.id: number for number, text in enumerate(norm.requirements)}
    return sorted(findings, key=lambda finding: place.get(finding.requirement, len(place)))


def _opening(report: Report, norm: NormText, *, ends: bool) -> Iterator[Remark]:
    say = words()["opening"]
    lines = [
        Line(text=say["what"].format(norm=norm_name(report, norm)), strong=True),
        Line(text=say["counts"].format(**report.summary.model_dump())),
    ]
    lines += [Line(text=say["at_the_end"])] if ends else []
    lines.append(Line(text=say["caution"]))
    lines += [Line(text=say["pupil"])] if is_about_pupil(report.document.kind) else []
    yield Remark(block=0, start=0, end=None, lines=tuple(lines), verdict="opening")


@dataclass(slots=True)
class _Passage:
    """A stretch of a block with the findings that stand on it."""

    start: int
    end: int
    page: int | None
    findings: list[tuple[Finding, bool]]
    """With whether it is the finding's first evidence, where all is said."""


def _passages(report: Report, texts: dict[str, RequirementText]) -> Iterator[Remark]:
    blocks: dict[int, list[tuple[Evidence, Finding, bool]]] = {}
    for finding in report.findings:
        # a margin full of ticks is not read: of what is there, the best passage is enough
        shown = finding.evidence[:1] if finding.verdict is Verdict.MET else finding.evidence
        for index, evidence in enumerate(shown):
            blocks.setdefault(evidence.block, []).append((evidence, finding, index == 0))
    for block, found in sorted(blocks.items()):
        for passage in _merged(found):
            lines, verdict = _said(passage.findings, texts)
            yield Remark(
                block=block, start=passage.start, end=passage.end, lines=lines, verdict=verdict, page=passage.page
            )


def _merged(found: Sequence[tuple[Evidence, Finding, bool]]) -> list[_Passage]:
    """Quotes that overlap become one passage: one remark is read, five on one sentence are not."""
    passages: list[_Passage] = []
    for evidence, finding, first in sorted(found, key=lambda entry: (entry[0].start, entry[0].end)):
        if passages and evidence.start < passages[-1].end:
            passages[-1].end = max(passages[-1].end, evidence.end)
            passages[-1].findings.append((finding, first))
        else:
            passages.append(_Passage(evidence.start, evidence.end, evidence.page, [(finding, first)]))
    return passages


def _said(findings: Sequence[tuple[Finding, bool]], texts: dict[str, RequirementText]) -> tuple[tuple[Line, ...], str]:
    say = words()["remarks"]
    main = {finding.requirement: finding for finding, first in findings if first}
    own = {finding.requirement: finding for finding, _ in findings}
    lines: list[Line] = []
    for verdict, name in ((Verdict.PARTIAL, "partial"), (Verdict.REVIEW, "review")):
        mark = verdict_word(verdict).mark
        for finding in [finding for finding in own.values() if finding.verdict is verdict]:
            title = _title(finding, texts.get(finding.requirement))
            if finding.requirement in main:
                lines.append(Line(text=say[name].format(mark=mark, title=title), strong=True))
                lines += [Line(text=finding.message), Line(text=say["advice"].format(advice=finding.advice))]
            else:
                lines.append(Line(text=say["also_partial"].format(mark=mark, title=title)))
    met = [finding for finding in own.values() if finding.verdict is Verdict.MET]
    if met:
        titles = _listed([_title(finding, texts.get(finding.requirement)) for finding in met])
        lines.append(Line(text=say["met"].format(mark=verdict_word(Verdict.MET).mark, titles=titles)))
    grave = next(v for v in (Verdict.PARTIAL, Verdict.REVIEW, *Verdict) if any(f.verdict is v for f in own.values()))
    return tuple(lines), grave.value


def _listed(titles: Sequence[str]) -> str:
    joined: str = words()["remarks"]["and"]
    return joined.join([part for part in (", ".join(titles[:-1]), titles[-1]) if part])


def _title(finding: Finding, text: RequirementText | None) -> str:
    return text.title if text else finding.requirement


def _missing(finding: Finding, text: RequirementText | None) -> Iterator[Line]:
    end = words()["end"]
    yield Line(text=_title(finding, text), strong=True)
    if text is not None:
        yield Line(text=end["asks"].format(asks=text.asks))
    yield Line(text=finding.message)
    yield Line(text=end["advice"].format(advice=finding.advice))
    if text is not None and text.example:
        yield Line(text=end["example"].format(example=text.example), example=True)


def _asked(finding: Finding, text: RequirementText | None) -> Iterator[Line]:
    yield Line(text=_title(finding, text), strong=True)
    yield Line(text=finding.message)
    yield Line(text=words()["end"]["advice"].format(advice=finding.advice))


def _privacy(report: Report) -> Iterator[Remark]:
    """In a document about a school; one about a pupil is made of such data."""
    if is_about_pupil(report.document.kind):
        return
    say = words()["remarks"]
    blocks: dict[int, list[str]] = {}
    for mark in report.privacy:
        blocks.setdefault(mark.block, []).append(label("privacy", mark.category).lower())
    for block, categories in sorted(blocks.items()):
        named = say["privacy"].format(categories=_listed(list(dict.fromkeys(categories))))
        lines = (Line(text=named, strong=True), Line(text=say["privacy_advice"]))
        yield Remark(block=block, start=0, end=None, lines=lines, verdict="privacy")
