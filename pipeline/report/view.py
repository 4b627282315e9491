"""What a reader is shown of a report: in which order, in which Dutch words, with which places.

Knows no file format and makes no sentences: those come from the norm, the finding and the templates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from pipeline.report.labels import certainty, is_about_pupil, label, phrase, read_labels
from pipeline.report.shown import Card, Quote, Row, Section, ShownError, ShownFinding, ShownProfile, ShownReport, Word
from pipeline.result import Evidence, Finding, NormText, Profile, Report, RequirementText, Verdict

ORDER = (Verdict.MISSING, Verdict.PARTIAL, Verdict.REVIEW, Verdict.MET, Verdict.NOT_APPLICABLE)
_GLANCE_NAMES = 4
_GLANCE_LENGTH = 90


@dataclass(frozen=True)
class Entry:
    """A report in an overview, and where its page is (relative to the overview)."""

    report: Report
    href: str


def view_report(report: Report, norm_text: NormText | None) -> ShownReport:
    """Put a report in the order and the words in which it is shown.

    Args:
        report: The result of one document.
        norm_text: The texts of its norm; None when nothing was checked. A requirement that the norm text lacks (an
            older report) is shown by its id.
    """
    findings = view_findings(report, norm_text)
    checked = {finding.requirement for finding in report.findings}
    requirements = norm_text.requirements if norm_text and not report.error else ()
    counts = Counter(finding.verdict.id for finding in findings)
    return ShownReport(
        name=report.school.name or report.document.path,
        kind=label("kinds", report.document.kind),
        path=report.document.path,
        norm=norm_name(report, norm_text),
        headline=_headline(report),
        facts=_facts(report, norm_text),
        counts=tuple((verdict_word(verdict), counts[verdict.value]) for verdict in ORDER),
        total=len(findings),
        cards=_cards(findings, report.profile),
        sections=_sections(findings),
        not_checked=tuple(text for text in requirements if text.id not in checked),
        profile=view_profile(report),
        privacy=_privacy(report),
        about_pupil=is_about_pupil(report.document.kind),
        notes=tuple(note.message for note in report.notes),
        error=_error(report),
    )


def view_findings(report: Report, norm_text: NormText | None) -> tuple[ShownFinding, ...]:
    """Return all findings in reading order: by verdict, within that in the order of the norm."""
    texts = norm_text.requirements if norm_text else ()
    place = {text.id: number for number, text in enumerate(texts)}
    by_id = {text.id: text for text in texts}
    ordered = sorted(report.findings, key=lambda f: (ORDER.index(f.verdict), place.get(f.requirement, len(place))))
    return tuple(_shown(finding, by_id.get(finding.requirement)) for finding in ordered)


@cache
def verdict_word(verdict: Verdict) -> Word:
    """Return the Dutch words for a verdict."""
    words = read_labels()["verdicts"][verdict.value]
    return Word(
        id=verdict.value, word=words["word"], heading=words["heading"], intro=words["intro"], mark=words["mark"]
    )


def norm_name(report: Report, norm_text: NormText | None) -> str:
    """Return the norm with its version, "" when nothing was checked."""
    if report.norm is None:
        return ""
    title = norm_text.title if norm_text else report.norm.id
    return phrase("norm", title=title, version=report.norm.version)


def place_words(section: str | None, page: int | None) -> str:
    """Say where something stands, as in "6. Externe partners, blz. 4"; "" where nothing is known."""
    return _joined(section, phrase("page", page=page) if page is not None else None)


def shorten(text: str, length: int) -> str:
    """Cut a text at a word, on one line, with an ellipsis where something is left out."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    head = line[: length - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,;:.") + "…"


def _shown(finding: Finding, text: RequirementText | None) -> ShownFinding:
    return ShownFinding(
        id=finding.requirement,
        title=text.title if text else finding.requirement,
        group_title=text.group_title if text else "",
        core=text.core if text else False,
        level=label("levels", text.level) if text else "",
        asks=text.asks if text else "",
        source=text.source if text else "",
        why=text.why if text else "",
        verdict=verdict_word(finding.verdict),
        reason=label("reasons", finding.reason),
        certainty=certainty(finding.confidence),
        message=finding.message,
        advice=finding.advice,
        quotes=tuple(_quote(evidence) for evidence in finding.evidence),
        criteria=tuple(finding.criteria.items()),
    )


def _quote(evidence: Evidence) -> Quote:
    return Quote(text=evidence.quote, place=place_words(evidence.section, evidence.page))


def _sections(findings: Sequence[ShownFinding]) -> tuple[Section, ...]:
    sections = []
    for verdict in ORDER:
        chosen = tuple(finding for finding in findings if finding.verdict.id == verdict.value)
        groups = groupby(chosen, key=attrgetter("group_title"))
        sections.append(
            Section(
                verdict=verdict_word(verdict),
                findings=chosen,
                groups=tuple((title, tuple(members)) for title, members in groups),
            )
        )
    return tuple(section for section in sections if section.findings)


def _headline(report: Report) -> tuple[str, ...]:
    document, school = report.document, report.school
    return tuple(
        part
        for part in (
            label("kinds", document.kind),
            _school_name(report),
            school.board,
            school.district,
            phrase("school_year", year=document.school_year) if document.school_year else None,
            phrase("pages", count=document.pages) if document.pages is not None else None,
        )
        if part
    )


def _school_name(report: Report) -> str:
    school = report.school
    return _joined(school.name, f"({school.brin})" if school.brin else None, by=" ")


def _facts(report: Report, norm_text: NormText | None) -> tuple[tuple[str, str], ...]:
    document, school = report.document, report.school
    facts = (
        ("document", document.path),
        ("pages", str(document.pages) if document.pages is not None else ""),
        ("school_year", document.school_year or ""),
        ("school", _school_name(report)),
        ("board", school.board or ""),
        ("district", school.district or ""),
        ("municipality", school.municipality or ""),
        ("sector", label("sectors", document.sector)),
        ("norm", norm_name(report, norm_text)),
    )
    return tuple((label("facts", name), value) for name, value in facts if value)


def _cards(findings: Sequence[ShownFinding], profile: Profile) -> tuple[Card, ...]:
    """One card an item of the checklist; a core requirement that the checklist does not name gets a card of its own."""
    core = {finding.id: finding for finding in findings if finding.core}
    cards = []
    for item in read_labels()["checklist"]:
        members = tuple(core.pop(identifier) for identifier in item["requirements"] if identifier in core)
        if members:
            cards.append(Card(title=item["title"], findings=members, glance=_glance(members, profile, item["profile"])))
    cards += [
        Card(title=other.title, findings=(other,), glance=_glance((other,), profile, None)) for other in core.values()
    ]
    return tuple(cards)


def _glance(findings: Sequence[ShownFinding], profile: Profile, part: str | None) -> str:
    """The shortest useful information: names from the profile, else the first quote, else the reason."""
    if all(finding.verdict.id in (Verdict.MISSING, Verdict.NOT_APPLICABLE) for finding in findings):
        return next((finding.reason for finding in findings if finding.reason), "")
    items: Sequence[Any] = getattr(profile, part) if part else ()
    if items and hasattr(items[0], "name"):
        return _names([item.name for item in items])
    texts = [item.text for item in items] or [quote.text for finding in findings for quote in finding.quotes]
    if texts:
        return f"“{shorten(texts[0], _GLANCE_LENGTH)}”"
    return next((finding.reason for finding in findings if finding.reason), "")


def _names(names: Sequence[str]) -> str:
    rest = len(names) - _GLANCE_NAMES
    shown = ", ".join(names[:_GLANCE_NAMES])
    return phrase("names_and_more", names=shown, count=rest) if rest > 0 else shown


def view_profile(report: Report) -> ShownProfile | None:
    """The profile lists with the places that the findings know of the same blocks; None where nothing was listed."""
    profile = report.profile
    if profile == Profile():
        return None
    places = {
        evidence.block: place_words(evidence.section, evidence.page)
        for finding in report.findings
        for evidence in finding.evidence
    }

    def row(text: str, note: str, block: int, quote: str = "") -> Row:
        return Row(text=text, note=note, quote=quote, place=places.get(block, ""))

    offered = [
        (item.theme or "none", row(item.text, _support_level(item.level), item.block)) for item in profile.offered
    ]
    present = dict.fromkeys(theme for theme, _ in offered)
    themes = sorted(present, key=lambda theme: _position(theme, tuple(read_labels()["themes"])))
    return ShownProfile(
        expertise=tuple(
            row(item.name, label("scopes", item.scope), item.block, item.quote) for item in profile.expertise
        ),
        partners=tuple(row(item.name, item.category, item.block, item.quote) for item in profile.partners),
        offered=tuple(
            (label("themes", theme), tuple(shown for key, shown in offered if key == theme)) for theme in themes
        ),
        not_offered=tuple(
            row(item.text, _joined(label("statuses", item.status), label("themes", item.theme)), item.block)
            for item in profile.not_offered
        ),
        ambitions=tuple(
            row(item.text, _joined(label("layers", item.layer), item.horizon), item.block) for item in profile.ambitions
        ),
        training=tuple(row(item.text, "", item.block) for item in profile.training),
    )


def _position(term: str, known: Sequence[str]) -> int:
    """Where a term stands in a list; terms that it lacks come after it."""
    return known.index(term) if term in known else len(known)


def _support_level(level: int | None) -> str:
    return label("support_levels", str(level)) if level is not None else ""


def _joined(*parts: str | None, by: str = ", ") -> str:
    return by.join(part for part in parts if part)


def _privacy(report: Report) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Categories in Dutch with the blocks where they stand, counted from 1 as people do."""
    blocks: dict[str, set[int]] = {}
    for mark in report.privacy:
        blocks.setdefault(mark.category, set()).add(mark.block + 1)
    return tuple((label("privacy", category), tuple(sorted(numbers))) for category, numbers in sorted(blocks.items()))


def _error(report: Report) -> ShownError | None:
    if report.error is None:
        return None
    words: Mapping[str, str] = read_labels()["errors"].get(report.error.code, {})
    return ShownError(
        word=words.get("word", report.error.code), message=report.error.message, advice=words.get("advice", "")
    )
