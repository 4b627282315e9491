"""What a norm can say of a field: the parameters of ``field.v1``."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pipeline.check.words import Words


class Params(BaseModel):
    """Parameters; words are regular expressions, ignoring case. Labels are compared without number and colon."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    labels: Words = ()
    """Labels of the field. The nearest label that says something decides."""
    not_labels: Words = ()
    """A label nearer than the field's own that makes it another field."""
    not_under: Words = ()
    """A label at any height under which nothing counts: the goals of the year before."""
    label: str | None = None
    """Output of the learned model, for documents without the labels; None for a norm that it was not trained on."""
    learned_from: float = 0.6
    signs: Words = ()
    """A sentence that shows the criterion wherever it stands, but for ``not_labels``."""
    general_signs: Words = ()
    """A sentence that treats the subject in general wherever it stands."""
    needs: Words = ()
    """Words that an answer must hold to show the criterion; without them it is general."""
    also: Words = ()
    """A second set of words that it must hold."""
    needs_in: Literal["answer", "row", "field"] = "answer"
    """``row``: anywhere in the table row or the paragraph; ``field``: anywhere under the same label."""
    named_by_label: bool = False
    """The label may hold what is needed: "Tussenevaluatie | ouders en Sem"."""
    strict: bool = False
    """An answer without what is needed does not even treat the subject."""
    min_words: int = 1
    general: Words = ()
    """An answer with these is general, whatever else it holds."""
    refuse: Words = ()
    """An answer with these is none."""
    none_is_answer: bool = False
    """"Geen" and "n.v.t." are answers: that nothing deviates is said so."""
    questions: bool = False
    """A question is an answer: a hulpvraag."""
    not_applicable: Words = ()
    """Words ("label: answer") by which the document says that the requirement does not count."""
    applies_with: Words = ()
    """Where given, the requirement counts only for a document with an answer that holds one of these."""
    since: dt.date | None = None
    """The requirement does not count for a document that was established before this day."""
    established: Words = ()
    """Labels of the date of establishing, for ``since``, ``within_days`` and ``same_school_year``."""
    within_days: int | None = None
    """A date counts when it is at most so many days after the date of ``established``."""
    same_school_year: bool = False
    """A date counts when it is in the school year of the date of ``established``, or one without that date."""
    reaches: Words = ()
    """Where given, the field is the first of two dates and these label the second, at most ``within_days`` later."""
    entries: int = 0
    """At least so many rows, items or sentences with a date."""
    each: bool = False
    """Every row of the table that holds a first cell must be answered; some of them is general."""
    steps: tuple[str, ...] = ()
    """Labels of the steps of a route: each that took place needs an answer with ``needs``, or one under ``labels``."""
    signed: Literal["", "consent", "proof", "both"] = ""
    """Consent in writing: that it was given, its date or signature, or both at once."""
    agree: Words = ()
    """Signed: words of a statement of consent."""
    who: Words = ()
    """Signed: whose signature counts."""
