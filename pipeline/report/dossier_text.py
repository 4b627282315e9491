"""A pupil's file as plain text for a terminal. Decides nothing about the terminal: the caller says how wide it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap

from pipeline.dossier_result import Dossier, DossierTexts
from pipeline.report.dossier_view import (
    ShownAnswer,
    ShownCell,
    ShownDossier,
    ShownQuote,
    ShownRoute,
    dossier_words,
    view_dossier,
)
from pipeline.report.shown import Word

_COLOURS = {"met": "32", "missing": "31", "review": "35", "not_checked": "2"}
_MIN_WIDTH = 40


def render_dossier_text(dossier: Dossier, texts: DossierTexts, *, width: int = 100, colour: bool = False) -> str:
    """Render a file for a terminal of this width; control characters of a document never reach it."""
    pen = _Pen(max(width, _MIN_WIDTH), colour)
    return "\n".join(pen.dossier(view_dossier(dossier, texts))) + "\n"


class _Pen:
    """Writes lines of a given width, in colour or not."""

    def __init__(self, width: int, colour: bool) -> None:
        self.width = width
        self.colour = colour
        self.texts: Mapping[str, str] = dossier_words()["text"]

    def dossier(self, shown: ShownDossier) -> Iterator[str]:
        yield self.paint(self.texts["title"].format(name=_clean(shown.name)), "1")
        yield from self.head(shown)
        yield from ("", self.paint(self.texts["documents"], "1"))
        for document in shown.documents:
            kind = document.kind or self.texts["unknown_kind"]
            told = self.texts["unreadable"].format(message=document.error) if document.error else kind
            date = document.date or ("" if document.error else self.texts["no_date"])
            yield from self.lines(f"{document.path}: {told}{', ' if date else ''}{date}", "  ", "    ")
        if shown.decision:
            yield from ("", self.paint(self.texts["missing"], "1"))
            yield from (f"  ○ {kind}" for kind in shown.missing)
            if not shown.missing:
                yield from self.lines(self.texts["nothing_missing"], "  ", "  ")
        for title, answers in (("conditions", shown.conditions), ("checks", shown.checks)):
            if answers:
                yield from ("", self.paint(self.texts[title], "1"))
                for answer in answers:
                    yield from self.answer(answer)
        for route in shown.routes:
            yield ""
            yield from self.route(route)

    def head(self, shown: ShownDossier) -> Iterator[str]:
        texts = self.texts
        if shown.asked_in:
            told = texts["decision_asked"].format(
                title=shown.decision, path=shown.asked_in.place, quote=shown.asked_in.text
            )
        elif shown.decision:
            told = texts["decision"].format(title=shown.decision)
        else:
            told = texts["no_decision"].format(ids=", ".join(i for i, _ in shown.decisions))
        yield from self.lines(told)
        if shown.day and shown.checks:
            name = "day" if shown.day_from else "day_given"
            yield from self.lines(texts[name].format(day=shown.day, path=shown.day_from))

    def answer(self, answer: ShownAnswer) -> Iterator[str]:
        yield from self.lines(f"{answer.asks}: {answer.answer.word}", f"  {self.mark(answer.answer)} ", "    ")
        if answer.message:
            yield from self.lines(answer.message, "    ", "    ")
        yield from self.quotes(answer.quotes)

    def route(self, route: ShownRoute) -> Iterator[str]:
        yield self.paint(route.title.upper(), "1")
        if route.silent:
            yield from self.lines(self.texts["silent"], "  ", "  ")
            return
        for step in route.steps:
            yield from self.lines(f"{step.number}. {step.title}", "  ", "     ")
            for cell in step.cells:
                yield from self.cell(cell)

    def cell(self, cell: ShownCell) -> Iterator[str]:
        track = f"{cell.track.lower()}: " if cell.track else ""
        yield f"     {self.mark(cell.status)} {track}{cell.status.word}"
        yield from self.quotes(cell.quotes[:1], "       ")

    def quotes(self, quotes: tuple[ShownQuote, ...], indent: str = "    ") -> Iterator[str]:
        for quote in quotes:
            yield from self.lines(f"“{quote.text}” ({quote.place})", indent, indent)

    def mark(self, word: Word) -> str:
        return self.paint(word.mark, _COLOURS[word.id])

    def lines(self, text: str, first: str = "", rest: str = "") -> list[str]:
        return wrap(_clean(text), self.width, initial_indent=first, subsequent_indent=rest)

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text


def _clean(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
