"""The name of the school: the one that most places of a document agree on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.check.facts.fields import BRIN, SHORT, Field, Line, file_words, values
from pipeline.check.facts.lexicon import forms

MAX_NAME = 80
MAX_NAME_WORDS = 9


@dataclass(frozen=True, slots=True)
class Name:
    full: str
    core: str
    typed: bool
    start: int
    end: int


def school_name(fields: Sequence[Field], lines: Sequence[Line]) -> tuple[str | None, tuple[str, ...]]:
    """The name of the school, and the text that follows it where it stands (the school's place and board)."""
    seen: list[tuple[Name, float, str]] = []
    for entry in values(fields, "name"):
        name = _labelled_name(entry)
        if name:
            seen.append((name, 100 - 10 * entry.rank, entry.value))
    for line in lines:
        with_brin = 25 if BRIN.search(line.text) and not line.inside else 0
        for name in _names(line.text, whole=line.running or len(line.text) <= SHORT):
            weight = line.weight + with_brin
            seen.append((name, weight if name.typed else weight / 2, line.text[name.end :]))
    scores: dict[str, float] = {}
    for name, weight, _ in seen:
        scores[name.core] = scores.get(name.core, 0) + weight
    # five mentions in running text are worth a line of the title page
    sure = {core: score for core, score in scores.items() if score >= 5}
    if not sure:
        return None, ()
    core = max(sure, key=lambda c: sure[c])
    own = [(name, weight, after) for name, weight, after in seen if _same(name.core, core)]
    forms: dict[tuple[bool, str], float] = {}
    for name, weight, _ in own:
        forms[name.typed, name.full] = forms.get((name.typed, name.full), 0) + weight
    best = max(forms, key=lambda form: (form[0], forms[form], len(form[1])))
    return best[1], tuple(after for _, _, after in own)


def told_by_name(name: str) -> tuple[str, ...]:
    """What a file name could add to the facts: equal files are one document only where this is equal too."""
    words = file_words(name)
    return (*(found.full for found in _names(words, whole=True)), *re.findall(r"\d{2,}\w*", words))


def _same(one: str, other: str) -> bool:
    """The same proper name, with or without its article."""
    return _bare(one) == _bare(other)


def _bare(core: str) -> str:
    return re.sub(r"^(?:de|het|'t|’t)\s+", "", core)


def _labelled_name(entry: Field) -> Name | None:
    """A name out of a labelled field: the whole answer without what follows the name."""
    text = _cut(entry.value)
    words = text.split()
    if not words or len(text) > MAX_NAME or len(words) > MAX_NAME_WORDS or not has_proper_word(words):
        return None
    found = next(iter(_names(text, whole=True)), None)
    if found and found.typed and found.start == 0:
        return Name(text, found.core if found.end >= len(text) else text.lower(), typed=True, start=0, end=len(text))
    # "School | Thuis" above two columns names no school
    if entry.in_header and found is None:
        return None
    if not text[0].isupper() and not text[0].isdigit() and not text.startswith(("'", "’")):
        return None
    return Name(text, text.lower(), typed=False, start=0, end=len(text))


def has_proper_word(words: Iterable[str]) -> bool:
    """Whether a capitalised word stands there that can be (part of) a proper name."""
    known = forms()
    return any(w[:1].isupper() and w.strip(".,:").lower() not in known.not_names for w in words)


def _cut(text: str) -> str:
    text = text.strip().strip('"“”‘')
    for pattern in forms().cuts:
        text = pattern.sub("", text)
    return text.strip(" .,:;-–")


def _names(text: str, *, whole: bool) -> Iterator[Name]:
    """Names of schools in a line, from left to right; ``whole`` when the line may be little else than a name."""
    known = forms()
    cleared = known.titles.sub(lambda m: "|" * len(m.group()), text)
    taken: list[tuple[int, int]] = []
    for pattern in (known.typed, known.ended):
        for match in pattern.finditer(cleared):
            start, end = match.span()
            if any(a < end and start < b for a, b in taken) or known.elsewhere.search(text[max(0, start - 40) : start]):
                continue
            full = _cut(match.group())
            core = _cut(match["core"])
            if not has_proper_word(core.split()):
                continue
            taken.append((start, start + len(full)))
            yield Name(full, core.lower(), typed=True, start=start, end=start + len(full))
    if whole and not taken and (rest := _left_over(text, cleared)):
        at = text.find(rest)
        yield Name(rest, rest.lower(), typed=False, start=at, end=at + len(rest))
    for pattern in known.after if whole else ():
        for match in pattern.finditer(cleared.strip("| ")):
            core = _cut(match["core"])
            if has_proper_word(core.split()) and not any(core.lower() in text[a:b].lower() for a, b in taken):
                at = text.find(core)
                yield Name(core, core.lower(), typed=False, start=at, end=at + len(core))


def _left_over(text: str, cleared: str) -> str | None:
    """The name in a line that holds the name of the document or a BRIN and little else ("SOP Pirouette")."""
    known = forms()
    if not (known.documents.search(text) or BRIN.search(text)):
        return None
    rest = _cut(cleared.strip("| "))
    words = rest.split()
    if not known.core.fullmatch(rest) or any(w.strip(",.").lower() in known.not_names for w in words[1:] or words):
        return None
    if known.board.search(rest) or known.place.search(rest) or known.municipality.fullmatch(rest):
        return None
    return rest if has_proper_word(words) else None
