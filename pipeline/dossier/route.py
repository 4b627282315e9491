"""Where a file stands in a procedure: for every step done, not done or unknown, each with what shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.check.kinds import field
from pipeline.check.words import Words, found
from pipeline.dossier.data import Route, Routes, Track
from pipeline.dossier.said import Line, Spoken, words
from pipeline.dossier_result import DossierCheck, DossierEvidence, DossierStep, Status
from pipeline.pupil.read import as_value, days_in
from pipeline.pupil.spec import params_of
from pipeline.pupil.values import AbcFacts, Agreed, Consent, OppFacts, Value

_MOST = 3  # quotes of a step: enough to see it, the documents hold the rest


def steps_of(routes: Routes, documents: Sequence[Spoken]) -> tuple[DossierStep, ...]:
    """Every step of every route, by step and then by track."""
    steps: list[DossierStep] = []
    for route in routes.routes:
        known = _is_known(route, documents)
        for number, name, track in _tracks(route):
            seen = _Seen(route, track, routes, known=known)
            steps.append(_step(seen, number, name, documents))
    return tuple(steps)


def _tracks(route: Route) -> Iterator[tuple[int, str | None, Track]]:
    for step in route.steps:
        for name, track in step.tracks.items():
            yield step.step, name or None, track


def _step(seen: _Seen, number: int, name: str | None, documents: Sequence[Spoken]) -> DossierStep:
    done = [d.evidence(v) for d in documents for v in seen.done(d)]
    open_ = [] if done else [d.evidence(v) for d in documents for v in seen.not_done(d)]
    status: Status = "done" if done else "not_done" if open_ else "unknown"
    return DossierStep(route=seen.route.id, step=number, track=name, status=status, evidence=_few(done or open_))


def _few(evidence: Sequence[DossierEvidence]) -> tuple[DossierEvidence, ...]:
    return tuple(dict.fromkeys(evidence))[:_MOST]


def _is_known(route: Route, documents: Sequence[Spoken]) -> bool:
    """Whether any document speaks of the route itself; some sentences only then tell of a step."""
    return any(words(route.context).search(line.text) for d in documents for line in d.lines)


@dataclass(frozen=True, slots=True)
class _Seen:
    """How one track of a step is seen in a document."""

    route: Route
    track: Track
    routes: Routes
    known: bool

    def done(self, document: Spoken) -> Iterator[Value]:
        later = [words(w) for w in (self.track.not_done or self.routes.not_done, self.routes.not_done_if_own)]
        for look in self.track.done:
            if look.fits(document.piece.kind):
                shown = [s.passage for s in field.look(document.reading, params_of(look)).shows]
                yield from (as_value(document.reading, p) for p in shown if not any(w.search(p.text) for w in later))
        for line in document.lines:
            if not self.is_later(line) and self.speaks(line):
                yield line.value
        facts = document.piece.facts
        if self.track.consent and isinstance(facts, AbcFacts):
            yield from _agreed(facts.consent)
        if self.track.opp_consent and isinstance(facts, OppFacts):
            yield from _agreed(facts.consent)

    def not_done(self, document: Spoken) -> Iterator[Value]:
        """Lines about the step that deny or postpone it."""
        not_labels = words(self.track.not_labels)
        for line in document.lines:
            if not self.denies(line):
                continue
            under = not self.track.only_under and self.is_under(line)
            own = under and not any(not_labels.search(label) for label in line.labels)
            about = any(words(s).search(line.text) for s in self.track.planned)
            if own or about or self.speaks(line):
                yield line.value

    def is_later(self, line: Line) -> bool:
        """Whether a line denies or postpones what it speaks of ("Niet aan de orde: ...")."""
        return line.later or self.denies(line) or bool(words(self.routes.not_done_if_own).search(line.text))

    def denies(self, line: Line) -> bool:
        """The same, said by somebody: "wordt ingevuld wanneer ..." came with the form and says nothing."""
        denied = words(self.track.not_done or self.routes.not_done)
        if denied.search(line.text) or denied.search(line.near):
            return True
        return line.own and (line.later or bool(words(self.routes.not_done_if_own).search(line.text)))

    def is_under(self, line: Line) -> bool:
        """Whether the nearest label that names a step of the route names this one."""
        return self._nearest(line, self.track.under, [t.under for s in self.route.steps for t in s.tracks.values()])

    def speaks(self, line: Line) -> bool:
        """Whether a line tells of the step."""
        if self.track.contact and self.is_contact(line):
            return True
        if self.track.only_under and not self.is_under(line):
            return False
        said = (*self.track.said, *(self.track.said_of_route if self.known else ()))
        return any(words(s).search(line.text) for s in said) and not words(self.track.not_said).search(line.text)

    def is_contact(self, line: Line) -> bool:
        """Whether a line tells of a contact with parents about the step."""
        contact = self.routes.contact
        if any(words(contact.not_labels).search(label) for label in line.labels):
            return False
        steps = [(t.contact,) for s in self.route.steps for t in s.tracks.values() if t.contact]
        if not (self._nearest(line, (self.track.contact,), steps) or words(self.track.contact).search(line.text)):
            return False
        if words(contact.label).search(line.near):
            return True
        return bool(words(contact.who).search(line.text) and words(contact.verb).search(line.text))

    @staticmethod
    def _nearest(line: Line, own: Words, every: Sequence[Words]) -> bool:
        named = (label for label in line.labels if any(found(one, label) for one in every))
        return found(own, next(named, ""))


def _agreed(consent: Consent) -> tuple[Value, ...]:
    return consent.at if consent.state is Agreed.GIVEN else ()


def order_checks(routes: Routes, steps: Sequence[DossierStep]) -> Iterator[tuple[DossierCheck, str]]:
    """Rules on the order of two steps, as check and what it asks; only where a document tells of one of them.

    ``message`` is left empty: the texts are the caller's.
    """
    for route in routes.routes:
        if route.rule is None:
            continue
        by_number = {s.step: s for s in steps if s.route == route.id}
        first, second = by_number[route.rule.first], by_number[route.rule.second]
        if first.status == second.status == "unknown":
            continue
        holds = None
        days = [_first_day(s) for s in (first, second)]
        if first.status == second.status == "done" and days[0] and days[1]:
            holds = days[0] <= days[1]
        yield DossierCheck(id=route.rule.id, holds=holds, message=""), route.rule.asks


def _first_day(step: DossierStep) -> str | None:
    days = [d.isoformat() for e in step.evidence for d in days_in(e.quote)]
    return min(days, default=None)
