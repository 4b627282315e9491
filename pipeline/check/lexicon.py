"""Lexicons and where their entries stand in a text: names of roles, partners, systems, methods and their variants.

Matching is spaCy's PhraseMatcher over a blank Dutch pipeline: 500 phrases cost nothing there, and 8-38 thousand words a
second in a Matcher (measured for this project). Entries are matched in lower case; ambiguous abbreviations as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import yaml

from pipeline.errors import DekkendError

if TYPE_CHECKING:
    from spacy.language import Language


class LexiconError(DekkendError):
    """A lexicon is missing or not well-formed."""

    code = "lexicon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing under its dictionary form, with every form in which it may be written."""

    lexicon: str
    name: str
    forms: tuple[str, ...]
    exact: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An entry at a place: half-open offsets in the text that was searched."""

    entry: Entry
    start: int
    end: int
    name: str
    """Dictionary form, or for a pattern the form that was read."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A productive form: what fits is named by the group ``name``."""

    regex: re.Pattern[str]
    entry: Entry
    exclude: frozenset[str]


@lru_cache(maxsize=1)
def dutch() -> Language:
    """The spaCy pipeline that every text and every lexicon form goes through: Dutch word boundaries.

    Without the 1,100 abbreviations that only matter for sentence ends: loading those takes two seconds, and here words
    are only compared with lexicon forms that are cut the same way. Slashes and bars separate words too
    ("leerplicht/JGZ"). spaCy is imported here, since that takes over a second in which a file can be read and scored.
    """
    from spacy.attrs import LOWER, NORM  # noqa: PLC0415
    from spacy.lang.nl import Dutch  # noqa: PLC0415

    class Defaults(Dutch.Defaults):  # type: ignore[misc,valid-type]
        tokenizer_exceptions: ClassVar[dict[str, Any]] = {}
        infixes: ClassVar[list[str]] = [*Dutch.Defaults.infixes, r"[/|+]"]

    words = type("Words", (Dutch,), {"Defaults": Defaults})
    nlp: Language = words()
    # phrases are compared by form and lower case alone: shape, prefix and so on of 4,500 words cost a quarter second
    kept = (LOWER, NORM)
    vocab: Any = nlp.vocab
    vocab.lex_attr_getters = {a: get for a, get in vocab.lex_attr_getters.items() if a in kept}
    nlp.max_length = 2_000_000  # characters in one block: far beyond any paragraph, no parser here that eats memory
    return nlp


def read_yaml(path: Path) -> Any:
    """Load a YAML file with the C loader when there is one.

    Raises:
        LexiconError: the file is not there or is no YAML; the message names file and line.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506  (both are safe loaders)
    except FileNotFoundError as problem:
        raise LexiconError(f"Het lexicon {path.name} is er niet.") from problem
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 0
        raise LexiconError(f"{path.name}:{line}: dit is geen geldige YAML.") from problem


_FORM_KEYS = frozenset({"name", "variants", "variants_case", "person_forms", "case_sensitive"})


def entries(lexicon: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[Entry]:
    """Rows of a lexicon file as entries; every key that is no form is a fact.

    ``case_sensitive`` keeps a name that is a common word too ("Horizon") to its own capitals; ``person_forms`` are
    people who stand for an organisation ("leerplichtambtenaar").
    """
    for row in rows:
        loose = [*row.get("variants", ()), *row.get("person_forms", ())]
        exact = [*row.get("variants_case", ())]
        (exact if row.get("case_sensitive") else loose).append(row["name"])
        yield Entry(
            lexicon=lexicon,
            name=row["name"],
            forms=tuple(dict.fromkeys(loose)),
            exact=tuple(exact),
            facts={k: v for k, v in row.items() if k not in _FORM_KEYS},
        )


_COMMON = re.compile(r"[A-Z]+|[A-Z][a-z]+")


def theme_entries(lexicon: str, names: Iterable[str]) -> Iterator[Entry]:
    """The named methods of one theme ("methods/rekenen") as one entry; a single capitalised word keeps its case."""
    exact = tuple(name for name in names if _COMMON.fullmatch(name))
    loose = tuple(name for name in names if name not in exact)
    yield Entry(lexicon=lexicon, name=lexicon.partition("/")[2], forms=loose, exact=exact)


def pattern(lexicon: str, row: Mapping[str, Any]) -> Pattern:
    """A productive form of a lexicon file; ``flags: ''`` makes case matter."""
    return Pattern(
        regex=re.compile(row["pattern"], re.IGNORECASE if "flags" not in row else 0),
        entry=Entry(lexicon=lexicon, name="", forms=(), facts={k: v for k, v in row.items() if k in _PATTERN_FACTS}),
        exclude=frozenset(x.lower() for x in row.get("exclude", ())),
    )


_PATTERN_FACTS = frozenset({"counts", "usual", "category", "weak", "group", "practice_of"})


class Lexicons:
    """All lexicons of a run in two matchers: forms in lower case and forms as written."""

    def __init__(
        self, found: Sequence[Entry], patterns: Sequence[Pattern] = (), singular: Sequence[Sequence[str]] = ()
    ) -> None:
        from spacy.matcher import PhraseMatcher  # noqa: PLC0415

        self._nlp = dutch()
        self._loose = PhraseMatcher(self._nlp.vocab, attr="LOWER")
        self._exact = PhraseMatcher(self._nlp.vocab, attr="ORTH")
        self._entries = list(found)
        self._patterns = tuple(patterns)
        self._singular = tuple((plural, one) for plural, one in singular)
        for number, entry in enumerate(self._entries):
            if entry.forms:
                self._loose.add(str(number), [self._nlp.make_doc(f.lower()) for f in entry.forms])
            if entry.exact:
                self._exact.add(str(number), [self._nlp.make_doc(f) for f in entry.exact])

    def hits(self, texts: Sequence[str]) -> list[tuple[Hit, ...]]:
        """Where entries stand, for each text: longest match of a lexicon first, in order of place."""
        return [self._in_one(text) if text else () for text in texts]

    def _in_one(self, text: str) -> tuple[Hit, ...]:
        doc = self._nlp.make_doc(text)
        strings = self._nlp.vocab.strings
        raw = [*self._loose(doc), *self._exact(doc)]
        found = []
        for key, first, last in raw:
            entry = self._entries[int(strings[key])]
            span = doc[first:last]
            found.append(Hit(entry=entry, start=span.start_char, end=span.end_char, name=entry.name))
        # what a lexicon names as not belonging to it ("samenwerkingsverband" for partners) takes its place in the text
        kept = longest(found)
        kept = [h for h in kept if not _overlaps(kept, f"not-{h.entry.lexicon}", h.start, h.end)]
        for pattern in self._patterns:
            for match in pattern.regex.finditer(text):
                start, end = match.span("name")
                taken = _overlaps(kept, pattern.entry.lexicon, start, end)
                if (
                    taken
                    or match["name"].lower() in pattern.exclude
                    or _overlaps(kept, f"not-{pattern.entry.lexicon}", start, end)
                ):
                    continue
                kept.append(Hit(entry=pattern.entry, start=start, end=end, name=self._one(match["name"])))
        return tuple(sorted(kept, key=lambda h: (h.start, -h.end)))

    def _one(self, name: str) -> str:
        """The singular of a form that a pattern read."""
        for plural, one in self._singular:
            if plural in name.lower():
                return name.lower().replace(plural, one)
        return name


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Keep, within each lexicon, the longest of hits that overlap."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (-(h.end - h.start), h.start)):
        if not _overlaps(kept, hit.entry.lexicon, hit.start, hit.end):
            kept.append(hit)
    return kept


def _overlaps(kept: Iterable[Hit], lexicon: str, start: int, end: int) -> bool:
    return any(h.entry.lexicon == lexicon and h.start < end and start < h.end for h in kept)
