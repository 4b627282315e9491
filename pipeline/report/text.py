"""Reports as plain text for a terminal: gaps in full, what was found in one line each.

Decides nothing about the terminal: whether there is colour and how wide it is, the caller says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import wrap

from pipeline.report.labels import phrase, read_labels
from pipeline.report.shown import Section, ShownFinding, ShownReport, Word
from pipeline.report.view import shorten, view_report
from pipeline.result import NormText, Report, Verdict

_MIN_WIDTH = 40
_LABEL_WIDTH = 10
_INDENT = "   "
_MAX_QUOTES = 3
_BOLD = "1"
_COLOURS = {"missing": "31", "partial": "33", "review": "35", "met": "32", "not_applicable": "2"}
_IN_FULL = (Verdict.MISSING, Verdict.PARTIAL, Verdict.REVIEW)


def render_text(
    reports: Iterable[Report], norm_texts: Mapping[str, NormText], *, width: int = 100, colour: bool = False
) -> str:
    """Render reports one after the other.

    Args:
        reports: In the order in which they are shown.
        norm_texts: The texts of the norms, by norm id.
        width: Columns of the terminal; less than 40 is taken as 40.
        colour: Mark verdicts and titles with ANSI colours, always beside the words.

    Returns:
        Text that ends in a line end; "" without reports. Control characters of a document never reach it.
    """
    shown = [view_report(report, norm_texts.get(report.norm.id) if report.norm else None) for report in reports]
    pen = _Pen(max(width, _MIN_WIDTH), colour)
    parts = ["\n".join(pen.report(one)) for one in shown]
    if len(shown) > 1:
        unread = sum(one.error is not None for one in shown)
        total = phrase("documents", total=len(shown), read=len(shown) - unread)
        parts.append(", ".join([total, phrase("unread", count=unread)] if unread else [total]))
    return "\n\n\n".join(parts) + "\n" if parts else ""


class _Pen:
    """Writes lines of a given width, in colour or not."""

    def __init__(self, width: int, colour: bool) -> None:
        self.width = width
        self.colour = colour
        self.labels: Mapping[str, str] = read_labels()["text_fields"]

    def report(self, shown: ShownReport) -> Iterator[str]:
        yield from self.header(shown)
        if shown.error:
            yield ""
            yield self.paint(f"{self.labels['unreadable'].upper()}: {shown.error.word}", _COLOURS["missing"])
            yield from self.paragraph(shown.error.message)
            yield from self.field("advice", shown.error.advice)
            return
        for note in shown.notes:
            yield from self.paragraph(note, indent="")
        for category, blocks in shown.privacy:
            places = ", ".join(map(str, blocks))
            yield from self.paragraph(phrase("privacy", category=category, blocks=places), indent="")
        for section in shown.sections:
            yield ""
            yield from self.section(section)
        if shown.not_checked:
            yield ""
            yield self.paint(phrase("not_checked", count=len(shown.not_checked)), _BOLD)
            yield from (f"· {shorten(_clean(text.title), self.width - 2)}" for text in shown.not_checked)
        yield ""
        yield from _wrap(_count_line(shown.counts, shown.total), self.width)

    def header(self, shown: ShownReport) -> Iterator[str]:
        yield self.paint(_clean(shown.path), _BOLD)
        yield from self.paragraph(" · ".join(shown.headline), indent="")
        yield from self.paragraph(shown.norm, indent="")

    def section(self, section: Section) -> Iterator[str]:
        in_full = section.verdict.id in _IN_FULL
        title = f"{section.verdict.heading.upper()} ({len(section.findings)})"
        yield self.paint(title, f"{_BOLD};{_COLOURS[section.verdict.id]}")
        column = min(max(len(_clean(finding.title)) for finding in section.findings), self.width // 3)
        for finding in section.findings:
            if in_full:
                yield from self.in_full(finding)
            else:
                yield self.one_line(finding, column)

    def in_full(self, finding: ShownFinding) -> Iterator[str]:
        yield ""
        yield from self.title(finding)
        verdict = finding.verdict.word + (f": {finding.reason}" if finding.reason else "")
        yield from self.paragraph(f"{verdict} ({finding.certainty})")
        yield from self.field("asks", finding.asks)
        yield from self.field("read" if finding.quotes else "searched", finding.message)
        for number, quote in enumerate(finding.quotes[:_MAX_QUOTES]):
            place = f" ({quote.place})" if quote.place else ""
            name = "" if number or finding.message else "read"
            yield from self.field(name, f"“{quote.text}”{place}")
        if len(finding.quotes) > _MAX_QUOTES:
            yield from self.field("", phrase("more", count=len(finding.quotes) - _MAX_QUOTES))
        yield from self.field("advice", finding.advice)

    def title(self, finding: ShownFinding) -> Iterator[str]:
        mark = self.paint(finding.verdict.mark, _COLOURS[finding.verdict.id])
        title, identifier = _clean(finding.title), _clean(finding.id)
        room = self.width - 2 - len(title) - len(identifier)
        if room >= 2:
            yield f"{mark} {self.paint(title, _BOLD)}{' ' * room}{identifier}"
            return
        lines = _wrap(title, self.width - 2)
        yield f"{mark} {self.paint(lines[0], _BOLD)}"
        yield from (f"  {self.paint(line, _BOLD)}" for line in lines[1:])
        yield f"  {identifier}"

    def one_line(self, finding: ShownFinding, column: int) -> str:
        """Mark, title in a column of its own, and as much of the first quote as fits."""
        mark = self.paint(finding.verdict.mark, _COLOURS[finding.verdict.id])
        if not finding.quotes:
            return f"{mark} {shorten(_clean(finding.title), self.width - 2)}"
        quote = finding.quotes[0]
        room = self.width - column - len("x ") - len("  “”")
        where = f" ({_clean(quote.place)})" if quote.place and len(quote.place) < room // 3 else ""
        said = shorten(_clean(quote.text), room - len(where))
        return f"{mark} {shorten(_clean(finding.title), column):<{column}}  “{said}”{where}"

    def field(self, name: str, text: str) -> Sequence[str]:
        """Text behind a label in a column of its own, or under the field before it; nothing where there is no text."""
        words = self.labels[name] if name else ""
        first = f"{_INDENT}{words:<{_LABEL_WIDTH}} "
        return _wrap(text, self.width, first, " " * len(first))

    def paragraph(self, text: str, indent: str = _INDENT) -> Sequence[str]:
        return _wrap(text, self.width, indent, indent)

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text


def _count_line(counts: Sequence[tuple[Word, int]], total: int) -> str:
    parts = ", ".join(f"{count} {word.word}" for word, count in counts if count)
    requirements = phrase("one_requirement" if total == 1 else "requirements", count=total)
    return f"{requirements}: {parts}" if parts else requirements


def _wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Wrap a cleaned text, with a page number on the line of its "blz."."""
    kept = _clean(text).replace("blz. ", "blz.\xa0")
    lines = wrap(kept, width, initial_indent=first, subsequent_indent=rest)
    return [line.replace("\xa0", " ") for line in lines]


def _clean(text: str) -> str:
    """Put a text on one line, without characters that could steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
