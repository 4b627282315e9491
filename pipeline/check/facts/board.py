"""The school's BRIN and its board."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.document import Document
from pipeline.check.facts.fields import BRIN, SHORT, Field, Line, values
from pipeline.check.facts.lexicon import forms
from pipeline.check.facts.name import MAX_NAME, MAX_NAME_WORDS, has_proper_word

_BRIN_SAID = re.compile(r"\bBRIN\W{0,3}(?:(?:nummer|code|nr)\b)?\W{0,4}(\d{2}\s?[A-Z]{2})", re.IGNORECASE)


def brin(fields: Sequence[Field], document: Document, about: Sequence[str]) -> str | None:
    """The BRIN of four characters: from a labelled field, where the text says BRIN, else beside the name."""
    labelled = [f.value.upper() for what in ("brin", "name") for f in values(fields, what)]
    for value in labelled:
        if match := BRIN.search(value) or re.match(r"(\d{2}\s[A-Z]{2})\b", value):
            return match[1].replace(" ", "")
    for block in document.blocks:
        if match := _BRIN_SAID.search(block.text):
            return match[1].replace(" ", "").upper()
    return next((match[1] for text in about if (match := BRIN.search(text))), None)


def school_board(fields: Sequence[Field], lines: Sequence[Line]) -> str | None:
    """The board: from a labelled field, else where a title line or a sentence names it as such."""
    for entry in values(fields, "board"):
        if board := _labelled_board(entry.value):
            named = re.fullmatch(r"stichting|vereniging", entry.label.strip(" :"), re.IGNORECASE)
            return f"{entry.label.strip(' :').capitalize()} {board}" if named and " " not in board else board
    for line in sorted(lines, key=lambda x: (x.inside, x.running)):
        for match in forms().board.finditer(line.text):
            if forms().not_boards.search(match.group()):
                continue
            short = len(line.text) <= SHORT and not line.inside
            if (
                short
                or BRIN.search(line.text)
                or forms().board_says.search(line.text[max(0, match.start() - 120) : match.start()])
            ):
                return match.group()
    return None


def _labelled_board(value: str) -> str | None:
    if match := forms().board.search(value):
        return match.group()
    text = re.sub(r"\s*[(,;|].*$", "", value).strip(" .")
    words = text.split()
    if not words or len(words) > MAX_NAME_WORDS or len(text) > MAX_NAME or forms().no_board.search(text):
        return None
    return text if has_proper_word(words) else None
