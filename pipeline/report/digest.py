"""What a night's run found, as a page and as text: for e-mail and chat. No quotes, and pupils not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.changes import Cause, Change, Comparison, Holding, Turn
from pipeline.report.labels import label, read_labels
from pipeline.report.runs import render_page, render_text
from pipeline.result import Verdict

_MOST = 40  # lines under one heading: a message is read on a telephone
_OF_SCHOOLS = (Cause.DOCUMENT, Cause.ARRIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A document that can't be read any more, or came in so; without a place where it may be about a pupil."""

    name: str | None
    inbox: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestFacts:
    """All that there is to tell; ``nothing_sent`` are names of schools, ``troubles`` inbox and message."""

    comparison: Comparison
    unread: Sequence[Unreadable]
    nothing_sent: Sequence[str]
    troubles: Sequence[tuple[str, str]]
    is_first: bool
    day: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    title: str
    html: str
    text: str
    is_any: bool
    """Whether there is anything to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    school: str
    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    rows: tuple[object, ...]
    more: int


def render_digest(facts: DigestFacts, title_of: Callable[[str], str]) -> Rendered:
    """Render the digest.

    Args:
        facts: What changed since the last message.
        title_of: From the id of a requirement to what people call it.
    """
    own = [change for change in facts.comparison.changes if change.cause is Cause.DOCUMENT]
    shown: Mapping[str, _Section] = {
        "better": _section(_groups([c for c in own if c.turn in (Turn.SOLVED, Turn.BETTER)], title_of)),
        "worse": _section(_groups([c for c in own if c.turn in (Turn.NEW, Turn.WORSE)], title_of)),
        "changed": _section(_groups([c for c in own if c.turn is Turn.CHANGED], title_of)),
        "arrived": _section(_holding(holding) for holding in facts.comparison.arrived),
        "gone": _section(_holding(holding) for holding in facts.comparison.gone),
        "unread": _section({"what": one, "word": _error(one.code)} for one in facts.unread),
        "nothing_sent": _section(facts.nothing_sent),
        "troubles": _section(facts.troubles),
    }
    elsewhere = _elsewhere(facts.comparison.changes)
    # a school that sent nothing yesterday either is no news by itself
    is_any = any(section.rows for name, section in shown.items() if name != "nothing_sent") or any(elsewhere.values())
    counts = {name: len(section.rows) + section.more for name, section in shown.items()}
    values = {**shown, "counts": counts, "elsewhere": elsewhere, "facts": facts}
    return Rendered(
        title=" ".join(render_text("digest_title.txt.j2", **values).split()),
        html=render_page("digest.html.j2", **values),
        text=render_text("digest.txt.j2", **values),
        is_any=is_any,
    )


def _groups(changes: Iterable[Change], title_of: Callable[[str], str]) -> Iterable[_Group]:
    ordered = sorted(changes, key=lambda c: (c.school.name.casefold(), c.school.key, c.kind))
    for _, members in groupby(ordered, key=lambda c: (c.school.key, c.kind)):
        group = list(members)
        lines = tuple(f"{title_of(c.requirement)}: {_word(c.before)} → {_word(c.after)}" for c in group)
        yield _Group(school=group[0].school.name, kind=label("kinds", group[0].kind), lines=lines)


def _holding(holding: Holding) -> dict[str, object]:
    return {
        "school": holding.school.name,
        "kind": label("kinds", holding.kind),
        "gaps": holding.gaps,
        "error": _error(holding.error) if holding.error else None,
    }


def _elsewhere(changes: Sequence[Change]) -> Mapping[str, int]:
    """Verdicts that turned on documents that did not change: by the norm, or by this program."""
    turned = [c for c in changes if c.cause not in _OF_SCHOOLS and c.turn is not Turn.UNCHANGED]
    return {
        "norm": sum(change.cause is Cause.NORM for change in turned),
        "recognition": sum(change.cause is Cause.RECOGNITION for change in turned),
    }


def _section(items: Iterable[object]) -> _Section:
    everything = tuple(items)
    return _Section(rows=everything[:_MOST], more=max(0, len(everything) - _MOST))


def _word(verdict: Verdict | None) -> str:
    return str(read_labels()["verdicts"][verdict]["word"]) if verdict else "–"


def _error(code: str) -> str:
    return str(read_labels()["errors"].get(code, {"word": code})["word"])
