"""What there is to tell after a run: gathered from the store, rendered, and laid beside the reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine

from flows.config import Expected
from flows.output import write_page
from pipeline import steps
from pipeline.changes import Standing
from pipeline.errors import NormError
from pipeline.norm.load import available_norms
from pipeline.report.digest import DigestFacts, Rendered, Unreadable, render_digest
from pipeline.store.read import compare_runs, last_told, standing_at, unread_at
from pipeline.store.record import folded

News = Rendered
PAGE, TEXT = "bericht.html", "bericht.txt"


def gather_news(
    store: Engine,
    run: int,
    *,
    expected: Sequence[Expected],
    kinds: Sequence[str],
    troubles: Sequence[tuple[str, str]],
    day: str,
    link: str,
) -> News:
    """What changed since the last run that was told.

    Args:
        store: With the run, finished.
        run: Its number.
        expected: Schools of which a document is expected.
        kinds: Kinds that count as having sent something.
        troubles: Inboxes that could not be reached, with what is the matter.
        day: The date as people write it.
        link: Where the reports are.
    """
    since = last_told(store, run)
    unread = [one for one in unread_at(store, run) if since is None or one.since > since]
    facts = DigestFacts(
        comparison=compare_runs(store, since, run, same=False),
        unread=[Unreadable(name=one.school or one.place, inbox=one.inbox, code=one.code) for one in unread],
        nothing_sent=missing_schools(expected, standing_at(store, run, verdicts=False), kinds) if expected else [],
        troubles=troubles,
        is_first=since is None,
        day=day,
        link=link,
    )
    return render_digest(facts, requirement_title)


def write_news(out: Path, news: News) -> None:
    """Lay the latest news beside the reports."""
    write_page(out / PAGE, news.html)
    write_page(out / TEXT, f"{news.title}\n\n{news.text}")


def missing_schools(expected: Sequence[Expected], standing: Standing, kinds: Sequence[str]) -> list[str]:
    """The names of schools of which nothing came in.

    A code with which several schools are in the list (locations of one institution) tells none of them apart, so
    these are known by name.
    """
    here = [holding.school for holding in standing.values() if holding.kind in kinds]
    codes = {school.brin.upper() for school in here if school.brin}
    names = {folded(school.name) for school in here}
    institutions = [one.code[:4] for one in expected if one.code]
    return sorted(
        one.name
        for one in expected
        if folded(one.name) not in names
        and one.code not in codes
        and not (one.code and one.code[:4] in codes and institutions.count(one.code[:4]) == 1)
    )


def requirement_title(requirement: str) -> str:
    """What people call a requirement; the id itself where its norm is not at hand."""
    return _titles(requirement.split(".", maxsplit=1)[0]).get(requirement, requirement)


@lru_cache(maxsize=8)
def _titles(norm: str) -> Mapping[str, str]:
    if norm not in available_norms():
        return {}
    try:
        return {text.id: text.title for text in steps.texts_of(norm).requirements}
    except NormError:
        return {}
